"""What the lists of those the State pays say, beside what was published about it."""

from decimal import Decimal

from bakhong.core.actor import Actor
from bakhong.core.numbers import percent_of
from bakhong.indicators.queries.computed import ComputedRow
from bakhong.indicators.queries.shapes import Dashboard, Series, Value
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import registry
from bakhong.outreach.models import BenefitKind
from bakhong.outreach.queries.beneficiaries import benefit_counts
from bakhong.people import scope
from bakhong.places.models import Unit

# Indicator → whose lists it is counted from. People with merit have no indicator of their own in the registry; no source we hold says
# that "an sinh xã hội" counts them, so they are not added to it.
COUNTED_FROM: dict[str, BenefitKind] = {
    "social_welfare_to_account": BenefitKind.SOCIAL,
    "pension_to_account": BenefitKind.PENSION,
}


def of_benefits(actor: Actor, unit: Unit, board: Dashboard) -> tuple[ComputedRow, ...]:
    """Of those on the lists on the dashboard's day, who are paid into an account; nothing where the actor sees no list of the unit.

    Somebody of whom nobody said how they are paid counts as not paid into an account, as in the lists. The lists are personal: the
    connection is opened to what the actor may see, and only numbers leave.
    """
    with scope.seeing(actor):
        counts = benefit_counts(unit, board.on)
    return tuple(
        _row(code, *counts[kind.value], board) for code, kind in COUNTED_FROM.items() if kind.value in counts
    )


def _row(code: str, paid: int, everybody: int, board: Dashboard) -> ComputedRow:
    decimals = registry().version(code, board.on).decimals
    value = Value(paid, everybody, percent_of(paid, everybody, decimals))
    published = _published(code, board)
    return ComputedRow(code, indicator_name(code), board.on, value, published, _difference(value, published))


def _published(code: str, board: Dashboard) -> Series | None:
    """The unit's newest figure that says it counts those who are paid."""
    series = next((row.series for row in board.rows if row.code == code), ())
    return next((each for each in series if each.rule.population == "beneficiaries"), None)


def _difference(value: Value, published: Series | None) -> Decimal | None:
    if published is None or published.value.percent is None or value.percent is None:
        return None
    return value.percent - published.value.percent
