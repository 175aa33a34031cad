"""Current figures as light rows, and the ground they stand on: one SQL query each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from bakhong.indicators.queries.shapes import Rule
from bakhong.indicators.rules.cover import Origin
from bakhong.places.models import Extent, Succession

_BEFORE = """
with recursive path(predecessor_id, successor_id, extent) as (
    select predecessor_id, successor_id, extent from places_succession where successor_id = any(%(units)s)
    union
    select s.predecessor_id, s.successor_id, s.extent from path join places_succession s on s.successor_id = path.predecessor_id
)
select predecessor_id, successor_id, extent from path
"""


class Fact(NamedTuple):
    """One current figure. `on` is its effective day, None: unknown."""

    id: int
    unit: int
    role: str
    scope: str
    indicator: str
    version: int
    stage: str
    population: str
    population_text: str
    counted_from: date | None
    counted_to: date | None
    published_on: date | None
    on: date | None
    numerator: int | None
    denominator: int | None
    percent: Decimal | None
    places: int
    qualifier: str

    @property
    def rule(self) -> Rule:
        text = "" if self.population else self.population_text
        return Rule(self.indicator, self.version, self.stage, self.population, text)


class Key(NamedTuple):
    """A series: figures under one rule, those without a day apart."""

    rule: Rule
    is_dated: bool


_COLUMNS = """f.id, f.unit_id, f.role, f.scope, f.indicator, f.definition_version, f.stage, f.population, f.population_text,
           f.counted_from, f.counted_to, f.published_on, f.effective_on, f.numerator, f.denominator, f.percent,
           f.percent_places, f.qualifier"""
_CURRENT = """indicators_figure f
     where f.unit_id = any(%(units)s)
       and not exists (select from indicators_figure correction where correction.corrects_id = f.id)
       and not exists (select from indicators_retraction retraction where retraction.figure_id = f.id)"""
_SERIES = """f.unit_id, f.role, f.scope, f.indicator, f.definition_version, f.stage, f.population,
              case when f.population = '' then f.population_text end"""
# Partitioned by a 64-bit hash of the rule: sorting by eight texts took half of the time.
_NEWEST = f"""
select * from (
    select {_COLUMNS},
           row_number() over (
               partition by hashtextextended(concat_ws('|', {_SERIES}), 0), f.effective_on is null
               order by f.effective_on desc nulls last, f.id desc
           ) as nth
      from {_CURRENT} {{more}}
) newest where nth <= %(depth)s order by unit_id, nth
"""  # noqa: S608 -- put together from the constants above alone
# The newest alone needs no sorting: the greatest (day, id), packed into one number, by hashing.
_NEWEST_ONE = f"""
with newest as (
    select max((coalesce(f.effective_on, date '0001-01-01') - date '0001-01-01')::bigint << 40 | f.id) as packed
      from {_CURRENT} {{more}}
     group by {_SERIES}, f.effective_on is null
)
select {_COLUMNS}, 1 as nth from newest join indicators_figure f on f.id = newest.packed & ((1::bigint << 40) - 1)
"""  # noqa: S608 -- put together from the constants above alone


_WITH_FIGURES = """
select u.id from unnest(%(units)s::bigint[]) u(id) cross join lateral (
    select from indicators_figure f
     where f.unit_id = u.id and (f.effective_on is null or f.effective_on <= %(on)s)
       and not exists (select from indicators_figure correction where correction.corrects_id = f.id)
       and not exists (select from indicators_retraction retraction where retraction.figure_id = f.id)
     limit 1
) first
"""
_IN_USE = f"""
select indicator, definition_version, stage, population, count(*) from (
    select distinct f.unit_id, f.indicator, f.definition_version, f.stage, f.population
      from {_CURRENT} and f.role = 'value' and f.scope = '' and f.effective_on > %(since)s and f.effective_on <= %(on)s
) used group by 1, 2, 3, 4
"""  # noqa: S608 -- put together from the constants above alone


def facts_of(
    units: Collection[int],
    *,
    on: date,
    depth: int,
    indicator: str | None = None,
    since: date | None = None,
    is_whole_only: bool = True,
) -> list[Fact]:
    """The newest `depth` current figures of each unit under each rule, by their day up to `on`, newest first. One query.

    Of two figures of one day the one entered last is the newer.

    `since` leaves out figures of that day and before (and those without a day); `is_whole_only=False` adds figures about a part of a
    unit, remainders and levels before.
    """
    more = "and f.effective_on > %(since)s and f.effective_on <= %(on)s"
    if since is None:
        more = "and (f.effective_on is null or f.effective_on <= %(on)s)"
    if indicator is not None:
        more += " and f.indicator = %(indicator)s"
    if is_whole_only:
        more += " and f.role = 'value' and f.scope = ''"
    given: dict[str, Any] = {
        "units": list(units),
        "on": on,
        "since": since,
        "indicator": indicator,
        "depth": depth,
    }
    with connection.cursor() as cursor:
        cursor.execute((_NEWEST_ONE if depth == 1 else _NEWEST).format(more=more), given)
        return [Fact._make(row[:-1]) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Ground:
    """What became of units, for reading figures of former units as theirs.

    `names`: unit → all units that are the same ground under another code or version, itself first. `origins`: unit → the former
    units it was made of; ids in it are unit ids whose own `names` hold theirs.
    """

    names: Mapping[int, tuple[int, ...]]
    origins: Mapping[int, tuple[Origin, ...]]

    @property
    def all_units(self) -> set[int]:
        return {name for names in self.names.values() for name in names}


def units_with_figures(units: Collection[int], on: date) -> set[int]:
    """Those of the units that have any current figure by a day. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_FIGURES, {"units": list(units), "on": on})
        return {row[0] for row in cursor.fetchall()}


