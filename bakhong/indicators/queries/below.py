"""Which units below are behind, and by how much, from the facts a dashboard has fetched anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal

from bakhong.indicators.models import Target
from bakhong.indicators.queries.dashboards import _Board, _on_ground, dashboard
from bakhong.indicators.queries.measures import measure_of
from bakhong.indicators.queries.rows import unit_refs
from bakhong.indicators.queries.shapes import Dashboard, Rule, RuleName, TargetRow, UnitRef, Value, When
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.queries.words import definition_of, name_of, why_not_comparable
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Shortfall:
    """A figure of a unit below that has not reached its target. `missing`: how many more to count, where that can be said."""

    rule: Rule
    name: RuleName
    value: Value
    when: When
    age_days: int | None
    target: TargetRow
    missing: int | None


@dataclass(frozen=True)
class LateUnit:
    unit: UnitRef
    judged: int  # figures that have a target
    shortfalls: tuple[Shortfall, ...]  # the widest gap first

    @property
    def worst(self) -> Shortfall:
        return self.shortfalls[0]


@dataclass(frozen=True)
class Below:
    """The units one level below (villages of a commune, communes of a province) with figures at most a year old."""

    of: int
    with_figures: int
    late: tuple[LateUnit, ...]  # the widest gap first
    silent: tuple[UnitRef, ...]  # no figure within a year
    units: tuple[UnitRef, ...] = ()  # all of them
    targets: Mapping[tuple[int, str], Sequence[Target]] = field(default_factory=dict)  # of (unit, indicator)

    @property
    def on_time(self) -> int:
        return self.with_figures - len(self.late)


NOBODY = Below(0, 0, (), ())


def board_and_below(unit: Unit, *, on: date, boundaries: date | None = None) -> tuple[Dashboard, Below]:
    """`dashboard(…)`, and who below it is behind. Two queries more than the dashboard."""
    asked, _stand_ins = _on_ground(unit, boundaries)
    if asked is None:
        return dashboard(unit, on=on, boundaries=boundaries), NOBODY
    board = _Board(asked, on, boundaries)
    return board.dashboard(), _below(board)


def _below(board: _Board) -> Below:
    if not board.below:
        return NOBODY
    units = unit_refs(board.below)
    targets = targets_of(board.below)
    found = {pk: _judged(board, pk, targets) for pk in board.below}
    late = [
        LateUnit(units[pk], len(judged), tuple(sorted(short, key=_gap, reverse=True)))
        for pk, judged in found.items()
        if judged and (short := [each for each in judged if each.target.is_met is False])
    ]
    heard = {pk for pk in board.below if _has_figure(board, pk)}
    silent = sorted((units[pk] for pk in board.below if pk not in heard), key=lambda ref: ref.code)
    late.sort(key=lambda each: (-_gap(each.worst), -len(each.shortfalls), each.unit.code))
    return Below(len(board.below), len(heard), tuple(late), tuple(silent), tuple(units.values()), targets)


def _has_figure(board: _Board, unit: int) -> bool:
    """The unit's own, or one of the former units it was made of."""
    names = (unit, *(origin.unit for origin in board.ground.origins.get(unit, ())))
    return any(board.series.get(name) for name in names)


def _judged(board: _Board, unit: int, targets: Mapping[tuple[int, str], Sequence[Target]]) -> list[Shortfall]:
    """The unit's fresh comparable figures that have a target, one for each indicator: the newest."""
    newest: dict[str, tuple[date, Shortfall]] = {}
    names = (unit, *(origin.unit for origin in board.ground.origins.get(unit, ())))
    for key in {key for name in names for key in board.series.get(name, ())}:
        if not key.is_dated or key.rule.indicator not in registry() or why_not_comparable(key.rule):
            continue
        measure = measure_of(unit, key, board.series, board.ground)
        if measure is None or measure.on is None or (measure.sum is not None and not measure.sum.is_complete):
            continue
        value = measure.value
        target = target_for(
            targets.get((unit, key.rule.indicator), ()),
            definition_of(key.rule),
            key.rule,
            value,
            board.on,
        )
        known = newest.get(key.rule.indicator)
        if target is None or target.is_met is None or (known and known[0] >= measure.on):
            continue
        newest[key.rule.indicator] = (
            measure.on,
            Shortfall(
                key.rule,
                name_of(key.rule),
                value,
                measure.when,
                (board.on - measure.on).days,
                target,
                missing_of(value, target),
            ),
        )
    return [short for _day, short in newest.values()]


def missing_of(value: Value, target: TargetRow) -> int | None:
    """How many more must be counted to reach the target with this denominator; None where that cannot be said.

    >>> from decimal import Decimal
    >>> asked = TargetRow(None, Decimal(80), None, None, "", False, Decimal("19.9"))
    >>> missing_of(Value(601, 1000, Decimal("60.1")), asked)
    199
    """
    if target.is_met is not False or value.numerator is None:
        return None
    if target.value is not None:
        return max(target.value - value.numerator, 0)
    if target.percent is None or not value.denominator:
        return None
    wanted = (target.percent * value.denominator / 100).to_integral_value(ROUND_CEILING)
    return max(int(wanted) - value.numerator, 0) or None


def _gap(short: Shortfall) -> Decimal:
    return short.target.gap or Decimal(0)
