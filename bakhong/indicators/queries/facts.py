"""Current figures as light rows, and the ground they stand on: one SQL query each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import RowNumber

from bakhong.indicators.models import Figure, Role
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


_COLUMNS = (
    "id", "unit_id", "role", "scope", "indicator", "definition_version", "stage", "population", "population_text",
    "counted_from", "counted_to", "published_on", "effective_on", "numerator", "denominator", "percent", "percent_places",
    "qualifier",
)  # fmt: skip
_SAID = Case(When(population="", then=F("population_text")), default=Value(""))
_SERIES = [
    F(name) for name in ("unit_id", "role", "scope", "indicator", "definition_version", "stage", "population")
]
_NEWEST_FIRST = [F("effective_on").desc(nulls_last=True), F("entered_at").desc(), F("id").desc()]


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

    `since` leaves out figures of that day and before (and those without a day); `is_whole_only=False` adds figures about a part of a
    unit, remainders and levels before.
    """
    rows = Figure.objects.current().filter(
        Q(effective_on=None) | Q(effective_on__lte=on), unit_id__in=list(units)
    )
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    if since is not None:
        rows = rows.filter(effective_on__gt=since)
    if is_whole_only:
        rows = rows.filter(role=Role.VALUE, scope="")
    undated = Case(When(effective_on=None, then=Value(1)), default=Value(0))
    ranked = rows.annotate(
        nth=Window(RowNumber(), partition_by=[*_SERIES, _SAID, undated], order_by=_NEWEST_FIRST)
    ).filter(nth__lte=depth)
    return [Fact(*row) for row in ranked.order_by("unit_id", "nth").values_list(*_COLUMNS)]


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
