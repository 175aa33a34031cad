"""Where a unit stands: every indicator, each rule apart, with what is behind the number."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bakhong.indicators.models import Role, Target
from bakhong.indicators.queries.facts import Fact, Ground, Key, by_ground, facts_of, ground_of
from bakhong.indicators.queries.measures import (
    Measure,
    change_of,
    cover_of,
    measure_of,
    trend_of,
)
from bakhong.indicators.queries.measures import (
    Series as Facts,
)
from bakhong.indicators.queries.rows import NOTHING, add, fact_rows, open_findings, unit_ref, unit_refs
from bakhong.indicators.queries.shapes import (
    ChildRow,
    Dashboard,
    FigureRow,
    IndicatorRow,
    Rule,
    Series,
    Severities,
    Unattributed,
    UnitRef,
)
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.queries.words import definition_of, is_english, name_of, why_not_comparable
from bakhong.indicators.rules.definitions import Definition, registry
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children as children_of
from bakhong.places.queries import descendant_ids, in_boundaries
from bakhong.places.queries.units import valid_on

DEPTH = 14  # twelve points, and two more for figures printed twice on one day
FRESH = timedelta(days=366)  # figures of the units below are summed only when at most a year old
_LEVEL_BELOW = {Level.COMMUNE.value: Level.VILLAGE.value, Level.PROVINCE.value: Level.COMMUNE.value}


def dashboard(unit: Unit, *, on: date, boundaries: date | None = None) -> Dashboard:
    """Every indicator of a unit on a day, criteria first, indicators without figures included.

    `boundaries` asks for the ground the unit had on another day; a unit that did not exist then answers with its `stand_ins` and no
    rows' series, except where one unit of that day is the same ground, which answers for it.

    About ten queries whatever the number of figures.
    """
    asked, stand_ins = _on_ground(unit, boundaries)
    if asked is None:
        rows = tuple(_row(definition, (), None) for definition in _definitions(on))
        scattered = _unattributed_whole(unit, on, stand_ins)
        return Dashboard(unit_ref(unit), on, boundaries, rows, (), (), scattered, stand_ins, NOTHING)
    return _Board(asked, on, boundaries).dashboard()


@dataclass
class _Board:
    """What one dashboard is put together from; each piece is fetched once."""

    unit: Unit
    on: date
    boundaries: date | None

    @cached_property
    def ground(self) -> Ground:
        return ground_of([self.unit.pk, *self.below], with_later=self.unit.valid_to is not None)

    @cached_property
    def below(self) -> list[int]:
        level = _LEVEL_BELOW.get(self.unit.level)
        if level is None:
            return []
        day = (
            self.boundaries or min(self.on, self.unit.valid_to - timedelta(days=1))
            if self.unit.valid_to
            else self.boundaries or self.on
        )
        return descendant_ids(self.unit.pk, day, level)

    @cached_property
    def facts(self) -> list[Fact]:
        """Deep for the unit and its former ones (trends), the newest only for the units below."""
        near = self._near
        far = [unit for unit in self.ground.all_units if unit not in near]
        found = facts_of(near, on=self.on, depth=DEPTH, is_whole_only=False)
        if far:
            found += facts_of(far, on=self.on, depth=1, since=self.on - FRESH)
        return found

    @cached_property
    def _near(self) -> set[int]:
        found: set[int] = set()
        waiting = [self.unit.pk]
        while waiting:
            unit = waiting.pop()
            found.update(self.ground.names.get(unit, (unit,)))
            waiting.extend(
                origin.unit for origin in self.ground.origins.get(unit, ()) if origin.unit not in found
            )
        return found

    @cached_property
    def series(self) -> Facts:
        return by_ground(
            [fact for fact in self.facts if fact.role == Role.VALUE and not fact.scope], self.ground
        )

    @cached_property
    def apart(self) -> list[Fact]:
        """Figures about a part of the unit, remainders and levels before: of the unit's own ground only."""
        own = set(self.ground.names[self.unit.pk])
        return [fact for fact in self.facts if fact.unit in own and (fact.role != Role.VALUE or fact.scope)]

    @cached_property
    def measures(self) -> dict[str, list[tuple[Key, Measure]]]:
        """Indicator → its measures, dated ones first, the newest first."""
        found: dict[str, list[tuple[Key, Measure]]] = defaultdict(list)
        for key in {key for every in self.series.values() for key in every}:
            measure = measure_of(self.unit.pk, key, self.series, self.ground, self.below)
            if measure is not None:
                found[key.rule.indicator].append((key, measure))
        for measures in found.values():
            measures.sort(
                key=lambda pair: (pair[1].on or date.min, pair[0].rule.population != "", pair[0].rule.stage),
                reverse=True,
            )
        return found

    @cached_property
    def units(self) -> dict[int, UnitRef]:
        parts = {
            part
            for measures in self.measures.values()
            for _key, measure in measures
            if measure.sum is not None
            for part in (*measure.sum.missing, *measure.sum.split, *measure.sum.percent_only)
        }
        behind = {
            fact.unit
            for measures in self.measures.values()
            for _key, measure in measures
            for fact in measure.facts
        }
        return unit_refs(parts | behind | {fact.unit for fact in self.apart})

    @cached_property
    def figures(self) -> dict[int, FigureRow]:
        """Everything shown with its source: the newest figure of each series, all figures of a sum, and those shown apart."""
        shown = [
            fact
            for measures in self.measures.values()
            for _key, measure in measures
            for fact in measure.shown
        ]
        return fact_rows([*self.apart, *shown], self.units)

    def dashboard(self) -> Dashboard:
        by_unit, by_figure = open_findings(
            set(self.ground.names[self.unit.pk]) | {fact.unit for fact in self.facts}
        )
        targets = targets_of(self.ground.names[self.unit.pk])
        rows = []
        for definition in _definitions(self.on):
            decided = _decided(targets, self.ground.names[self.unit.pk], definition.code)
            series = tuple(
                self._series(key, measure, decided, by_figure)
                for key, measure in self.measures.get(definition.code, ())
            )
            rows.append(_row(definition, series, (decided, self.on)))
        whole = [self.figures[fact.id] for fact in self.apart if fact.role == Role.VALUE]
        others = [self.figures[fact.id] for fact in self.apart if fact.role != Role.VALUE]
        return Dashboard(
            unit=unit_ref(self.unit),
            on=self.on,
            boundaries=self.boundaries,
            rows=tuple(rows),
            partial=tuple(whole),
            others=tuple(others),
            unattributed=self._unattributed(),
            stand_ins=(),
            findings=add(by_unit.get(name, NOTHING) for name in self.ground.names[self.unit.pk]),
        )

    def _series(
        self, key: Key, measure: Measure, decided: Sequence[Target], by_figure: Mapping[int, Severities]
    ) -> Series:
        definition = definition_of(key.rule)
        value, day = measure.value, measure.on
        trend = trend_of(self.unit.pk, key, self.series, self.ground)
        previous = next((point for point in reversed(trend) if day is not None and point.on < day), None)
        change, moved = change_of(value, previous) if measure.kind != "children" else (None, False)
        shown = measure.shown
        return Series(
            rule=key.rule,
            name=name_of(key.rule),
            value=value,
            when=measure.when,
            age_days=(self.on - day).days if day is not None else None,
            previous=previous,
            change=change,
            is_denominator_changed=moved,
            trend=trend,
            target=target_for(decided, definition, key.rule, value, self.on),
            findings=add(by_figure.get(fact.id, NOTHING) for fact in shown),
            figures=tuple(self.figures[fact.id] for fact in shown),
            cover=cover_of(measure, self.units),
            why_not_ranked=why_not_comparable(key.rule),
        )

    def _unattributed(self) -> tuple[Unattributed, ...]:
        """Figures that nobody can attribute: of former units of which only a part belongs here, and of later units that hold more."""
        split = {
            origin.unit
            for origins in self.ground.origins.values()
            for origin in origins
            if not origin.is_whole
        }
        day = self.unit.valid_from or self.on
        if self.unit.valid_to is not None and self.unit.valid_to <= self.on:
            later = {part.unit.pk for part in in_boundaries(self.unit, self.on).parts} - self.ground.all_units
            split, day = split | later, self.unit.valid_to - timedelta(days=1)
        counts = Counter(fact.unit for fact in facts_of(split, on=self.on, depth=1)) if split else {}
        units = Unit.objects.filter(pk__in=counts).order_by("sort_key")
        return tuple(_scattered(other, day, counts[other.pk]) for other in units)


