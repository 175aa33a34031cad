"""Whole numbers stand on no page of a dossier before somebody says why they look, and that is written down."""

import pytest
from django.test import Client

from bakhong.audit.models import Event
from bakhong.desk.tests.casework import ID, UNKNOWN, Enter, at, opened, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.people.models import Look, Person
from bakhong.places.models import Unit

PHONE = "0912345678"
WHY = {"reveal-reason": "check", "reveal-note": "đối chiếu giấy"}


def seen(reason: str) -> set[str]:
    return {look.what for look in stored(Look) if look.reason == reason}


def shown_plain(page: str) -> str:
    return page.replace(" ", "").replace("\xa0", "").replace(".", "")


@pytest.mark.parametrize("page", ["dossier", "dossier_supplement"])
def test_a_dossier_shows_no_whole_number(page: str, officer: Client, received: Dossier) -> None:
    shown = text(officer.get(at(page, received)))
    assert ID not in shown_plain(shown)
    assert PHONE not in shown_plain(shown)
    assert "•••" in shown


def test_the_chair_decides_without_it(enter: Enter, received: Dossier, thuong_xuan: Unit) -> None:
    chair = enter("chair", thuong_xuan)
    assert ID not in shown_plain(text(chair.get(at("dossier_approve", received))))
    assert "Hiện số" not in text(chair.get(at("dossier", received)))
    assert chair.post(at("dossier_reveal", received), WHY).status_code == 403


def test_it_is_shown_to_who_says_why(officer: Client, received: Dossier) -> None:
    answer = officer.post(at("dossier_reveal", received), WHY)
    assert answer.status_code == 200
    assert ID in shown_plain(text(answer))
    assert "no-store" in answer["Cache-Control"]
    assert "national_id" in seen("check")
    (told,) = [each for each in stored(Event) if each.deed == "desk.reveal"]
    assert ID not in str(told.details)
    assert ID not in shown_plain(text(officer.get(at("dossier", received))))


@pytest.mark.parametrize("reason", ["", "duty", "khac", "request"])
def test_without_a_reason_it_stays_hidden(reason: str, officer: Client, received: Dossier) -> None:
    """Negative control."""
    answer = officer.post(at("dossier_reveal", received), {"reveal-reason": reason})
    assert answer.status_code == 422
    assert ID not in shown_plain(text(answer))
    assert not [each for each in stored(Event) if each.deed == "desk.reveal"]


def test_the_form_at_the_desk_hides_what_nobody_typed(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    page = text(officer.get(address))
    assert ID not in shown_plain(page)
    assert "•••" in page
    answer = officer.post(address, {**UNKNOWN, **WHY, "deed": "reveal"})
    assert answer.status_code == 200
    assert ID in shown_plain(text(answer))
    assert "national_id" in seen("check")
    wrong = officer.post(address, {**UNKNOWN, "deed": "reveal", "reveal-reason": ""})
    assert wrong.status_code == 422
    assert ID not in shown_plain(text(wrong))


def test_a_hidden_number_is_not_lost(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    """A box that is not on the page is not sent: what stands there stays."""
    address = opened(officer, thuong_xuan)["Location"]
    done = officer.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk"})
    assert done.status_code == 302, text(done)
    assert stored(Dossier)[0].applicant_id_tail == ID[-4:]
