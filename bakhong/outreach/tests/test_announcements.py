"""Announcements: what sounds like a swindle does not get out by accident."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.outreach.actions.announcements import NEVER, Suspicious, announce, withdraw_announcement
from bakhong.outreach.models import Announcement
from bakhong.outreach.rules.announcements import _TRAPS, problems, spoken
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit


@pytest.fixture
def told(thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime) -> dict[str, Any]:
    return {
        "unit": thuong_xuan,
        "title": "Công an về thôn",
        "body": "Sáng 01/12/2026, 7h30, mời bà con đến nhà văn hoá. Mang thẻ căn cước.",
        "villages": villages[:1],
        "starts_on": date(2026, 11, 25),
        "ends_on": date(2026, 12, 1),
        "accepted": [],
        "client_key": uuid4(),
        "by": actor,
        "at": at,
    }


def test_it_is_stored_once_with_its_villages(told: dict[str, Any], villages: list[Unit]) -> None:
    made = announce(**told)
    assert announce(**told) == made
    assert list(made.villages.all()) == villages[:1]
    assert Event.objects.filter(deed="outreach.announce").count() == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Bấm vào www.vneid-moi.top để cập nhật.", "link"),
        ("Cài tệp VNeID.apk cán bộ gửi.", "file"),
        ("Đọc mã OTP cho cán bộ.", "otp"),
        ("Cho biết mã xác thực vừa nhận.", "otp"),
        ("Nhắn mật khẩu cho tổ công nghệ.", "password"),
        ("Chụp ảnh hai mặt thẻ căn cước gửi vào nhóm.", "card_photo"),
        ("Chuyển khoản 50.000 đồng lệ phí.", "transfer"),
        ("Gọi số 0988 777 666.", "phone"),
        ("chữ " * 251, "long"),
    ],
)
def test_a_trap_is_named(told: dict[str, Any], body: str, code: str) -> None:
    with pytest.raises(Suspicious) as caught:
        announce(**{**told, "body": body})
    assert code in caught.value.codes
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("code", sorted(NEVER))
def test_what_no_office_asks_cannot_be_stood_by(told: dict[str, Any], code: str) -> None:
    bodies = {
        "file": "Cài tệp a.apk.",
        "otp": "Đọc mã OTP.",
        "password": "Nhắn mật khẩu.",
        "card_photo": "Gửi ảnh thẻ căn cước.",
    }
    with pytest.raises(Suspicious):
        announce(**{**told, "body": bodies[code], "accepted": [*_TRAPS, "phone", "long"]})


def test_a_warning_may_be_stood_by_and_is_remembered(told: dict[str, Any]) -> None:
    made = announce(**{**told, "body": "Chuyển khoản tiền điện cho Điện lực.", "accepted": ["transfer"]})
    assert made.accepted == ["transfer"]


@pytest.mark.parametrize(
    "body",
    [
        "Không ai của xã hỏi mật khẩu hay mã OTP. Không bấm vào link www.la.com.",
        "Đừng chuyển khoản cho người lạ, đừng gửi ảnh căn cước.",
        "Mang thẻ căn cước và điện thoại.",
    ],
)
def test_warning_people_is_no_trap(body: str) -> None:
    assert problems(body) == []


def test_a_denial_elsewhere_does_not_excuse_a_trap() -> None:
    """Negative control of the rule above: the next sentence is judged by itself."""
    assert problems("Không thu tiền. Đọc mã OTP cho cán bộ.") == ["otp"]


def test_the_communes_own_number_is_known(
    told: dict[str, Any], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    body = {**told, "body": "Hỏi 0237 111 2222."}
    with pytest.raises(Suspicious):
        announce(**body)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=actor, at=at)
    assert announce(**body).accepted == []


def test_it_refuses_days_that_cannot_be_and_who_may_not(
    told: dict[str, Any], village: Unit, staff: Any
) -> None:
    for days in (
        {"ends_on": date(2026, 11, 24)},
        {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 1, 2)},
    ):
        with pytest.raises(Refusal):
            announce(**{**told, **days})
    with pytest.raises(NotAllowed):
        announce(**{**told, "by": staff("village_head", village)})


def test_it_is_withdrawn_once(told: dict[str, Any], actor: Actor, at: datetime) -> None:
    made = announce(**told)
    withdraw_announcement(announcement=made, by=actor, at=at)
    withdraw_announcement(announcement=made, by=actor, at=at)
    assert Event.objects.filter(deed="outreach.withdraw_announcement").count() == 1


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Ngày 1/12/2026", "Ngày 1 tháng 12 năm 2026"),
        ("14h", "14 giờ"),
        ("7:05", "7 giờ 05"),
        ("31/02/2026", "31/02/2026"),
        ("4/10 hộ", "4/10 hộ"),
    ],
)
def test_it_is_read_out_as_people_speak(text: str, heard: str) -> None:
    assert spoken(text).casefold() == heard.casefold()
