"""A unit in the boundaries of another day. Nothing is guessed: what a split scattered is said to be scattered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bakhong.core.days import day_before
from bakhong.places.models import Extent, Succession, Unit
from bakhong.places.rules.succession import Belonging, Edge, Lineage, Overlap, Period


@dataclass(frozen=True)
class Part:
    """A unit that overlaps the one asked about; `is_whole` when it lies entirely within that one."""

    unit: Unit
    is_whole: bool


@dataclass(frozen=True)
class Attribution:
    """Where the figures of `unit` belong in the boundaries of the day `on`.

    belonging: "same" it is a unit of that day · "whole" they all belong to `exact` · "parts" they cannot be
    attributed; `parts` lists the units of that day it lies in (or was made from) · "none" no unit of that day
    is known to overlap it (the districts of before 2025-07-01, villages made later).
    """

    unit: Unit
    on: date
    belonging: Belonging
    exact: Unit | None
    parts: tuple[Part, ...]


def in_boundaries(unit: Unit, on: date) -> Attribution:
    """Where a unit's figures belong in the boundaries of a day, later or earlier than the unit."""
    return in_boundaries_of([unit], on)[unit.pk]


def in_boundaries_of(units: Iterable[Unit], on: date) -> dict[int, Attribution]:
    """Many at once, in at most four queries: id of the unit → its attribution."""
    units = list(units)
    overlaps = _overlaps(units, on)
    others = Unit.objects.in_bulk({share.unit for overlap in overlaps.values() for share in overlap.shares})
    return {
        unit.pk: Attribution(
            unit,
            on,
            overlaps[unit.pk].belonging,
            others[exact] if (exact := overlaps[unit.pk].exact) is not None else None,
            tuple(Part(others[share.unit], share.is_whole) for share in overlaps[unit.pk].shares),
        )
        for unit in units
    }


def boundary_targets(unit_ids: Collection[int], on: date) -> dict[int, int | None]:
    """For sums: id of a unit → id of the one unit of that day it lies in, None where that cannot be said."""
    units = Unit.objects.filter(pk__in=unit_ids).only("id", "valid_from", "valid_to")
    return {pk: overlap.exact for pk, overlap in _overlaps(list(units), on).items()}


def sources_of(unit: Unit, on: date) -> tuple[Part, ...]:
    """The units of another day that overlap this one, in dictionary order.

    A part with `is_whole` lies entirely within the unit, so its figures count for it: "1/4 xã cũ có số liệu" has
    the parts as its denominator.
    """
    return tuple(sorted(in_boundaries(unit, on).parts, key=lambda part: part.unit.sort_key))


def successors(unit: Unit) -> list[Succession]:
    """What directly became of it, with day and extent, in dictionary order."""
    rows = Succession.objects.filter(predecessor=unit).select_related("successor")
    return list(rows.order_by("on", "successor__sort_key", "successor__code"))


def predecessors(unit: Unit) -> list[Succession]:
    """What it was directly made from, with day and extent, in dictionary order."""
    rows = Succession.objects.filter(successor=unit).select_related("predecessor")
    return list(rows.order_by("on", "predecessor__sort_key", "predecessor__code"))


def _overlaps(units: list[Unit], on: date) -> dict[int, Overlap]:
    """One pass forward and back for the units that ended before the day, another for those that began after it."""
    ended = [unit for unit in units if unit.valid_to and unit.valid_to <= on]
    to_come = [unit for unit in units if unit.valid_from and unit.valid_from > on]
    here = [unit for unit in units if _period(unit).has(on)]
    found = {unit.pk: Lineage([], {unit.pk: _period(unit)}).overlap(unit.pk, on) for unit in here}
    if ended:
        last_day = day_before(min(unit.valid_to for unit in ended if unit.valid_to))
        found |= _there_and_back(ended, on, last_day, forward=True)
    if to_come:
        first_day = max(unit.valid_from for unit in to_come if unit.valid_from)
        found |= _there_and_back(to_come, on, first_day, forward=False)
    return found


def _there_and_back(units: list[Unit], on: date, home: date, *, forward: bool) -> dict[int, Overlap]:
    """Walks to the day, and back to `home`, a day of the units, to learn what else went where they went."""
    periods = {unit.pk: _period(unit) for unit in units}
    edges = _walk(periods.keys(), on, periods, forward=forward)
    reached = [pk for pk, period in periods.items() if period.has(on)]
    edges |= _walk(reached, home, periods, forward=not forward)
    lineage = Lineage(edges, periods)
    return {unit.pk: lineage.overlap(unit.pk, on) for unit in units}


def _walk(units: Iterable[int], on: date, periods: dict[int, Period], *, forward: bool) -> set[Edge]:
    """The successions on the way from units to a day, one query a step; `periods` learns the units met.

    Few steps of plain look-ups: a recursive query took ten times as long, for its planner expects far more rows.
    """
    near, far = ("predecessor", "successor") if forward else ("successor", "predecessor")
    steps = Succession.objects.filter(on__lte=on) if forward else Succession.objects.filter(on__gt=on)
    edges: set[Edge] = set()
    here = set(units)
    seen = set(here)
    while here:
        rows = steps.filter(**{f"{near}__in": here}).values_list(
            *("predecessor", "successor", "on", "extent"),
            *(far, f"{far}__valid_from", f"{far}__valid_to"),
        )
        here = set()
        for before, after, day, extent, met, start, end in rows:
            edges.add(Edge(before, after, day, extent == Extent.WHOLE))
            if met not in periods:
                periods[met] = Period(start, end)
            if met not in seen and not periods[met].has(on):
                here.add(met)
        seen |= here
    return edges


def _period(unit: Unit) -> Period:
    return Period(unit.valid_from, unit.valid_to)
