"""Every procedure of the catalogue can be taken in: what has no form of its own has the general one."""

from datetime import date

import pytest
from django.test import Client

from bakhong.desk.tests.casework import Enter, at, opened, press, state_of, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.procedures.rules.catalogue import procedures

pytestmark = pytest.mark.usefixtures("shipped_forms")

WITHOUT = [code for code, each in procedures(date(2026, 11, 22)).items() if not each.form]
SAID = {"content": "Khai sinh cho con", "phone": "0912345678", "address": "Thôn 1"}


def test_there_are_procedures_without_a_form() -> None:
    """Negative control: were there none, the rest would prove nothing."""
    assert len(WITHOUT) == 8


@pytest.mark.parametrize("code", WITHOUT)
def test_each_is_taken_in(code: str, officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan, code)["Location"]
    found = procedures(date(2026, 11, 22))[code]
    papers = {f"paper-{each.code}-seen": "on" for each in found.papers if not each.held_by}
    answer = officer.post(address, {**SAID, **papers, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    dossier = stored(Dossier)[0]
    assert (dossier.procedure, dossier.state, bool(dossier.due_at)) == (code, "received", True)
    assert dossier.code in text(officer.get(answer["Location"]))


def test_two_that_share_the_form_are_not_mixed_up(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    first = opened(officer, thuong_xuan, "1.001193")["Location"]
    second = opened(officer, thuong_xuan, "1.000656")["Location"]
    assert {draft.procedure for draft in stored(Draft)} == {"1.001193", "1.000656"}
    assert officer.get(first).status_code == 200
    mixed = first.replace("1.001193", "1.000656")
    assert officer.get(mixed).status_code == 404
    here = text(officer.get(second.split("/tiep-nhan/")[0] + "/tiep-nhan/"))
    assert "Đăng ký khai sinh" in here
    assert first in here


def test_it_goes_to_the_resident_with_what_the_result_says(
    officer: Client, enter: Enter, lady: Person, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan, "1.001731")["Location"]
    answer = officer.post(address, {**SAID, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    found = stored(Dossier)[0]
    chair = enter("chair", thuong_xuan)
    page = text(chair.get(at("dossier_approve", found)))
    assert "Nội dung kết quả" in page
    assert press(officer, found, "forward").status_code == 302
    assert state_of(found) == "in_progress"
