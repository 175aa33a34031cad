"""The accountant's first screen: what nobody can explain, what to do next, where the money is, the three sides of the day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day, format_money
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.money.alarm_words import alarm_words
from bakhong.desk.views.money.choosing import chosen, switch
from bakhong.desk.views.money.words import age_words, agreed_words, bank_words, waited_words
from bakhong.dossiers.queries.fees import paid_for_nothing
from bakhong.payments.actions.alarms import see_alarm
from bakhong.payments.models import AccountKind, Biller, FeedAlarm, LedgerAccount, RefundState
from bakhong.payments.permissions import RECONCILE, VIEW, billers_for
from bakhong.payments.queries.billers import waiting_accounts
from bakhong.payments.queries.feeds import open_alarms, set_aside, strangers
from bakhong.payments.queries.ledger import accounts_of
from bakhong.payments.queries.overview import (
    Heard,
    heard_of,
    open_charges,
    refunds_in,
    taken_between,
    tally_of,
)
from bakhong.payments.queries.problems import Problem
from bakhong.payments.queries.reconciling import Day, Standing, reconcile, standing
from bakhong.places.models import Unit

MOST_PROBLEMS = 20
STRANGERS = timedelta(days=30)
# Fees of dossiers that ended without a result are brought up for so long; whoever decides to keep one has nothing to press.
CONSIDERED_WITHIN, MOST_FEES = timedelta(days=30), 5


@unit_page(VIEW)
def first(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponse:
    """How the money of a biller stands now."""
    one = chosen(request, unit, biller)
    found = _standing(request, unit, one) if one else {}
    waiting = waiting_accounts(request.actor, unit)
    return page(
        request,
        "desk/money/first.html",
        unit=unit,
        active="money",
        biller=one,
        billers=switch(request, unit, "desk:money", one),
        accounts=waiting,
        **found,
    )


def _standing(request: StaffRequest, unit: Unit, biller: Biller) -> dict[str, Any]:
    at, on = now(), today()
    told, day, heard = standing(biller, at=at), reconcile(biller, on), heard_of(biller, at)
    overdue = open_charges(biller, overdue_on=on)
    may = billers_for(request.actor, RECONCILE).filter(pk=biller.pk).exists()
    return {
        "at": at,
        "told": told,
        "agreed": agreed_words(heard),
        "problems": [(each, problem_url(unit, biller, each)) for each in told.problems[:MOST_PROBLEMS]],
        "more_problems": max(len(told.problems) - MOST_PROBLEMS, 0),
        "oldest": waited_words(told.oldest, on) if told.oldest else "",
        "places": _places(unit, biller, told),
        "sides": sides_of(day),
        "day": day,
        "taken": taken_between(biller, on, on),
        "overdue": overdue,
        "heard": [_heard(each, at) for each in heard],
        "alarms": [
            (each, alarm_words(each, unit)) for each in open_alarms(request.actor, biller)[:MOST_PROBLEMS]
        ],
        "orders": orders_of(request, unit, biller, told, heard) if may else [],
        "may": may,
        "charges_url": _address("desk:charges", unit),
        "cash_url": _address("desk:cash", unit),
    }


def sides_of(day: Day) -> list[dict[str, Any]]:
    """The three sides in rows: money in and out by the bank and by the ledger; what came in, by what it was for."""
    used = day.charges_paid + day.deposited + day.set_aside + day.suspense
    return [
        {"words": _("Tiền vào"), "direction": "in", "feed": day.feed_in, "ledger": day.ledger_in, "used": used,
         "is_equal": day.feed_in == day.ledger_in == used},
        {"words": _("Tiền ra"), "direction": "out", "feed": day.feed_out, "ledger": day.ledger_out, "used": None,
         "is_equal": day.feed_out == day.ledger_out},
    ]  # fmt: skip


def problem_url(unit: Unit, biller: Biller, problem: Problem) -> str:
    """Where somebody looks into it; "" where there is no one place."""
    kind, _colon, uuid = problem.object.partition(":")
    if kind == "charge":
        return reverse("desk:charge", args=[unit.uuid, uuid])
    if kind == "statement":
        return reverse("desk:statement_taken", args=[unit.uuid, uuid])
    if kind == "account" and problem.code == "gap":
        return f"{reverse('desk:statement', args=[unit.uuid])}?account={uuid}"
    if kind == "line" and problem.on:
        day = format_day(problem.on)
        said = urlencode({"first": day, "last": day})
        return f"{reverse('desk:bank_lines', args=[unit.uuid, biller.uuid])}?{said}"
    return ""


def _places(unit: Unit, biller: Biller, told: Standing) -> list[tuple[str, int, str]]:
    """(where, đồng, its list) of all the money that is not yet where it belongs, and what lies in the banks by the ledger."""
    accounts = {(each.kind, each.collector): each for each in accounts_of(biller)}
    return [
        (_("Tiền mặt tại quầy"), told.desk_cash, _ledger(unit, biller, accounts, AccountKind.CASH)),
        *(
            (
                _("Tiền mặt ở %(name)s") % {"name": each.label or _("người thu")},
                each.amount,
                _ledger(unit, biller, accounts, AccountKind.COLLECTOR, each.collector),
            )
            for each in told.collectors
        ),
        (_("Tiền mặt đang nộp ngân hàng"), told.in_transit, _ledger(unit, biller, accounts, AccountKind.TRANSIT)),
        (_("Phải trả lại"), told.to_refund, reverse("desk:refunds", args=[unit.uuid])),
    ]  # fmt: skip


def _ledger(
    unit: Unit,
    biller: Biller,
    accounts: dict[tuple[str, str], LedgerAccount],
    kind: AccountKind,
    collector: str = "",
) -> str:
    found = accounts.get((kind, collector))
    return reverse("desk:ledger_account", args=[unit.uuid, biller.uuid, found.code]) if found else ""


def _heard(heard: Heard, at: datetime) -> dict[str, Any]:
    return {
        "heard": heard,
        "words": bank_words(heard.account),
        "age": age_words(heard.at, at) if heard.at else "",
    }


def orders_of(
    request: StaffRequest, unit: Unit, biller: Biller, told: Standing, heard: list[Heard]
) -> list[dict[str, str]]:
    """What to do next, the gravest first: {"text", "detail", "url", "label"}."""
    found = [*_unexplained(unit, biller, told), *_waiting(unit, told), *_silent(unit, heard)]
    found += [*_unread(request, unit, biller), *_without_statement(unit, heard)]
    found += [*_refunds(request, unit, biller), *_fees(unit, biller)]
    return [*found, *_cash(unit, told), *_days(unit, biller, told)]


def _order(text: str, url: str, label: str, detail: str = "") -> dict[str, str]:
    return {"text": text, "detail": detail, "url": url, "label": label}


def _unexplained(unit: Unit, biller: Biller, told: Standing) -> list[dict[str, str]]:
    if not told.problems:
        return []
    is_gap = any(each.code == "gap" for each in told.problems)
    url = reverse("desk:statement", args=[unit.uuid]) if is_gap else "#problems"
    label = _("Nhập sao kê") if is_gap else _("Xem từng chỗ")
    text = _("Tìm %(amount)s chưa giải thích") % {"amount": format_money(told.unexplained)}
    return [_order(text, url, label, told.problems[0].words)]


def _waiting(unit: Unit, told: Standing) -> list[dict[str, str]]:
    if not told.suspense_count:
        return []
    text = ngettext(
        "Xử lý %(count)s dòng tiền chờ, %(amount)s",
        "Xử lý %(count)s dòng tiền chờ, %(amount)s",
        told.suspense_count,
    ) % {"count": told.suspense_count, "amount": format_money(told.suspense_amount)}
    return [_order(text, reverse("desk:suspense", args=[unit.uuid]), _("Mở hàng chờ"))]


def _silent(unit: Unit, heard: list[Heard]) -> list[dict[str, str]]:
    silent = [bank_words(each.account) for each in heard if each.is_silent]
    if not silent:
        return []
    text = _("Lâu không có tin của %(bank)s") % {"bank": ", ".join(silent)}
    detail = _("Tải sao kê từ ngân hàng rồi nhập vào đây: không tin nhắn nào thay được sao kê.")
    return [_order(text, reverse("desk:statement", args=[unit.uuid]), _("Nhập sao kê"), detail)]


def _unread(request: StaffRequest, unit: Unit, biller: Biller) -> list[dict[str, str]]:
    count = set_aside(request.actor, biller).count()
    wrong = sum(strangers(request.actor, biller, now() - STRANGERS).values())
    if not count and not wrong:
        return []
    url = reverse("desk:unread", args=[unit.uuid, biller.uuid])
    if not count:
        text = _("Địa chỉ báo tin gắn nhầm: có tin của tài khoản khác")
        return [_order(text, url, _("Xem từng tin"))]
    text = ngettext(
        "%(count)s tin của ngân hàng chưa đọc được",
        "%(count)s tin của ngân hàng chưa đọc được",
        count,
    ) % {"count": count}
    return [_order(text, url, _("Xem từng tin"))]


def _without_statement(unit: Unit, heard: list[Heard]) -> list[dict[str, str]]:
    """Once a month the bank's own word is asked for, though a broker tells of every movement."""
    since = [(each, each.lacks_statement_since(today())) for each in heard]
    return [
        _order(
            _("Nhập sao kê của %(bank)s từ ngày %(day)s")
            % {"bank": bank_words(each.account), "day": format_day(day)},
            f"{reverse('desk:statement', args=[unit.uuid])}?account={each.account.uuid}",
            _("Nhập sao kê"),
            _("Tải sao kê từ ngân hàng rồi nhập vào đây: không tin nhắn nào thay được sao kê."),
        )
        for each, day in since
        if day
    ]


