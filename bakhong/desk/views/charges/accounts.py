"""An account of a biller, as the second person looks at it before it stands on any code."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.queries import labels_of
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.charges.words import account_words, service_words
from bakhong.payments.actions.bank_accounts import approve_account, refuse_account
from bakhong.payments.models import AccountState, BankAccount
from bakhong.payments.permissions import VIEW, billers_for, may_confirm_account
from bakhong.payments.queries.billers import managed_by
from bakhong.payments.queries.charges import qr_svg
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.vietqr import encode
from bakhong.places.models import Unit

_MARKS = {AccountState.ASKED: "late", AccountState.OPEN: "done", AccountState.REFUSED: "none"}


@unit_page(VIEW, post=VIEW)
def account(request: StaffRequest, unit: Unit, account: UUID) -> HttpResponseBase:
    """POST `deed=approve` or `refuse`, with a note. Who may is asked by the deed."""
    found = _found(request, unit, account)
    if request.method != "POST":
        return _page(request, unit, found)
    is_yes, note = request.POST.get("deed") == "approve", request.POST.get("note", "")
    deed = approve_account if is_yes else refuse_account
    try:
        deed(account=found, note=note, by=request.actor, at=now())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        return _page(request, unit, found, problem=str(refusal), typed=note, status=refusal.status)
    messages.success(
        request,
        _("Đã xác nhận. Từ nay khoản thu mới dẫn vào tài khoản này.")
        if is_yes
        else _("Không xác nhận. Không mã QR nào dẫn vào tài khoản này."),
    )
    return redirect("desk:bank_account", unit=unit.uuid, account=found.uuid)


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> BankAccount:
    """One the actor sets up, may confirm, or whose biller's money they see. Raises: Http404."""
    found = BankAccount.objects.select_related("biller__unit").filter(uuid=uuid, biller__unit=unit).first()
    if found is None:
        raise Http404
    seen = billers_for(request.actor, VIEW).filter(pk=found.biller_id)
    if not may_confirm_account(found.biller, by=request.actor) and not seen.exists():
        raise Http404
    return found


def _page(
    request: StaffRequest, unit: Unit, found: BankAccount, *, status: int = 200, **more: Any
) -> HttpResponse:
    waits = found.state == AccountState.ASKED and found.closed_on is None
    others = found.biller.accounts.in_use().exclude(pk=found.pk).order_by("pk")
    return page(
        request,
        "desk/charges/account.html",
        unit=unit,
        active="billers",
        status=status,
        account=found,
        title=account_words(found),
        bank=bank_name(found.bank_bin),
        mark=_MARKS[AccountState(found.state)],
        services=service_words(found.services) or _("mọi khoản"),
        by=labels_of({found.made_by}).get(found.made_by, _("người vận hành máy chủ")),
        others=[(account_words(each), each.holder, service_words(each.services)) for each in others],
        qr=mark_safe(qr_svg(encode(bank_bin=found.bank_bin, account=found.number))) if waits else "",
        waits=waits,
        is_own=found.made_by == request.actor.id,
        may_decide=may_confirm_account(found.biller, by=request.actor),
        may_set_up=managed_by(request.actor, unit, today()).filter(pk=found.biller_id).exists(),
        **{"problem": "", "typed": "", **more},
    )