def children(
    unit: Unit,
    *,
    rule: Rule,
    on: date,
    boundaries: date | None = None,
) -> tuple[ChildRow, ...]:
    """The units directly below under one rule: the worst first, those without a figure last. About eight queries."""
    rows = children_of(unit, boundaries or on)
    ids = [child.pk for child in rows]
    ground = ground_of(ids, with_later=any(child.valid_to for child in rows))
    facts = facts_of(ground.all_units, on=on, depth=1, indicator=rule.indicator)
    series = by_ground(facts, ground)
    _by_unit, by_figure = open_findings(ground.all_units)
    targets = targets_of(ids, rule.indicator)
    measures = {
        pk: measure_of(pk, Key(rule, True), series, ground)
        or measure_of(pk, Key(rule, False), series, ground)
        for pk in ids
    }
    found = [measure for measure in measures.values() if measure is not None]
    units = unit_refs(
        {fact.unit for fact in facts}
        | {part for measure in found if measure.sum for part in (*measure.sum.missing, *measure.sum.split)}
    )
    figures = fact_rows([fact for measure in found for fact in measure.shown], units)
    definition = definition_of(rule)
    shown = [
        _child(child, measures[child.pk], on, targets, definition, rule, by_figure, figures, units)
        for child in rows
    ]
    worst = 1 if definition.direction == "higher" else -1
    shown.sort(
        key=lambda row: (
            row.value is None,
            row.value is not None and row.value.percent is None,
            worst * (row.value.percent or 0) if row.value else 0,
        )
    )
    return tuple(shown)


