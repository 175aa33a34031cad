"""Somebody stands at the desk and pays: find what they owe, show the square first, take cash where they have no account."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_money
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.dossiers.models import Dossier
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import name_helper
from bakhong.payments.models import Charge, ChargeState
from bakhong.payments.permissions import COLLECT
from bakhong.payments.queries.bill_words import explained
from bakhong.payments.queries.bills import bill_of
from bakhong.payments.queries.charges import qr_svg
from bakhong.payments.queries.collecting import charge_at, found_at_desk
from bakhong.places.models import Unit

# Where a form that took money leads back to: the page it stood on.
BACK = {"slip": "desk:slip", "dossier": "desk:dossier"}


@unit_page(COLLECT, post=COLLECT)
def cash(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """One box for a scanner or a name, which no address ever holds. What is found by its code opens at once."""
    text = request.POST.get("q", "").replace("\x00", "")[:120].strip()
    found = found_at_desk(request.actor, unit, text, about=_dossiers(request, unit, text))
    if len(found) == 1 and (found[0].reference in text.upper() or found[0].about is not None):
        return redirect("desk:cash_charge", unit=unit.uuid, charge=found[0].uuid)
    return page(
        request, "desk/cash/find.html", unit=unit, active="cash", text=text, found=found, today_on=today()
    )


def _dossiers(request: StaffRequest, unit: Unit, text: str) -> list[UUID]:
    """What is scanned may be a dossier's own code."""
    if not text or not request.actor.may("dossiers.view", unit.pk):
        return []
    rows = Dossier.objects.for_user(request.actor).filter(village=unit, code__iexact=text)
    return list(rows.values_list("uuid", flat=True)[:5])


@unit_page(COLLECT, post=COLLECT)
def charge(request: StaffRequest, unit: Unit, charge: UUID) -> HttpResponseBase:
    """What is owed, its square to be scanned by the payer, and two deeds: cash was counted; somebody else pays."""
    found = charge_at(request.actor, unit, charge)
    if found is None:
        raise NotFound("")
    if request.method != "POST":
        return show(request, unit, found)
    try:
        return _pay_for(request, unit, found) if "help" in request.POST else _take(request, unit, found)
    except Refusal as refusal:
        return show(
            request,
            unit,
            charge_at(request.actor, unit, charge) or found,
            refusal.status,
            problem=str(refusal),
        )


def _take(request: StaffRequest, unit: Unit, found: Charge) -> HttpResponse:
    take_cash(
        charge=found,
        key=sent_as(request) or new_uuid(),
        by=request.actor,
        at=now(),
        helper_name=request.POST.get("ten", "")[:200],
        helper_relation=request.POST.get("la_ai", "")[:100],
        despite_waiting="known" in request.POST,
    )
    messages.success(request, _("Đã ghi nhận %(amount)s tiền mặt.") % {"amount": format_money(found.amount)})
    back = BACK.get(request.POST.get("back", ""))
    if back and found.about_kind == "dossier":
        return redirect(back, unit=unit.uuid, dossier=found.about)
    if request.POST.get("back") == "copies":
        return redirect("desk:copies", unit=unit.uuid)
    return redirect("desk:cash_charge", unit=unit.uuid, charge=found.uuid)


def _pay_for(request: StaffRequest, unit: Unit, found: Charge) -> HttpResponse:
    """The officer pays with an account of their own: a transfer, with their name on the confirmation."""
    name_helper(
        charge=found,
        name=request.actor.label,
        relation=_("cán bộ trả giúp"),
        is_staff=True,
        by=request.actor,
        at=now(),
    )
    messages.success(request, _("Đã ghi bạn là người trả giúp. Quét mã bằng ứng dụng ngân hàng của bạn."))
    return redirect("desk:cash_charge", unit=unit.uuid, charge=found.uuid)


def show(request: StaffRequest, unit: Unit, found: Charge, status: int = 200, **context: Any) -> HttpResponse:
    bill = bill_of(found, on=today())
    head, told = explained(bill, found.biller.phone)
    return page(
        request,
        "desk/cash/charge.html",
        unit=unit,
        active="cash",
        status=status,
        charge=found,
        bill=bill,
        is_open=found.state == ChargeState.OPEN,
        square=SafeString(qr_svg(bill.payload)) if bill.has_code else "",
        **check_code(request, found),
        trouble_head=head,
        trouble_told=told,
        status_url=reverse("portal:pay_status", args=[found.reference]),
        dossier_url=_dossier_url(unit, found),
        typed=request.POST,
        **context,
    )


def check_code(request: StaffRequest, found: Charge) -> dict[str, str]:
    """Of what is paid: where anybody sees that it is, and whether its confirmation still stands, as an address and a square."""
    if found.state != ChargeState.PAID:
        return {}
    url = request.build_absolute_uri(reverse("portal:pay", args=[found.reference]))
    return {"check_url": url.partition("://")[2], "check_square": SafeString(qr_svg(url))}


def _dossier_url(unit: Unit, found: Charge) -> str:
    return (
        reverse("desk:dossier", args=[unit.uuid, found.about])
        if found.about_kind == "dossier" and found.about
        else ""
    )
