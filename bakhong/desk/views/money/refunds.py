"""Money that goes back: asked for by one, decided by another, sent by a transfer that carries its reference."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.money import RefundForm
from bakhong.desk.frame import now, page, sent_as, unit_page
from bakhong.desk.views.money.choosing import billers_here
from bakhong.desk.views.money.words import age_words, bank_words
from bakhong.payments.actions.calling_off import call_off_refund
from bakhong.payments.actions.refunding import approve_refund, ask_refund, refund_in_cash, refuse_refund
from bakhong.payments.models import Charge, ChargeState, Refund, RefundState, SuspenseItem
from bakhong.payments.permissions import APPROVE, REFUND, VIEW, billers_for
from bakhong.payments.queries.charges import qr_svg
from bakhong.payments.queries.overview import refunds_in
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.sealed import CannotOpen, unseal
from bakhong.places.models import Unit

WAITING, DECIDED = (
    (RefundState.ASKED, RefundState.APPROVED),
    (RefundState.SENT, RefundState.REFUSED, RefundState.OFF),
)
MARKS = {
    RefundState.ASKED: "late",
    RefundState.APPROVED: "doing",
    RefundState.REFUSED: "none",
    RefundState.SENT: "done",
    RefundState.OFF: "none",
}
SHOWN = 100


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """What waits for a decision or for its transfer, the oldest first; below it what is over."""
    billers, at = billers_here(request, unit), now()
    waiting = refunds_in(billers, WAITING).order_by("asked_at")[:SHOWN]
    over = refunds_in(billers, DECIDED).order_by("-decided_at")[:SHOWN]
    return page(
        request,
        "desk/money/refunds.html",
        unit=unit,
        active="refunds",
        waiting=[_line(each, at) for each in waiting],
        over=[_line(each, at) for each in over],
        has_several=len(billers) > 1,
    )


def _line(refund: Refund, at: datetime) -> dict[str, Any]:
    return {
        "refund": refund,
        "mark": MARKS[RefundState(refund.state)],
        "age": age_words(refund.asked_at, at),
        "about": about(refund),
    }


def about(refund: Refund) -> str:
    """What the money was, in a line."""
    if refund.charge is not None:
        return str(refund.charge.title)
    if refund.item is not None:
        return _("Tiền vào ngày %(day)s: %(content)s") % {
            "day": f"{refund.item.line.on:%d/%m/%Y}",
            "content": refund.item.line.content[:80],
        }
    return ""


@unit_page(VIEW, post=VIEW)
def refund(request: StaffRequest, unit: Unit, refund: UUID) -> HttpResponseBase:
    """POST `deed`: approve, refuse (with `why`); cash or off (with `why`) once it is approved. Nobody decides about what they asked for."""
    found = refunds_in(billers_here(request, unit), tuple(RefundState)).filter(uuid=refund).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, unit, found)
    try:
        _decide(request, found)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, unit, found, problem=str(refusal), status=refusal.status)
    return redirect("desk:refund", unit=unit.uuid, refund=found.uuid)


def _decide(request: StaffRequest, refund: Refund) -> None:
    """Raises: Refusal; Http404 for a deed that is none."""
    deed, why = request.POST.get("deed", ""), request.POST.get("why", "")[:300]
    if deed == "approve":
        approve_refund(refund=refund, by=request.actor, at=now())
        messages.success(request, _("Đã duyệt. Bây giờ kế toán trả tiền theo trang này."))
    elif deed == "refuse":
        refuse_refund(refund=refund, why=why, by=request.actor, at=now())
        messages.success(request, _("Đã ghi không duyệt; không đồng nào chuyển đi."))
    elif deed == "off":
        call_off_refund(refund=refund, why=why, by=request.actor, at=now())
        messages.success(request, _("Đã huỷ duyệt: số tiền lại như trước khi duyệt, đề nghị lại được."))
    elif deed == "cash":
        refund_in_cash(refund=refund, by=request.actor, at=now())
        messages.success(request, _("Đã ghi trả lại bằng tiền mặt tại quầy."))
    else:
        raise Http404


def _page(
    request: StaffRequest, unit: Unit, refund: Refund, *, problem: str = "", status: int = 200
) -> HttpResponse:
    may_approve = billers_for(request.actor, APPROVE).filter(pk=refund.biller_id).exists()
    may_send = billers_for(request.actor, REFUND).filter(pk=refund.biller_id).exists()
    return page(
        request,
        "desk/money/refund.html",
        unit=unit,
        active="refunds",
        status=status,
        problem=problem,
        typed=request.POST.get("why", "")[:300],
        refund=refund,
        about=about(refund),
        mark=MARKS[RefundState(refund.state)],
        bank=bank_name(refund.to_bank_bin),
        sender=bank_words(refund.account) if refund.account else "",
        may_decide=may_approve and refund.state == RefundState.ASKED,
        may_call_off=may_approve and refund.state == RefundState.APPROVED,
        may_pay_cash=may_send and refund.state == RefundState.APPROVED and not refund.to_account,
        is_own=refund.asked_by == request.actor.id,
        **_way_back(refund, is_open=may_send and refund.state == RefundState.APPROVED),
    )


def _way_back(refund: Refund, *, is_open: bool) -> dict[str, str]:
    """The receiver's account: whole, with a code to scan, only while somebody has to send the money; else its last digits."""
    try:
        number = (
            unseal(refund.to_account, f"payments_refund.to_account:{refund.uuid}")
            if refund.to_account
            else ""
        )
    except CannotOpen:
        number = ""
    if not number or not is_open:
        return {"number": f"…{number[-4:]}" if number else "", "qr": ""}
    payload = encode(
        bank_bin=refund.to_bank_bin, account=number, amount=refund.amount, purpose=refund.reference
    )
    return {"number": number, "qr": SafeString(qr_svg(payload))}


