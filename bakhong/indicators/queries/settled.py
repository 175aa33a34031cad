"""In time by a commune's own dossiers, beside what was published about it, and by the lists of the provincial system beside both."""

from dataclasses import dataclass
from datetime import timedelta

from bakhong.accounts.ground import map_day
from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.queries.counts import on_time
from bakhong.dossiers.queries.exchange_parts import Beside, beside
from bakhong.indicators.queries.computed import ComputedRow, row_of
from bakhong.indicators.queries.paid import month_on
from bakhong.indicators.queries.shapes import Dashboard
from bakhong.payments.queries.cashless import month_after
from bakhong.people import scope
from bakhong.places.models import Level, Unit

CODE, POPULATION = "dossiers_on_time", "dossiers_settled"


@dataclass(frozen=True)
class Settled:
    """`ours`: dossiers that ended here; `listed`: those the lists tell of and `ours` does not."""

    ours: ComputedRow | None
    listed: Beside | None


def of_settled(unit: Unit, board: Dashboard) -> Settled:
    """The last month that was over on the dashboard's day, of a commune: the lists are judged row by row, a province would wait for them.

    Only numbers leave, whoever asks.
    """
    if unit.level != Level.COMMUNE:
        return Settled(None, None)
    first = month_on(board.on)
    last = month_after(first) - timedelta(days=1)
    units = covered_ids([unit.pk], board.boundaries or map_day(unit, board.on))
    with scope.seeing(OPERATOR):
        told = on_time(units, (first, last))
        listed = beside([unit.pk], (first, last), told.rows)
    ours = row_of(CODE, POPULATION, told.numerator, told.denominator, board) if told.denominator else None
    return Settled(ours, listed)
