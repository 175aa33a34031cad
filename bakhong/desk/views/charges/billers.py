"""Who collects in the commune: billers, the accounts that stand on their codes, and who works for them. No money is shown here."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import live
from bakhong.accounts.queries import labels_of
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.errors import Conflict, Refusal
from bakhong.desk.forms.charges import AccountForm, BillerForm, ChangeForm, FeedForm, MemberForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.charges.words import account_words, service_words
from bakhong.payments.actions.bank_accounts import close_account, open_account, set_feed
from bakhong.payments.actions.billers import (
    add_member,
    change_biller,
    close_biller,
    commune_biller,
    end_member,
    open_biller,
)
from bakhong.payments.models import AccountState, BankAccount, Biller, BillerKind, BillerMember, Feed
from bakhong.payments.permissions import COLLECT, MANAGE
from bakhong.payments.queries.billers import managed_by, members_of
from bakhong.payments.queries.charges import qr_svg
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.vietqr import BadCode, decode, encode
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import language


@unit_page(MANAGE, post=MANAGE)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Every biller that keeps its ledger here. POST `deed`: commune (the commune's own), open (another)."""
    if unit.level != Level.COMMUNE:
        raise Http404
    is_open = request.method == "POST" and request.POST.get("deed") == "open"
    form = BillerForm(request.POST if is_open else None)
    if request.method == "POST" and request.POST.get("deed") == "commune":
        return redirect("desk:biller", unit=unit.uuid, biller=commune_biller(unit, at=now()).uuid)
    if is_open and form.is_valid():
        try:
            made = open_biller(unit=unit, by=request.actor, at=now(), **form.cleaned_data)
            return redirect("desk:biller", unit=unit.uuid, biller=made.uuid)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
    found = list(managed_by(request.actor, unit, today()).filter(keeps_ledger=True))
    return page(
        request,
        "desk/charges/billers.html",
        unit=unit,
        active="billers",
        status=422 if form.errors else 200,
        form=form,
        has_commune=any(each.kind == BillerKind.COMMUNE for each in found),
        rows=[_row(each) for each in found],
    )


def _row(biller: Biller) -> dict[str, Any]:
    return {
        "biller": biller,
        "services": service_words(biller.services),
        "accounts": [
            (account_words(each), each.state == AccountState.ASKED)
            for each in biller.accounts.filter(closed_on=None).order_by("pk")
        ],
        "members": members_of(biller, today()).count(),
    }