def rules_in_use(units: Collection[int], *, since: date, on: date) -> list[tuple[Rule, int]]:
    """Rules of figures about whole units with a day in (since, on], and how many of the units have one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_USE, {"units": list(units), "since": since, "on": on})
        return [(Rule(*row[:4]), row[4]) for row in cursor.fetchall()]


def ground_of(units: Collection[int], *, with_later: bool = False) -> Ground:
    """The ground of units through every succession before them; `with_later` adds later units that are the same ground.

    One query, a few more with `with_later`.
    """
    before: dict[int, list[Origin]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"units": list(units)})
        for predecessor, successor, extent in cursor.fetchall():
            before[successor].append(Origin(predecessor, extent == Extent.WHOLE))
    later = _same_later(units) if with_later else {}
    names: dict[int, tuple[int, ...]] = {}
    origins: dict[int, tuple[Origin, ...]] = {}
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit in names:
            continue
        chain, oldest = [unit, *later.get(unit, ())], unit
        while len(before[oldest]) == 1 and before[oldest][0].is_whole and before[oldest][0].unit not in chain:
            oldest = before[oldest][0].unit
            chain.append(oldest)
        names[unit] = tuple(chain)
        if before[oldest] and oldest not in {origin.unit for origin in before[oldest]}:
            origins[unit] = tuple(before[oldest])
            waiting.extend(origin.unit for origin in before[oldest])
    return Ground(names, origins)


def _same_later(units: Collection[int]) -> dict[int, list[int]]:
    """unit → later units made of the whole of it and of nothing else."""
    found: dict[int, list[int]] = defaultdict(list)
    here = {unit: unit for unit in units}
    while here:
        rows = list(
            Succession.objects.filter(predecessor__in=here, extent=Extent.WHOLE).values_list(
                "predecessor", "successor"
            )
        )
        joined = set(
            Succession.objects.filter(successor__in=[row[1] for row in rows])
            .exclude(predecessor__in=here)
            .values_list("successor", flat=True)
        )
        counts: dict[int, int] = defaultdict(int)
        for _predecessor, successor in rows:
            counts[successor] += 1
        there = {}
        for predecessor, successor in rows:
            if successor not in joined and counts[successor] == 1:
                found[here[predecessor]].append(successor)
                there[successor] = here[predecessor]
        here = there
    return found


def by_ground(facts: Sequence[Fact], ground: Ground) -> dict[int, dict[Key, list[Fact]]]:
    """Unit → series → its figures, newest first; the figures of every name of a ground together."""
    owners: dict[int, list[int]] = defaultdict(list)
    for unit, names in ground.names.items():
        for name in names:
            owners[name].append(unit)
    found: dict[int, dict[Key, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        for unit in owners[fact.unit]:
            found[unit][Key(fact.rule, fact.on is not None)].append(fact)
    for series in found.values():
        for rows in series.values():
            rows.sort(key=lambda fact: fact.on or date.min, reverse=True)
    return found
