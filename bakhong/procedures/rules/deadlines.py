"""When something is due, in working time, and why: line by line.

The day of receipt does not count; a limit in working days ends at the same time of day on the N-th working day after it, one in hours
counts office hours. Receipt outside office hours counts as the next opening. Limits in days or months count the calendar; their last day
moves to the next working day where it is none. Time waited for the resident does not count: a working day waited through is left out,
part of one is given back in office hours at the end.

Source: Civil Code 91/2015/QH13, articles 147 (the first day is not counted) and 148 (the last day, months without that day).
The time of day is kept where the Code would give the whole last day: earlier, never later, than the law allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bakhong.core.days import VIET_NAM
from bakhong.procedures.rules.calendar import WorkCalendar
from bakhong.procedures.rules.counting import counting, forward, local, locally, worked
from bakhong.procedures.rules.explaining import Line, explain, notes, with_minutes
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.pauses import Pause, Stretch, merged

__all__ = ["Due", "Limit", "Pause", "Step", "WorkCalendar", "due", "step_dues", "warn_at", "warn_before"]

_WORKDAY = timedelta(hours=8)


@dataclass(frozen=True)
class Step:
    """A line of the explanation: aware moments, the working minutes it uses up, and the reason in Vietnamese."""

    frm: datetime
    to: datetime
    working_minutes: int
    reason: str


@dataclass(frozen=True)
class Due:
    """`starts_at`: when the limit begins to run (the next opening, where it was received outside office hours).

    `waited`: the time not counted, as local moments in order.
    """

    received_at: datetime
    starts_at: datetime
    due_at: datetime
    limit: Limit
    steps: tuple[Step, ...]
    waited: tuple[Stretch, ...] = ()
    notes: tuple[str, ...] = ()


def due(received_at: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Due:
    """When something received at an aware moment is due. `pauses`: aware moments, or local ones.

    >>> from datetime import UTC
    >>> due(datetime(2026, 3, 6, 3, 0, tzinfo=UTC), Limit(3), WorkCalendar()).due_at.isoformat()
    '2026-03-11T10:00:00+07:00'

    Raises: ValueError for a moment without a zone; NoWorkingDays where the office does not open for years.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at has no time zone")
    count = counting(local(received_at), limit, calendar, pauses)
    return Due(
        received_at=_zoned(count.received),
        starts_at=_zoned(count.start),
        due_at=_zoned(count.end),
        limit=limit,
        steps=tuple(_step(each, minutes) for each, minutes in with_minutes(explain(count))),
        waited=count.waited,
        notes=notes(count),
    )


def warn_at(found: Due, calendar: WorkCalendar) -> datetime:
    """When to warn that something falls due: 8 working hours before, or at two thirds of a limit shorter than 3 working days."""
    return _ahead(local(found.starts_at), local(found.due_at), found.waited, calendar)


def warn_before(
    received_at: datetime, due_at: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """The same of a moment that was promised or put off: between aware moments, without the time waited.

    >>> from datetime import UTC
    >>> monday, wednesday = datetime(2026, 3, 9, 3, tzinfo=UTC), datetime(2026, 3, 4, 3, tzinfo=UTC)
    >>> warn_before(wednesday, monday, WorkCalendar()).isoformat()
    '2026-03-06T10:00:00+07:00'
    """
    start = calendar.opening(local(received_at))
    waited = merged([locally(each) for each in pauses], start)
    return _ahead(start, local(due_at), waited, calendar)


def _ahead(start: datetime, end: datetime, waited: Sequence[Stretch], calendar: WorkCalendar) -> datetime:
    whole = worked(calendar, waited, start, end)
    ahead = _WORKDAY if whole >= 3 * _WORKDAY else whole / 3
    return _zoned(forward(calendar, waited, start, whole - ahead))


def step_dues(found: Due, weights: Sequence[int], calendar: WorkCalendar) -> list[datetime]:
    """When each step should be done, the working time until `due_at` split by weights; the last is due at `due_at`.

    Raises: ValueError when no weight is above 0.
    """
    if sum(weights) <= 0 or min(weights) < 0:
        raise ValueError("weights of steps sum to nothing")
    start, end = local(found.starts_at), local(found.due_at)
    whole, done, moments = worked(calendar, found.waited, start, end), 0, []
    for weight in weights:
        done += weight
        minutes = timedelta(minutes=whole * done // sum(weights) // timedelta(minutes=1))
        moments.append(
            _zoned(end if done == sum(weights) else forward(calendar, found.waited, start, minutes))
        )
    return moments


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=VIET_NAM)


def _step(line: Line, minutes: int) -> Step:
    return Step(_zoned(line.frm), _zoned(line.to), minutes, line.reason)
