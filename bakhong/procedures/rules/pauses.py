"""Time waited for the resident, which no time limit counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Pause:
    """Waited from `frm` until before `to` (aware moments, or local ones inside the rules).

    `by_days`: whole days, as somebody writes them down; the day of receipt, which no limit in days counts, is not given back.
    """

    frm: datetime
    to: datetime
    by_days: bool = False

    def __post_init__(self) -> None:
        if self.to < self.frm:
            raise ValueError("a pause ends before it begins")

    @classmethod
    def of_days(cls, first: date, last: date) -> "Pause":
        """Both days included. Local moments.

        Raises: ValueError when `last` is before `first`.
        """
        if last < first:
            raise ValueError("a pause ends before it begins")
        return cls(
            datetime.combine(first, time()), datetime.combine(last + timedelta(1), time()), by_days=True
        )

    def dates(self) -> Iterable[date]:
        """The days that a limit in calendar days leaves out: whole days as written, else the days after the asking up to the answer."""
        first, end = self.frm.date(), self.to.date()
        start = first if self.by_days else first + timedelta(1)
        stop = end if self.by_days else end + timedelta(1)
        return (start + timedelta(n) for n in range((stop - start).days))


Stretch = tuple[datetime, datetime]


def merged(pauses: Sequence[Pause], start: datetime) -> list[Stretch]:
    """The pauses from `start` on, in order, those that touch made one.

    >>> day = datetime(2026, 3, 2)
    >>> merged([Pause(day, day + timedelta(2)), Pause(day + timedelta(1), day + timedelta(3))], day)
    [(datetime.datetime(2026, 3, 2, 0, 0), datetime.datetime(2026, 3, 5, 0, 0))]
    """
    found: list[Stretch] = []
    for frm, to in sorted((max(each.frm, start), each.to) for each in pauses if each.to > start):
        if found and frm <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], to))
        else:
            found.append((frm, to))
    return found


def outside(stretch: Stretch, pauses: Sequence[Stretch]) -> list[Stretch]:
    """What is left of a stretch without the pauses (in order, not overlapping)."""
    left, (at, end) = [], stretch
    for frm, to in pauses:
        if to <= at or frm >= end:
            continue
        if frm > at:
            left.append((at, frm))
        at = max(at, to)
    if at < end:
        left.append((at, end))
    return left


def overlap(stretch: Stretch, pauses: Sequence[Stretch]) -> timedelta:
    """How much of a stretch is paused."""
    start, end = stretch
    return sum((max(timedelta(), min(end, to) - max(start, frm)) for frm, to in pauses), timedelta())
