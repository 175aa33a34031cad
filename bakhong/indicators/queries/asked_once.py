"""What our own dossiers say of the first No, beside what was published about it."""

from datetime import timedelta
from decimal import Decimal

from bakhong.accounts.ground import map_day
from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import OPERATOR
from bakhong.core.numbers import percent_of
from bakhong.dossiers.queries.counts import asked_once
from bakhong.indicators.queries.computed import ComputedRow
from bakhong.indicators.queries.paid import month_on
from bakhong.indicators.queries.shapes import Dashboard, Series, Value
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import registry
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
    if not whole:
        return None
    decimals = registry().version(CODE, board.on).decimals
    value = Value(spared, whole, percent_of(spared, whole, decimals))
    published = _published(board)
    difference = None
    if published is not None and None not in (published.value.percent, value.percent):
        difference = (value.percent or Decimal(0)) - (published.value.percent or Decimal(0))
    return ComputedRow(CODE, indicator_name(CODE), board.on, value, published, difference)


def _published(board: Dashboard) -> Series | None:
    """The unit's newest figure that says it counts dossiers."""
    series = next((row.series for row in board.rows if row.code == CODE), ())
    return next((each for each in series if each.rule.population == POPULATION), None)
