"""Every indicator of a unit and of the units directly below it, as one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.queries.facts import by_ground, facts_of, ground_of
from bakhong.indicators.queries.measures import cover_of, measure_of
from bakhong.indicators.queries.rows import fact_rows, unit_ref, unit_refs
from bakhong.indicators.queries.shapes import Cover, FigureRow, Rule, TargetRow, UnitRef, Value, When
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.queries.words import definition_of
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit
from bakhong.places.queries import children as children_of


@dataclass(frozen=True)
class OverviewRow:
    unit: UnitRef
    rule: Rule
    value: Value
    when: When
    cover: Cover | None
    target: TargetRow | None
    figures: tuple[FigureRow, ...]  # behind the number


def overview(unit: Unit, *, on: date, boundaries: date | None = None) -> tuple[OverviewRow, ...]:
    """The unit first, then the units below it in dictionary order; indicators in the registry's order, those without figures left out.

    About twenty queries whatever the number of units.
    """
    board = dashboard(unit, on=on, boundaries=boundaries)
    own = [
        OverviewRow(board.unit, each.rule, each.value, each.when, each.cover, each.target, each.figures)
        for row in board.rows
        for each in row.series
    ]
    return (*own, *_below(children_of(unit, boundaries or on), on))


def _below(units: Sequence[Unit], on: date) -> list[OverviewRow]:
    ids = [unit.pk for unit in units]
    ground = ground_of(ids, with_later=any(unit.valid_to for unit in units))
    series = by_ground(facts_of(ground.all_units, on=on, depth=1), ground)
    targets = targets_of(ids)
    keys = sorted(
        {key for every in series.values() for key in every},
        key=lambda key: (_order(key.rule), key.rule.stage, key.rule.population, not key.is_dated),
    )
    found = [
        (unit, measure)
        for unit in units
        for key in keys
        if (measure := measure_of(unit.pk, key, series, ground)) is not None
    ]
    shown = [fact for _unit, measure in found for fact in measure.shown]
    figures = fact_rows(shown, unit_refs({fact.unit for fact in shown}))
    return [
        OverviewRow(
            unit_ref(unit),
            measure.rule,
            measure.value,
            measure.when,
            cover_of(measure, {}, unit.level),
            target_for(
                targets.get((unit.pk, measure.rule.indicator), ()),
                definition_of(measure.rule),
                measure.rule,
                measure.value,
                on,
            ),
            tuple(figures[fact.id] for fact in measure.shown),
        )
        for unit, measure in found
    ]


def _order(rule: Rule) -> int:
    codes = registry().codes
    return codes.index(rule.indicator) if rule.indicator in codes else len(codes)
