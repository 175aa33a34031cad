"""In time is what kept its first promise, or one renewed before it had passed."""

from datetime import date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.desk.views.dossiers.queue import mark_of
from bakhong.dossiers.actions.deadlines import apologise
from bakhong.dossiers.actions.ending import stop
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.counts import on_time, reappointed, was_late
from bakhong.dossiers.tests.conftest import MakeDossier

PERIOD = (date(2026, 11, 1), date(2026, 12, 31))


@pytest.fixture
def made(handmade: MakeDossier, officer: StaffActor, at: datetime) -> Dossier:
    return receive(dossier=handmade(), by=officer, at=at)


def reappoint(made: Dossier, officer: StaffActor, *, days: int) -> datetime:
    """An apology so many days after the first moment, for two weeks later."""
    assert made.due_at is not None
    moment = made.due_at + timedelta(days=days)
    new = made.due_at + timedelta(days=14)
    apologise(dossier=made, new_due_at=new, reason="overload", by=officer, at=moment)
    return new - timedelta(hours=1)


def end(made: Dossier, specialist: StaffActor, at: datetime) -> Dossier:
    return stop(dossier=made, reason="already_settled", by=specialist, at=at)


def test_an_apology_after_the_day_makes_nothing_timely(
    made: Dossier, officer: StaffActor, specialist: StaffActor
) -> None:
    ended = end(made, specialist, reappoint(made, officer, days=1))
    share = on_time([made.village_id], PERIOD)
    assert (share.numerator, share.denominator, list(share.against)) == (0, 1, [made])
    assert was_late(ended)
    ended.state = "done"  # as a list shows it
    assert mark_of(ended, ended.finished_at) == ("late", "tính là trễ: hẹn lại khi đã quá hạn")  # type: ignore[arg-type]


def test_a_new_day_named_in_time_holds_and_is_counted(
    made: Dossier, officer: StaffActor, specialist: StaffActor
) -> None:
    ended = end(made, specialist, reappoint(made, officer, days=-1))
    share = on_time([made.village_id], PERIOD)
    assert (share.numerator, share.denominator) == (1, 1)
    again = reappointed([made.village_id], PERIOD)
    assert (again.numerator, again.denominator, list(again.against)) == (1, 1, [made])
    assert not was_late(ended)
    ended.state = "done"
    assert mark_of(ended, ended.finished_at) == ("done", "xong theo ngày hẹn lại")  # type: ignore[arg-type]


def test_what_was_never_named_anew_is_not(made: Dossier, specialist: StaffActor, at: datetime) -> None:
    ended = end(made, specialist, at + timedelta(hours=1))
    assert reappointed([made.village_id], PERIOD).numerator == 0
    ended.state = "done"
    assert mark_of(ended, at) == ("done", "xong đúng hẹn")
    ended.supplement_count = 2
    assert mark_of(ended, at) == ("late", "tính là trễ: bổ sung hơn một lần")