@unit_page(REFUND, post=REFUND)
def of_item(request: StaffRequest, unit: Unit, item: UUID) -> HttpResponseBase:
    """Ask that a line that waits goes back, all of it."""
    found = _item(request, unit, item)
    return _new(request, unit, item=found, most=found.amount, name=found.line.payer_name)


@unit_page(REFUND, post=REFUND)
def of_charge(request: StaffRequest, unit: Unit, charge: UUID) -> HttpResponseBase:
    """Ask that a payment goes back, all of it or a part."""
    found = _charge(request, unit, charge)
    return _new(request, unit, charge=found, most=found.amount, name=found.payer_name)


def _new(
    request: StaffRequest,
    unit: Unit,
    *,
    most: int,
    name: str,
    item: SuspenseItem | None = None,
    charge: Charge | None = None,
) -> HttpResponseBase:
    data = request.POST if request.method == "POST" else None
    form = RefundForm(data, most=most, is_whole=charge is None, initial={"to_name": name, "amount": most})
    if data is not None and form.is_valid():
        key = sent_as(request) or new_uuid()
        try:
            made = ask_refund(item=item, charge=charge, key=key, by=request.actor, at=now(), **form.values())
        except (NotAllowed, NotFound):
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã đề nghị trả lại. Người khác duyệt rồi mới trả tiền."))
            return redirect("desk:refund", unit=unit.uuid, refund=made.uuid)
    return page(
        request,
        "desk/money/refund_new.html",
        unit=unit,
        active="refunds",
        status=200 if data is None else 422,
        form=form,
        item=item,
        charge=charge,
        amount=most,
    )


def _item(request: StaffRequest, unit: Unit, uuid: UUID) -> SuspenseItem:
    """Raises: Http404."""
    rows = SuspenseItem.objects.filter(biller__in=billers_here(request, unit, REFUND), closed_at=None)
    found = rows.filter(uuid=uuid, line__direction="in").select_related("line", "charge").first()
    if found is None:
        raise Http404
    return found


def _charge(request: StaffRequest, unit: Unit, uuid: UUID) -> Charge:
    """Raises: Http404."""
    rows = Charge.objects.filter(biller__in=billers_here(request, unit, REFUND), state=ChargeState.PAID)
    found: Charge | None = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
