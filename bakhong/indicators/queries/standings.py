"""How many are counted and how many are missing in each of several units under one rule, and who says so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakhong.core.numbers import percent_of
from bakhong.indicators.models import Target
from bakhong.indicators.queries.counted import counted
from bakhong.indicators.queries.facts import Key, by_ground, facts_of, ground_of
from bakhong.indicators.queries.leagues import available_rules
from bakhong.indicators.queries.measures import measure_of
from bakhong.indicators.queries.paid import paid_on
from bakhong.indicators.queries.shapes import Rule
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.cascade import number_of
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.measures import MeasureKey, measures
from bakhong.places.models import Level, Unit

_LEVEL_BELOW = {
    Level.PROVINCE.value: Level.COMMUNE.value,
    Level.DISTRICT.value: Level.COMMUNE.value,
    Level.COMMUNE.value: Level.VILLAGE.value,
}
COMPUTED, PUBLISHED = "computed", "published"


@dataclass(frozen=True)
class Standing:
    """`done` of `eligible`; `source` is "computed" (from the roll, or from payments) or "published"; `on` the day it counts as of."""

    eligible: int
    done: int
    source: str
    on: date

    @property
    def missing(self) -> int:
        return max(self.eligible - self.done, 0)

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.done, self.eligible)


def standings(units: Collection[int], ask: Ask, on: date) -> Mapping[int, Standing]:
    """Unit → where it stands on the day: what the roll counts, else its newest published figure (or its former units' together).

    A unit of which nobody knows both numbers is left out. About eight queries.
    """
    found = computed(units, ask, on)
    left = [unit for unit in units if unit not in found]
    return {**found, **published(left, ask, on)} if left else found


def computed(units: Collection[int], ask: Ask, on: date) -> dict[int, Standing]:
    """What the roll (or what was paid) counts on the day; a unit nobody of whom is on it is left out."""
    key = MeasureKey(ask.indicator, ask.stage, ask.population)
    if key not in measures():
        return _paid(units, ask, on)
    counts = counted(units, on, wanted=[key])
    return {
        unit: Standing(count.denominator, count.numerator, COMPUTED, on)
        for (unit, _key), count in counts.items()
    }


def _paid(units: Collection[int], ask: Ask, on: date) -> dict[int, Standing]:
    """Where the indicator is counted from payments, and payments are what is asked of."""
    paid = registry().get(ask.indicator).paid if ask.indicator in registry() else None
    if paid is None or ask.population != paid.population:
        return {}
    found = paid_on(list(Unit.objects.filter(pk__in=set(units))), paid, on)
    return {
        unit: Standing(rate.paid_count, rate.transfer_count, COMPUTED, on)
        for unit, rate in found.items()
        if rate.paid_count
    }


def asks_known(unit: Unit, on: date) -> tuple[Ask, ...]:
    """The rules under which figures of the units directly below were published within a year, the most used first. Four queries."""
    level = _LEVEL_BELOW.get(unit.level)
    if level is None:
        return ()
    options = available_rules(unit, on=on, level=level)
    asks = dict.fromkeys(
        Ask(option.rule.indicator, option.rule.stage, option.rule.population)
        for option in sorted(options, key=lambda option: -option.units)
        if option.is_rankable
    )
    return tuple(ask for ask in asks if ask.is_known(on))


def usual_ask(unit: Unit, indicator: str, on: date) -> Ask:
    """The rule an indicator is asked under at a unit where nobody says otherwise: one that has figures, else the registry's."""
    known = (ask for ask in asks_known(unit, on) if ask.indicator == indicator)
    return next(known, Ask.usual(registry().version(indicator, on)))


def published(units: Collection[int], ask: Ask, on: date) -> dict[int, Standing]:
    """From the newest figures printed with numerator and denominator; a sum of former units only where it is complete."""
    rule = Rule(ask.indicator, ask.definition(on).version, ask.stage, ask.population)
    ground = ground_of(units)
    facts = facts_of(ground.all_units, on=on, depth=1, indicator=ask.indicator)
    series = by_ground(facts, ground)
    found = {}
    for unit in units:
        measure = measure_of(unit, Key(rule, True), series, ground)
        if measure is None or measure.on is None or (measure.sum and not measure.sum.is_complete):
            continue
        value = measure.value
        if value.numerator is not None and value.denominator:
            found[unit] = Standing(value.denominator, value.numerator, PUBLISHED, measure.on)
    return found


def ask_of(target: Target) -> Ask:
    """The rule a target is about: the usual stage and denominator where the decision names none."""
    usual = Ask.usual(registry().version(target.indicator, target.by_date))
    return Ask(target.indicator, target.stage or usual.stage, target.population or usual.population)


def number_asked(target: Target, on: date) -> int | None:
    """How many are to be counted in the end; None where a percentage is asked of nobody knows how many."""
    if target.value is not None:
        return int(target.value)
    eligible = eligible_of(target.unit, ask_of(target), on)
    return None if eligible is None or target.percent is None else number_of(target.percent, eligible)


def eligible_of(unit: Unit, ask: Ask, on: date) -> int | None:
    """How many people (households …) a rule is about; None where nobody knows."""
    found = standings([unit.pk], ask, on).get(unit.pk)
    return found.eligible if found else None
