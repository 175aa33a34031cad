"""From “looked up, not found” at the desk to the answer of whoever keeps the data: a list that somebody works off."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event as Trail
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import ID, UNKNOWN, at, opened, stored, text
from bakhong.dossiers.models import Dossier, PaperCheck, UpdateRequest
from bakhong.dossiers.tests.test_updates import CivilStatus
from bakhong.people import registers as ports
from bakhong.people import scope
from bakhong.people.models import Look, Person
from bakhong.places.models import Unit

Enter = Callable[..., Client]
WHY = "Tra hộ tịch điện tử, không có dữ liệu"
WIDOWED = UNKNOWN | {"marital_status": "widowed", "ended_on": "05/03/2020", "spouse_name": "Trần Văn Bé"}


@pytest.fixture
def lost(shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit) -> Dossier:
    """Taken in at the desk; the death record was looked up there and not found."""
    address = opened(officer, thuong_xuan)["Location"]
    said = {"paper-spouse_death-lost": "on", "paper-spouse_death-reason": WHY}
    answer = officer.post(address, {**WIDOWED, **said, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    found: Dossier = stored(Dossier)[-1]
    return found


def of(unit: Unit, show: str = "waiting") -> str:
    return reverse("desk:dossier_updates", args=[unit.uuid]) + f"?show={show}"


def the_request() -> UpdateRequest:
    (found,) = stored(UpdateRequest)
    assert isinstance(found, UpdateRequest)
    return found


def read(pdf: bytes) -> str:
    """The PDF's words, in one line."""
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(made.stdout.decode().split())


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext here")
def test_the_slips_tell_it(lost: Dossier, officer: Client) -> None:
    slip = read(officer.get(at("dossier_print", lost, "01")).content)
    assert "Đã tra mà không thấy" in slip
    assert "Xã ghi đề nghị cập nhật ngày 22/11/2026, chưa gửi đi." in slip
    assert "đề nghị nơi giữ dữ liệu cập nhật" in slip


def test_from_the_desk_to_the_answer(lost: Dossier, officer: Client, thuong_xuan: Unit) -> None:
    request = the_request()
    shown = text(officer.get(of(thuong_xuan)))
    assert WHY in shown
    assert "Sở Tư pháp" in shown
    assert ID not in shown
    assert "Đề nghị cập nhật (1)" in shown

    chosen = {"request": str(request.uuid), "register": "civil_status"}
    refused = officer.post(of(thuong_xuan), {**chosen, "deed": "send", "sent_as": ""})
    assert refused.status_code == 422
    assert "Ghi số công văn" in text(refused)
    nobody = officer.post(of(thuong_xuan), {"register": "civil_status", "deed": "send", "sent_as": "12/UBND"})
    assert "12/UBND" in text(nobody)  # what was typed is kept
    with scope.seeing(OPERATOR):
        before = Look.objects.filter(what="national_id").count()
    letter = officer.post(of(thuong_xuan), {**chosen, "deed": "letter", "to": "Sở Tư pháp"})
    assert (letter.status_code, letter["Content-Type"], letter.content[:4]) == (
        200,
        "application/pdf",
        b"%PDF",
    )
    if shutil.which("pdftotext"):
        words = read(letter.content)
        assert [each for each in (ID, "Sở Tư pháp", "Số:", lost.applicant_name) if each not in words] == []
    with scope.seeing(OPERATOR):
        assert Look.objects.filter(what="national_id").count() == before + 1
    assert the_request().sent_at is None  # a letter that was made is not one that went out

    assert officer.post(of(thuong_xuan), {**chosen, "deed": "send", "sent_as": "12/UBND"}).status_code == 302
    waiting = text(officer.get(of(thuong_xuan, "sent")))
    assert "12/UBND" in waiting
    assert WHY not in text(officer.get(of(thuong_xuan)))
    answer = {"deed": "answer", "request": str(request.uuid), "answer": "other"}
    assert officer.post(of(thuong_xuan, "sent"), answer).status_code == 422
    said = {**answer, "answer": "updated"}
    assert officer.post(of(thuong_xuan, "sent"), said).status_code == 302
    assert the_request().answer == "updated"
    assert "Đã cập nhật" in text(officer.get(of(thuong_xuan, "answered")))
    deeds = set(Trail.objects.values_list("deed", flat=True))
    assert {"dossiers.send_update", "dossiers.answer_update", "desk.reveal"} <= deeds


