"""How a dossier came is said in one choice: channel, whether anybody had to come, who filled it in, what was filled in for them."""

import pytest
from django.test import Client

from bakhong.desk.tests.casework import UNKNOWN, at, opened, press, stored, taken_in, text
from bakhong.dossiers.models import Dossier, Event
from bakhong.eforms.models import Draft
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.procedures.models import ProcedureOffer

pytestmark = pytest.mark.usefixtures("shipped_forms")

TYPED = {
    "full_name": "Lê Thị Hoá",
    "birth": "15/03/1990",
    "sex": "female",
    "national_id": "038190001234",
    "address": "Thôn 1",
    "phone": "0912345678",
}


@pytest.mark.parametrize(
    ("said", "channel", "came", "operated_by", "known_by"),
    [
        ("desk", "direct", True, "officer", "officer"),
        ("other", "direct", True, "relative", "card"),
        ("team", "direct", False, "digital_team", "card"),
        ("post", "post", False, "officer", "card"),
        ("home", "direct", False, "officer", "officer"),
    ],
)
def test_what_the_choice_makes(
    said: str,
    channel: str,
    came: bool,
    operated_by: str,
    known_by: str,
    officer: Client,
    lady: Person,
    thuong_xuan: Unit,
) -> None:
    address = opened(officer, thuong_xuan, arrival=said)["Location"]
    assert stored(Draft)[0].known_by == known_by
    page = text(officer.get(address))
    assert f'value="{said}" selected' in page  # the form knows it without being told again
    answer = officer.post(address, {**TYPED, **UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    found = stored(Dossier)[0]
    assert (found.channel, found.operated_by) == (channel, operated_by)
    assert [each.came_in_person for each in stored(Event)] == [came, False]


def test_without_a_word_they_came_to_the_desk(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    taken_in(officer, thuong_xuan)
    assert stored(Event)[0].came_in_person
    assert stored(Draft)[0].wishes == {}


def test_it_may_be_set_right_before_receiving(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    found = taken_in(officer, thuong_xuan, arrival="home")
    assert (found.channel, stored(Event)[0].came_in_person) == ("direct", False)


def test_a_channel_the_commune_does_not_take(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    ProcedureOffer.objects.create(
        unit=thuong_xuan,
        source="Quyết định 1",
        recorded_by="x",
        recorded_by_label="x",
        recorded_at="2026-01-01T00:00:00Z",
        code="1.004873",
        is_offered=True,
        channels=["direct"],
        valid_from="2026-01-01",
    )
    answer = opened(officer, thuong_xuan, arrival="post")
    assert answer.status_code == 422
    assert "không nộp được bằng cách đã chọn" in text(answer)
    assert stored(Draft) == []


def test_what_is_not_taken_by_post_is_not_offered(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    """What nobody offers by post is not taken in by post, whatever the page sends."""
    answer = opened(officer, thuong_xuan, "2.000815")
    page = text(officer.get(answer["Location"]))
    assert "Cán bộ nhận tại nhà" in page
    assert "Gửi qua bưu điện" not in page
    officer.post(answer["Location"], {"deed": "save", "arrival": "post"})
    assert stored(Draft)[0].wishes == {}


@pytest.mark.parametrize(
    ("where", "came", "shown"), [("office", True, "người dân có mặt"), ("home", False, "cán bộ đến nhà")]
)
def test_a_meeting_says_who_came_to_whom(
    where: str, came: bool, shown: str, officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    found = taken_in(officer, thuong_xuan, arrival="home")
    assert press(officer, found, "visit", where=where, note="hỏi thêm").status_code == 302
    assert stored(Event)[-1].came_in_person is came
    assert shown in text(officer.get(at("dossier", found)))
