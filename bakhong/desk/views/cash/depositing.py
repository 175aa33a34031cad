"""Cash of the desk is taken to the bank: how much into which account, under which note; what the bank has not said to have yet."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_money
from bakhong.desk.forms.money import DepositForm
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.payments.actions.depositing import deposit as bring
from bakhong.payments.actions.depositing import undo_deposit
from bakhong.payments.models import Biller
from bakhong.payments.permissions import COLLECT
from bakhong.payments.queries.collecting import billers_at, deposits_under_way, desk_cash, open_accounts
from bakhong.payments.rules.banks import bank_name
from bakhong.places.models import Unit


@unit_page(COLLECT)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Each biller's cash at the desk, and what is on its way."""
    billers = list(billers_at(request.actor, unit))
    on_the_way = deposits_under_way(billers)
    return page(
        request,
        "desk/cash/deposits.html",
        unit=unit,
        active="cash",
        billers=[{"biller": each, "cash": desk_cash(each)} for each in billers],
        deposits=[{"deposit": each, "days": (today() - day_of(each.at)).days} for each in on_the_way],
    )


@unit_page(COLLECT, post=COLLECT)
def undo(request: StaffRequest, unit: Unit, deposit: UUID) -> HttpResponseBase:
    """POST with `why`: the cash was not taken to the bank, or it was typed wrong."""
    found = next(
        (each for each in deposits_under_way(list(billers_at(request.actor, unit))) if each.uuid == deposit),
        None,
    )
    if found is None:
        raise NotFound("")
    if request.method == "POST":
        try:
            undo_deposit(deposit=found, why=request.POST.get("why", "")[:200], by=request.actor, at=now())
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            told = {"amount": format_money(found.amount), "note": found.reference}
            messages.success(request, _("Đã huỷ lần nộp %(note)s: %(amount)s lại ở quầy.") % told)
    return redirect("desk:deposits", unit=unit.uuid)


@unit_page(COLLECT, post=COLLECT)
def new(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    one = billers_at(request.actor, unit).filter(uuid=biller).first()
    if one is None:
        raise NotFound("")
    form = DepositForm(
        request.POST or None,
        accounts=[
            (str(each.uuid), f"{bank_name(each.bank_bin)} {each.number}") for each in open_accounts(one)
        ],
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = bring(
                biller=one,
                account=next(
                    each for each in open_accounts(one) if str(each.uuid) == form.cleaned_data["account"]
                ),
                amount=form.cleaned_data["amount"],
                key=sent_as(request) or new_uuid(),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return _show(request, unit, one, form, status=refusal.status)
        messages.success(
            request, _("Đã ghi. Ghi đúng nội dung %(note)s khi nộp ở ngân hàng.") % {"note": made.reference}
        )
        return redirect("desk:deposits", unit=unit.uuid)
    return _show(request, unit, one, form, status=422 if form.errors else 200)


def _show(request: StaffRequest, unit: Unit, one: Biller, form: DepositForm, **more: Any) -> HttpResponse:
    return page(
        request,
        "desk/cash/deposit.html",
        unit=unit,
        active="cash",
        biller=one,
        form=form,
        cash=desk_cash(one),
        **more,
    )
