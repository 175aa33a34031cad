"""What a split would look like before anybody decides it, and how splits stand that were decided."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bakhong.indicators.models import Target
from bakhong.indicators.queries.rows import unit_ref
from bakhong.indicators.queries.shapes import RuleName, UnitRef
from bakhong.indicators.queries.standings import Standing, ask_of, number_asked, standings
from bakhong.indicators.queries.words import indicator_name, population_name, stage_name
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.cascade import OVER_ELIGIBLE, cascade
from bakhong.places.models import Unit
from bakhong.places.queries import children


@dataclass(frozen=True)
class Share:
    """A unit's proposed part. `flags` are codes of `rules.cascade`; `standing` None: nobody knows how many are missing there."""

    unit: UnitRef
    value: int
    add: int
    flags: tuple[str, ...]
    standing: Standing | None


@dataclass(frozen=True)
class Proposal:
    total: int
    shares: tuple[Share, ...]
    eligible: int | None  # of all units below; None where one of them is unknown
    done: int  # of those known

    @property
    def is_feasible(self) -> bool:
        return not any(OVER_ELIGIBLE in share.flags for share in self.shares)

    @property
    def without_data(self) -> int:
        return sum(share.standing is None for share in self.shares)


def propose(unit: Unit, ask: Ask, total: int, on: date) -> Proposal | None:
    """The target `total` split over the units directly below, in proportion to who is missing; None where there are none."""
    below = children(unit, on)
    if not below:
        return None
    known = standings([each.pk for each in below], ask, on)
    # Ties go to the smaller key: the order of the units, not of their rows in the database.
    missing = {
        index: known[each.pk].missing if each.pk in known else None for index, each in enumerate(below)
    }
    eligible = {
        index: known[each.pk].eligible if each.pk in known else None for index, each in enumerate(below)
    }
    shares = tuple(
        Share(unit_ref(below[part.key]), part.value, part.add, part.flags, known.get(below[part.key].pk))
        for part in cascade(total, missing, eligible)
    )
    whole = sum(standing.eligible for standing in known.values()) if len(known) == len(below) else None
    return Proposal(total, shares, whole, sum(standing.done for standing in known.values()))


@dataclass(frozen=True)
class PartRow:
    target: Target
    unit: UnitRef
    value: int
    is_replaced: bool  # a later decision about that unit stands instead; its number is then in `now`
    now: int | None


@dataclass(frozen=True)
class Decision:
    """A standing target of a unit with its parts. `gap`: what the parts are short of it (negative: more); None: not split, or unknown."""

    target: Target
    name: RuleName
    number: int | None
    parts: tuple[PartRow, ...]
    given_by: UnitRef | None  # the unit above that gave it

    @property
    def given(self) -> int:
        return sum(part.now if part.now is not None else part.value for part in self.parts)

    @property
    def gap(self) -> int | None:
        return None if not self.parts or self.number is None else self.number - self.given


def rule_name(ask: Ask) -> RuleName:
    return RuleName(
        indicator_name(ask.indicator), stage_name(ask.stage), population_name(ask.population), True
    )


def decisions(unit: Unit, on: date) -> tuple[Decision, ...]:
    """The targets that stand for a unit, the nearest day first, those of the past last."""
    rows = list(
        Target.objects.standing()
        .filter(unit=unit)
        .select_related("unit", "parent__unit")
        .order_by("by_date", "indicator", "-entered_at", "-pk")
    )
    rows.sort(key=lambda row: row.by_date < on)
    split = _parts(rows)
    return tuple(
        Decision(
            row,
            rule_name(ask_of(row)),
            number_asked(row, on),
            tuple(split.get(row.pk, ())),
            unit_ref(row.parent.unit) if row.parent else None,
        )
        for row in rows
    )


def decision_of(target: Target, on: date) -> Decision:
    return next(found for found in decisions(target.unit, on) if found.target.pk == target.pk)


def _parts(targets: Sequence[Target]) -> Mapping[int, list[PartRow]]:
    parts = list(
        Target.objects.standing()
        .filter(parent__in=[row.pk for row in targets])
        .select_related("unit")
        .order_by("unit__sort_key", "unit__code")
    )
    later = _later_decisions(parts)
    found: dict[int, list[PartRow]] = defaultdict(list)
    for part in parts:
        newest = later.get((part.unit_id, part.indicator, part.stage, part.population, part.by_date))
        replaced = newest is not None and newest.pk != part.pk
        now = newest.value if newest is not None and replaced else None
        found[part.parent_id or 0].append(
            PartRow(part, unit_ref(part.unit), int(part.value or 0), replaced, now)
        )
    return found


def _later_decisions(parts: Sequence[Target]) -> dict[tuple[int, str, str, str, date], Target]:
    """The newest standing decision for the same unit, rule and day."""
    rows = Target.objects.standing().filter(
        unit__in={part.unit_id for part in parts}, indicator__in={part.indicator for part in parts}
    )
    found = {}
    for row in rows.order_by("entered_at", "pk"):
        found[row.unit_id, row.indicator, row.stage, row.population, row.by_date] = row
    return found
