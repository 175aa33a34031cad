"""What became of units, as a graph: edges lead from a unit to those that took it over, whole or in part.

Extents compose without guessing: a unit went whole to another only if every path from it ends there. Parts carry
no share, so a split unit is attributed to nobody; once all its parts meet again in one unit, it is that one's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bakhong.core.days import day_before


@dataclass(frozen=True)
class Edge:
    """`predecessor` ended `on` that day, when `successor` began with the whole of it or a part."""

    predecessor: int
    successor: int
    on: date
    is_whole: bool


@dataclass(frozen=True)
class Period:
    """Half-open; None is "start unknown" or "until further notice"."""

    start: date | None
    end: date | None

    def has(self, day: date) -> bool:
        """
        >>> end = date(2025, 7, 1)
        >>> Period(None, end).has(date(2025, 6, 30)), Period(None, end).has(end)
        (True, False)
        """
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


Belonging = Literal["same", "whole", "parts", "none"]


@dataclass(frozen=True)
class Share:
    """A unit that overlaps the one asked about; `is_whole` when it lies entirely within that one."""

    unit: int
    is_whole: bool


@dataclass(frozen=True)
class Overlap:
    """A unit seen in the boundaries of another day.

    "same": it is a unit of that day · "whole": it lies within `exact` · "parts": it lies in several, and what goes
    where is unknown · "none": no unit of that day took it over (or is known to have come before it).
    """

    belonging: Belonging
    exact: int | None
    shares: tuple[Share, ...]


class Lineage:
    """Edges and the periods of the units they join, ready to be asked about any of these units and any day."""

    def __init__(self, edges: Iterable[Edge], periods: Mapping[int, Period]) -> None:
        self.periods = periods
        self._after: dict[int, list[Edge]] = defaultdict(list)
        self._before: dict[int, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._after[edge.predecessor].append(edge)
            self._before[edge.successor].append(edge)

    def after(self, unit: int, day: date) -> frozenset[int]:
        """The units of `day` that took over an earlier unit or parts of it, through every step between."""
        return self._reach(unit, day, forward=True)

    def before(self, unit: int, day: date) -> frozenset[int]:
        """The units of `day` from which a later unit was made."""
        return self._reach(unit, day, forward=False)

    def _reach(self, unit: int, day: date, *, forward: bool) -> frozenset[int]:
        seen, queue, ends = {unit}, [unit], set()
        while queue:
            here = queue.pop()
            if self.periods[here].has(day):
                ends.add(here)
                continue
            steps = self._after[here] if forward else self._before[here]
            for edge in steps:
                if (edge.on <= day) is forward:
                    there = edge.successor if forward else edge.predecessor
                    if there not in seen:
                        seen.add(there)
                        queue.append(there)
        return frozenset(ends)

    def overlap(self, unit: int, day: date) -> Overlap:
        """Where a unit lies in the boundaries of a day, later or earlier.

        Unit 1 goes whole to 4, unit 2 in part to 4 and 5; all on 2025-07-01:

        >>> day = date(2025, 7, 1)
        >>> old, new = Period(None, day), Period(day, None)
        >>> edges = [Edge(1, 4, day, True), Edge(2, 4, day, False), Edge(2, 5, day, False)]
        >>> lineage = Lineage(edges, {1: old, 2: old, 4: new, 5: new})
        >>> lineage.overlap(1, day)
        Overlap(belonging='whole', exact=4, shares=(Share(unit=4, is_whole=False),))
        >>> lineage.overlap(2, day)
        Overlap(belonging='parts', exact=None, shares=(Share(unit=4, is_whole=False), Share(unit=5, is_whole=True)))
        >>> lineage.overlap(5, date(2025, 6, 30)).exact
        2
        """
        period = self.periods[unit]
        if period.has(day):
            return Overlap("same", unit, (Share(unit, True),))
        forward = period.end is not None and period.end <= day
        others = sorted(self.after(unit, day) if forward else self.before(unit, day))
        back = _day_within(period, forward)
        shares = tuple(
            Share(other, (self.before(other, back) if forward else self.after(other, back)) == {unit})
            for other in others
        )
        if not others:
            return Overlap("none", None, ())
        if len(others) == 1:
            return Overlap("whole", others[0], shares)
        return Overlap("parts", None, shares)


def _day_within(period: Period, forward: bool) -> date:
    """A day of the period: its last when we look back at it from later, else its first."""
    if forward:
        assert period.end is not None
        return day_before(period.end)
    assert period.start is not None
    return period.start
