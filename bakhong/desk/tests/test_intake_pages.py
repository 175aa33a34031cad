"""Somebody stands at the desk: card, procedure, what is unknown, received, slip."""

import re
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.tests.casework import CARD, ID, MARRIAGE, UNKNOWN, Enter, hidden, opened, stored, text
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.tests.test_updates import CivilStatus
from bakhong.eforms.contents import value_of
from bakhong.eforms.models import Answer, Draft
from bakhong.people import registers, scope
from bakhong.people.actions import add_person
from bakhong.people.models import Look, Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")


def here(unit: Unit) -> str:
    return reverse("desk:intake", args=[unit.uuid])


def test_an_empty_page_waits_for_a_card(officer: Client, thuong_xuan: Unit) -> None:
    page = text(officer.get(here(thuong_xuan)))
    assert "data-scan" in page
    assert "Xác nhận tình trạng hôn nhân" in page


def test_a_card_and_two_letters_open_the_form(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    answer = opened(officer, thuong_xuan)
    assert answer.status_code == 302, text(answer)
    draft = stored(Draft)[0]
    assert (draft.person_id, draft.known_by, draft.operated_by) == (lady.pk, "officer", "officer")
    page = text(officer.get(answer["Location"]))
    assert "Lê Thị Hoá" in page
    assert "Danh sách của xã" in page  # where it comes from
    assert ID not in page or "is_locked" not in page
    assert {look.reason for look in stored(Look)} == {"at_desk"}


def test_it_is_received_with_what_was_unknown(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    answer = officer.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    dossier = stored(Dossier)[0]
    assert dossier.state == "received"
    assert dossier.code
    slip = text(officer.get(answer["Location"]))
    assert dossier.code in slip
    assert "Hẹn trả kết quả" in slip
    assert "<svg" in slip
    assert stored(Event)[0].came_in_person


def test_sent_twice_it_is_one(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    sent = {**UNKNOWN, "deed": "receive", "result_mode": "desk"}
    first, second = officer.post(address, sent), officer.post(address, sent)
    assert first["Location"] == second["Location"]
    assert len(stored(Dossier)) == 1


def test_what_is_missing_is_told_and_nothing_typed_is_lost(
    officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    answer = officer.post(address, {"ethnicity": "Mường", "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 422
    assert "govuk-error-summary" in text(answer)
    assert "Mường" in text(officer.get(address))
    assert stored(Dossier) == []


def test_a_mere_save_calls_nothing_wrong(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    """Negative control of the above: what is still empty is work to do."""
    address = opened(officer, thuong_xuan)["Location"]
    answer = officer.post(address, {"ethnicity": "Mường", "deed": "save"})
    assert answer.status_code == 200
    assert "govuk-error-summary" not in text(answer)


def test_somebody_sent_by_another_gets_only_what_the_card_says(
    officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    opened(officer, thuong_xuan, arrival="other")
    assert stored(Draft)[0].known_by == "card"
    assert {answer.origin for answer in stored(Answer)} == {"card"}


def test_a_stranger_is_taken_from_the_card(officer: Client, thuong_xuan: Unit) -> None:
    page = text(officer.post(here(thuong_xuan), {"scan": CARD}))
    assert "Chưa có trong danh sách" in page
    answer = officer.post(
        here(thuong_xuan),
        {
            "card": CARD,
            "key": hidden(page, "key"),
            "deed": "add",
            "name": "Lê Thị Hoá",
            "village": str(thuong_xuan.uuid),
        },
    )
    assert "Đã thêm Lê Thị Hoá" in text(answer)
    assert stored(Person)[0].name == "Lê Thị Hoá"


def test_a_stranger_may_go_on_without_being_added(officer: Client, thuong_xuan: Unit) -> None:
    assert opened(officer, thuong_xuan).status_code == 302
    assert stored(Person) == []
    assert stored(Draft)[0].known_by == "card"


def test_those_of_a_name_have_keys_no_page_of_the_bar_has(
    officer: Client, lady: Person, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        add_person(
            village=thuong_xuan,
            values={"name": lady.name, "birth": "1950"},
            source="list",
            by=actor,
            at=at,
        )
    page = text(officer.post(here(thuong_xuan), {"scan": lady.name, "key": str(uuid4())}))
    keys = re.findall(r'data-key="([^"]+)"', page)
    assert {"Alt+1", "Alt+2"} <= set(keys)
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("typed", ["zzz", "\x00", "x" * 500, "|"])
def test_an_unknown_procedure_is_told(typed: str, officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    assert opened(officer, thuong_xuan, typed).status_code in (200, 422)
    assert stored(Draft) == []


def test_without_anybody_no_form_opens(officer: Client, thuong_xuan: Unit) -> None:
    answer = officer.post(here(thuong_xuan), {"procedure": MARRIAGE, "key": str(uuid4())})
    assert answer.status_code == 422
    assert stored(Draft) == []


def test_only_who_receives_gets_there(enter: Enter, thuong_xuan: Unit, other_commune: Unit) -> None:
    assert enter("specialist", thuong_xuan).get(here(thuong_xuan)).status_code == 403
    assert enter("one_stop_officer", other_commune).get(here(thuong_xuan)).status_code == 404


def test_the_form_of_another_commune_is_none(
    officer: Client, enter: Enter, lady: Person, thuong_xuan: Unit, other_commune: Unit
) -> None:
    opened(officer, thuong_xuan)
    address = reverse("desk:filling", args=[other_commune.uuid, MARRIAGE, stored(Draft)[0].uuid])
    assert enter("one_stop_officer", other_commune).get(address).status_code == 404


def test_what_is_typed_is_kept_by_itself(
    officer: Client, enter: Enter, lady: Person, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    page, other = text(officer.get(address)), enter("one_stop_officer", thuong_xuan)
    assert "data-keep" in page
    shown = {name: hidden(page, name) for name in ("revision", "_token")}
    theirs = {name: hidden(text(other.get(address)), name) for name in ("revision", "_token")}

    kept = officer.post(address, {**shown, "ethnicity": "Mường", "keep": "1"})
    assert (kept.status_code, kept.content) == (204, b"")
    stopped = other.post(address, {**theirs, "ethnicity": "Thái", "keep": "1"})
    assert (stopped.status_code, stopped.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert "vừa sửa" in text(stopped)
    assert [value_of(row) for row in stored(Answer) if row.path == "ethnicity"] == ["Mường"]
    # Negative control: one's own page, which saved by itself before, is never stopped.
    sent = {**shown, **UNKNOWN, "ethnicity": "Thái", "deed": "receive", "result_mode": "desk"}
    assert officer.post(address, sent).status_code == 302
    closed = other.post(address, {**theirs, "ethnicity": "Kinh", "keep": "1"})
    assert closed.status_code == 409
    assert "đã nộp" in text(closed)


@pytest.fixture
def register(settings: LazySettings) -> Iterator[type[CivilStatus]]:
    settings.REGISTERS = {"civil_status": "bakhong.dossiers.tests.test_updates.CivilStatus"}
    registers._made.cache_clear()
    yield CivilStatus
    registers._made.cache_clear()


def test_a_register_that_was_silent_is_asked_again(
    officer: Client, lady: Person, register: type[CivilStatus], thuong_xuan: Unit
) -> None:
    register.said = registers.Silent("off")
    address = opened(officer, thuong_xuan)["Location"]
    page = text(officer.get(address))
    assert "Có nơi lưu dữ liệu chưa trả lời" in page
    assert "Hộ tịch điện tử" in page
    still = text(officer.post(address, {"earlier_no": "12/GXN", "deed": "again"}))
    assert "Có nơi lưu dữ liệu chưa trả lời" in still
    register.said = {"marriage.status": "widowed"}
    page = text(officer.post(address, {"ethnicity": "Mường", "deed": "again"}))
    assert "Có nơi lưu dữ liệu chưa trả lời" not in page
    found = {row.path: row for row in stored(Answer)}
    assert (found["marital_status"].origin, value_of(found["marital_status"])) == ("register", "widowed")
    assert found["earlier_no"].value == "12/GXN"  # what was typed meanwhile stays
    assert found["ethnicity"].origin == "typed"


def test_what_the_roll_says_otherwise_stands_under_the_question(
    officer: Client,
    lady: Person,
    register: type[CivilStatus],
    thuong_xuan: Unit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shown(name: str, home: str) -> str:
        register.said = {"person.full_name": name, "person.address": home}
        return " ".join(text(officer.get(opened(officer, thuong_xuan)["Location"])).split())

    monkeypatch.setattr(register, "keys", frozenset({"person.full_name", "person.address"}))
    page = shown("LÊ THỊ HOÁ", "Thôn 1, xã Thường Xuân")  # two ways to write one home contradict nobody
    assert "Hộ tịch điện tử" in page
    assert "ghi khác" not in page
    page = shown("Lê Thị Mẫu", "Thôn 1, xã Thường Xuân")
    assert page.count("ghi khác") == 1
    assert re.search(r"Danh sách[^<]* ghi khác: Lê Thị Hoá\.", page)
