"""Where a unit stands under a rule: its own newest figure, else the sum of its former units', else of the units below it.

Pure on facts already fetched; a league and a dashboard say the same because both ask here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakhong.core.numbers import percent_of
from bakhong.indicators.queries.facts import Fact, Ground, Key
from bakhong.indicators.queries.shapes import Cover, Point, Rule, UnitRef, Value, When
from bakhong.indicators.queries.words import definition_of, value_of
from bakhong.indicators.rules.cover import Count, Origin, Sum, sum_of_origins

LONGEST_TREND = 12
Series = Mapping[int, Mapping[Key, Sequence[Fact]]]


@dataclass(frozen=True)
class Measure:
    """A value under a rule with the facts behind it, newest first. `sum` is given where the value adds up other units' figures."""

    rule: Rule
    facts: tuple[Fact, ...]
    sum: Sum | None = None
    kind: str = ""  # of the sum: "former" or "children"

    @property
    def value(self) -> Value:
        if self.sum is None:
            fact = self.facts[0]
            return value_of(
                self.rule, fact.numerator, fact.denominator, fact.percent, fact.places, fact.qualifier
            )
        if not self.sum.counts or (self.kind == "children" and self.sum.have * 2 < self.sum.of):
            # Less than half of the units below say nothing about the whole: the cover is shown, no number is.
            return Value(None, None, None)
        return value_of(self.rule, self.sum.numerator, self.sum.denominator, None, 0, "")

    @property
    def shown(self) -> tuple[Fact, ...]:
        """The figures to show behind the number: the newest, or every one of a sum of former units.

        A sum of the units below opens the list of those units instead.
        """
        if self.sum is None:
            return self.facts[:1]
        return self.facts if self.kind == "former" else ()

    @property
    def when(self) -> When:
        return when_of(self.facts[0]) if self.sum is None else _when_of_all(self.facts)

    @property
    def on(self) -> date | None:
        """The day it counts as of: the oldest of a sum."""
        days = [fact.on for fact in self.facts if fact.on is not None]
        if self.sum is None:
            return self.facts[0].on
        return min(days, default=None)


def when_of(fact: Fact) -> When:
    if fact.counted_to is not None:
        return When(
            "counted" if fact.counted_from == fact.counted_to else "period",
            fact.counted_from,
            fact.counted_to,
        )
    if fact.published_on is not None:
        return When("published", fact.published_on, fact.published_on)
    return When("unknown", None, None)


def _when_of_all(facts: Sequence[Fact]) -> When:
    whens = {when_of(fact) for fact in facts}
    if len(whens) == 1:
        return whens.pop()
    days = [fact.on for fact in facts if fact.on is not None]
    if not days:
        return When("unknown", None, None)
    return When("range", min(days), max(days))


def measure_of(
    unit: int, key: Key, series: Series, ground: Ground, below: Sequence[int] = ()
) -> Measure | None:
    """The unit's measure under a rule; `below` are the units under it, whose figures are summed where it and its former ones have none."""
    own = series.get(unit, {}).get(key)
    if own:
        return Measure(key.rule, tuple(own))
    counts = _counts(key, series)
    found = sum_of_origins(unit, ground.origins, counts)
    if found is not None:
        return Measure(key.rule, _behind(found, key, series), found, "former")
    if not below:
        return None
    found = sum_of_origins(
        unit, {**ground.origins, unit: tuple(Origin(child, True) for child in below)}, counts
    )
    return Measure(key.rule, _behind(found, key, series), found, "children") if found is not None else None


def _counts(key: Key, series: Series) -> dict[int, Count]:
    """Unit → its newest figure under the rule."""
    return {
        unit: Count(rows[0].id, rows[0].numerator, rows[0].denominator, rows[0].on)
        for unit, every in series.items()
        if (rows := every.get(key))
    }


def _behind(found: Sum, key: Key, series: Series) -> tuple[Fact, ...]:
    """The figures in a sum, and those that could not be summed."""
    newest = {rows[0].id: rows[0] for every in series.values() if (rows := every.get(key))}
    apart = [series[unit][key][0] for unit in found.percent_only]
    return tuple([newest[count.key] for count in found.counts] + apart)


def cover_of(measure: Measure, units: Mapping[int, UnitRef], level: str = "") -> Cover | None:
    """The cover of a sum, with the units of it that are in `units`; `level` is taken where none of them is."""
    found = measure.sum
    if found is None:
        return None
    parts = [*found.missing, *found.split, *found.percent_only, *(fact.unit for fact in measure.facts)]
    level = next((units[part].level for part in parts if part in units), level)

    def named(ids: Sequence[int]) -> tuple[UnitRef, ...]:
        return tuple(units[part] for part in ids if part in units)

    return Cover(
        measure.kind,
        level,
        found.have,
        found.of,
        named(found.missing),
        named(found.split),
        named(found.percent_only),
    )


def trend_of(unit: int, key: Key, series: Series, ground: Ground) -> tuple[Point, ...]:
    """At most twelve points, oldest first, one a day. Where the unit has figures of its own they are the trend.

    A sum gets a point for each day on which all former units that are in it now had a figure already.
    """
    if not key.is_dated:
        return ()
    own = series.get(unit, {}).get(key)
    if own:
        return _points(own)
    now = sum_of_origins(unit, ground.origins, _counts(key, series))
    if now is None or not now.counts:
        return ()
    parts = {
        pk
        for pk, every in series.items()
        if any(fact.id in {c.key for c in now.counts} for fact in every.get(key, ()))
    }
    days = sorted(
        {fact.on for part in parts for fact in series[part][key] if fact.on is not None}, reverse=True
    )
    points = [_sum_on(day, parts, key, series) for day in days[:LONGEST_TREND]]
    return tuple(point for point in reversed(points) if point is not None)


def _sum_on(day: date, parts: set[int], key: Key, series: Series) -> Point | None:
    numerator = denominator = 0
    for part in parts:
        fact = next((fact for fact in series[part][key] if fact.on is not None and fact.on <= day), None)
        if fact is None or fact.numerator is None or fact.denominator is None:
            return None
        numerator, denominator = numerator + fact.numerator, denominator + fact.denominator
    percent = value_of(key.rule, numerator, denominator, None, 0, "").percent
    return Point(day, percent, numerator, denominator) if percent is not None else None


def _points(facts: Sequence[Fact]) -> tuple[Point, ...]:
    decimals = definition_of(facts[0].rule).decimals
    points: dict[date, Point] = {}
    for fact in facts:
        if fact.on is None or fact.on in points:
            continue
        has_whole = fact.numerator is not None and fact.denominator is not None
        percent = (
            percent_of(fact.numerator or 0, fact.denominator or 0, decimals) if has_whole else fact.percent
        )
        if percent is not None:
            points[fact.on] = Point(fact.on, percent, fact.numerator, fact.denominator)
        if len(points) == LONGEST_TREND:
            break
    return tuple(reversed(points.values()))


def change_of(value: Value, previous: Point | None) -> tuple[Decimal | None, bool]:
    """Percent points since the point before, and whether the denominator moved by more than a tenth meanwhile.

    A percentage that is only "about" so much has no change.
    """
    if previous is None or value.percent is None or value.qualifier:
        return None, False
    moved = (
        value.denominator is not None
        and previous.denominator is not None
        and abs(value.denominator - previous.denominator) * 10 > previous.denominator
    )
    return value.percent - previous.percent, moved
