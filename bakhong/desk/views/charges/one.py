"""One charge: who owes what, the code to pay it by, what happened to it; raised by hand, withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.text import name_key
from bakhong.desk.forms.charges import ChargeForm
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.desk.views.charges.listing import pdf_of, state_mark, state_words
from bakhong.desk.views.money.choosing import billers_here, chosen
from bakhong.dossiers.queries.fees import ended_without_result
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.actions.receipts import note_official
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import Biller, Charge, ChargeState, Receipt
from bakhong.payments.permissions import CHARGE, COLLECT, RECONCILE, REFUND, VIEW, billers_for
from bakhong.payments.queries.billers import account_of
from bakhong.payments.queries.charge_story import story
from bakhong.payments.queries.charges import payload_of, qr_svg
from bakhong.payments.queries.matching_payers import Payer, payer_told
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.services import service_name
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField


@unit_page(VIEW, post=CHARGE)
def charge(request: StaffRequest, unit: Unit, charge: UUID) -> HttpResponseBase:
    """POST `deed`: withdraw or take_back, with `why`; official, with `series`, `number` and `on` of the receipt made elsewhere."""
    found = _charge(request, unit, charge)
    problem, status = "", 200
    if request.method == "POST":
        try:
            messages.success(request, _do(request, found))
            return redirect("desk:charge", unit=unit.uuid, charge=found.uuid)
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
            found = _charge(request, unit, charge)
    return _page(request, unit, found, problem, status)


def _do(request: StaffRequest, found: Charge) -> str:
    """What was done, in words. Raises: Refusal."""
    deed, why = request.POST.get("deed", ""), request.POST.get("why", "")
    if deed == "take_back":
        settlement = found.settlements.filter(taken_back=None).select_related("biller").first()
        if settlement is None:
            raise Conflict(_("Khoản này chưa được trả, không có gì để gỡ."))
        take_back(settlement=settlement, why=why, by=request.actor, at=now())
        return _("Đã gỡ. Khoản này lại chưa trả; tiền chuyển khoản nằm ở trang Tiền chờ xử lý.")
    if deed == "official":
        receipt = _receipt(found)
        if receipt is None:
            raise Conflict(_("Khoản này chưa được trả nên chưa có biên lai."))
        told = {name: request.POST.get(name, "")[:60] for name in ("series", "number")}
        note_official(receipt=receipt, on=_day(request), **told, by=request.actor, at=now())
        return _("Đã ghi số biên lai, hoá đơn.")
    withdraw_charge(charge=found, why=why, by=request.actor, at=now())
    return _("Đã huỷ khoản thu. Lập lại được bất cứ lúc nào.")


def _receipt(found: Charge) -> Receipt | None:
    return Receipt.objects.filter(charge=found, cancelled_at=None).select_related("biller").first()


def _day(request: StaffRequest) -> date | None:
    """Raises: Refusal."""
    try:
        told: date | None = DayField(required=False).clean(request.POST.get("on", "").strip())
    except ValidationError as error:
        raise Refusal(error.messages[0]) from None
    return told


def _charge(request: StaffRequest, unit: Unit, charge: UUID) -> Charge:
    """Raises: Http404."""
    rows = Charge.objects.filter(biller__in=billers_here(request, unit), uuid=charge)
    found: Charge | None = rows.select_related("biller", "account", "village", "batch").first()
    if found is None:
        raise Http404
    return found


def _page(request: StaffRequest, unit: Unit, found: Charge, problem: str, status: int) -> HttpResponse:
    payload = payload_of(found)
    account = account_of(found) if payload else None
    return page(
        request,
        "desk/charges/charge.html",
        unit=unit,
        active="charges",
        status=status,
        charge=found,
        problem=problem,
        typed=request.POST.get("why", "")[:200],
        service=service_name(found.service, language()),
        mark=state_mark(found),
        words=state_words(found),
        qr=mark_safe(qr_svg(payload)) if payload else "",
        account=account,
        bank=bank_name(account.bank_bin) if account else "",
        pay_url=request.build_absolute_uri(reverse("portal:pay", args=[found.reference])),
        story=story(found),
        ended_on=ended_without_result(found),
        receipt=_receipt(found),
        said=request.POST,
        may=_may(request, found.biller),
        may_reconcile=_may(request, found.biller, RECONCILE),
        may_refund=_may(request, found.biller, REFUND),
        may_take=_may(request, found.biller, COLLECT),
        again_url=f"{reverse('desk:charge_new', args=[unit.uuid, found.biller.uuid])}?again={found.uuid}",
        is_open=found.state == ChargeState.OPEN,
        is_paid=found.state == ChargeState.PAID,
    )


def _may(request: StaffRequest, biller: Biller, permission: str = CHARGE) -> bool:
    return billers_for(request.actor, permission).filter(pk=biller.pk).exists()


@unit_page(VIEW)
def bill(request: StaffRequest, unit: Unit, charge: UUID) -> HttpResponseBase:
    """The paper for the payer, on A5."""
    found = _charge(request, unit, charge)
    if found.state != ChargeState.OPEN:
        raise Http404
    return pdf_of(request, unit, [found], "a5", f"Giấy báo thu {found.reference}.pdf")


@unit_page(VIEW, post=CHARGE)
def new(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """One charge by hand; `?again=` with the words of one that was withdrawn. The same form sent twice is one charge."""
    one = chosen(request, unit, biller, CHARGE)
    if one is None:
        raise Http404
    before = _before(request, one)
    form = ChargeForm(request.POST or None, biller=one, unit=unit, today=today(), initial=_again(before))
    if request.method == "POST" and form.is_valid():
        try:
            whose = _whose(one, form, before)
            made = raise_charge(
                owed=_owed(unit, one, form, whose),
                key=sent_as(request) or new_uuid(),
                by=request.actor,
                at=now(),
            )
            messages.success(request, _("Đã lập khoản thu. In giấy báo hoặc đọc mã cho người trả."))
            if form.cleaned_data["national_id"] and whose.village is None:
                messages.warning(
                    request,
                    _(
                        "Số định danh không có trong danh sách dân, nên khoản thu không hiện ở trang của người trả."
                    ),
                )
            return redirect("desk:charge", unit=unit.uuid, charge=made.uuid)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return page(
        request,
        "desk/charges/charge_new.html",
        unit=unit,
        active="charges",
        status=422 if form.errors else 200,
        biller=one,
        form=form,
    )


def _before(request: StaffRequest, biller: Biller) -> Charge | None:
    """The charge that is raised anew, with whose it is: who collects need not see them on the roll."""
    try:
        uuid = UUID(request.GET.get("again", ""))
    except ValueError:
        return None
    if not Charge.objects.filter(biller=biller, uuid=uuid).exists():
        return None
    with people_scope.seeing(OPERATOR):
        rows = Charge.objects.select_related("village", "person", "household", "organisation")
        found: Charge = rows.get(biller=biller, uuid=uuid)
    return found


def _again(found: Charge | None) -> dict[str, Any]:
    """What is already in the form: nothing, or what the charge said that is raised anew."""
    if found is None:
        return {}
    names = ("payer_name", "payer_phone", "customer_code", "service", "title", "amount")
    due = found.due_on if found.due_on and found.due_on >= today() else None
    return {
        **{name: getattr(found, name) for name in names},
        "village": str(found.village.uuid),
        "period": found.period.isoformat() if found.period else "",
        "due_on": due,
    }


def _whose(biller: Biller, form: ChargeForm, before: Charge | None) -> Payer:
    """Raised anew in the same name it is the same payer's, as far as the roll knew them; else whom the number or code stands for, of whom
    no more is shown than that.

    Raises: Refusal where number and name do not agree.
    """
    told: dict[str, Any] = form.cleaned_data
    if before is not None and name_key(before.payer_name) == name_key(told["payer_name"]):
        kept = Payer(before.person, before.household, before.organisation)
        if kept.village is not None:
            return kept
    words = {"name": told["payer_name"], "national_id": told["national_id"], "code": told["customer_code"]}
    with people_scope.seeing(OPERATOR):
        return payer_told(biller, told["service"], **words, on=today())


def _owed(unit: Unit, biller: Biller, form: ChargeForm, whose: Payer) -> Owed:
    told: dict[str, Any] = form.cleaned_data
    return Owed(
        biller=biller,
        service=told["service"],
        title=told["title"],
        amount=told["amount"],
        payer_name=told["payer_name"],
        village=form.villages.get(told["village"]) or whose.village or unit,
        person=whose.person,
        household=whose.household,
        organisation=whose.organisation,
        payer_phone=told["payer_phone"],
        customer_code=told["customer_code"],
        period=told["period"],
        due_on=told["due_on"],
    )