def _refunds(request: StaffRequest, unit: Unit, biller: Biller) -> list[dict[str, str]]:
    approved = tally_of(refunds_in([biller], (RefundState.APPROVED,)))
    if not approved.count:
        return []
    text = _("Trả lại %(amount)s đã duyệt") % {"amount": format_money(approved.amount)}
    return [_order(text, reverse("desk:refunds", args=[unit.uuid]), _("Mở trang trả lại"))]


def _fees(unit: Unit, biller: Biller) -> list[dict[str, str]]:
    found = paid_for_nothing(biller, since=now() - CONSIDERED_WITHIN)
    return [
        _order(
            _("Xem có phải trả lại %(amount)s phí hồ sơ không") % {"amount": format_money(charge.amount)},
            reverse("desk:charge", args=[unit.uuid, charge.uuid]),
            _("Mở khoản thu"),
            _("Hồ sơ dừng hoặc bị từ chối ngày %(day)s, phí đã trả. Mã khoản thu %(reference)s.")
            % {"day": format_day(ended_on), "reference": charge.reference},
        )
        for charge, ended_on in found[:MOST_FEES]
    ]


def _cash(unit: Unit, told: Standing) -> list[dict[str, str]]:
    url = _address("desk:cash", unit)
    held = sum(each.amount for each in told.collectors)
    if not held or not url:
        return []
    text = _("Nhận %(amount)s tiền mặt của người thu") % {"amount": format_money(held)}
    return [_order(text, url, _("Mở sổ tiền mặt"))]


def _days(unit: Unit, biller: Biller, told: Standing) -> list[dict[str, str]]:
    if told.closed_on is None or (today() - told.closed_on).days < 2:
        return []
    text = _("Khoá các ngày sau %(day)s") % {"day": format_day(told.closed_on)}
    return [_order(text, reverse("desk:days", args=[unit.uuid, biller.uuid]), _("Mở đối chiếu ngày"))]


def _address(name: str, unit: Unit) -> str:
    """ "" while the page is not there."""
    try:
        return reverse(name, args=[unit.uuid])
    except NoReverseMatch:
        return ""


@unit_page(VIEW, post=RECONCILE)
def alarm(request: StaffRequest, unit: Unit, alarm: UUID) -> HttpResponseBase:
    """POST: somebody has looked into it."""
    found = FeedAlarm.objects.filter(
        uuid=alarm, biller__unit=unit, biller__in=billers_for(request.actor, VIEW)
    )
    one = found.select_related("biller").first()
    if one is None:
        raise Http404
    if request.method == "POST":
        see_alarm(alarm=one, by=request.actor, at=now())
        messages.success(request, _("Đã ghi là đã xem."))
    return redirect("desk:money", unit=unit.uuid, biller=one.biller.uuid)
