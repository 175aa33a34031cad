"""Several people in the same moment: one draft, one task, and no answer to a period that was withdrawn."""

import threading
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import Actor, Operator
from bakhong.core.errors import Refusal
from bakhong.indicators.actions import followups
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import FollowUp, Report, ReportingPeriod, Submission
from bakhong.indicators.rules.asks import Ask, Cell
from bakhong.places.models import Unit
from bakhong.places.queries import units_on

EID = Ask("eid_accounts", "activated", "adults")
TODAY = date(2026, 11, 22)

# They commit, so the units are put back first.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_units")]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread of its own, started together; the results or refusals in the order given."""
    results: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = acts[index]()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def commune() -> Unit:
    return units_on(["15646"], TODAY)["15646"]


@pytest.fixture
def period(actor: Actor, at: datetime) -> ReportingPeriod:
    return deeds.open_period(
        owner=units_on(["38"], TODAY)["38"],
        name="Tháng 10/2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        due_on=date(2026, 11, 5),
        asks=[EID],
        by=actor,
        at=at,
    )


def test_of_first_drafts_at_once_one_is_kept(period: ReportingPeriod, commune: Unit, at: datetime) -> None:
    def draft(number: int) -> Callable[[], Any]:
        by = Operator(id=f"officer-{number}", label=f"Cán bộ {number}")
        cells = {EID.key: Cell(number, 100)}
        return lambda: deeds.save_draft(
            period=period, unit=commune, cells=cells, expected_version=0, by=by, at=at
        )

    results = at_once(*(draft(number) for number in range(1, 7)))
    kept = [each for each in results if isinstance(each, Submission)]
    stale = [each for each in results if isinstance(each, deeds.StaleSubmission)]
    assert (len(kept), len(stale)) == (1, 5)
    submission = Submission.objects.get()
    assert (submission.version, submission.events.count(), Report.objects.count()) == (1, 1, 1)
    assert submission.cells[EID.key]["numerator"] == kept[0].cells[EID.key]["numerator"]


def test_of_approvals_at_once_the_figures_come_once(
    period: ReportingPeriod, commune: Unit, actor: Actor, at: datetime
) -> None:
    cells = {EID.key: Cell(80, 100)}
    submission = deeds.save_draft(
        period=period, unit=commune, cells=cells, expected_version=0, by=actor, at=at
    )
    submission = deeds.submit(submission=submission, expected_version=1, by=actor, at=at)
    at_once(*[lambda: deeds.approve(submission=submission, expected_version=2, by=actor, at=at)] * 4)
    submission.refresh_from_db()
    assert (submission.state, submission.version) == ("approved", 3)
    assert submission.report.figures.count() == 1


def test_a_period_is_withdrawn_or_answered_never_both(commune: Unit, actor: Actor, at: datetime) -> None:
    owner = units_on(["38"], TODAY)["38"]
    for round_ in range(5):
        period = deeds.open_period(
            owner=owner,
            name=f"Kỳ {round_}",
            starts_on=date(2026, 10, 1),
            ends_on=date(2026, 10, 31),
            due_on=date(2026, 11, 5),
            asks=[EID],
            by=actor,
            at=at,
        )
        at_once(
            lambda period=period: deeds.withdraw_period(period=period, by=actor, at=at),  # type: ignore[misc]
            lambda period=period: deeds.save_draft(  # type: ignore[misc]
                period=period, unit=commune, cells={EID.key: Cell(1, 2)}, expected_version=0, by=actor, at=at
            ),
        )
        period.refresh_from_db()
        assert bool(period.withdrawn_at) != period.submissions.exists()


def test_the_same_task_sent_many_times_at_once_is_one(commune: Unit, actor: Actor, at: datetime) -> None:
    worker = User.objects.create(email="hoa@example.vn", name="Hoa")
    Assignment.objects.create(user=worker, role="specialist", place=commune, valid_from=date(2025, 7, 1))
    key = uuid.uuid4()
    results = at_once(
        *[
            lambda: followups.assign(
                unit=commune,
                assigned_to=worker,
                title="Vận động",
                due_on=date(2026, 11, 30),
                client_key=key,
                by=actor,
                at=at,
            )
        ]
        * 5
    )
    assert {each.pk for each in results} == {FollowUp.objects.get().pk}
    assert FollowUp.objects.get().events.count() == 1
