"""The time of each step on the control sheet: by when, and whether it was kept."""

from datetime import UTC, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.steps import StepTime, step_times
from bakhong.dossiers.tests.conftest import MakeDossier

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)


def times(dossier: Dossier, end: datetime) -> list[StepTime]:
    events = Event.objects.filter(dossier=dossier).order_by("number")
    return list(step_times(events, end=end, is_over=False).values())


@pytest.fixture
def received(handmade: MakeDossier, officer: StaffActor) -> Dossier:
    return receive(dossier=handmade(), by=officer, at=MONDAY)


def test_a_step_is_late_or_not_when_it_is_left(received: Dossier, officer: StaffActor) -> None:
    assert received.step_due_at is not None
    assert [each.is_late for each in times(received, MONDAY)] == [None]
    passed_on = forward(dossier=received, by=officer, at=received.step_due_at + timedelta(minutes=1))
    first, second = times(passed_on, MONDAY)
    assert (first.due_at, first.is_late) == (received.step_due_at, True)
    assert (second.due_at, second.is_late) == (passed_on.step_due_at, None)
    assert passed_on.step_due_at is not None
    assert times(passed_on, passed_on.step_due_at + timedelta(minutes=1))[1].is_late is True


def test_waiting_for_the_resident_is_no_time_of_the_step(received: Dossier, officer: StaffActor) -> None:
    assert received.step_due_at is not None
    asked = ask_supplement(
        dossier=received, items=[Wanted("paper", "divorce", "blurred")], by=officer, at=MONDAY
    )
    seen = [PaperGiven("divorce", None, "original_seen")]
    came = answer_supplement(dossier=asked, papers=seen, by=officer, at=MONDAY + timedelta(days=7))
    passed_on = forward(dossier=came, by=officer, at=MONDAY + timedelta(days=7, minutes=1))
    assert times(passed_on, MONDAY)[0] == StepTime(came.step_due_at or MONDAY, False)
