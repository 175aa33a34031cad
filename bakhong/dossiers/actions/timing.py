"""The time limit of a dossier in hand: its calendar, its limit, and what its events make of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from bakhong.core.days import VIET_NAM, day_of
from bakhong.dossiers.models import Dossier, Event, State, Supplement
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.deadlines import RUNNING
from bakhong.dossiers.rules.clock import Moment, due_from, is_extended, pauses_of
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.rules.calendar import NoWorkingDays, WorkCalendar
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.deadlines import Due, Pause, due, step_dues, warn_at, warn_before
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.office import office

__all__ = [
    "calendar_of",
    "clock_after",
    "counted",
    "due_after",
    "first_due",
    "moments_of",
    "procedure_of",
    "recounted",
]

Pauses = Callable[[], tuple[Pause, ...]]

_MORNING = time(8)
_STEPPING = frozenset({"step", "due_at", "agency"})  # what moves the time of a step


def calendar_of(unit: Unit, since: date) -> WorkCalendar:
    return calendar_for(unit, since)


def moments_of(dossier: Dossier, also: Sequence[Moment] = ()) -> list[Moment]:
    """What happened, in order, then what is about to."""
    rows = Event.objects.filter(dossier=dossier).order_by("number")
    stored = [
        Moment(kind, state_from, state_to, at, _promised(data))
        for kind, state_from, state_to, at, data in rows.values_list(
            "kind", "state_from", "state_to", "at", "data"
        )
    ]
    return [*stored, *also]


def due_after(dossier: Dossier, also: Sequence[Moment] = ()) -> datetime | None:
    """When it is due after all that happened. Never nearer than what was promised: a day off that is taken back changes no slip."""
    found = recounted(dossier, also)
    if found is None or dossier.due_at is None:
        return found
    return max(found, dossier.due_at)


def recounted(dossier: Dossier, also: Sequence[Moment] = ()) -> datetime | None:
    """When it is due, recomputed from all that happened, by the calendar of today; while that stays the same, what is stored is this."""
    found = procedure_of(dossier)
    if found is None:
        return dossier.due_at
    moments = moments_of(dossier, also)
    start = next((each.at for each in moments if each.kind == "receive"), dossier.submitted_at)
    return due_from(moments, _limit(found, moments), calendar_of(dossier.village, day_of(start)))


def first_due(found: Procedure, unit: Unit, at: datetime) -> tuple[Due, WorkCalendar]:
    calendar = calendar_of(unit, day_of(at))
    return due(at, found.limit, calendar), calendar


def counted(dossier: Dossier) -> Due | None:
    """How its time limit is counted, without the time waited for the resident so far; None before it was received. What an apology promised
    instead is not in it.

    Raises: ValueError for an office that never opens.
    """
    found = procedure_of(dossier)
    if found is None or dossier.received_at is None:
        return None
    moments = moments_of(dossier)
    pauses, _since = pauses_of(moments)
    calendar = calendar_of(dossier.village, day_of(dossier.received_at))
    return due(dossier.received_at, _limit(found, moments), calendar, pauses)


def _limit(found: Procedure, moments: Sequence[Moment]) -> Limit:
    return found.longer.limit if found.longer is not None and is_extended(moments) else found.limit


def clock_after(dossier: Dossier, change: Mapping[str, Any], to: str, at: datetime) -> dict[str, Any]:
    """The columns of the clock that follow from a deed, which changes these columns and leads to that state, if any."""
    columns: dict[str, Any] = {}
    pauses = cache(lambda: _pauses(dossier, to, at))  # read at most once
    if to != dossier.state or "due_at" in change:
        columns |= _act_by(dossier, change, to, at, pauses)
    if "step_due_at" not in change and not _STEPPING.isdisjoint(change):
        columns["step_due_at"] = _step_due(dossier, change, at, pauses)
    return columns


def _act_by(
    dossier: Dossier, change: Mapping[str, Any], to: str, at: datetime, pauses: Pauses
) -> dict[str, Any]:
    """By when what comes next in that state should come, and when to warn of it."""
    due_at, received_at = _told(dossier, change, "due_at"), _told(dossier, change, "received_at")
    try:
        if to == State.SUBMITTED:
            calendar = calendar_of(dossier.village, day_of(at))
            taken_in = due(at, office().receive, calendar)
            return {"receive_by": taken_in.due_at} | _until(taken_in.due_at, warn_at(taken_in, calendar))
        if to in RUNNING and due_at is not None:
            calendar = calendar_of(dossier.village, day_of(received_at))
            return _until(due_at, warn_before(received_at, due_at, calendar, pauses()))
    except NoWorkingDays:
        return _until(due_at, None)
    if to == State.SUPPLEMENT:
        return _answer_by(dossier, at)
    return _until(due_at if to == State.WITHDRAWING else None, None)


def _until(act_by: datetime | None, warned_from: datetime | None) -> dict[str, Any]:
    return {"act_by": act_by, "warn_at": warned_from}


def _answer_by(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """The resident has the whole of the last day; they are reminded some days before, of a short time at half of it."""
    asked = Supplement.objects.filter(dossier=dossier, answered_at=None).values_list("answer_by", flat=True)
    last: date = asked[0]
    ahead = min(office().remind_days, max((last - day_of(at)).days // 2, 0))
    remind = datetime.combine(last - timedelta(days=ahead), _MORNING, VIET_NAM)
    return _until(datetime.combine(last + timedelta(days=1), time(), VIET_NAM), remind)


def _step_due(dossier: Dossier, change: Mapping[str, Any], at: datetime, pauses: Pauses) -> datetime | None:
    """By when the step should be done: its own limit since it began, or its share of the whole time; never after the whole is due."""
    found = procedure_of(dossier)
    due_at: datetime | None = _told(dossier, change, "due_at")
    received_at, code = _told(dossier, change, "received_at"), _told(dossier, change, "step")
    step = found.step(code) if found is not None else None
    if found is None or step is None or received_at is None or due_at is None:
        return None
    calendar = calendar_of(dossier.village, day_of(received_at))
    if step.limit is not None:
        return min(due(_began(dossier, code, at), step.limit, calendar, pauses()).due_at, due_at)
    weights = [each.share for each in found.steps]
    if not any(weights):
        return due_at
    whole = replace(due(received_at, found.limit, calendar, pauses()), due_at=due_at)
    return min(step_dues(whole, weights, calendar)[found.steps.index(step)], due_at)


def _began(dossier: Dossier, step: str, at: datetime) -> datetime:
    """When the dossier came to the step where it is; `at` where it comes there now."""
    if step != dossier.step:
        return at
    began = at
    for code, moment in Event.objects.filter(dossier=dossier).order_by("-number").values_list("step", "at"):
        if code != step:
            break
        began = moment
    return began


def _pauses(dossier: Dossier, to: str, at: datetime) -> tuple[Pause, ...]:
    return pauses_of(moments_of(dossier, [Moment("", dossier.state, to, at)]))[0]


def _told(dossier: Dossier, change: Mapping[str, Any], column: str) -> Any:
    """The column as the deed leaves it."""
    return change.get(column, getattr(dossier, column))


def _promised(data: dict[str, str]) -> datetime | None:
    told = data.get("promised") if isinstance(data, dict) else None
    return datetime.fromisoformat(told) if told else None
