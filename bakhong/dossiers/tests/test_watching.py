"""What the clock watches: taking in, the result, the resident's answer and each step; in working time, told once to who can act."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.days import VIET_NAM
from bakhong.dossiers.actions.deadlines import apologise, warn_and_escalate
from bakhong.dossiers.actions.ending import ask_withdrawal, keep, stop
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.timing import recounted
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.queue import Wish, queue
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.places.models import Unit
from bakhong.procedures.actions.calendar import set_day, undo_day

ASK = [Wanted("paper", "divorce", "blurred")]
SEEN = [PaperGiven("divorce", None, "original_seen")]
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 08:00; the 24th is a day off


def local(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(VIET_NAM):%d/%m %H:%M}"


def told(dossier: Dossier) -> list[tuple[str, str]]:
    rows = Event.objects.filter(dossier=dossier, kind__in=("warn", "escalate")).order_by("number")
    return [(each.kind, each.data["what"]) for each in rows]


@pytest.fixture
def waiting(handmade: MakeDossier, officer: StaffActor) -> Dossier:
    """Handed in from afar on Monday morning, and asked about once: the deeds have set its clock."""
    made = handmade(channel="online", submitted_at=MONDAY)
    ask_withdrawal(dossier=made, by=officer, at=MONDAY)
    return keep(dossier=made, by=officer, at=MONDAY)


def test_what_nobody_takes_in_is_warned_of_and_escalated_once(waiting: Dossier) -> None:
    assert (local(waiting.act_by), waiting.act_by) == ("25/11 08:00", waiting.receive_by)
    assert waiting.due_at is None
    assert warn_and_escalate(at=MONDAY + timedelta(hours=4)) == (0, 0)
    for hour in (8, 9):
        warn_and_escalate(at=MONDAY + timedelta(hours=hour))
    assert told(waiting) == [("warn", "receive")]
    for hour in (49, 50):
        warn_and_escalate(at=MONDAY + timedelta(hours=hour))
    assert told(waiting) == [("warn", "receive"), ("escalate", "receive")]


def test_once_taken_in_it_is_the_result_that_is_watched(waiting: Dossier, officer: StaffActor) -> None:
    taken = receive(dossier=waiting, by=officer, at=MONDAY + timedelta(hours=2))
    assert taken.act_by == taken.due_at
    assert taken.receive_by == waiting.receive_by
    warn_and_escalate(at=MONDAY + timedelta(hours=49))
    assert told(taken) == [("warn", "step")]


def test_an_answer_is_reminded_of_and_then_the_officer_is_told(
    handmade: MakeDossier, officer: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    asked = ask_supplement(dossier=made, items=ASK, by=officer, at=MONDAY, answer_by=date(2026, 12, 10))
    assert (local(asked.warn_at), local(asked.act_by)) == ("07/12 08:00", "11/12 00:00")
    warn_and_escalate(at=datetime(2026, 12, 9, tzinfo=UTC))
    assert told(asked) == [("warn", "answer")]
    warn_and_escalate(at=datetime(2026, 12, 10, 16, tzinfo=UTC))
    assert told(asked) == [("warn", "answer")]
    for hour in (18, 19):
        warn_and_escalate(at=datetime(2026, 12, 10, hour, tzinfo=UTC))
    assert told(asked) == [("warn", "answer"), ("escalate", "answer")]


def test_an_answer_that_came_is_not_asked_for_again(handmade: MakeDossier, officer: StaffActor) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    asked = ask_supplement(dossier=made, items=ASK, by=officer, at=MONDAY)
    came = answer_supplement(dossier=asked, papers=SEEN, by=officer, at=MONDAY + timedelta(days=7))
    assert came.act_by == came.due_at
    warn_and_escalate(at=MONDAY + timedelta(days=40))
    assert told(came) == [("escalate", "result")]


def test_after_a_pause_it_is_still_a_working_day_before(handmade: MakeDossier, officer: StaffActor) -> None:
    """Due on a Monday at 10: warned on Friday at 10, not on Sunday."""
    friday = datetime(2026, 11, 27, 3, tzinfo=UTC)
    made = receive(dossier=handmade(), by=officer, at=friday - timedelta(days=1))  # due on Tuesday
    asked = ask_supplement(dossier=made, items=ASK, by=officer, at=friday)
    came = answer_supplement(dossier=asked, papers=SEEN, by=officer, at=friday + timedelta(days=4))
    assert came.due_at != came.base_due_at
    assert (local(came.warn_at), local(came.due_at)) == ("02/12 10:00", "03/12 10:00")
    promised = datetime(2026, 12, 7, 3, tzinfo=UTC)
    sorry = apologise(
        dossier=came, new_due_at=promised, reason="overload", by=officer, at=friday + timedelta(days=5)
    )
    assert (local(sorry.warn_at), sorry.act_by) == ("04/12 10:00", promised)


def test_each_step_has_its_time_within_the_whole(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    assert made.step_due_at is not None
    assert made.due_at is not None
    assert made.step_due_at < made.due_at
    warn_and_escalate(at=made.step_due_at)
    warn_and_escalate(at=made.step_due_at + timedelta(minutes=30))
    assert told(made) == [("warn", "step")]
    made.refresh_from_db()
    at = made.step_due_at
    passed_on = forward(dossier=made, by=officer, at=at)
    assert passed_on.step_due_at is not None
    assert at < passed_on.step_due_at <= made.due_at
    asked = ask_supplement(dossier=passed_on, items=ASK, by=specialist, at=at)
    came = answer_supplement(dossier=asked, papers=SEEN, by=officer, at=at + timedelta(days=7))
    assert came.step_due_at is not None
    assert came.due_at is not None
    assert passed_on.step_due_at < came.step_due_at <= came.due_at


def test_what_ended_is_watched_no_more(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor
) -> None:
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    ended = stop(dossier=made, reason="already_settled", by=specialist, at=MONDAY)
    assert (ended.act_by, ended.warn_at) == (None, None)
    assert warn_and_escalate(at=MONDAY + timedelta(days=90)) == (0, 0)


def test_a_day_off_taken_back_brings_no_promise_nearer(
    handmade: MakeDossier, officer: StaffActor, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit
) -> None:
    secretary = staff("dx_secretary", thuong_xuan)
    off = set_day(
        unit=thuong_xuan,
        on=date(2026, 11, 26),
        kind="off",
        name="Nghỉ bão",
        source="Công điện của tỉnh",
        by=secretary,
        at=MONDAY,
    )
    made = receive(dossier=handmade(), by=officer, at=MONDAY)
    promised = made.due_at
    assert promised is not None
    undo_day(day=off, by=secretary, at=MONDAY)
    asked = ask_supplement(dossier=made, items=ASK, by=officer, at=MONDAY + timedelta(hours=1))
    came = answer_supplement(dossier=asked, papers=SEEN, by=officer, at=MONDAY + timedelta(hours=2))
    again = recounted(came)
    assert again is not None
    assert again < promised  # negative control: by today's calendar it would be nearer
    assert came.due_at == promised


def test_the_queue_begins_with_what_comes_first(
    waiting: Dossier, handmade: MakeDossier, officer: StaffActor, thuong_xuan: Unit
) -> None:
    later = receive(dossier=handmade(), by=officer, at=MONDAY)
    rows = queue(officer, thuong_xuan, at=MONDAY).rows
    assert [each.pk for each in rows] == [waiting.pk, later.pk]
    late = queue(officer, thuong_xuan, at=MONDAY + timedelta(hours=49), wish=Wish(show="late")).rows
    assert [each.pk for each in late] == [waiting.pk]
