"""What our own dossiers say of the first No, beside what was published about it."""

from datetime import timedelta

from bakhong.accounts.ground import map_day
from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.queries.counts import asked_once
from bakhong.indicators.queries.computed import ComputedRow, row_of
from bakhong.indicators.queries.paid import month_on
from bakhong.indicators.queries.shapes import Dashboard
from bakhong.payments.queries.cashless import month_after
from bakhong.people import scope
from bakhong.places.models import Unit

CODE, POPULATION = "declare_once", "dossiers_received"


def of_dossiers(unit: Unit, board: Dashboard) -> ComputedRow | None:
    """Of the dossiers handed in in the last month that was over on the dashboard's day, those that asked for nothing known again.

    Counted are those whose applicant a source knew. Only numbers leave, whoever asks. None where there are none.
    """
    month = month_on(board.on)
    last = month_after(month) - timedelta(days=1)
    units = covered_ids([unit.pk], board.boundaries or map_day(unit, board.on))
    with scope.seeing(OPERATOR):
        spared, whole = asked_once(units, (month, last))
    return row_of(CODE, POPULATION, spared, whole, board) if whole else None