@unit_page(MANAGE, post=MANAGE)
def biller(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponseBase:
    """One biller. POST `deed`: change, account_open, account_close, account_test, feed, member_add, member_end, close."""
    found = managed_by(request.actor, unit, today()).filter(uuid=biller).select_related("unit").first()
    if found is None:
        raise Http404
    forms = _forms(request, unit, found)
    shown: dict[str, Any] = {}
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        try:
            answer = deed(request, found, forms)
        except Refusal as refusal:
            answer = {"problem": str(refusal), "status": refusal.status}
        if isinstance(answer, HttpResponseBase):
            return answer
        shown = answer
    return _biller_page(request, unit, found, forms, shown)


def _forms(request: StaffRequest, unit: Unit, found: Biller) -> dict[str, Any]:
    """Each section's form, filled with what was sent where it is the one that was sent."""
    sent = request.POST.get("deed", "") if request.method == "POST" else ""

    def data(deed: str) -> Any:
        return request.POST if sent == deed else None

    before = {"services": found.services, "phone": found.phone, "tax_code": found.tax_code}
    return {
        "change": ChangeForm(data("change"), initial=before, prefix="change"),
        "account_open": AccountForm(data("account_open"), biller=found, prefix="account"),
        "member_add": MemberForm(
            data("member_add"), unit=unit, on=today(), staff=_staff(unit), prefix="member"
        ),
        "feed": FeedForm(data("feed")),
    }


def _staff(unit: Unit) -> QuerySet[User]:
    """Who holds a role here that has to do with money."""
    roles = [each.code for each in ROLES.values() if COLLECT in each.permissions]
    held = Assignment.objects.filter(live(today()), place=unit, role__in=roles)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name")


def _biller_page(
    request: StaffRequest, unit: Unit, found: Biller, forms: dict[str, Any], shown: dict[str, Any]
) -> HttpResponse:
    wrong = any(form.is_bound and form.errors for form in forms.values())
    return page(
        request,
        "desk/charges/biller.html",
        unit=unit,
        active="billers",
        status=shown.pop("status", 422 if wrong else 200),
        biller=found,
        services=service_words(found.services),
        forms=forms,
        bound=next((each for each in forms.values() if each.is_bound and each.errors), None),
        accounts=[
            _account(request, each)
            for each in found.accounts.order_by(F("closed_on").desc(nulls_first=True), "pk")
        ],
        members=[_member(each, unit) for each in members_of(found, today())],
        feeds=Feed.choices,
        **{"problem": "", "tested": None, "secret": "", **shown},
    )


def _account(request: StaffRequest, account: BankAccount) -> dict[str, Any]:
    payload = encode(bank_bin=account.bank_bin, account=account.number)
    hook = reverse("payments:webhook", args=[account.feed, account.uuid])
    return {
        "account": account,
        "bank": bank_name(account.bank_bin),
        "by": labels_of({account.made_by}).get(account.made_by, _("người vận hành máy chủ")),
        "services": service_words(account.services) or _("mọi khoản"),
        "waits": account.state == AccountState.ASKED and account.closed_on is None,
        "is_refused": account.state == AccountState.REFUSED,
        "qr": mark_safe(qr_svg(payload)) if account.closed_on is None else "",
        "webhook": request.build_absolute_uri(hook) if account.feed != Feed.STATEMENT else "",
    }


def _member(member: BillerMember, unit: Unit) -> dict[str, Any]:
    names = dict(Unit.objects.filter(pk__in=member.villages).values_list("pk", "full_name"))
    return {"member": member, "villages": ", ".join(names[pk] for pk in member.villages if pk in names)}


Answer = HttpResponseBase | dict[str, Any]


def _change(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    if not forms["change"].is_valid():
        return {}
    change_biller(biller=found, by=request.actor, at=now(), **forms["change"].cleaned_data)
    return _back(request, found, _("Đã lưu."))


def _close(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    close_biller(biller=found, by=request.actor, at=now())
    messages.success(request, _("Đã đóng đơn vị thu “%(name)s”.") % {"name": found.name})
    return redirect("desk:billers", unit=found.unit.uuid)


def _account_open(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    form = forms["account_open"]
    if not form.is_valid():
        return {}
    try:
        made = open_account(biller=found, by=request.actor, at=now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("number", str(refusal))
        return {}
    return _back(
        request,
        found,
        _(
            "Đã khai tài khoản %(account)s. Người thứ hai phải xác nhận thì mã QR mới dẫn vào đó; họ đã được báo."
        )
        % {"account": account_words(made)},
    )


def _account_close(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    close_account(account=_own(found, request), by=request.actor, at=now())
    return _back(request, found, _("Đã đóng tài khoản. Mã QR của nó không còn hiện ở đâu nữa."))


def _account_test(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    """What a telephone or scanner read from the code, against the account. Stores nothing."""
    account = _own(found, request)
    scanned = request.POST.get("scanned", "").strip()[:600]
    try:
        code = decode(scanned)
    except BadCode as bad:
        return {"tested": {"account": account, "is_right": False, "words": bad.in_words(language())}}
    is_right = (code.bank_bin, code.account) == (account.bank_bin, account.number)
    words = (
        _("Mã đúng là của tài khoản này.")
        if is_right
        else _("Mã này là của tài khoản khác: %(bank)s, số cuối %(tail)s. Đừng dùng.")
        % {"bank": bank_name(code.bank_bin), "tail": code.account[-4:]}
    )
    return {"tested": {"account": account, "is_right": is_right, "words": words}}


def _feed(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    """A key that is made here is shown on this one page and never again."""
    form, account = forms["feed"], _own(found, request)
    if not form.is_valid():
        return {}
    feed, typed = form.cleaned_data["feed"], form.cleaned_data["secret"]
    made = secrets.token_urlsafe(24) if feed == Feed.SEPAY and not typed else ""
    secret = "" if feed == Feed.STATEMENT else made or typed
    set_feed(account=account, feed=feed, secret=secret, url=account.feed_url, by=request.actor, at=now())
    if made:
        return {"secret": made, "secret_of": account.pk}
    return _back(request, found, _("Đã lưu cách biết tiền vào."))


def _member_add(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    form = forms["member_add"]
    if not form.is_valid():
        return {}
    told = form.cleaned_data
    villages = [int(each) for each in told["villages"]] if told["duty"] == "collector" else []
    try:
        add_member(
            biller=found,
            staff=told["staff"],
            duty=told["duty"],
            villages=villages,
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        form.add_error("staff", str(refusal))
        return {}
    return _back(request, found, _("Đã thêm người làm cho đơn vị thu."))


def _member_end(request: StaffRequest, found: Biller, forms: dict[str, Any]) -> Answer:
    member = found.members.filter(uuid=_uuid(request.POST.get("member", ""))).first()
    if member is None:
        raise Conflict(_("Người này không còn trong danh sách."))
    end_member(member=member, by=request.actor, at=now())
    return _back(request, found, _("Đã thôi giao việc cho %(name)s.") % {"name": member.label})


def _own(found: Biller, request: StaffRequest) -> BankAccount:
    account = found.accounts.filter(uuid=_uuid(request.POST.get("account", ""))).first()
    if account is None or account.closed_on is not None:
        raise Conflict(_("Tài khoản này đã đóng hoặc không thuộc đơn vị."))
    return account


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _back(request: StaffRequest, found: Biller, words: str) -> HttpResponseBase:
    messages.success(request, words)
    return redirect("desk:biller", unit=found.unit.uuid, biller=found.uuid)


_DEEDS: dict[str, Callable[[StaffRequest, Biller, dict[str, Any]], Answer]] = {
    "change": _change,
    "close": _close,
    "account_open": _account_open,
    "account_close": _account_close,
    "account_test": _account_test,
    "feed": _feed,
    "member_add": _member_add,
    "member_end": _member_end,
}
