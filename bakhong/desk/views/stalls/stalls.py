"""Stalls and shops: the list, one of them, its card."""

from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.registers import EndForm
from bakhong.desk.forms.stalls import NoteForm, StallForm
from bakhong.desk.frame import BadQuestion, now, page, sent_as, today, unit_page
from bakhong.desk.views.people import is_uuid, places_below
from bakhong.desk.views.stalls.printing import cards_answer
from bakhong.desk.views.stalls.words import (
    account_of,
    business_words,
    differences_in_words,
    state_of,
    title_of,
)
from bakhong.payments.actions.stalls import Facts, change_stall, close_stall, open_stall
from bakhong.payments.actions.stickers import is_sealed, issue_sticker
from bakhong.payments.models import ChangeState, Stall
from bakhong.payments.permissions import APPROVE, CHECK_STALLS, KEEP_STALLS, SEE_STALLS, VIEW, billers_for
from bakhong.payments.queries.charges import charges_about
from bakhong.payments.queries.stall_owners import businesses
from bakhong.payments.queries.stalls import (
    LACKS,
    Sought,
    contact_before,
    markets_at,
    narrowed,
    stall_for,
    stalls_at,
)
from bakhong.payments.queries.stickers import current_sticker
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.purposes import plain
from bakhong.places.models import Unit

PER_PAGE = 50
_LOOKS = 10


