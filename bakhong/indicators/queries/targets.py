"""What is to be reached: the newest decision about a unit, else the definition's own target."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from bakhong.indicators.models import Target
from bakhong.indicators.queries.shapes import Rule, TargetRow, Value
from bakhong.indicators.rules.definitions import Definition

NOT_A_POPULATION = (
    "assigned_target"  # reaching what was assigned is 100 % of it, whatever the definition wishes
)


def targets_of(
    units: Collection[int], indicator: str | None = None
) -> Mapping[tuple[int, str], list[Target]]:
    """(unit, indicator) → its standing decisions, the newest first. One query."""
    rows = Target.objects.standing().filter(unit_id__in=list(units))
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    found: dict[tuple[int, str], list[Target]] = defaultdict(list)
    for row in rows.order_by("-entered_at", "-id"):
        found[row.unit_id, row.indicator].append(row)
    return found


def target_for(
    decided: Sequence[Target], definition: Definition, rule: Rule | None, value: Value | None, on: date
) -> TargetRow | None:
    """The target that stands on a day: the nearest one still to come, else the last one passed, else the definition's.

    A decision that names a stage or a population holds for that rule only. `rule` None: any decision.
    """
    fitting = [target for target in decided if rule is None or _fits(target, rule)]
    to_come = [target for target in fitting if target.by_date >= on]
    chosen = min(to_come, key=lambda target: target.by_date, default=None) or max(
        fitting, key=lambda target: target.by_date, default=None
    )
    if chosen is not None:
        met, gap = _met(value, chosen.percent, chosen.value, definition.direction)
        return TargetRow(chosen.uuid, chosen.percent, chosen.value, chosen.by_date, chosen.decision, met, gap)
    if definition.target is None or (rule is not None and rule.population == NOT_A_POPULATION):
        return None
    met, gap = _met(value, definition.target, None, definition.direction)
    return TargetRow(None, definition.target, None, None, "", met, gap)


def _fits(target: Target, rule: Rule) -> bool:
    return target.stage in {"", rule.stage} and target.population in {"", rule.population}


def _met(
    value: Value | None, percent: Decimal | None, number: int | None, direction: str
) -> tuple[bool | None, Decimal | None]:
    if value is None:
        return None, None
    if number is not None:
        return (None, None) if value.numerator is None else (value.numerator >= number, None)
    if percent is None or value.percent is None:
        return None, None
    missing = percent - value.percent if direction == "higher" else value.percent - percent
    # "gần 100%" has not reached 100 %.
    is_met = missing < 0 or (missing == 0 and value.qualifier != "less_than")
    return is_met, max(missing, Decimal(0))
