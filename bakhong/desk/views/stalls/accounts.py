"""Whose account customers of a stall pay into: written down once, changed by two people."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.stalls import AccountForm, NoteForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.stalls.stalls import stall_page
from bakhong.desk.views.stalls.words import account_of, title_of
from bakhong.payments.actions.stall_accounts import (
    approve_account_change,
    ask_account_change,
    refuse_account_change,
    set_first_account,
)
from bakhong.payments.models import AccountChange, Stall
from bakhong.payments.permissions import KEEP_STALLS, SEE_STALLS
from bakhong.payments.queries.stalls import stall_for
from bakhong.places.models import Unit


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def account(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponseBase:
    found = stall_for(request.actor, unit, today(), stall, KEEP_STALLS)
    form = AccountForm(request.POST if request.method == "POST" else None, is_first=not found.account)
    if request.method == "POST" and form.is_valid():
        try:
            told = _write(request, found, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, told)
            return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    return page(
        request,
        "desk/stalls/account.html",
        unit=unit,
        active="stalls",
        status=422 if form.is_bound else 200,
        form=form,
        stall=found,
        title=title_of(found),
        current=account_of(found),
    )


def _write(request: StaffRequest, found: Stall, form: AccountForm) -> str:
    told = form.cleaned_data
    if not found.account:
        if not set_first_account(stall=found, by=request.actor, at=now(), **told).account:
            return _(
                "Số này hoặc chủ hàng này năm qua có tài khoản khác, nên cần người thứ hai xác nhận. Chủ hàng được báo."
            )
        return _("Đã ghi tài khoản. Bấm “Cấp thẻ” để có mã QR.")
    ask_account_change(stall=found, by=request.actor, at=now(), **told)
    return _(
        "Đã ghi yêu cầu, đang chờ người thứ hai xác nhận. Chủ hàng được báo. Thẻ cũ vẫn dùng đến khi xác nhận."
    )


@unit_page(SEE_STALLS, post=SEE_STALLS)
def decide(request: StaffRequest, unit: Unit, stall: UUID, change: UUID) -> HttpResponseBase:
    """POST `deed=approve` or `refuse`, with a note. Who may is asked by the deed."""
    found = stall_for(request.actor, unit, today(), stall)
    wish: AccountChange | None = found.account_changes.filter(uuid=change).select_related("stall").first()
    if wish is None:
        raise NotFound("")
    if request.method != "POST":
        return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)
    form = NoteForm(request.POST, label=_("Đã hỏi chủ hàng thế nào"))
    if not form.is_valid():
        return _again(request, unit, found, form)
    is_yes = request.POST.get("deed") == "approve"
    deed = approve_account_change if is_yes else refuse_account_change
    try:
        deed(change=wish, note=form.cleaned_data["note"], by=request.actor, at=now())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        form.add_error(None, str(refusal))
        return _again(request, unit, found, form)
    messages.success(
        request, _("Đã đổi tài khoản. Cấp và in thẻ mới, gỡ thẻ cũ.") if is_yes else _("Không đổi tài khoản.")
    )
    return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)


def _again(request: StaffRequest, unit: Unit, found: Stall, form: NoteForm) -> HttpResponse:
    return stall_page(request, unit, found, status=422, decide_form=form)