@unit_page(SEE_STALLS)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?q=` words, `?cho=` a market, `?thieu=` account, card, check or alarm."""
    sought = _sought(request)
    everything = stalls_at(request.actor, unit, today())
    shown: Any = Paginator(narrowed(everything, sought), PER_PAGE).get_page(request.GET.get("page"))
    total = everything.count()
    lacking = narrowed(everything, Sought(lacks="owner")).filter(pk__in=[each.pk for each in shown])
    ownerless = set(lacking.values_list("pk", flat=True))
    return page(
        request,
        "desk/stalls/index.html",
        unit=unit,
        active="stalls",
        shown=shown,
        rows=[
            (
                each,
                account_of(each),
                state_of(each.last_verdict, has_alarm=each.has_alarm),
                each.pk in ownerless,
            )
            for each in shown
        ],
        sums={lack: narrowed(everything, Sought(lacks=lack)).count() for lack in LACKS} if total else {},
        total=total,
        sought=sought,
        markets=markets_at(unit, today()),
        may_keep=request.actor.may(KEEP_STALLS, unit.pk),
        may_check=request.actor.may(CHECK_STALLS, unit.pk),
    )


def _sought(request: StaffRequest) -> Sought:
    """Raises: BadQuestion."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in ("q", "cho", "thieu")
    }
    if (asked["cho"] and not is_uuid(asked["cho"])) or asked["thieu"] not in ("", *LACKS):
        raise BadQuestion(_("Không có điều kiện lọc này."))
    return Sought(asked["q"], asked["cho"], asked["thieu"])


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?cho=` the market it stands in. POST `whose`: what its business is looked for by, never in an address."""
    found = businesses(request.actor, unit, today(), request.POST.get("whose", "").replace("\x00", "")[:400])
    form = StallForm(
        request.POST if request.method == "POST" else None,
        initial={"market": request.GET.get("cho", "")[:40]},
        places=places_below(unit),
        markets=list(markets_at(unit, today())),
        businesses=[(str(each.uuid), business_words(each)) for each in found],
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = open_stall(
                village=told["village"],
                facts=_facts(told),
                market=told["market"],
                organisation=next((each for each in found if str(each.uuid) == told.get("business")), None),
                key=sent_as(request),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Đã thêm điểm bán %(code)s. Ghi tài khoản nhận tiền để in thẻ.") % {"code": made.code},
            )
            return redirect("desk:stall_account", unit=unit.uuid, stall=made.uuid)
    return _form_page(request, unit, form, _("Thêm điểm bán"))


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def change(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponseBase:
    found = stall_for(request.actor, unit, today(), stall, KEEP_STALLS)
    first = {
        name: getattr(found, name) for name in ("code", "owner_name", "name", "trade", "phone", "monthly_fee")
    }
    form = StallForm(
        request.POST if request.method == "POST" else None,
        initial=first | {"market": found.market and found.market.uuid},
        places=[],
        markets=list(markets_at(unit, today())),
        is_new=False,
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            change_stall(stall=found, facts=_facts(told), market=told["market"], by=request.actor, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    return _form_page(request, unit, form, _("Sửa %(stall)s") % {"stall": title_of(found)}, found)


def _facts(told: dict[str, Any]) -> Facts:
    return Facts(
        **{name: told[name] for name in ("code", "owner_name", "name", "trade", "phone", "monthly_fee")}
    )


@unit_page(SEE_STALLS)
def stall(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponse:
    return stall_page(request, unit, stall_for(request.actor, unit, today(), stall))


def stall_page(
    request: StaffRequest, unit: Unit, found: Stall, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """`forms`: one that was sent and refused, in place of an empty one."""
    card = current_sticker(found)
    waiting = found.account_changes.filter(state=ChangeState.ASKED).first()
    may_keep = request.actor.may(KEEP_STALLS, found.village_id)
    shown: dict[str, Any] = {
        "reissue_form": NoteForm(
            label=_("Vì sao in thẻ mới"), help_text=_("Ví dụ: thẻ ướt, thẻ mất. Thẻ cũ hết hiệu lực.")
        ),
        "decide_form": NoteForm(
            label=_("Đã hỏi chủ hàng thế nào"), help_text=_("Ví dụ: gọi số đã ghi, gặp tại sạp.")
        ),
        "end_form": EndForm(initial={"ended_on": today()}),
    }
    looks = found.checks.order_by("-at", "-pk")[:_LOOKS]
    return page(
        request,
        "desk/stalls/stall.html",
        unit=unit,
        active="stalls",
        status=status,
        stall=found,
        title=title_of(found),
        rows=_rows(found),
        card=card,
        is_sealed=card is None or is_sealed(card),
        qr=_square(card.payload) if card else "",
        account=account_of(found),
        is_other_name=bool(found.account_holder)
        and plain(found.account_holder).upper() != plain(found.owner_name).upper(),
        waiting=waiting,
        before=contact_before(found, now()),
        waiting_bank=bank_name(waiting.bank_bin) if waiting else "",
        decided=found.account_changes.exclude(state=ChangeState.ASKED).order_by("-asked_at")[:_LOOKS],
        looks=[(each, state_of(each.verdict), differences_in_words(each.differences)) for each in looks],
        charges=charges_about("stall", found.uuid)[:12],
        billers=set(billers_for(request.actor, VIEW).values_list("pk", flat=True)),
        may_keep=may_keep and found.valid_to is None,
        may_decide=waiting is not None
        and waiting.asked_by != request.actor.id
        and (may_keep or request.actor.may(APPROVE, found.village_id)),
        may_check=request.actor.may(CHECK_STALLS, found.village_id) and found.valid_to is None,
        **(shown | forms),
    )


def _square(payload: str) -> SafeString:
    return mark_safe(
        segno.make(payload, error="m", micro=False).svg_inline(scale=4, border=3)
    )  # digits and letters only


def _rows(found: Stall) -> list[dict[str, Any]]:
    return [
        {"key": _("Chợ"), "value": found.market.name if found.market else _("không ở chợ nào")},
        {"key": _("Thôn"), "value": found.village.full_name},
        {"key": _("Người bán"), "value": found.owner_name},
        {"key": _("Hộ kinh doanh, doanh nghiệp"), "value": found.organisation.name},
        {"key": _("Bán gì"), "value": found.trade or _("chưa rõ")},
        {"key": _("Số điện thoại"), "value": found.phone or _("chưa có")},
    ]


@unit_page(SEE_STALLS, post=KEEP_STALLS)
def close(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponseBase:
    found = stall_for(request.actor, unit, today(), stall)
    if request.method != "POST":
        return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            close_stall(stall=found, ended_on=form.cleaned_data["ended_on"], by=request.actor, at=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi %(stall)s nghỉ bán.") % {"stall": title_of(found)})
            return redirect("desk:stalls", unit=unit.uuid)
    return stall_page(request, unit, found, status=422, end_form=form)


@unit_page(SEE_STALLS, post=KEEP_STALLS)
def issue(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponseBase:
    """The first card, one for a card that is to be printed anew, or with a reason (`note`) a new one in place of the one that hangs."""
    found = stall_for(request.actor, unit, today(), stall)
    if request.method != "POST":
        return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    form = NoteForm(request.POST, label=_("Vì sao in thẻ mới"))
    current = current_sticker(found)
    is_new = current is None or current.stale_at is not None
    if not is_new and not form.is_valid():
        return stall_page(request, unit, found, status=422, reissue_form=form)
    try:
        issue_sticker(
            stall=found,
            why="" if is_new and not form.is_valid() else form.cleaned_data["note"],
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    messages.success(request, _("Đã cấp thẻ. Bấm “In thẻ” để in."))
    return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)


@unit_page(SEE_STALLS)
def card(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponse:
    """Raises: NotFound where it has none."""
    found = stall_for(request.actor, unit, today(), stall)
    held = current_sticker(found)
    if held is None:
        raise NotFound(_("Điểm bán chưa có thẻ."))
    held.stall = found
    return cards_answer(request, [held], unit, "a6", "the.pdf")


def _form_page(
    request: StaffRequest, unit: Unit, form: StallForm, heading: str, stall: Stall | None = None
) -> HttpResponse:
    return page(
        request,
        "desk/stalls/stall_form.html",
        unit=unit,
        active="stalls",
        status=422 if form.is_bound else 200,
        form=form,
        heading=heading,
        stall=stall,
    )
