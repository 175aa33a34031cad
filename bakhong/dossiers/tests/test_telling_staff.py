"""Who of the staff hears of what: whoever works on it, else whoever may do what comes next; nobody of what they did themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.deadlines import warn_and_escalate
from bakhong.dossiers.actions.ending import ask_withdrawal, keep
from bakhong.dossiers.actions.processing import assign, forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.messaging.models import Message
from bakhong.people import scope
from bakhong.places.models import Unit

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
ASK = [Wanted("paper", "divorce", "blurred")]
SEEN = [PaperGiven("divorce", None, "original_seen")]


def told(dossier: Dossier, template: str) -> set[str]:
    rows = Message.objects.filter(about=dossier.uuid, template=template)
    return set(rows.values_list("staff", flat=True))


@pytest.fixture
def everybody_works(officer: StaffActor, specialist: StaffActor, chair: StaffActor) -> None:
    """All of them are there, so that whoever is not told was left out on purpose."""


@pytest.mark.usefixtures("everybody_works")
def test_what_waits_to_be_taken_in_is_told_at_the_desk(
    handmade: MakeDossier, officer: StaffActor, chair: StaffActor
) -> None:
    made = handmade(channel="online", submitted_at=MONDAY)
    ask_withdrawal(dossier=made, by=OPERATOR, at=MONDAY)
    assert told(made, "withdrawal_asked") == {officer.id}
    keep(dossier=made, by=OPERATOR, at=MONDAY)
    warn_and_escalate(at=MONDAY + timedelta(hours=8))
    warn_and_escalate(at=MONDAY + timedelta(hours=49))
    assert told(made, "receive_soon") == {officer.id}
    assert told(made, "receive_late") == {officer.id, chair.id}
    assert told(made, "due_soon") == told(made, "overdue") == set()


@pytest.mark.usefixtures("everybody_works")
def test_nobody_holding_it_those_of_the_step_are_warned(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    at_work = forward(dossier=made, by=officer, at=MONDAY)
    assert told(made, "assigned") == set()
    assert at_work.due_at is not None
    warn_and_escalate(at=at_work.due_at - timedelta(hours=1))
    assert told(made, "due_soon") == {specialist.id}


@pytest.mark.usefixtures("everybody_works")
def test_whoever_gets_it_is_told_and_hears_what_comes_in(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    assign(dossier=made, to=specialist, by=officer, at=MONDAY)
    assert told(made, "assigned") == {specialist.id}
    asked = ask_supplement(dossier=made, items=ASK, by=specialist, at=MONDAY)
    answer_supplement(dossier=asked, papers=SEEN, by=officer, at=MONDAY + timedelta(hours=5))
    assert told(made, "supplement_came") == {specialist.id}


def test_nobody_is_told_what_they_did_themselves(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    assign(dossier=made, to=officer, by=officer, at=MONDAY)
    asked = ask_supplement(dossier=made, items=ASK, by=officer, at=MONDAY)
    answer_supplement(dossier=asked, papers=SEEN, by=officer, at=MONDAY + timedelta(hours=5))
    assert not Message.objects.filter(about=made.uuid).exclude(staff="").exists()


def test_who_left_is_told_nothing(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, thuong_xuan: Unit
) -> None:
    user = User.objects.create(email="other@example.vn", name="Người khác")
    Assignment.objects.create(user=user, role="specialist", place=thuong_xuan, valid_from=date(2025, 7, 1))
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    given = forward(dossier=made, to=specialist, by=officer, at=MONDAY)
    User.objects.filter(pk=specialist.user.pk).update(is_active=False)
    assert given.due_at is not None
    warn_and_escalate(at=given.due_at - timedelta(hours=1))
    assert told(made, "due_soon") == {f"staff:{user.uuid}"}


def test_a_resident_s_own_deed_reaches_the_staff(
    handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit
) -> None:
    """Their connection shows their own rows only; the message to the staff is none of them."""
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    with scope.holding(keys=[made.uuid]):
        ask_withdrawal(dossier=made, by=HolderActor("dossier", made.uuid), at=MONDAY)
    assert told(made, "withdrawal_asked") == {officer.id}


def test_a_reminder_goes_to_the_resident_and_the_end_of_it_to_the_staff(
    handmade: MakeDossier, officer: StaffActor, chair: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    ask_supplement(dossier=made, items=ASK, by=officer, at=MONDAY)
    warn_and_escalate(at=MONDAY + timedelta(days=29))
    (reminder,) = Message.objects.filter(about=made.uuid, template="supplement_reminder")
    assert reminder.holder == made.uuid
    assert "23/12/2026" in reminder.text
    warn_and_escalate(at=MONDAY + timedelta(days=31))
    assert told(made, "supplement_over") == {officer.id, chair.id}
    assert Message.objects.filter(about=made.uuid, template="supplement_reminder").count() == 1
