"""Counting a time limit, in local moments. What is promised stands in `deadlines`."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bakhong.core.days import VIET_NAM
from bakhong.procedures.rules.calendar import WorkCalendar
from bakhong.procedures.rules.limits import Limit
from bakhong.procedures.rules.pauses import Pause, Stretch, merged, outside, overlap

FIRST, LAST = 2000, 2100  # years
_DAY = timedelta(1)
_END_OF_TIME = datetime(9999, 1, 1)  # noqa: DTZ001 (local moments)


@dataclass(frozen=True)
class Counting:
    """How a time limit was counted. `last`: where it would end if the parts of days waited were not given back (`lost`)."""

    received: datetime
    start: datetime
    end: datetime
    last: datetime
    limit: Limit
    calendar: WorkCalendar
    waited: tuple[Stretch, ...]
    left_out: frozenset[date]
    lost: timedelta = timedelta()
    wanted: date | None = None  # the last day of a limit in days or months, before it moved to a working day


def counting(
    received: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause] = ()
) -> Counting:
    """Raises: ValueError for a year that no office will see; NoWorkingDays."""
    mine = [locally(each) for each in pauses]
    if any(
        not FIRST <= day.year <= LAST
        for day in (received, *(end for each in mine for end in (each.frm, each.to)))
    ):
        raise ValueError(f"years are {FIRST} to {LAST}")
    received = received.replace(microsecond=0)
    start = calendar.opening(received)
    if limit.unit in ("days", "months"):
        return _by_calendar(received, start, limit, calendar, mine)
    if limit.unit == "hours":
        waited = tuple(merged(mine, start))
        end = forward(calendar, waited, start, timedelta(hours=limit.amount))
        return Counting(received, start, end, end, limit, calendar, waited, frozenset())
    return _by_working_days(received, start, limit, calendar, mine)


def _by_working_days(
    received: datetime, start: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> Counting:
    waited = tuple(merged([_as_counted(each, start, limit) for each in pauses], start))
    day, left_out = _last_working_day(start, limit, calendar, waited)
    is_same_day = limit.unit == "same_day"
    last = calendar.closing(day) if is_same_day else calendar.within(day, start.time())
    lost = _lost(calendar, waited, start, last, left_out)
    end = forward(calendar, waited, last, lost)
    return Counting(received, start, end, last, limit, calendar, waited, left_out, lost=lost)


def _as_counted(pause: Pause, start: datetime, limit: Limit) -> Pause:
    """Whole days waited give nothing back for the day of receipt, which a limit in days does not count."""
    if not pause.by_days or limit.unit == "same_day":
        return pause
    tomorrow = datetime.combine(start.date() + _DAY, time())
    return Pause(max(pause.frm, tomorrow), max(pause.to, tomorrow))


def _last_working_day(
    start: datetime, limit: Limit, calendar: WorkCalendar, waited: Sequence[Stretch]
) -> tuple[date, frozenset[date]]:
    """The working day on which it would end, and the working days before it that were waited through."""
    day, missing, left_out = start.date(), max(limit.amount, 1), set()
    if limit.unit == "same_day" and calendar.counts(day) and start.time() <= limit.cutoff:
        if not _is_waited_through(calendar, waited, day, start):
            return day, frozenset()
        left_out.add(day)
    while missing:
        day = calendar.next_counted(day)
        if _is_waited_through(calendar, waited, day, start):
            left_out.add(day)
        else:
            missing -= 1
    return day, frozenset(left_out)


def _lost(
    calendar: WorkCalendar,
    waited: Sequence[Stretch],
    start: datetime,
    last: datetime,
    left_out: frozenset[date],
) -> timedelta:
    """The parts of working days waited: to be given back at the end."""
    found = timedelta()
    for day in days_between(start.date(), last.date()) if waited else ():
        if day not in left_out:
            hours = open_hours(calendar, day, start, last)
            found += sum((overlap(stretch, waited) for stretch in hours), timedelta())
    return found


def _by_calendar(
    received: datetime, start: datetime, limit: Limit, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> Counting:
    first = start.date()
    left_out = frozenset(day for each in pauses for day in each.dates() if day > first)
    day, missing = first, limit.amount
    if limit.unit == "months":
        day = add_months(first, limit.amount)
        missing = sum(1 for each in left_out if each <= day)
    while missing or day in left_out:
        day += _DAY
        if missing and day not in left_out:
            missing -= 1
    wanted = day
    while not calendar.counts(day) or day in left_out:
        day = calendar.next_counted(day)
    end = calendar.within(day, start.time())
    waited = tuple(merged(pauses, start))
    return Counting(received, start, end, end, limit, calendar, waited, left_out, wanted=wanted)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has none.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_between(first: date, last: date) -> Iterator[date]:
    """Both included."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def open_hours(calendar: WorkCalendar, day: date, start: datetime, end: datetime) -> list[Stretch]:
    """The office hours that count on a working day, within [start, end); none on another day."""
    if not calendar.counts(day):
        return []
    hours = ((datetime.combine(day, one), datetime.combine(day, other)) for one, other in calendar.spans(day))
    return [(max(one, start), min(other, end)) for one, other in hours if one < end and other > start]


def forward(calendar: WorkCalendar, waited: Sequence[Stretch], start: datetime, span: timedelta) -> datetime:
    """When that much counted office time has passed since `start`, without the time waited."""
    day, at = start.date(), start
    while span > timedelta():
        for stretch in open_hours(calendar, day, start, _END_OF_TIME):
            for one, other in outside(stretch, waited):
                at = min(other, one + span)
                span -= at - one
                if not span:
                    return at
        day = calendar.next_counted(day)
    return at


def worked(calendar: WorkCalendar, waited: Sequence[Stretch], start: datetime, end: datetime) -> timedelta:
    """The counted office time between two moments, without the time waited."""
    found = timedelta()
    for day in days_between(start.date(), end.date()):
        for stretch in open_hours(calendar, day, start, end):
            found += sum((to - frm for frm, to in outside(stretch, waited)), timedelta())
    return found


def _is_waited_through(calendar: WorkCalendar, waited: Sequence[Stretch], day: date, start: datetime) -> bool:
    hours = open_hours(calendar, day, start, _END_OF_TIME)
    return bool(hours) and not any(outside(stretch, waited) for stretch in hours)


def local(moment: datetime) -> datetime:
    """In Viet Nam, without a zone; a moment without one is local already."""
    return moment.astimezone(VIET_NAM).replace(tzinfo=None) if moment.tzinfo else moment


def locally(pause: Pause) -> Pause:
    return Pause(local(pause.frm), local(pause.to), pause.by_days)
