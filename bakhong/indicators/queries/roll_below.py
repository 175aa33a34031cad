"""Which units below are furthest behind by the roll's own counts: how many people each still lacks, and what the roll tells about why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bakhong.indicators.models import Target
from bakhong.indicators.queries.below import Below, missing_of
from bakhong.indicators.queries.counted import Count, counted
from bakhong.indicators.queries.shapes import Rule, RuleName, TargetRow, UnitRef, Value
from bakhong.indicators.queries.targets import target_for
from bakhong.indicators.queries.words import measure_name
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.measures import MeasureKey, measure_key, measures

NO_SMARTPHONE = "no_smartphone"


@dataclass(frozen=True)
class RollShortfall:
    """A count that has not reached its target; `missing` more are to be counted with this denominator."""

    key: MeasureKey
    name: RuleName
    count: Count
    target: TargetRow
    missing: int


@dataclass(frozen=True)
class RollLate:
    """A unit below that is behind. `phoneless`: whose count and how many of them are known to have no smartphone; of the same population
    where that is counted, else of the adults.
    """

    unit: UnitRef
    judged: int  # counts that have a target
    shortfalls: tuple[RollShortfall, ...]  # what was decided first, then most missing
    phoneless: tuple[MeasureKey, Count] | None

    @property
    def worst(self) -> RollShortfall:
        return self.shortfalls[0]


@dataclass(frozen=True)
class RollBelow:
    """The units one level below, as the roll counts them on one day. `known`: those of whom it counts anybody."""

    on: date
    known: frozenset[int]
    late: tuple[RollLate, ...]  # in the order of their worst


NOTHING_COUNTED = RollBelow(date.min, frozenset(), ())


def without_known(below: Below, by_roll: RollBelow) -> Below:
    """Whom the roll counts is not silent."""
    return replace(below, silent=tuple(each for each in below.silent if each.id not in by_roll.known))


def below_by_the_roll(below: Below, *, on: date, boundaries: date | None = None) -> RollBelow:
    """About six queries whatever the number of units; ask only where the roll counts somebody.

    Of each indicator one count is judged: the one a unit's own decision names, else the usual one.
    """
    units = {each.id: each for each in below.units}
    targets = below.targets
    wanted = _wanted(targets)
    phoneless = {key: _phoneless(key) for key in wanted}
    asked = {*wanted, *(key for key in phoneless.values() if key is not None)}
    found = counted(units, on, boundaries=boundaries, wanted=asked)
    known = {pk for pk, _key in found}
    late = []
    for each in (units[pk] for pk in known):
        judged = [
            short
            for code in {key.indicator for key in wanted}
            if (short := _judged(each, code, wanted, targets, found, on))
        ]
        behind = sorted(
            (short for short in judged if short.target.is_met is False and short.missing),
            key=_urgency,
        )
        if behind:
            other = phoneless[behind[0].key]
            without = found.get((each.id, other)) if other is not None else None
            why = (other, without) if other is not None and without is not None else None
            late.append(RollLate(each, len(judged), tuple(behind), why))
    late.sort(key=lambda row: (*_urgency(row.worst)[:2], -len(row.shortfalls), row.unit.code))
    return RollBelow(on, frozenset(known), tuple(late))


def _wanted(targets: Mapping[tuple[int, str], Sequence[Target]]) -> list[MeasureKey]:
    """The usual measure of every indicator that is to grow, and those that decisions name."""
    decided = {
        key
        for rows in targets.values()
        for target in rows
        if (key := measure_key(target.indicator, target.stage, target.population)) is not None
    }
    indicators = dict.fromkeys(key.indicator for key in measures())
    usual = [key for code in indicators if (key := measure_key(code)) is not None]
    return [
        key
        for key in dict.fromkeys([*usual, *sorted(decided)])
        if registry().get(key.indicator).direction == "higher"
    ]


def _urgency(short: RollShortfall) -> tuple[bool, int, MeasureKey]:
    """What somebody decided comes before what the definition wishes for everywhere; then most missing first."""
    return short.target.uuid is None, -short.missing, short.key


def _phoneless(key: MeasureKey) -> MeasureKey | None:
    """The count of those without a smartphone that says something about a count of persons; about the smartphone itself it says nothing."""
    if measures()[key].counted != "person" or measures()[key].services == ():
        return None
    same = measure_key(NO_SMARTPHONE, population=key.population)
    return same or measure_key(NO_SMARTPHONE, population="adults")


def _judged(
    unit: UnitRef,
    code: str,
    wanted: Collection[MeasureKey],
    targets: Mapping[tuple[int, str], Sequence[Target]],
    found: Mapping[tuple[int, MeasureKey], Count],
    on: date,
) -> RollShortfall | None:
    """What is said of a unit under one indicator; None where nobody is counted or nothing is to be reached."""
    decided = targets.get((unit.id, code), ())
    for key in _by_decision([each for each in wanted if each.indicator == code], decided):
        count = found.get((unit.id, key))
        if count is None:
            continue
        definition = registry().version(code, on)
        rule = Rule(code, definition.version, key.stage, key.population)
        value = Value(count.numerator, count.denominator, count.percent(definition.decimals))
        target = target_for(decided, definition, rule, value, on)
        if target is not None and target.is_met is not None:
            return RollShortfall(key, measure_name(key), count, target, missing_of(value, target) or 0)
    return None


def _by_decision(keys: Iterable[MeasureKey], decided: Sequence[Target]) -> list[MeasureKey]:
    """The measures decisions are about first."""
    named = {measure_key(each.indicator, each.stage, each.population) for each in decided}
    return sorted(keys, key=lambda key: key not in named)