def _child(
    child: Unit,
    measure: Measure | None,
    on: date,
    targets: Mapping[tuple[int, str], list[Target]],
    definition: Definition,
    rule: Rule,
    by_figure: Mapping[int, Severities],
    figures: Mapping[int, FigureRow],
    units: Mapping[int, UnitRef],
) -> ChildRow:
    value = measure.value if measure else None
    day = measure.on if measure else None
    shown = measure.shown if measure else ()
    return ChildRow(
        unit=unit_ref(child),
        value=value,
        when=measure.when if measure else None,
        age_days=(on - day).days if day is not None else None,
        cover=cover_of(measure, units) if measure else None,
        target=target_for(targets.get((child.pk, rule.indicator), ()), definition, rule, value, on),
        findings=add(by_figure.get(fact.id, NOTHING) for fact in shown),
        figures=tuple(figures[fact.id] for fact in shown),
    )


def _definitions(on: date) -> list[Definition]:
    return [registry().version(definition.code, on) for definition in registry()]


def _decided(
    targets: Mapping[tuple[int, str], list[Target]], names: Collection[int], code: str
) -> list[Target]:
    return [target for name in names for target in targets.get((name, code), ())]


def _row(
    definition: Definition, series: tuple[Series, ...], decided: tuple[Sequence[Target], date] | None
) -> IndicatorRow:
    return IndicatorRow(
        code=definition.code,
        name=definition.name_en if is_english() else definition.name_vi,
        criterion=definition.criterion or "",
        pillar=definition.pillar,
        serves=str(definition.no or ""),
        target=target_for(decided[0], definition, None, None, decided[1]) if decided else None,
        series=series,
    )


def _on_ground(unit: Unit, boundaries: date | None) -> tuple[Unit | None, tuple[UnitRef, ...]]:
    """The unit to answer for, or the units of that day that stand where it stands."""
    if boundaries is None or Unit.objects.filter(valid_on(boundaries), pk=unit.pk).exists():
        return unit, ()
    attribution = in_boundaries(unit, boundaries)
    if attribution.exact is not None and len(attribution.parts) == 1 and attribution.parts[0].is_whole:
        return attribution.exact, ()
    return None, tuple(unit_ref(part.unit) for part in attribution.parts)


def _unattributed_whole(unit: Unit, on: date, stand_ins: tuple[UnitRef, ...]) -> tuple[Unattributed, ...]:
    """All figures of a unit that does not exist in the boundaries asked for."""
    figures = len(facts_of([unit.pk], on=on, depth=1))
    return (Unattributed(unit_ref(unit), stand_ins, figures),) if figures else ()


def _scattered(former: Unit, day: date, figures: int) -> Unattributed:
    parts = in_boundaries(former, day).parts
    return Unattributed(unit_ref(former), tuple(unit_ref(part.unit) for part in parts), figures)
