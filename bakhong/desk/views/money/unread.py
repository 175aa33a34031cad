"""What the banks' sources told and could not be read: each with its reason and day, to be read again or left aside with a reason."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.numbers import read_count
from bakhong.core.text import squeeze
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.money.alarm_words import problem_words
from bakhong.desk.views.money.choosing import chosen
from bakhong.desk.views.money.first import STRANGERS
from bakhong.desk.views.money.words import bank_words, waited_words
from bakhong.payments.actions.deliveries import READERS
from bakhong.payments.actions.set_aside import drop, read_again
from bakhong.payments.models import Biller, Delivery, DeliveryState
from bakhong.payments.permissions import RECONCILE, VIEW, billers_for
from bakhong.payments.queries.feeds import set_aside, strangers
from bakhong.payments.queries.owners import owner_of
from bakhong.places.models import Unit

PER_PAGE = 50
_SAID = (
    "transferAmount",
    "amount",
    "amount_in",
    "amount_out",
    "content",
    "description",
    "transaction_content",
)


@unit_page(VIEW, post=RECONCILE)
def index(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """`?dropped=1`: what was left aside. POST `deed` (again, drop), `delivery`, `why`."""
    one = chosen(request, unit, biller)
    assert one is not None
    if request.method != "POST":
        return _page(request, unit, one)
    delivery = _delivery(request, one)
    try:
        _do(request, delivery)
    except Refusal as refusal:
        return _page(request, unit, one, problem=(delivery.pk, str(refusal)), status=refusal.status)
    return redirect("desk:unread", unit=unit.uuid, biller=one.uuid)


def _do(request: StaffRequest, delivery: Delivery) -> None:
    """Raises: Refusal."""
    if request.POST.get("deed") == "drop":
        drop(delivery=delivery, why=request.POST.get("why", "")[:400], by=request.actor, at=now())
        messages.success(request, _("Đã bỏ qua, kèm lý do."))
        return
    found = read_again(delivery=delivery, by=request.actor, at=now())
    is_new = found.state == DeliveryState.NEW
    messages.success(
        request, _("Đang đọc lại; tải lại trang sau ít phút.") if is_new else _("Đã đưa trở lại danh sách.")
    )


def _delivery(request: StaffRequest, biller: Biller) -> Delivery:
    """Raises: Http404."""
    key = read_count(request.POST.get("delivery", ""), 18)
    rows = Delivery.objects.filter(
        biller=biller, pk=key or 0, state__in=(DeliveryState.FAILED, DeliveryState.DROPPED)
    )
    found = rows.select_related("biller").first()
    if found is None:
        raise Http404
    return found


def _page(
    request: StaffRequest,
    unit: Unit,
    biller: Biller,
    *,
    problem: tuple[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    is_dropped = bool(request.GET.get("dropped"))
    waiting, dropped = (
        set_aside(request.actor, biller, state) for state in (DeliveryState.FAILED, DeliveryState.DROPPED)
    )
    shown = Paginator(dropped if is_dropped else waiting, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/money/unread.html",
        unit=unit,
        active="money",
        status=status,
        biller=biller,
        problem=problem[1] if problem else "",
        problem_at=problem[0] if problem else 0,
        typed=request.POST.get("why", ""),
        rows=[_row(each) for each in shown],
        shown=shown,
        count=waiting.count(),
        dropped_count=dropped.count(),
        is_dropped=is_dropped,
        owner=owner_of(biller, today()),
        strangers=[
            (bank_words(account), count)
            for account, count in strangers(request.actor, biller, now() - STRANGERS).items()
        ],
        may=billers_for(request.actor, RECONCILE).filter(pk=biller.pk).exists(),
    )


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery,
        "bank": bank_words(delivery.account),
        "why": problem_words(delivery.problem),
        "told": told_words(delivery),
        "age": waited_words(day_of(delivery.received_at), today()),
        "is_brokers": delivery.source in READERS,
    }


def told_words(delivery: Delivery) -> str:
    """Of a broker's words the amount and the note as far as they can be told apart; a statement's row as it stands."""
    if delivery.source not in READERS:
        return delivery.body[:200]
    try:
        body = json.loads(delivery.body, parse_float=str)
    except (ValueError, RecursionError):
        return squeeze(delivery.body)[:120]
    inner = body.get("data") if isinstance(body, dict) and isinstance(body.get("data"), dict) else body
    if not isinstance(inner, dict):
        return squeeze(delivery.body)[:120]
    said = [squeeze(str(inner[name]))[:80] for name in _SAID if isinstance(inner.get(name), str | int)]
    return " · ".join(filter(None, said))[:200]
