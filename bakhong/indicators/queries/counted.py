"""What the roll counts on any day, in the boundaries of any day: sums of deltas over the places that lie in a unit.

People hang on a village and stay there; which villages a unit has is asked of the dated map. A village (or a former commune) that ended is
counted with the unit that took it over whole. Where the parts of one that was split lie in several of the units asked for, it counts for
none of them, only for a unit that holds them all. Nothing here names anybody; `people_behind` does, and shows only whom the actor may see.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import F, Q, QuerySet

from bakhong.accounts import ground
from bakhong.accounts.ground import map_day
from bakhong.core.actor import Actor
from bakhong.core.numbers import percent_of
from bakhong.indicators.models import Build, CountSpan, Kind
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.measures import Measure, MeasureKey, book, measure_key, measures
from bakhong.indicators.rules.spans import FIRST
from bakhong.people.models import Household, Organisation, Person, PhoneSubscription
from bakhong.places.models import Unit
from bakhong.places.queries import children

Side = Literal["missing", "having", "all"]
SIDES: tuple[Side, ...] = ("missing", "having", "all")


@dataclass(frozen=True)
class Count:
    """How many of whom, `absent` of them away; a count of nobody is never given."""

    numerator: int
    denominator: int
    absent: int = 0

    @property
    def missing(self) -> int:
        return self.denominator - self.numerator

    def percent(self, decimals: int = 1) -> Decimal:
        found = percent_of(self.numerator, self.denominator, decimals)
        assert found is not None  # the denominator is never 0
        return found


def is_ready() -> bool:
    """False while the tables follow other rules than the program: nothing is told until they are made anew. One small query."""
    row = Build.objects.values_list("fingerprint", flat=True).first()
    return row is None or row == book().fingerprint


def measure_of(indicator: str, stage: str = "", population: str = "") -> MeasureKey | None:
    """The measure of an indicator that fits what is said of it; None where the roll cannot count that."""
    return measure_key(indicator, stage, population)


Counts = Mapping[MeasureKey, Count]


def counted(
    unit_ids: Collection[int],
    on: date,
    *,
    boundaries: date | None = None,
    wanted: Collection[MeasureKey] | None = None,
) -> Mapping[tuple[int, MeasureKey], Count]:
    """(unit, measure) → its count on a day; left out where nobody is counted, and on days before `spans.FIRST`.

    `boundaries`: the map of that day; else of the day itself, or the nearest on which a unit stood. About five queries.
    """
    chosen = [measures()[key] for key in (measures() if wanted is None else wanted)]
    if on < FIRST or not unit_ids or not chosen or not is_ready():
        return {}
    units = list(Unit.objects.filter(pk__in=set(unit_ids)))
    sums = _sums(places_of(units, on, boundaries), chosen, on)
    return {(unit.pk, key): count for unit in units for key, count in _counts(unit.pk, chosen, sums).items()}


def counted_on_days(unit: Unit, days: Collection[date], *, boundaries: date) -> Mapping[date, Counts]:
    """Every measure of one unit on several days, on the ground it has in these boundaries; one query a day and four more."""
    if not is_ready():
        return {}
    chosen = list(measures().values())
    ground = places_of([unit], boundaries, boundaries)
    if not ground:
        return {}
    return {day: _counts(unit.pk, chosen, _sums(ground, chosen, day)) for day in days if day >= FIRST}


def _counts(
    unit: int, chosen: Iterable[Measure], sums: Mapping[tuple[int, int], int]
) -> dict[MeasureKey, Count]:
    return {
        each.key: Count(sums.get((unit, each.numerator), 0), whole, whole - sums.get((unit, each.present), 0))
        for each in chosen
        if (whole := sums.get((unit, each.denominator), 0)) > 0
    }


def counted_by_village(
    unit: Unit, measure: MeasureKey, on: date, *, boundaries: date | None = None
) -> list[tuple[Unit, Count]]:
    """The units directly below, worst first; those without anybody are left out."""
    below = children(unit, map_day(unit, on, boundaries))
    found = counted([each.pk for each in below], on, boundaries=boundaries, wanted=[measure])
    rows = [(each, found[each.pk, measure]) for each in below if (each.pk, measure) in found]
    sign = 1 if registry().get(measure.indicator).direction == "higher" else -1
    return sorted(rows, key=lambda row: sign * row[1].numerator / row[1].denominator)


def series_counted(
    unit: Unit, measure: MeasureKey, days: Sequence[date], *, boundaries: date | None = None
) -> list[tuple[date, Count]]:
    """The counts of several days on the ground the unit has on the last of them; two queries for the sums however many days."""
    days = sorted(day for day in set(days) if day >= FIRST)
    if not days or not is_ready():
        return []
    chosen = measures()[measure]
    places = [place for _top, place in places_of([unit], days[-1], boundaries)]
    found: dict[date, dict[int, int]] = {day: defaultdict(int) for day in days}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(asked) FROM unnest(%(days)s::date[]) asked WHERE asked >= day), cell, sum(change)"
            " FROM indicators_delta, unnest(cells, changes) AS each(cell, change)"
            " WHERE place_id = ANY(%(places)s) AND cell = ANY(%(cells)s) AND day <= %(last)s GROUP BY 1, 2",
            {"days": days, "places": places, "cells": _cells([chosen]), "last": days[-1]},
        )
        for day, cell, change in cursor.fetchall():
            found[day][cell] += int(change)
    rows, numerator, denominator = [], 0, 0
    for day in days:
        numerator += found[day][chosen.numerator]
        denominator += found[day][chosen.denominator]
        if denominator > 0:
            rows.append((day, Count(numerator, denominator)))
    return rows


# --- the people behind -----------------------------------------------------------------------------------------------


def people_behind(
    actor: Actor,
    unit: Unit,
    measure: MeasureKey,
    on: date,
    side: Side = "missing",
    former: Unit | None = None,
) -> QuerySet[Person]:
    """The residents a count is made of, as far as the actor may see them; the caller has opened the connection (`people.scope`).

    "missing": those who do not have it, nor what stands for it; "having": the numerator; "all": the denominator. `former` keeps only those
    who hang on a village of that former commune.
    """
    found = behind(actor, unit, measure, on, side, kind="person", former=former)
    return found.filter(is_known=True, merged_into=None)


MODELS = {
    "person": Person,
    "household": Household,
    "subscription": PhoneSubscription,
    "organisation": Organisation,
}


def behind(
    actor: Actor,
    unit: Unit,
    measure: MeasureKey,
    on: date,
    side: Side = "missing",
    *,
    kind: str,
    former: Unit | None = None,
    boundaries: date | None = None,
) -> QuerySet[Any]:
    """The persons, households, subscriptions or organisations of a count."""
    chosen = measures()[measure]
    places = {place for _top, place in places_of([unit], on, boundaries)}
    if former is not None:
        places &= {place for _top, place in places_of([former], on, None)}
    spans = CountSpan.objects.for_user(actor).filter(
        Q(valid_from=None) | Q(valid_from__lte=on),
        Q(valid_to=None) | Q(valid_to__gt=on),
        kind=Kind[kind.upper()],
        place__in=places,
    )
    spans = spans.alias(is_in=F("populations").bitand(1 << chosen.group)).exclude(is_in=0)
    if side == "having":
        spans = spans.alias(has=F("havings").bitand(1 << chosen.having)).exclude(has=0)
    elif side == "missing":
        spans = spans.alias(has=F("havings").bitand(1 << chosen.covered)).filter(has=0)
    return MODELS[kind].objects.for_user(actor).filter(pk__in=spans.values("subject"))


# --- the ground ------------------------------------------------------------------------------------------------------


_WITH_COUNTS = """
SELECT place FROM unnest(%(places)s::bigint[]) place WHERE EXISTS (SELECT FROM indicators_delta WHERE place_id = place)"""


def places_of(units: Iterable[Unit], on: date, boundaries: date | None = None) -> list[tuple[int, int]]:
    """(unit, a place whose people count for it), each pair once. Places where nobody was ever counted are left out."""
    return ground.places_of(units, on, boundaries, used=_with_counts)


def _with_counts(places: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_WITH_COUNTS, {"places": list(places)})
        return {row[0] for row in cursor.fetchall()}


# --- sums ------------------------------------------------------------------------------------------------------------

# From the balance of the last quarter that had ended, with what was added to earlier days since it was made.
_SUMS = """
WITH ground AS (SELECT * FROM unnest(%(tops)s::bigint[], %(places)s::bigint[]) AS ground(top, place)),
base AS (
    SELECT coalesce((SELECT folded_to FROM indicators_build), 0) AS folded,
           (SELECT max(day) FROM indicators_balance WHERE day <= %(on)s) AS day
), sums AS (
    SELECT top, cell, sum(total) AS change FROM indicators_balance JOIN ground ON place = place_id
     WHERE day = (SELECT day FROM base) AND cell = ANY(%(cells)s) GROUP BY top, cell
    UNION ALL
    SELECT top, cell, sum(change) FROM indicators_delta JOIN ground ON place = place_id, unnest(cells, changes) AS each(cell, change)
     WHERE cell = ANY(%(cells)s) AND day <= %(on)s
       AND (day > coalesce((SELECT day FROM base), '-infinity') OR id > (SELECT folded FROM base)) GROUP BY top, cell
)
SELECT top, cell, sum(change)::bigint FROM sums GROUP BY top, cell"""


def _sums(
    ground: Sequence[tuple[int, int]], chosen: Sequence[Measure], on: date
) -> dict[tuple[int, int], int]:
    """(unit, cell) → how many on the day."""
    if not ground:
        return {}
    tops, places = (list(column) for column in zip(*ground, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"tops": tops, "places": places, "cells": _cells(chosen), "on": on})
        return {(top, cell): number for top, cell, number in cursor.fetchall()}


def _cells(chosen: Iterable[Measure]) -> list[int]:
    return sorted({cell for each in chosen for cell in (each.numerator, each.denominator, each.present)})
