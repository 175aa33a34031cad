"""The chair's calm view of the money of the commune."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse

from bakhong.accounts.access import StaffRequest
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.money.choosing import billers_here
from bakhong.desk.views.money.words import agreed_words, waited_words
from bakhong.payments.models import Biller, RefundState
from bakhong.payments.permissions import APPROVE, VIEW
from bakhong.payments.queries.billers import waiting_accounts
from bakhong.payments.queries.overview import heard_of, refunds_in, taken_between
from bakhong.payments.queries.reconciling import standing
from bakhong.payments.queries.suspense import open_since
from bakhong.payments.rules.ages import GRAVE, last_late
from bakhong.places.models import Unit

MOST = 20


@unit_page(VIEW)
def summary(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Of every organisation that collects: whether it agrees, what came this month, what is owed; and what waits to be decided."""
    at, on = now(), today()
    month = on.replace(day=1)
    billers = billers_here(request, unit)
    rows = [_row(each, at, month, on) for each in billers]
    decide = refunds_in(billers_here(request, unit, APPROVE), (RefundState.ASKED,))
    return page(
        request,
        "desk/money/summary.html",
        unit=unit,
        active="money_summary",
        at=at,
        month=month,
        rows=rows,
        unexplained=sum(each["told"].unexplained for each in rows),
        is_known=all(each["agreed"][0] == "done" for each in rows),
        decide=decide.order_by("asked_at")[:MOST],
        accounts=waiting_accounts(request.actor, unit),
    )


def _row(biller: Biller, at: datetime, month: date, on: date) -> dict[str, Any]:
    told = standing(biller, at=at)
    return {
        "biller": biller,
        "told": told,
        "agreed": agreed_words(heard_of(biller, at)),
        "oldest": waited_words(told.oldest, on) if told.oldest else "",
        "grave": open_since(biller, last_late(on, GRAVE)),
        "taken": taken_between(biller, month, on),
        "cash": told.desk_cash + told.in_transit + sum(each.amount for each in told.collectors),
    }
