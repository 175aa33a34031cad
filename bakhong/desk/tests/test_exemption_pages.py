"""Who pays less or nothing: ticked beforehand where it is known, and what was only claimed is seen, checked or taken off."""

from datetime import date

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.desk.frame import now
from bakhong.desk.tests.casework import UNKNOWN, at, opened, press, stored, text
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft
from bakhong.people import scope
from bakhong.people.actions.detailing import record_details
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.procedures.actions.offering import set_offer

pytestmark = pytest.mark.usefixtures("shipped_forms")
UNCHECKED = "người khai nói, chưa kiểm tra"


@pytest.fixture(autouse=True)
def _fee(thuong_xuan: Unit) -> None:
    set_offer(
        unit=thuong_xuan,
        code="1.004873",
        is_offered=True,
        amount=8000,
        valid_from=date(2026, 1, 1),
        source="Nghị quyết 12",
        by=OPERATOR,
        at=now(),
    )


def take_in(client: Client, unit: Unit, **more: str) -> Dossier:
    address = opened(client, unit)["Location"]
    answer = client.post(address, {**UNKNOWN, "deed": "receive", "result_mode": "desk", **more})
    assert answer.status_code == 302, text(answer)
    found: Dossier = stored(Dossier)[-1]
    return found


def test_what_is_known_is_ticked_beforehand(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert 'value="poor" checked' not in text(officer.get(address))
    with scope.seeing(OPERATOR):
        record_details(
            person=lady,
            values={"poverty.status": "poor"},
            source="officer",
            origin=("correction", new_uuid()),
            true_on=now().date(),
            by=OPERATOR,
            at=now(),
            key=new_uuid(),
        )
    page = text(officer.get(address))
    assert 'value="poor" checked' in page
    assert 'value="merit" checked' not in page
    assert "được miễn" in page or "Miễn, giảm: Người thuộc hộ nghèo" in page


def test_what_the_desk_saw_is_seen(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    found = take_in(officer, thuong_xuan, exemption="poor")
    page = text(officer.get(at("dossier", found)))
    assert "đã xem giấy tờ" in page
    assert UNCHECKED not in page
    assert found.fee_amount == 0


@pytest.fixture
def claimed_at_home(officer: Client, lady: Person, thuong_xuan: Unit) -> Dossier:
    """Ticked at home and sent from there; taken in by an officer who saw no papers."""
    address = opened(officer, thuong_xuan)["Location"]
    officer.post(address, {**UNKNOWN, "deed": "save"})
    with scope.seeing(OPERATOR):
        receipt = file_dossier(
            draft=Draft.objects.get(),
            procedure="1.004873",
            channel="online",
            papers=[],
            result_mode="electronic",
            exemptions=["poor"],
            by=OPERATOR,
            at=now(),
        )
        return receive(dossier=receipt.dossier, by=OPERATOR, at=now())


def test_what_was_only_said_is_checked(officer: Client, claimed_at_home: Dossier) -> None:
    assert UNCHECKED in text(officer.get(at("dossier", claimed_at_home)))
    assert press(officer, claimed_at_home, "pass_duty", exemption="poor").status_code == 302
    page = text(officer.get(at("dossier", claimed_at_home)))
    assert UNCHECKED not in page
    assert "đã xem giấy tờ" in page


def test_what_does_not_hold_is_taken_off_and_asked_for(officer: Client, claimed_at_home: Dossier) -> None:
    assert press(officer, claimed_at_home, "set_duty").status_code == 422  # nothing chosen, nothing owed
    assert press(officer, claimed_at_home, "set_duty", wrong="poor").status_code == 302
    now_ = stored(Dossier)[0]
    assert (now_.state, now_.fee_amount, now_.exemptions) == ("duty", 8000, [])
    page = text(officer.get(at("dossier", claimed_at_home)))
    assert "Người thuộc hộ nghèo <" not in page
    assert "chưa trả" in page


def test_without_a_claim_the_fee_is_asked_for_as_before(
    officer: Client, lady: Person, thuong_xuan: Unit
) -> None:
    """Negative control."""
    found = take_in(officer, thuong_xuan)
    assert found.fee_amount == 8000
    assert press(officer, found, "set_duty").status_code == 302
    assert stored(Dossier)[0].state == "duty"
