"""Accounts, days and ages of money in words."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bakhong.core.numbers import format_day
from bakhong.payments.models import AccountKind, BankAccount, LedgerAccount
from bakhong.payments.queries.overview import Heard, told_until
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.services import service_name
from bakhong.ui.figures import language


def bank_words(account: BankAccount) -> str:
    """The bank and the last four digits: enough to tell a biller's accounts apart."""
    return f"{bank_name(account.bank_bin)} …{account.number[-4:]}"


def account_words(account: LedgerAccount) -> str:
    """What people call an account of the ledger."""
    if account.kind == AccountKind.BANK and account.bank_account is not None:
        return _("Tiền gửi %(bank)s") % {"bank": bank_words(account.bank_account)}
    if account.kind == AccountKind.COLLECTOR:
        return _("Tiền mặt ở %(name)s") % {"name": account.label or _("người thu")}
    if account.kind == AccountKind.PURPOSE:
        return _("Đã thu: %(service)s") % {"service": service_name(account.service, language())}
    said = str(account.get_kind_display())
    return said[:1].upper() + said[1:]


def agreed_words(heard: Sequence[Heard]) -> tuple[str, str, str]:
    """(state, word, what it means) where bank and ledger do not differ: they agree only as far as the bank has told."""
    until = told_until(heard)
    if until is None:
        told = _("Chưa ngân hàng nào báo dòng tiền nào: chưa có gì để so. Nhập sao kê trước.")
        return "none", _("chưa có số liệu ngân hàng"), told
    if any(each.is_silent for each in heard):
        told = _("Sau ngày ấy chưa có tin đủ của ngân hàng. Nhập sao kê để so tiếp.")
        return "late", _("khớp đến ngày %(day)s") % {"day": format_day(until)}, told
    alone = [each for each in heard if each.is_broker_alone]
    if alone:
        return "done", _broker_agrees(alone), _no_statement(alone)
    return "done", _("khớp từng đồng"), _("Ngân hàng, sổ cái và khoản thu nói cùng một số.")


def _broker_agrees(alone: Sequence[Heard]) -> str:
    names = sorted({each.account.get_feed_display() for each in alone})
    return _("khớp với tin của %(brokers)s") % {"brokers": ", ".join(names)}


def _no_statement(alone: Sequence[Heard]) -> str:
    """A broker's word is not the bank's: said of each account since when there is nothing else."""
    said = [
        _("%(bank)s chưa có sao kê từ ngày %(day)s.")
        % {"bank": bank_words(each.account), "day": format_day(each.confirmed + timedelta(days=1))}
        if each.confirmed
        else _("%(bank)s chưa có sao kê nào.") % {"bank": bank_words(each.account)}
        for each in alone
    ]
    return " ".join(said)


def age_words(since: datetime, at: datetime) -> str:
    """
    >>> from datetime import UTC, timedelta
    >>> at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    >>> [age_words(at - timedelta(minutes=each), at) for each in (0, 5, 125, 60 * 50)]
    ['dưới 1 phút', '5 phút', '2 giờ', '2 ngày']
    """
    minutes = int((at - since).total_seconds() // 60)
    if minutes < 1:
        return _("dưới 1 phút")
    if minutes < 60:
        return ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}
    return ngettext("%(count)s ngày", "%(count)s ngày", hours // 24) % {"count": hours // 24}


def waited_words(since: date, on: date) -> str:
    """How long money has been there by the bank's day, whenever we learned of it.

    >>> waited_words(date(2026, 11, 22), date(2026, 11, 22)), waited_words(date(2026, 11, 2), date(2026, 11, 22))
    ('dưới 1 ngày', '20 ngày')
    """
    count = (on - since).days
    if count <= 0:
        return _("dưới 1 ngày")
    return ngettext("%(count)s ngày", "%(count)s ngày", count) % {"count": count}


def days_old(day: date, on: date) -> str:
    """
    >>> days_old(date(2026, 11, 22), date(2026, 11, 22)), days_old(date(2026, 11, 19), date(2026, 11, 22))
    ('hôm nay', '3 ngày trước')
    """
    count = (on - day).days
    if count <= 0:
        return _("hôm nay")
    return ngettext("%(count)s ngày trước", "%(count)s ngày trước", count) % {"count": count}
