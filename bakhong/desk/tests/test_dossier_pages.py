"""One dossier on the desk: read, passed on, decided, signed, handed over; nothing an officer typed is lost to a faster one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.desk.tests.casework import ID, at, hidden, press, state_of, stored, text
from bakhong.dossiers.models import Dossier, Event, Supplement
from bakhong.people.models import Detail, Look
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def chair(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("chair", thuong_xuan)


def queue(unit: Unit, asked: str = "") -> str:
    return reverse("desk:queue", args=[unit.uuid]) + asked


# --- the queue -----------------------------------------------------------------------------------------------------------


def test_the_queue_shows_it_with_its_day(officer: Client, received: Dossier, thuong_xuan: Unit) -> None:
    page = text(officer.get(queue(thuong_xuan)))
    assert received.code in page
    assert "Lê Thị Hoá" in page
    assert "còn" in page


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        ("?show=received", True),
        ("?show=late", False),
        ("?show=all", True),
        ("?whose=mine", False),
        ("?procedure=1.004873", True),
        ("?procedure=khac", False),
        ("?show=khac&after=zzz", True),
        ("?after=%00", True),
    ],
)
def test_filters_are_links(
    asked: str, is_there: bool, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    assert (received.code in text(officer.get(queue(thuong_xuan, asked)))) is is_there


def test_an_empty_queue_says_the_first_step(officer: Client, thuong_xuan: Unit) -> None:
    assert "Bước đầu" in text(officer.get(queue(thuong_xuan)))


@pytest.mark.parametrize("how", ["code", "slip", "card", "number"])
def test_it_is_found_by_what_is_scanned(
    how: str, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    from bakhong.dossiers.tracking import tracking_code_of

    scans = {
        "code": str(received.code),
        "slip": f"https://xa.example.vn/tra-cuu/{tracking_code_of(received)}/",
        "card": f"{ID}||Lee Thij Hoas|15031990|Nu|x|01052021",
        "number": ID,
    }
    answer = officer.post(reverse("desk:dossier_find", args=[thuong_xuan.uuid]), {"scan": scans[how]})
    assert answer["Location"] == at("dossier", received)


@pytest.mark.parametrize("scan", ["", "\x00", "x" * 3000, "https://x/tra-cuu/AAAA-BBBB/", "038190009999"])
def test_what_is_not_found_is_told(scan: str, officer: Client, received: Dossier, thuong_xuan: Unit) -> None:
    answer = officer.post(reverse("desk:dossier_find", args=[thuong_xuan.uuid]), {"scan": scan}, follow=True)
    assert "Không thấy hồ sơ nào" in text(answer)


def test_another_commune_finds_nothing(
    enter: Enter, received: Dossier, thuong_xuan: Unit, other_commune: Unit
) -> None:
    stranger = enter("one_stop_officer", other_commune)
    find = reverse("desk:dossier_find", args=[other_commune.uuid])
    assert "Không thấy" in text(stranger.post(find, {"scan": received.code}, follow=True))
    assert stranger.get(at("dossier", received)).status_code == 404
    assert received.code not in text(stranger.get(queue(other_commune, "?show=all")))


# --- reading one ---------------------------------------------------------------------------------------------------------


def test_it_tells_where_each_answer_comes_from(officer: Client, received: Dossier) -> None:
    page = text(officer.get(at("dossier", received)))
    assert "Danh sách của xã" in page
    assert "Tự khai" in page
    assert "Tiếp nhận hồ sơ" in page or "tiếp nhận hồ sơ" in page.lower()


def test_opening_it_is_told_to_the_person(officer: Client, received: Dossier) -> None:
    before = len(stored(Look))
    officer.get(at("dossier", received))
    assert len(stored(Look)) == before + 1


def test_who_may_only_look_is_offered_nothing(enter: Enter, received: Dossier, thuong_xuan: Unit) -> None:
    page = text(enter("supervising_leader", thuong_xuan).get(at("dossier", received)))
    assert "Bạn chỉ xem được hồ sơ này" in page


# --- deeds -----------------------------------------------------------------------------------------------------------------


def test_it_is_passed_on_to_somebody(
    officer: Client, received: Dossier, staff: Callable[..., User], thuong_xuan: Unit
) -> None:
    user = staff("specialist", thuong_xuan)
    answer = press(officer, received, "forward", to=str(user.uuid))
    assert answer.status_code == 302, text(answer)
    assert state_of(received) == "in_progress"
    assert stored(Dossier)[0].assigned_label == str(user)


@pytest.mark.parametrize("version", ["²", "٣", "9" * 5000, "", "-1"])
def test_a_version_that_is_no_number_is_as_old_as_can_be(
    version: str, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    said = {"version": version, f"{received.uuid}-version": version, "dossier": str(received.uuid)}
    assert officer.post(at("dossier_deed", received, "forward"), said).status_code == 409
    assert officer.post(at("dossier_supplement", received), said).status_code in (409, 422)
    assert state_of(received) == "received"


def test_two_officers_at_once(officer: Client, chair: Client, received: Dossier) -> None:
    """The slower one is told who did what, and keeps what was typed."""
    page = text(officer.get(at("dossier", received)))
    old = hidden(page, "version")
    press(officer, received, "forward")
    answer = officer.post(
        at("dossier_deed", received, "assign"),
        {"version": old, "to": _somebody(page), "note": "Nhờ xem sổ gốc"},
    )
    assert answer.status_code == 409
    assert "đã chuyển bước giải quyết lúc" in text(answer)
    assert "Nhờ xem sổ gốc" in text(answer)


def _somebody(page: str) -> str:
    import re

    return re.findall(r'<option value="([0-9a-f-]{36})"', page)[0]


def test_without_a_version_nothing_is_done(officer: Client, received: Dossier) -> None:
    answer = officer.post(at("dossier_deed", received, "forward"), {})
    assert answer.status_code == 409
    assert state_of(received) == "received"


def test_sent_twice_it_is_once(officer: Client, received: Dossier) -> None:
    page = text(officer.get(at("dossier", received)))
    sent = {"version": hidden(page, "version"), "key": str(uuid4())}
    first = officer.post(at("dossier_deed", received, "forward"), sent)
    second = officer.post(at("dossier_deed", received, "forward"), sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert [event.kind for event in stored(Event)].count("forward") == 1


@pytest.mark.parametrize("event", ["sign", "khong-co", "warn", "file"])
def test_what_is_no_button_is_not_found(event: str, officer: Client, received: Dossier) -> None:
    assert officer.post(at("dossier_deed", received, event), {}).status_code == 404


def test_a_deed_of_another_role_is_refused(enter: Enter, received: Dossier, thuong_xuan: Unit) -> None:
    leader = enter("supervising_leader", thuong_xuan)
    answer = leader.post(
        at("dossier_deed", received, "stop"), {"version": received.version, "reason": "other", "note": "x"}
    )
    assert answer.status_code == 403
    assert state_of(received) == "received"


def test_an_apology_names_a_new_day_once(officer: Client, received: Dossier) -> None:
    answer = press(officer, received, "apologise", due_on="30/11/2026", reason="overload")
    assert answer.status_code == 302, text(answer)
    assert "viec/apologise/" not in text(officer.get(at("dossier", received)))


def test_a_refusal_needs_its_reason(officer: Client, received: Dossier) -> None:
    answer = press(officer, received, "refuse", note="Không đúng nơi")
    assert answer.status_code == 422
    assert "Không đúng nơi" in text(answer)
    assert press(officer, received, "refuse", reason="already_settled").status_code == 302
    assert state_of(received) == "refused"


# --- asking for more ---------------------------------------------------------------------------------------------------------


def test_a_wrong_press_is_taken_back_by_who_pressed(
    enter: Enter, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    assert "Ghi nhầm, lấy lại" not in text(officer.get(at("dossier", received)))
    assert press(officer, received, "refuse", reason="already_settled").status_code == 302
    assert "Ghi nhầm, lấy lại" in text(officer.get(at("dossier", received)))
    other = enter("specialist", thuong_xuan)
    assert "Ghi nhầm, lấy lại" not in text(other.get(at("dossier", received)))
    address, version = at("dossier_deed", received, "take_back"), stored(Dossier)[0].version
    assert other.post(address, {"version": version}).status_code == 403
    assert press(officer, received, "take_back", note="Nhầm người trùng tên").status_code == 302
    assert state_of(received) == "received"
    page = text(officer.get(at("dossier", received)))
    assert "Lấy lại việc vừa ghi nhầm" in page
    assert "Nhầm người trùng tên" in page
    assert "Mẫu 03" not in page


def test_who_decides_revokes_a_signed_result(chair: Client, officer: Client, received: Dossier) -> None:
    approve(chair, received)
    assert "Thu hồi kết quả" not in text(
        chair.get(at("dossier", received))
    )  # not signed: the approval is undone
    chair.post(at("dossier_sign", received), {"provider": "pen"})
    assert "Thu hồi kết quả" not in text(officer.get(at("dossier", received)))
    assert "Thu hồi kết quả" in text(chair.get(at("dossier", received)))
    assert press(chair, received, "cancel_result").status_code == 422
    assert press(chair, received, "cancel_result", reason="wrong_words").status_code == 302
    assert state_of(received) == "in_progress"


def test_all_reasons_are_asked_at_once_and_read_before(officer: Client, received: Dossier) -> None:
    address = at("dossier_supplement", received)
    page = text(officer.get(address))
    said = {"version": hidden(page, "version"), "key": hidden(page, "key")}
    said |= {"question-ethnicity": "not_clear", "paper-other": "blurred", "note": "Gọi xã nếu cần."}
    shown = text(officer.post(address, {**said, "deed": "preview"}))
    assert "Người nộp sẽ đọc" in shown
    assert "ghi chưa rõ" in shown
    assert stored(Supplement) == []
    assert officer.post(address, {**said, "deed": "send"}).status_code == 302
    assert state_of(received) == "supplement"
    assert len(stored(Supplement)[0].items) == 2


def test_nothing_chosen_is_nothing_asked(officer: Client, received: Dossier) -> None:
    answer = officer.post(at("dossier_supplement", received), {"deed": "preview"})
    assert answer.status_code == 422


def test_a_second_time_has_to_say_why(officer: Client, received: Dossier) -> None:
    ask(officer, received)
    give(officer, received)
    address = at("dossier_supplement", received)
    page = text(officer.get(address))
    assert "lần trả lại thứ hai" in page
    said = {"version": hidden(page, "version"), "question-ethnicity": "not_clear", "deed": "send"}
    answer = officer.post(address, said)
    assert answer.status_code == 422
    assert officer.post(address, {**said, "why_again": "found_later"}).status_code == 302


def test_the_answer_is_taken_at_the_desk(officer: Client, received: Dossier) -> None:
    ask(officer, received)
    answer = officer.post(at("dossier_answer", received), {"version": version_of(officer, received)})
    assert answer.status_code == 422
    assert "Còn thiếu" in text(answer)
    assert give(officer, received).status_code == 302
    assert state_of(received) == "received"


def ask(client: Client, dossier: Dossier) -> None:
    address = at("dossier_supplement", dossier)
    said = {"version": version_of(client, dossier), "question-ethnicity": "not_clear", "deed": "send"}
    assert client.post(address, said).status_code == 302


def give(client: Client, dossier: Dossier) -> object:
    said = {"version": version_of(client, dossier), "question-ethnicity": "Kinh"}
    return client.post(at("dossier_answer", dossier), said)


def version_of(client: Client, dossier: Dossier) -> int:
    return int(next(each for each in stored(Dossier) if each.pk == dossier.pk).version)


# --- deciding ----------------------------------------------------------------------------------------------------------------


def approve(chair: Client, dossier: Dossier) -> object:
    page = text(chair.get(at("dossier_approve", dossier)))
    return chair.post(
        at("dossier_approve", dossier),
        {
            "version": hidden(page, "version"),
            "key": hidden(page, "key"),
            f"{dossier.uuid}-number": "12/XN-UBND",
        },
    )


def test_it_is_approved_signed_and_handed_over(chair: Client, officer: Client, received: Dossier) -> None:
    answer = approve(chair, received)
    assert answer["Location"] == at("dossier_sign", received)  # type: ignore[index]
    assert "Xem văn bản" in text(chair.get(at("dossier_sign", received)))
    assert chair.post(at("dossier_sign", received), {"provider": "pen"}).status_code == 302
    assert state_of(received) == "done"
    given = officer.post(
        at("dossier_return", received),
        {"version": version_of(officer, received), "how": "desk", "came_in_person": "on"},
    )
    assert given.status_code == 302, text(given)
    assert state_of(received) == "returned"
    assert stored(Event)[-1].came_in_person
    assert stored(Detail)  # what the result states is known from now on


def test_the_result_can_be_read_before_it_is_signed(chair: Client, received: Dossier) -> None:
    approve(chair, received)
    file = stored(Dossier)[0].result_file
    answer = chair.get(at("dossier_file", received, file) + "?xem=1")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"]


def test_a_file_of_another_dossier_is_not_found(chair: Client, received: Dossier) -> None:
    assert chair.get(at("dossier_file", received, uuid4())).status_code == 404


def test_an_approval_is_taken_back_before_signing(chair: Client, received: Dossier) -> None:
    approve(chair, received)
    answer = chair.post(
        at("dossier_reopen", received), {"version": version_of(chair, received), "note": "Sai số"}
    )
    assert answer.status_code == 302
    assert state_of(received) == "in_progress"


def test_a_wrong_secret_is_told(chair: Client, received: Dossier) -> None:
    approve(chair, received)
    answer = chair.post(at("dossier_sign", received), {"provider": "pkcs12", "secret": "x"})
    assert answer.status_code in (409, 422)
    assert state_of(received) == "approved"


def test_an_officer_may_not_approve(officer: Client, received: Dossier) -> None:
    answer = officer.post(at("dossier_approve", received), {"version": received.version})
    assert answer.status_code == 403


def test_many_are_approved_at_once(chair: Client, received: Dossier, thuong_xuan: Unit) -> None:
    address = reverse("desk:dossier_batch", args=[thuong_xuan.uuid])
    page = text(chair.post(address, {"dossier": str(received.uuid)}))
    assert "Duyệt 1 hồ sơ" in page
    said = {
        "dossier": str(received.uuid),
        "deed": "approve",
        f"{received.uuid}-version": version_of(chair, received),
        f"{received.uuid}-number": "12/XN-UBND",
    }
    answer = chair.post(address, said)
    assert answer.status_code == 302, text(answer)
    assert state_of(received) == "approved"
    assert (
        chair.post(answer["Location"], {"dossier": str(received.uuid), "provider": "pen"}).status_code == 302
    )
    assert state_of(received) == "done"


def test_a_stale_line_of_a_batch_stays_with_its_reason(
    chair: Client, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    old = version_of(chair, received)
    press(officer, received, "forward")
    said = {"dossier": str(received.uuid), "deed": "approve", f"{received.uuid}-version": old}
    answer = chair.post(reverse("desk:dossier_batch", args=[thuong_xuan.uuid]), said)
    assert answer.status_code == 422
    assert "đã chuyển bước" in text(answer)
    assert state_of(received) == "in_progress"


def test_late_is_said_in_words(
    enter: Enter, received: Dossier, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    later = at + timedelta(days=12)
    monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: later)
    assert "quá hạn" in text(enter("chair", thuong_xuan).get(queue(thuong_xuan, "?show=late")))
