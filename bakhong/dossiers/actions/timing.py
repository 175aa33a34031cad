"""The time limit of a dossier in hand: its calendar, its limit, and what its events make of it."""

from collections.abc import Sequence
from datetime import date, datetime

from bakhong.core.days import day_of
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.rules.clock import Moment, due_from, pauses_of
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.rules.calendar import WorkCalendar
from bakhong.procedures.rules.catalogue import Procedure, Step
from bakhong.procedures.rules.deadlines import Due, due, step_dues

__all__ = ["calendar_of", "counted", "due_after", "first_due", "moments_of", "procedure_of", "step_due"]


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
    """When it is due, recomputed from all that happened; what is stored must be this."""
    found = procedure_of(dossier)
    if found is None:
        return dossier.due_at
    moments = moments_of(dossier, also)
    start = next((each.at for each in moments if each.kind == "receive"), dossier.submitted_at)
    return due_from(moments, found.limit, calendar_of(dossier.village, day_of(start)))


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
    pauses, _since = pauses_of(moments_of(dossier))
    calendar = calendar_of(dossier.village, day_of(dossier.received_at))
    return due(dossier.received_at, found.limit, calendar, pauses)


def step_due(dossier: Dossier, step: Step, at: datetime) -> datetime | None:
    """By when a step should be done: its own limit from now, or its share of the whole time. Never after the whole is due."""
    found = procedure_of(dossier)
    if found is None or dossier.received_at is None:
        return None
    calendar = calendar_of(dossier.village, day_of(dossier.received_at))
    if step.limit is not None:
        return due(at, step.limit, calendar).due_at
    weights = [each.share for each in found.steps]
    if not any(weights):
        return dossier.due_at
    moments = step_dues(_whole(dossier, found, calendar), weights, calendar)
    index = [each.code for each in found.steps].index(step.code)
    return moments[index]


def _whole(dossier: Dossier, found: Procedure, calendar: WorkCalendar) -> Due:
    assert dossier.received_at is not None
    return due(dossier.received_at, found.limit, calendar)


def _promised(data: dict[str, str]) -> datetime | None:
    told = data.get("promised") if isinstance(data, dict) else None
    return datetime.fromisoformat(told) if told else None
