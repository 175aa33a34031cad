"""Days: which are closed, what the three sides say of one, closing it, and its record on paper."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.money.choosing import chosen, switch
from bakhong.desk.views.money.first import sides_of
from bakhong.desk.views.money.words import account_words
from bakhong.payments.actions.closing import close_day
from bakhong.payments.models import Biller, Close, LineState
from bakhong.payments.permissions import RECONCILE, VIEW, billers_for
from bakhong.payments.queries.bank_lines import Wanted, days_between, lines_of, tally_of_lines
from bakhong.payments.queries.ledger import balances
from bakhong.payments.queries.reconciling import first_open, reconcile
from bakhong.places.models import Unit

SHOWN, MOST = timedelta(days=62), 200


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponse:
    """`?until=`: two months of days, the newest first."""
    one = chosen(request, unit, biller)
    until = _asked(request.GET.get("until", "")) or today()
    days = days_between(one, until - SHOWN, until) if one else []
    return page(
        request,
        "desk/money/days.html",
        unit=unit,
        active="days",
        biller=one,
        billers=switch(request, unit, "desk:days", one),
        days=days,
        first_open=first_open(one) if one else None,
        until=until,
        earlier=until - SHOWN - timedelta(days=1),
    )


@unit_page(VIEW, post=RECONCILE)
def day(request: StaffRequest, unit: Unit, biller: UUID, on: str) -> HttpResponseBase:
    """The three sides of a day. POST closes it and every open day before it, with a `note`."""
    one, asked = _biller(request, unit, biller), _day(on)
    if request.method != "POST":
        return _page(request, unit, one, asked)
    note = request.POST.get("note", "")[:400]
    try:
        close_day(biller=one, on=asked, note=note, by=request.actor, at=now())
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, unit, one, asked, problem=str(refusal), note=note, status=refusal.status)
    messages.success(request, _("Đã khoá sổ đến hết ngày %(day)s.") % {"day": format_day(asked)})
    return redirect("desk:day", unit=unit.uuid, biller=one.uuid, on=asked.isoformat())


@unit_page(VIEW)
def sheet(request: StaffRequest, unit: Unit, biller: UUID, on: str) -> HttpResponse:
    """“Biên bản đối chiếu” of a day, for the file."""
    one, asked = _biller(request, unit, biller), _day(on)
    return page(
        request,
        "desk/money/day_sheet.html",
        unit=unit,
        active="days",
        waiting=lines_of(one, Wanted(first=asked, last=asked, state=LineState.SUSPENSE), size=MOST).rows,
        accounts=[(account_words(each), amount) for each, amount in balances(one, asked)],
        **_sides(one, asked),
    )


def _page(
    request: StaffRequest,
    unit: Unit,
    biller: Biller,
    on: date,
    *,
    problem: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    found = _sides(biller, on)
    may = billers_for(request.actor, RECONCILE).filter(pk=biller.pk).exists()
    begin = first_open(biller)
    return page(
        request,
        "desk/money/day.html",
        unit=unit,
        active="days",
        status=status,
        problem=problem,
        typed=note,
        may_close=may and found["close"] is None and on < today() and begin is not None and begin <= on,
        opened=begin,
        is_over=on < today(),
        before=on - timedelta(days=1),
        after=on + timedelta(days=1) if on < today() else None,
        **found,
    )


def _sides(biller: Biller, on: date) -> dict[str, Any]:
    told = reconcile(biller, on)
    close = Close.objects.filter(biller=biller, on__gte=on).order_by("on").first()
    return {
        "biller": biller,
        "on": on,
        "day": told,
        "sides": sides_of(told),
        "tally": tally_of_lines(biller, Wanted(first=on, last=on)),
        "close": close,
        "is_own_close": close is not None and close.on == on,
    }


def _biller(request: StaffRequest, unit: Unit, biller: UUID) -> Biller:
    one = chosen(request, unit, biller)
    assert one is not None
    return one


def _day(on: str) -> date:
    """Raises: Http404 for what is no day, or one that has not come."""
    found = _asked(on)
    if found is None or found > today():
        raise Http404
    return found


def _asked(text: str) -> date | None:
    day = parse_day(text)
    return day if day is not None and 2000 <= day.year < 2100 else None
