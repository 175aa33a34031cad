"""The time limit: recomputed from what happened it is what is stored, whatever happened."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.dossiers.actions.agencies import hear_from_agency, send_to_agency
from bakhong.dossiers.actions.deadlines import apologise, warn_and_escalate
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, keep, refuse, stop
from bakhong.dossiers.actions.processing import forward
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.actions.timing import recounted
from bakhong.dossiers.models import AgencyAsk, Dossier, Event
from bakhong.dossiers.queries.counts import on_time
from bakhong.dossiers.rules.clock import Moment, due_from, is_late, pauses_of
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.procedures.rules.calendar import WorkCalendar
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.shipped import shipped_calendar

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SEEN = [PaperGiven("divorce", None, "original_seen")]
ASK = [Wanted("paper", "divorce", "blurred")]


def said(kind: str, state_from: str, state_to: str, hours: float, promised: float | None = None) -> Moment:
    at = START + timedelta(hours=hours)
    return Moment(kind, state_from, state_to, at, START + timedelta(hours=promised) if promised else None)


def test_waiting_for_the_resident_is_no_time_of_ours() -> None:
    story = [
        said("file", "draft", "submitted", -2),
        said("receive", "submitted", "received", 0),
        said("ask_supplement", "received", "supplement", 24),
        said("ask_withdrawal", "supplement", "withdrawing", 48),
        said("keep", "withdrawing", "supplement", 49),
        said("answer_supplement", "supplement", "received", 72),
    ]
    pauses, since = pauses_of(story)
    assert [(each.to - each.frm).total_seconds() / 3600 for each in pauses] == [24, 23]
    assert since is None
    assert pauses_of(story[:3])[1] == START + timedelta(hours=24)


def test_a_promise_takes_the_place_of_the_limit() -> None:
    story = [
        said("receive", "submitted", "received", 0),
        said("apologise", "received", "received", 48, promised=24 * 8),
    ]
    assert due_from(story, Limit(3), WorkCalendar()) == START + timedelta(hours=24 * 8)
    waited = [
        *story,
        said("ask_supplement", "received", "supplement", 72),
        said("answer_supplement", "supplement", "received", 96),
    ]
    assert due_from(waited, Limit(3), WorkCalendar()) == START + timedelta(hours=24 * 9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(min_value=0.1, max_value=60), min_size=2, max_size=8))
def test_waiting_never_brings_the_end_nearer(gaps: list[float]) -> None:
    story, hours = [said("receive", "submitted", "received", 0)], 0.0
    before = due_from(story, Limit(5), WorkCalendar())
    for number, gap in enumerate(gaps):
        hours += gap
        ask = (
            ("ask_supplement", "received", "supplement")
            if number % 2 == 0
            else ("answer_supplement", "supplement", "received")
        )
        story.append(said(*ask, hours))
        after = due_from(story, Limit(5), WorkCalendar())
        assert before is not None
        assert after is not None
        assert after >= before
        before = after


@pytest.mark.parametrize("seed", range(6))
def test_what_is_stored_is_what_the_events_say(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime, seed: int
) -> None:
    """A random walk through everything that touches the clock."""
    dice, now = Random(seed), at
    made = receive(dossier=handmade(), by=officer, at=now)
    promised = made.due_at
    for _turn in range(14):
        now += timedelta(hours=dice.uniform(0.2, 40))
        made = Dossier.objects.get(pk=made.pk)
        _something(made, dice, officer, now)
        stored = Dossier.objects.get(pk=made.pk)
        assert _opening(stored.due_at) == _opening(recounted(stored)), (seed, _turn)
        assert stored.due_at is not None
        assert (promised := promised and max(promised, stored.due_at)) == stored.due_at, "never nearer"
        assert (stored.waiting_since is not None) == (stored.state in ("supplement", "duty"))


def _opening(moment: datetime | None) -> datetime:
    """The end of a day and the beginning of the next are one moment of working time."""
    assert moment is not None
    return shipped_calendar().opening(moment.astimezone(VIET_NAM).replace(tzinfo=None))


def _something(made: Dossier, dice: Random, by: Actor, now: datetime) -> None:
    if made.state == "supplement":
        if dice.random() < 0.3:
            ask_withdrawal(dossier=made, by=by, at=now)
        else:
            answer_supplement(dossier=made, papers=SEEN, by=by, at=now)
    elif made.state == "withdrawing":
        keep(dossier=made, by=by, at=now)
    elif dice.random() < 0.4:
        ask_supplement(
            dossier=made, items=ASK, by=by, at=now, why_again="other" if made.supplement_count else ""
        )
    elif made.apologised_at is None and dice.random() < 0.5 and made.due_at:
        day = max(made.due_at, now) + timedelta(days=3)
        while not WorkCalendar().counts(day.date()) or day.date().isoformat() == "2026-11-24":
            day += timedelta(days=1)
        apologise(dossier=made, new_due_at=day, reason="overload", by=by, at=now)
    elif dice.random() < 0.5:
        forward(dossier=made, by=by, at=now, step="process")
    else:
        ask_withdrawal(dossier=made, by=by, at=now)


def test_late_is_who_ran_out_of_time_not_who_waits() -> None:
    due, later = START, START + timedelta(days=3)
    assert is_late(due, None, later)
    assert not is_late(due, due - timedelta(hours=1), later)
    assert not is_late(None, None, later)


def test_one_apology_with_a_new_day(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    assert made.due_at is not None
    new = made.due_at + timedelta(days=4)  # from Friday to Tuesday
    for wrong in (made.due_at, made.due_at + timedelta(days=1)):  # not later; a Saturday
        with pytest.raises(Refusal):
            apologise(dossier=made, new_due_at=wrong, reason="overload", by=officer, at=at)
    with pytest.raises(Refusal, match="Chọn lý do chậm"):
        apologise(dossier=made, new_due_at=new, reason="blurred", by=officer, at=at)
    sorry = apologise(dossier=made, new_due_at=new, reason="overload", by=officer, at=at)
    assert (sorry.due_at, sorry.apologised_at) == (new, at)
    with pytest.raises(Refusal, match="chỉ được hẹn lại một lần"):
        apologise(dossier=made, new_due_at=new + timedelta(days=1), reason="overload", by=officer, at=at)


def test_it_warns_and_escalates_once(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    assert made.due_at is not None
    assert warn_and_escalate(at=at + timedelta(hours=1)) == (0, 0)
    assert warn_and_escalate(at=made.due_at - timedelta(hours=2)) == (1, 0)
    assert warn_and_escalate(at=made.due_at - timedelta(hours=1)) == (0, 0)
    assert warn_and_escalate(at=made.due_at + timedelta(hours=1)) == (0, 1)
    assert warn_and_escalate(at=made.due_at + timedelta(days=1)) == (0, 0)
    kinds = Event.objects.filter(dossier=made).order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["file", "receive", "warn", "escalate"]


def test_who_waits_is_not_late(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    ask_supplement(dossier=made, items=ASK, by=officer, at=at)
    assert warn_and_escalate(at=at + timedelta(days=20)) == (0, 0)


def test_nobody_but_the_program_warns(handmade: MakeDossier, officer: StaffActor, at: datetime) -> None:
    from bakhong.dossiers.actions.stepping import take

    made = receive(dossier=handmade(), by=officer, at=at)
    with pytest.raises(NotAllowed):
        take(dossier=made, kind="escalate", by=officer, version=None, key=None, said={})


def test_an_agency_has_its_own_limit(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    made = receive(dossier=handmade(), by=officer, at=at)
    due = at + timedelta(days=2)
    sent = send_to_agency(
        dossier=made, agency="Công an xã", what="Nơi cư trú trước đây", due_at=due, by=specialist, at=at
    )
    assert (sent.state, sent.agency) == ("in_progress", "Công an xã")
    with pytest.raises(Refusal, match="chưa trả lời"):
        send_to_agency(dossier=made, agency="Công an xã", what="", by=specialist, at=at)
    heard = hear_from_agency(
        dossier=made, agency="Công an xã", answer="Đã cư trú", by=specialist, at=due + timedelta(hours=1)
    )
    assert heard.agency == ""
    assert AgencyAsk.objects.get(dossier=made).answered_at == due + timedelta(hours=1)
    assert Event.objects.get(dossier=made, kind="hear_from_agency").data["is_late"] is True


def test_ends_without_a_result(
    handmade: MakeDossier, officer: StaffActor, specialist: StaffActor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="Chọn lý do"):
        refuse(dossier=handmade(), reason="blurred", by=officer, at=at)
    with pytest.raises(Refusal, match="Ghi rõ lý do"):
        refuse(dossier=handmade(), reason="not_this_office", by=officer, at=at)
    refused = refuse(dossier=handmade(), reason="not_this_office", note="Nộp ở tỉnh", by=officer, at=at)
    assert (refused.state, refused.finished_at) == ("refused", at)
    received = receive(dossier=handmade(), by=officer, at=at)
    assert stop(dossier=received, reason="already_settled", by=specialist, at=at).state == "stopped"
    given_back = handmade()
    ask_withdrawal(dossier=given_back, by=officer, at=at)
    assert confirm_withdrawal(dossier=given_back, by=officer, at=at).state == "stopped"
    share = on_time([received.village_id], (at.date(), at.date()))
    assert (share.numerator, share.denominator) == (1, 1)  # only what was received has a time limit
