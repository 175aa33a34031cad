"""Who is behind a target and will it be reached: missing, days left, pace, the day it will be reached at that pace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bakhong.indicators.models import Target
from bakhong.indicators.queries.cascades import rule_name
from bakhong.indicators.queries.rows import unit_ref
from bakhong.indicators.queries.shapes import Rule, RuleName, TargetRow, UnitRef
from bakhong.indicators.queries.standings import Standing, ask_of, asks_known, standings
from bakhong.indicators.queries.targets import target_for, targets_of
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.cascade import number_of
from bakhong.indicators.rules.pace import forecast, needed_per_week, per_week
from bakhong.places.models import Unit
from bakhong.places.queries import children

SHORT, LONG = timedelta(days=14), timedelta(days=30)


@dataclass(frozen=True)
class Pace:
    """People a week over a stretch that was measured; the forecast is what that pace leads to."""

    gained: int
    days: int
    per_week: Decimal


@dataclass(frozen=True)
class CatchUpRow:
    """One unit under one rule. Counts are people (households …); `missing` is to the target, not to everybody.

    Unknown is None: `asked` where a percentage is asked of nobody knows how many, `lately`/`before` where it was not measured twice.
    """

    unit: UnitRef
    target: TargetRow | None
    asked: int | None
    standing: Standing | None
    missing: int | None
    days_left: int | None
    lately: Pace | None  # the last two weeks
    pace: Pace | None  # the last thirty days
    forecast_on: date | None
    needed: int | None  # people a week; None also when the day has come

    @property
    def is_met(self) -> bool:
        return self.missing == 0

    @property
    def is_over_eligible(self) -> bool:
        return self.asked is not None and self.standing is not None and self.asked > self.standing.eligible

    @property
    def is_feasible(self) -> bool | None:
        """Whether the pace of the last thirty days is enough; None where that cannot be said."""
        if self.is_met:
            return True
        if self.is_over_eligible or (self.days_left is not None and self.days_left < 0):
            return False
        if self.missing is None or self.pace is None or self.target is None or self.target.by_date is None:
            return None
        return self.forecast_on is not None and self.forecast_on <= self.target.by_date


@dataclass(frozen=True)
class CatchUp:
    ask: Ask
    name: RuleName
    on: date
    whole: CatchUpRow
    rows: tuple[CatchUpRow, ...]  # hardest first

    @property
    def late(self) -> int:
        return sum(row.is_feasible is False for row in self.rows)

    @property
    def met(self) -> int:
        return sum(row.is_met for row in self.rows)


def asks_at(unit: Unit, on: date) -> tuple[Ask, ...]:
    """The rules worth following at a unit: those of its own and its units' targets, the nearest day first, then those with figures."""
    below = [each.pk for each in children(unit, on)]
    decided = Target.objects.standing().filter(unit__in=[unit.pk, *below]).order_by("by_date", "pk")
    found = dict.fromkeys(ask_of(target) for target in decided if target.by_date >= on)
    found |= dict.fromkeys(ask_of(target) for target in decided)
    return tuple(dict.fromkeys([*found, *asks_known(unit, on)]))


def catch_up(unit: Unit, on: date, ask: Ask) -> CatchUp:
    """The unit and the units directly below it under one rule, hardest first. About a dozen queries whatever the number of units."""
    below = children(unit, on)
    units = [unit, *below]
    ids = [each.pk for each in units]
    now, lately, before = (standings(ids, ask, day) for day in (on, on - SHORT, on - LONG))
    targets = targets_of(ids, ask.indicator)
    rows = [
        _row(
            each,
            ask,
            on,
            targets.get((each.pk, ask.indicator), ()),
            _Then(now, lately, before).of(each.pk),
        )
        for each in units
    ]
    return CatchUp(ask, rule_name(ask), on, rows[0], tuple(sorted(rows[1:], key=_hardest_first)))


@dataclass(frozen=True)
class _Then:
    now: Mapping[int, Standing]
    lately: Mapping[int, Standing]
    before: Mapping[int, Standing]

    def of(self, unit: int) -> "_Measured":
        return _Measured(self.now.get(unit), self.lately.get(unit), self.before.get(unit))


@dataclass(frozen=True)
class _Measured:
    now: Standing | None
    lately: Standing | None
    before: Standing | None


def _row(unit: Unit, ask: Ask, on: date, decided: Sequence[Target], measured: _Measured) -> CatchUpRow:
    standing = measured.now
    definition = ask.definition(on)
    target = target_for(
        decided, definition, Rule(ask.indicator, definition.version, ask.stage, ask.population), None, on
    )
    asked = _asked(target, standing)
    missing = max(asked - standing.done, 0) if asked is not None and standing is not None else None
    days_left = (target.by_date - on).days if target is not None and target.by_date is not None else None
    pace = _pace(standing, measured.before)
    return CatchUpRow(
        unit=unit_ref(unit),
        target=target,
        asked=asked,
        standing=standing,
        missing=missing,
        days_left=days_left,
        lately=_pace(standing, measured.lately),
        pace=pace,
        forecast_on=forecast(missing, pace.gained, pace.days, on) if pace and missing is not None else None,
        needed=needed_per_week(missing, days_left) if missing is not None and days_left is not None else None,
    )


def _asked(target: TargetRow | None, standing: Standing | None) -> int | None:
    if target is None:
        return None
    if target.value is not None:
        return target.value
    if target.percent is None or standing is None:
        return None
    return number_of(target.percent, standing.eligible)


def _pace(now: Standing | None, then: Standing | None) -> Pace | None:
    """What was gained between two counts of one kind; None where it was counted only once."""
    if now is None or then is None or now.source != then.source:
        return None
    days, gained = (now.on - then.on).days, now.done - then.done
    speed = per_week(gained, days)
    return None if speed is None else Pace(gained, days, speed)


def _hardest_first(row: CatchUpRow) -> tuple[int, int, int]:
    """Out of reach at this pace, then not known, then on the way, then met; in each the most missing first."""
    order = {False: 0, None: 1, True: 2}[row.is_feasible] if not row.is_met else 3
    behind = 0
    if row.needed is not None and row.pace is not None:
        behind = int(row.needed - row.pace.per_week)
    return order, -behind, -(row.missing or 0)
