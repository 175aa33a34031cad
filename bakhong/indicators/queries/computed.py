"""Values measured from records we hold, shown beside what was published."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakhong.accounts.queries import roster_on
from bakhong.core.numbers import percent_of
from bakhong.indicators.queries.shapes import Dashboard, Series, Value
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit

CERTIFICATES = "officials_with_certificate"  # criterion G2


@dataclass(frozen=True)
class ComputedRow:
    """A computed value and the published one under the same population; `difference` in percent points, computed − published."""

    code: str
    name: str
    on: date
    value: Value
    published: Series | None
    difference: Decimal | None


def computed(unit: Unit, board: Dashboard) -> tuple[ComputedRow, ...]:
    """What the roster says on the dashboard's day; nothing where the unit has no roster. Three queries, as `roster_on`.

    Source: criterion G2, denominator = headcount of leaders and officials (domain research, unverified).
    """
    roster = roster_on(unit, board.on)
    if not roster.headcount:
        return ()
    definition = registry().version(CERTIFICATES, board.on)
    numerator, denominator = len(roster.certified), roster.headcount
    value = Value(numerator, denominator, percent_of(numerator, denominator, definition.decimals))
    published = _published(board)
    difference = None
    if published is not None and published.value.percent is not None and value.percent is not None:
        difference = value.percent - published.value.percent
    return (ComputedRow(CERTIFICATES, indicator_name(CERTIFICATES), board.on, value, published, difference),)


def _published(board: Dashboard) -> Series | None:
    """The unit's own newest figure of officials who hold a certificate, not merely asked for one."""
    series = next((row.series for row in board.rows if row.code == CERTIFICATES), ())
    return next(
        (each for each in series if each.rule.population == "officials" and each.rule.stage != "registered"),
        None,
    )
