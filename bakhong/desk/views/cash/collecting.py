"""A collector's telephone: what is still to be paid in the villages of the round, and what is in the bag."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_money
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.desk.views.cash.desk import check_code
from bakhong.payments.actions.cash import take_cash, undo_cash
from bakhong.payments.models import CashPayment, Charge, ChargeState
from bakhong.payments.permissions import COLLECT
from bakhong.payments.queries.bill_words import explained
from bakhong.payments.queries.bills import bill_of
from bakhong.payments.queries.charges import qr_svg
from bakhong.payments.queries.collecting import MOST, billers_at, charge_at, open_on, rounds_of, taken_on
from bakhong.payments.queries.ledger import held_by, sheet
from bakhong.places.models import Unit


@unit_page(COLLECT, post=COLLECT)
def collect(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The list, house by house; above it what was taken today and what is still in the bag."""
    actor, on = request.actor, today()
    rounds = rounds_of(actor, unit, on)
    billers = [each.biller for each in rounds]
    text = request.POST.get("q", "")[:120].strip()
    count, amount = taken_on(billers, actor.id, on)
    rows = open_on(rounds, text)
    return page(
        request,
        "desk/cash/collect.html",
        unit=unit,
        active="cash_collect",
        billers=billers,
        text=text,
        rows=rows,
        is_cut=len(rows) == MOST,
        most=MOST,
        count=count,
        amount=amount,
        held=sum(held_by(each, actor.id) for each in billers),
        sheet=[line for each in billers for line in sheet(each, actor.id)],
        on=on,
    )


@unit_page(COLLECT, post=COLLECT)
def collect_charge(request: StaffRequest, unit: Unit, charge: UUID) -> HttpResponseBase:
    """At the door: the square first, for who has a bank; one large button where the cash is in the hand."""
    found = charge_at(request.actor, unit, charge)
    if found is None:
        raise NotFound("")
    if request.method != "POST":
        return _show(request, unit, found)
    try:
        take_cash(
            charge=found,
            key=sent_as(request) or new_uuid(),
            by=request.actor,
            at=now(),
            collector=True,
            helper_name=request.POST.get("ten", "")[:200],
            helper_relation=request.POST.get("la_ai", "")[:100],
            despite_waiting="known" in request.POST,
        )
    except Refusal as refusal:
        current = charge_at(request.actor, unit, charge) or found
        return _show(request, unit, current, refusal.status, problem=str(refusal))
    messages.success(
        request,
        _("Đã thu %(amount)s của %(name)s.")
        % {"amount": format_money(found.amount), "name": found.payer_name},
    )
    return redirect("desk:cash_collect", unit=unit.uuid)


def _show(
    request: StaffRequest, unit: Unit, found: Charge, status: int = 200, **context: Any
) -> HttpResponse:
    bill = bill_of(found, on=today())
    head, told = explained(bill, found.biller.phone)
    return page(
        request,
        "desk/cash/collect_charge.html",
        unit=unit,
        active="cash_collect",
        status=status,
        charge=found,
        bill=bill,
        is_open=found.state == ChargeState.OPEN,
        trouble_head=head,
        trouble_told=told,
        square=SafeString(qr_svg(bill.payload)) if bill.has_code else "",
        **check_code(request, found),
        typed=request.POST,
        **context,
    )


@unit_page(COLLECT, post=COLLECT)
def undo(request: StaffRequest, unit: Unit, cash: UUID) -> HttpResponseBase:
    """POST: what the collector took today by mistake is owed again."""
    rows = CashPayment.objects.filter(biller__in=billers_at(request.actor, unit), uuid=cash)
    found = rows.filter(collector=request.actor.id).select_related("biller", "charge").first()
    if found is None:
        raise NotFound("")
    if request.method == "POST":
        try:
            undo_cash(cash=found, by=request.actor, at=now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            told = {"amount": format_money(found.amount), "name": found.charge.payer_name}
            messages.success(request, _("Đã gỡ %(amount)s của %(name)s. Trả lại tiền cho họ.") % told)
    return redirect("desk:cash_collect", unit=unit.uuid)
