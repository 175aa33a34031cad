"""Which hours an office works, on which days: weekdays, days off, swapped days, openings of its own.

Moments here are Vietnamese local time without a zone (Viet Nam keeps one offset all year); `deadlines` converts at its door.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

Span = tuple[time, time]

OFFICE_HOURS: tuple[Span, ...] = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 30)))
MONDAY_TO_FRIDAY = frozenset(range(5))
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

_SPAN = re.compile(r"(\d{1,2})[:hg](\d{2})\s*[-–]\s*(\d{1,2})[:hg](\d{2})")


@dataclass(frozen=True)
class SpecialDay:
    """A day on which the weekday does not decide. `is_worked`: a swapped day, worked with the hours of a Monday.

    `is_verified`: False where its legal act was not seen.
    """

    on: date
    is_worked: bool
    name: str
    source: str
    is_verified: bool = True


@dataclass(frozen=True)
class Week:
    """The office hours of each weekday (0 Monday) from a day on (None: from the start).

    On an opening that is not `counted` (a Saturday morning, say) dossiers are received, though it is no working day of a time limit.
    """

    hours: Mapping[int, tuple[Span, ...]]
    counted: frozenset[int] = MONDAY_TO_FRIDAY
    valid_from: date | None = None


DEFAULT_WEEK = Week(dict.fromkeys(MONDAY_TO_FRIDAY, OFFICE_HOURS))


@dataclass(frozen=True)
class WorkCalendar:
    """Days and hours of one office. `years`: those whose days off are known; in others only weekends are."""

    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    weeks: tuple[Week, ...] = (DEFAULT_WEEK,)
    years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        assert self.weeks
        assert self.weeks[0].valid_from is None, "the first week holds from the start"

    def week_of(self, day: date) -> Week:
        at = bisect_right([each.valid_from or date.min for each in self.weeks], day)
        return self.weeks[at - 1]

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours in which the office is open on a day, in order.

        >>> WorkCalendar().spans(date(2026, 3, 7))
        ()
        """
        week, special = self.week_of(day), self.days.get(day)
        if special is None:
            return week.hours.get(day.weekday(), ())
        return week.hours.get(0, OFFICE_HOURS) if special.is_worked else ()

    def counts(self, day: date) -> bool:
        """Whether it is a working day of a time limit."""
        special = self.days.get(day)
        if special is not None:
            return special.is_worked
        week = self.week_of(day)
        return day.weekday() in week.counted and bool(week.hours.get(day.weekday()))

    def why_closed(self, day: date) -> str:
        """In words, why a day does not count; "" for one that does."""
        special = self.days.get(day)
        if special is not None and not special.is_worked:
            return special.name if special.is_verified else f"{special.name} (chưa thấy văn bản)"
        if self.counts(day):
            return ""
        return weekday_vi(day)

    def opening(self, moment: datetime) -> datetime:
        """The moment itself within office hours, else the next opening; an office that never opens gives the moment.

        >>> WorkCalendar().opening(datetime(2026, 3, 6, 17, 30))
        datetime.datetime(2026, 3, 9, 7, 30)
        """
        for ahead in range(_FAR):
            day = moment.date() + timedelta(ahead)
            for start, end in self.spans(day):
                if moment < datetime.combine(day, end):
                    return max(moment, datetime.combine(day, start))
        return moment

    def next_counted(self, day: date) -> date:
        """The first working day after a day."""
        for ahead in range(1, _FAR):
            if self.counts(day + timedelta(ahead)):
                return day + timedelta(ahead)
        raise NoWorkingDays(day)

    def within(self, day: date, moment: time) -> datetime:
        """A time of day moved into the office hours of that day: to the next opening, or back to its last closing."""
        spans = self.spans(day)
        for start, end in spans:
            if moment <= end:
                return datetime.combine(day, max(moment, start))
        return datetime.combine(day, spans[-1][1] if spans else moment)

    def closing(self, day: date) -> datetime:
        """When the office closes on a day on which it opens."""
        return datetime.combine(day, self.spans(day)[-1][1])


class NoWorkingDays(ValueError):
    """The office does not work for years after a day."""


_FAR = 400  # days; no office is closed for longer


def weekday_vi(day: date) -> str:
    """
    >>> weekday_vi(date(2026, 3, 7))
    'Thứ Bảy'
    """
    return _WEEKDAYS[day.weekday()]


def parse_spans(text: str) -> tuple[Span, ...]:
    """
    >>> parse_spans("7h30 - 11h30, 13:30-17:30") == OFFICE_HOURS
    True

    Raises: ValueError when it is no list of hours in order.
    """
    spans = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;]", text))):
        match = _SPAN.fullmatch(part)
        if not match:
            raise ValueError(part)
        hours = [int(each) for each in match.groups()]
        spans.append((time(hours[0], hours[1]), time(hours[2], hours[3])))
    edges = [edge for span in spans for edge in span]
    if any(one >= other for one, other in pairwise(edges)):
        raise ValueError(text)
    return tuple(spans)


def spans_in_words(spans: Iterable[Span]) -> str:
    """
    >>> spans_in_words(OFFICE_HOURS)
    '07:30-11:30, 13:30-17:30'
    """
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)