def test_asked_by_mistake_is_taken_back(lost: Dossier, officer: Client, thuong_xuan: Unit) -> None:
    assert officer.post(of(thuong_xuan), {"withdraw": str(the_request().uuid)}).status_code == 302
    assert the_request().withdrawn_by.startswith("staff:")
    (check,) = [each for each in stored(PaperCheck) if each.paper == "spouse_death"]
    assert (check.state, check.reason) == ("held", "")
    assert "sẽ hiện ở đây" in text(officer.get(of(thuong_xuan)))


def test_it_is_a_list_to_take_along_and_elsewhere_there_is_none(
    lost: Dossier, officer: Client, enter: Enter, thuong_xuan: Unit, other_commune: Unit
) -> None:
    made: Any = officer.post(of(thuong_xuan), {"deed": "xlsx"})
    assert made["Content-Disposition"].startswith("attachment")
    assert b"".join(made.streaming_content)[:2] == b"PK"
    stranger = enter("one_stop_officer", other_commune)
    theirs = stranger.post(of(other_commune), {"withdraw": str(the_request().uuid)})
    assert theirs.status_code == 404
    assert the_request().withdrawn_at is None
    assert stranger.get(of(thuong_xuan)).status_code == 404


@pytest.fixture
def register(settings: LazySettings) -> Iterator[type[CivilStatus]]:
    settings.REGISTERS = {"civil_status": "bakhong.dossiers.tests.test_updates.CivilStatus"}
    ports._made.cache_clear()
    CivilStatus.said = ports.NOT_FOUND
    yield CivilStatus
    ports._made.cache_clear()


def test_a_register_is_asked_while_the_form_is_filled_in(
    shipped_forms: None, lady: Person, officer: Client, register: type[CivilStatus], thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    ask = {**WIDOWED, "deed": "look-up/spouse_death", "result_mode": "desk"}
    shown = text(officer.post(address, ask))
    assert "Hộ tịch điện tử: đã tra, không thấy" in shown
    assert 'value="Tra Hộ tịch điện tử ngày 22/11/2026: không có."' in shown
    register.said = ports.Silent("off")
    assert "nơi giữ dữ liệu chưa trả lời" in text(officer.post(address, ask))
    register.said = {"marriage.status": "widowed"}
    assert 'name="paper-spouse_death-found" checked' in text(officer.post(address, ask))
    assert officer.post(address, {**ask, "deed": "look-up/divorce"}).status_code == 404
    taken = {**WIDOWED, "paper-spouse_death-found": "on", "deed": "receive", "result_mode": "desk"}
    assert officer.post(address, taken).status_code == 302
    (check,) = [each for each in stored(PaperCheck) if each.paper == "spouse_death"]
    assert (check.state, check.looked_up) == ("held", "found")
    assert stored(UpdateRequest) == []


def test_the_specialist_looks_and_says_what_they_saw(
    shipped_forms: None, lady: Person, officer: Client, enter: Enter, thuong_xuan: Unit
) -> None:
    """Where no register is connected: nobody claims that anything was looked up before somebody says so."""
    address = opened(officer, thuong_xuan)["Location"]
    assert officer.post(address, {**WIDOWED, "deed": "receive", "result_mode": "desk"}).status_code == 302
    (dossier,) = stored(Dossier)
    specialist, here = enter("specialist", thuong_xuan), at("dossier", dossier)
    shown = text(specialist.get(here))
    assert "Nhà nước đã có (sổ hộ tịch): cán bộ tự tra." in shown
    assert 'value="ask"' not in shown
    there = at("dossier_look_up", dossier, "spouse_death")
    for said, status in (
        ({"deed": "not_found", "reason": " "}, 422),
        ({"deed": "ask"}, 422),
        ({"deed": "found"}, 302),
        ({"deed": "not_found", "reason": WHY}, 302),
    ):
        assert specialist.post(there, said).status_code == status, said
    assert the_request().reason == WHY
    assert "Đã tra, không thấy nên phải nộp" in text(specialist.get(here))
    assert specialist.post(there, {"deed": "found"}).status_code == 302
    assert the_request().withdrawn_at is not None
    leader = enter("supervising_leader", thuong_xuan)
    assert there not in text(leader.get(here))
    assert leader.post(there, {"deed": "found"}).status_code == 403
