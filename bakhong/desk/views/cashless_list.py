"""The rows behind a number of “Không tiền mặt”: charges and providers' bills, as far as the actor may see them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.desk.frame import BadQuestion, page, standing_day, today, unit_page
from bakhong.desk.views.cashless import Ask, ask_of, outcome_words
from bakhong.payments import scope
from bakhong.payments.models import BillState, Charge, ChargeState, Helper, ProviderBill
from bakhong.payments.permissions import CHARGE, VIEW, billers_for, providers_for
from bakhong.payments.queries.cashless import (
    OUTCOMES,
    PAID,
    Rate,
    bills_behind,
    cashless,
    charges_behind,
    ground_ids,
    helped,
    together,
)
from bakhong.payments.rules.services import service_name
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit
from bakhong.ui.figures import language

PER_PAGE = 50
MOST_PRINTED = 2000
DUE, PAID_ANYHOW, HELPED = "due", "paid", "helped"
LISTS = (DUE, PAID_ANYHOW, *OUTCOMES, HELPED)


@dataclass(frozen=True)
class Row:
    """One charge or bill."""

    name: str
    village: str
    what: str
    amount: int
    outcome: str
    paid_on: date | None
    url: str


class Chained(Sequence[Any]):
    """Charges, then bills, as one list that is only read where it is looked at."""

    def __init__(self, *parts: QuerySet[Any]) -> None:
        self.parts = [(part, part.count()) for part in parts]

    def __len__(self) -> int:
        return sum(count for _part, count in self.parts)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            return self[place : place + 1][0]
        start, stop, _step = place.indices(len(self))
        found: list[Any] = []
        for part, count in self.parts:
            if start < count and stop > 0:
                found += part[max(start, 0) : min(stop, count)]
            start, stop = start - count, stop - count
        return found


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?thang=&dich-vu=&cach=due|paid|transfer|cash|unsaid|unpaid|helped`; `&in=1` is the sheet for A4.

    Totals are everybody's; rows only those the actor may see, and how many others there are.
    """
    ask = ask_of(request, unit)
    kind = request.GET.get("cach", DUE)
    if kind not in LISTS:
        raise BadQuestion(_("Không có danh sách đó. Hãy mở lại từ trang Không tiền mặt."))
    on = standing_day(unit, today())
    whole = together(unit, cashless([unit], ask.month, ask.month, services=ask.services, on=on))
    is_print = "in" in request.GET
    own = {*billers_for(request.actor, VIEW).values_list("pk", flat=True)}
    with _seeing(request.actor, own):
        every = _behind(ground_ids(unit, on), ask, kind)
        shown = Paginator(every, MOST_PRINTED if is_print else PER_PAGE).get_page(request.GET.get("page"))
        lines = [_row(each, unit, own) for each in shown.object_list]
    number, amount = _total(unit, whole, ask, kind)
    return page(
        request,
        "desk/cashless/list_sheet.html" if is_print else "desk/cashless/list.html",
        unit=unit,
        active="cashless",
        ask=ask,
        kind=kind,
        title=outcome_words(kind),
        number=number,
        amount=amount,
        lines=lines,
        shown=shown,
        visible=len(every),
        unseen=max(0, number - len(every)),
        tabs=_tabs(unit, whole, ask, kind),
        print_url=ask.url("cashless_list", unit, cach=kind, **{"in": "1"}),
        list_url=ask.url("cashless_list", unit, cach=kind),
        back_url=ask.url("cashless", unit),
    )


@contextmanager
def _seeing(actor: Actor, own: Collection[int]) -> Iterator[None]:
    """What the actor may see of people's villages, of the money of those they work for (`own`), and of providers' lists."""
    providers = providers_for(actor, CHARGE).values_list("pk", flat=True)
    with people_scope.seeing(actor), scope.seeing({*own, *providers}):
        yield


def _behind(places: list[int], ask: Ask, kind: str) -> Chained:
    if kind == HELPED:
        names = Helper.objects.filter(charge=OuterRef("pk"))
        paid = charges_behind(places, ask.month, services=ask.services).filter(state=ChargeState.PAID)
        return Chained(paid.filter(Exists(names)))
    outcomes = {DUE: ("",), PAID_ANYHOW: PAID}.get(kind, (kind,))
    parts: list[QuerySet[Any]] = []
    for find in (charges_behind, bills_behind):
        parts += [find(places, ask.month, services=ask.services, outcome=each) for each in outcomes]
    return Chained(*parts)


def _total(unit: Unit, whole: Rate, ask: Ask, kind: str) -> tuple[int, int | None]:
    """How many the list has for whoever sees all of it, and their đồng."""
    if kind == HELPED:
        found = helped(unit, ask.month, ask.month, services=ask.services, on=standing_day(unit, today()))
        return found.helped, None
    if kind == DUE:
        return whole.due_count, whole.due_amount
    if kind == PAID_ANYHOW:
        return whole.paid_count, whole.paid_amount
    return whole.count_of(kind), whole.amount_of(kind)


def _row(each: Charge | ProviderBill, unit: Unit, own: Collection[int]) -> Row:
    if isinstance(each, Charge):
        is_paid = each.state == ChargeState.PAID
        return Row(
            name=each.payer_name,
            village=each.village.full_name,
            what=f"{service_name(each.service, language())}: {each.biller.name}",
            amount=each.amount,
            outcome=outcome_words(each.method if is_paid else "unpaid"),
            paid_on=day_of(each.paid_at) if each.paid_at else None,
            url=reverse("desk:charge", args=[unit.uuid, each.uuid]) if each.biller_id in own else "",
        )
    name = each.customer.name if each.customer else ""
    return Row(
        name=f"{name or _('Khách hàng')} ({each.code})",
        village=each.village.full_name,
        what=f"{service_name(each.batch.service, language())}: {each.biller.name}",
        amount=each.amount,
        outcome=outcome_words(BillState(each.state).value),
        paid_on=each.paid_on,
        url="",
    )


def _tabs(unit: Unit, whole: Rate, ask: Ask, kind: str) -> list[dict[str, Any]]:
    numbers = [_total(unit, whole, ask, each)[0] if each != HELPED else None for each in LISTS]
    return [
        {
            "label": outcome_words(each) if number is None else f"{outcome_words(each)} ({number})",
            "url": ask.url("cashless_list", unit, cach=each),
            "current": each == kind,
        }
        for each, number in zip(LISTS, numbers, strict=True)
    ]
