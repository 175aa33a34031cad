"""Whose ground a place is: what lies in a unit on a day, and what ended there before. For whoever sums by place."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date

from django.db import connection

from bakhong.accounts.permissions import covered_ids
from bakhong.core.days import day_before
from bakhong.places.models import Unit
from bakhong.places.queries import in_boundaries_of

_BELOW = """
WITH RECURSIVE below(top, id) AS (
    SELECT id, id FROM unnest(%(units)s::bigint[]) id
    UNION
    SELECT below.top, m.child_id FROM below JOIN places_membership m ON m.parent_id = below.id
     WHERE (m.valid_from IS NULL OR m.valid_from <= %(on)s) AND (m.valid_to IS NULL OR m.valid_to > %(on)s)
)
SELECT top, id FROM below"""

Used = Callable[[Collection[int]], Collection[int]]


def map_day(unit: Unit, on: date, boundaries: date | None = None) -> date:
    """The day whose map says what lies in the unit: the one asked for, or the nearest on which the unit stood."""
    day = boundaries or on
    if unit.valid_to and day >= unit.valid_to:
        return day_before(unit.valid_to)
    return max(day, unit.valid_from) if unit.valid_from else day


def places_of(
    units: Iterable[Unit], on: date, boundaries: date | None = None, *, used: Used
) -> list[tuple[int, int]]:
    """(unit, a place whose rows count for it), each pair once. `used`: of these places the ones that have rows at all."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for unit in units:
        by_day[map_day(unit, on, boundaries)].append(unit.pk)
    return [pair for day, tops in by_day.items() for pair in _places_on(tops, day, used)]


def _places_on(tops: Collection[int], day: date, used: Used) -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"units": list(tops), "on": day})
        pairs = set(cursor.fetchall())
    standing = {place for _top, place in pairs}
    ended = covered_ids(tops, day) - standing
    counting = set(used([*standing, *ended]))
    found = {(top, place) for top, place in pairs if place in counting}
    if ended & counting:
        holders: dict[int, set[int]] = defaultdict(set)
        for top, place in pairs:
            holders[place].add(top)
        gone = Unit.objects.filter(pk__in=ended & counting)
        for place, attribution in in_boundaries_of(gone, day).items():
            # What went into parts counts where all of them lie, for it lies there whatever the shares.
            parts = [attribution.exact] if attribution.exact else [part.unit for part in attribution.parts]
            shared = set.intersection(*(holders[part.pk] for part in parts)) if parts else set()
            found |= {(top, place) for top in shared}
    return found
