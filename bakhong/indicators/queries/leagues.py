"""Who is ahead and who is late, fairly: the same rules, days within one window, alike units, ties shown.

Whoever cannot be ranked is listed with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from bakhong.core.days import day_before
from bakhong.core.numbers import format_day
from bakhong.indicators.models import Target
from bakhong.indicators.queries.facts import Ground, Key, by_ground, facts_of, ground_of, rules_in_use
from bakhong.indicators.queries.measures import Measure, cover_of, measure_of
from bakhong.indicators.queries.measures import Series as Facts
from bakhong.indicators.queries.rows import NOTHING, add, open_findings, unit_ref, unit_refs
from bakhong.indicators.queries.shapes import (
    Cover,
    League,
    LeagueRow,
    Rule,
    RuleOption,
    Severities,
    UnitRef,
    Unranked,
)
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.queries.words import definition_of, name_of, why_not_comparable
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.ranking import SMALL, Place, competition_ranks, wilson
from bakhong.places.models import Unit
from bakhong.places.queries import descendant_ids, groups_of, in_boundaries
from bakhong.places.queries.units import valid_on

WINDOW_DAYS = 180


def league(
    unit: Unit,
    *,
    indicator: str,
    stage: str,
    population: str,
    on: date,
    window_days: int = WINDOW_DAYS,
    level: str,
    group: str | None = None,
    boundaries: date | None = None,
) -> League:
    """The units of a level under one, ranked by their newest figure under one rule with a day in (on − window_days, on].

    `boundaries` takes the units of another day. Units whose figure cannot be compared are in `unranked` with the reason, and so is
    everybody when the rule itself says too little to compare. Equal percentages at the definition's rounding share a rank.

    About ten queries whatever the number of units.
    """
    version = registry().version(indicator, on).version
    rule = Rule(indicator, version, stage, population)
    units = _units(unit, on, level, boundaries)
    groups = {pk: code or "" for pk, code in groups_of([each.pk for each in units], boundaries or on).items()}
    if group:
        units = [each for each in units if groups.get(each.pk) == group]
    table = _Table(units, groups, rule, on, window_days)
    return League(
        unit=unit_ref(unit),
        on=on,
        window_days=window_days,
        level=level,
        boundaries=boundaries,
        group=group or "",
        rule=rule,
        name=name_of(rule),
        why_not=why_not_comparable(rule),
        rows=table.rows(),
        unranked=table.unranked(),
        small_below=SMALL,
        of=len(units),
    )


def available_rules(
    unit: Unit, *, on: date, level: str, window_days: int = WINDOW_DAYS, boundaries: date | None = None
) -> tuple[RuleOption, ...]:
    """The rules under which units of a level have figures in the window, in the registry's order, the most used first. Four queries.

    Former units count as themselves here: the number says how many units printed such a figure.
    """
    units = [each.pk for each in _units(unit, on, level, boundaries)]
    rows = rules_in_use(ground_of(units).all_units, since=on - timedelta(days=window_days), on=on)
    order = {code: index for index, code in enumerate(registry().codes)}
    options = []
    for rule, units_with in rows:
        why_not = why_not_comparable(rule)
        options.append(RuleOption(rule, name_of(rule), units_with, not why_not, why_not))
    options.sort(
        key=lambda option: (
            order.get(option.rule.indicator, len(order)),
            not option.is_rankable,
            -option.units,
        )
    )
    return tuple(options)


@dataclass
class _Table:
    units: Sequence[Unit]
    groups: Mapping[int, str]
    rule: Rule
    on: date
    window_days: int

    @cached_property
    def ground(self) -> Ground:
        return ground_of(
            [unit.pk for unit in self.units], with_later=any(unit.valid_to for unit in self.units)
        )

    @property
    def since(self) -> date:
        return self.on - timedelta(days=self.window_days)

    @property
    def before(self) -> date:
        return self.since - timedelta(days=self.window_days)

    @cached_property
    def key(self) -> Key:
        return Key(self.rule, True)

    @cached_property
    def now(self) -> Facts:
        """The newest figure of each unit under each rule of the indicator in the window."""
        return self._facts(self.on, self.since)

    @cached_property
    def earlier(self) -> Facts:
        """The same in the window before."""
        return self._facts(self.since, self.before)

    @cached_property
    def ever(self) -> Facts:
        """The newest of any day, for saying why a unit is not ranked."""
        return self._facts(self.on, None)

    def _facts(self, on: date, since: date | None) -> Facts:
        facts = facts_of(self.ground.all_units, on=on, since=since, depth=1, indicator=self.rule.indicator)
        return by_ground(facts, self.ground)

    @cached_property
    def measures(self) -> dict[int, Measure]:
        return self._measures(self.now)

    @cached_property
    def ranked(self) -> dict[int, tuple[Measure, Place]]:
        return self._ranked(self.measures)

    @cached_property
    def ranked_before(self) -> dict[int, tuple[Measure, Place]]:
        return self._ranked(self._measures(self.earlier))

    def _measures(self, facts: Facts) -> dict[int, Measure]:
        found = ((unit.pk, measure_of(unit.pk, self.key, facts, self.ground)) for unit in self.units)
        return {pk: measure for pk, measure in found if measure is not None}

    def _ranked(self, measures: Mapping[int, Measure]) -> dict[int, tuple[Measure, Place]]:
        if why_not_comparable(self.rule):
            return {}
        fit = {pk: measure for pk, measure in measures.items() if _is_complete(measure)}
        higher = definition_of(self.rule).direction == "higher"
        places = competition_ranks([_percent(measure) for measure in fit.values()], is_higher_better=higher)
        return {pk: (measure, place) for (pk, measure), place in zip(fit.items(), places, strict=True)}

    def rows(self) -> tuple[LeagueRow, ...]:
        names = self.ground.all_units
        _by_unit, by_figure = open_findings(names) if self.ranked else ({}, {})
        targets = targets_of([unit.pk for unit in self.units], self.rule.indicator)
        rows = [
            self._row(unit, *self.ranked[unit.pk], by_figure, targets)
            for unit in self.units
            if unit.pk in self.ranked
        ]
        return tuple(sorted(rows, key=lambda row: row.rank))

    def _row(
        self,
        unit: Unit,
        measure: Measure,
        place: Place,
        by_figure: Mapping[int, Severities],
        targets: Mapping[tuple[int, str], list[Target]],
    ) -> LeagueRow:
        value, before = measure.value, self.ranked_before.get(unit.pk)
        interval = (
            wilson(value.numerator, value.denominator)
            if value.numerator is not None and value.denominator
            else None
        )
        return LeagueRow(
            rank=place.rank,
            is_tied=place.is_tied,
            unit=unit_ref(unit),
            group=self.groups.get(unit.pk, ""),
            value=value,
            when=measure.when,
            is_small=value.denominator is not None and value.denominator < SMALL,
            low=interval[0] if interval else None,
            high=interval[1] if interval else None,
            change=_percent(measure) - _percent(before[0]) if before else None,
            previous_rank=before[1].rank if before else None,
            target=target_for(
                targets.get((unit.pk, self.rule.indicator), ()),
                definition_of(self.rule),
                self.rule,
                value,
                self.on,
            ),
            findings=add(by_figure.get(fact.id, NOTHING) for fact in measure.shown),
            cover=cover_of(measure, {}, unit.level),
        )

    def unranked(self) -> tuple[Unranked, ...]:
        left = [unit for unit in self.units if unit.pk not in self.ranked]
        if not left:
            return ()
        parts = {
            part
            for unit in left
            if (measure := self.measures.get(unit.pk)) is not None and measure.sum is not None
            for part in (*measure.sum.missing, *measure.sum.split, *measure.sum.percent_only)
        }
        names = unit_refs(parts) if parts else {}
        rows = [self._unranked(unit, names) for unit in left]
        # Those nearest to being ranked come first: what is missing for them is least.
        return tuple(sorted(rows, key=lambda row: (_REASONS.index(row.reason), 0)))

    def _unranked(self, unit: Unit, names: Mapping[int, UnitRef]) -> Unranked:
        measure = self.measures.get(unit.pk)
        shown = measure or self._latest(unit.pk)
        reason = self._reason(unit.pk, measure)
        cover = cover_of(shown, names, unit.level) if shown else None
        return Unranked(
            unit=unit_ref(unit),
            group=self.groups.get(unit.pk, ""),
            reason=reason,
            text=_reason_text(reason, cover, self.since, why_not_comparable(self.rule)),
            value=shown.value if shown else None,
            when=shown.when if shown else None,
            cover=cover,
        )

    def _latest(self, unit: int) -> Measure | None:
        """The newest under this rule of any day, else without a day."""
        return measure_of(unit, self.key, self.ever, self.ground) or measure_of(
            unit, Key(self.rule, False), self.ever, self.ground
        )

    def _reason(self, unit: int, measure: Measure | None) -> str:
        if measure is not None:
            if why_not_comparable(self.rule):
                return "vague_rule"
            if measure.sum is None:
                return (
                    "approximate" if measure.value.qualifier and measure.value.denominator else "percent_only"
                )
            if not measure.sum.counts:
                return "percent_only"
            return "split" if measure.sum.split and not measure.sum.missing else "incomplete_cover"
        latest = self._latest(unit)
        if latest is not None:
            return "no_day" if latest.on is None else "out_of_window"
        every = set(self.ground.names[unit]) | {origin.unit for origin in self.ground.origins.get(unit, ())}
        return "other_rule" if any(self.ever.get(name) for name in every) else "no_figure"


_REASONS = (
    "incomplete_cover", "split", "percent_only", "approximate", "vague_rule", "no_day", "out_of_window", "other_rule", "no_figure",
)  # fmt: skip


def _reason_text(reason: str, cover: Cover | None, since: date, vague: str) -> str:
    if reason in {"incomplete_cover", "split"} and cover is not None:
        if reason == "split":
            return _("%(cover)s; phần còn lại là đơn vị cũ đã chia, không quy được") % {"cover": cover.text}
        return _("%(cover)s, chưa đủ để xếp hạng") % {"cover": cover.text}
    if reason == "out_of_window":
        return _("số liệu gần nhất cũ hơn ngày %(day)s") % {"day": format_day(since + timedelta(days=1))}
    texts = {
        "percent_only": _("chỉ có tỷ lệ phần trăm, không có tổng số để đối chiếu"),
        "approximate": _("nguồn chỉ nói khoảng chừng"),
        "vague_rule": vague,
        "no_day": _("không rõ ngày của số liệu"),
        "other_rule": _("có số liệu nhưng tính theo cách khác"),
        "no_figure": _("chưa có số liệu"),
    }
    return texts.get(reason, "")


def _is_complete(measure: Measure) -> bool:
    """Has a numerator and a denominator, of all former units where it is a sum."""
    if measure.sum is not None:
        return measure.sum.is_complete and bool(measure.sum.counts)
    return (
        measure.value.numerator is not None
        and bool(measure.value.denominator)
        and not measure.value.qualifier
    )


def _percent(measure: Measure) -> Decimal:
    return measure.value.percent or Decimal(0)


def _units(unit: Unit, on: date, level: str, boundaries: date | None) -> list[Unit]:
    """The units of the level under the unit on the day of the boundaries, in dictionary order."""
    day = boundaries or on
    roots = [unit.pk]
    if not Unit.objects.filter(valid_on(day), pk=unit.pk).exists():
        if boundaries is None and unit.valid_to is not None and unit.valid_to <= on:
            day = day_before(unit.valid_to)
        else:
            roots = [part.unit.pk for part in in_boundaries(unit, day).parts]
    ids = descendant_ids(roots, day, level)
    return list(Unit.objects.filter(pk__in=ids).order_by("sort_key", "code"))
