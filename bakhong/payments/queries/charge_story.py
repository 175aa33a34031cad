"""What happened to a charge, in order: raised, money that came or was counted, what was given for it, taken back, sent back, withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.accounts.queries import labels_of
from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import Charge, Helper, Receipt, Refund, Settlement, SuspenseItem
from bakhong.payments.rules.banks import bank_name


@dataclass(frozen=True)
class Moment:
    """`kind`: "done", "doing", "late" or "none", for the mark beside it. `item`: the line that waits, where it is about one."""

    at: datetime
    words: str
    kind: str = "none"
    by: str = ""
    item: UUID | None = None


def story(charge: Charge) -> list[Moment]:
    """The oldest first. The connection must see the money of the charge's biller."""
    found = [
        _made(charge),
        *_settled(charge),
        *_waited(charge),
        *(_named(each) for each in Helper.objects.filter(charge=charge)),
        *_receipts(charge),
        *(_refunded(each) for each in Refund.objects.filter(charge=charge)),
    ]
    if charge.withdrawn_at is not None:
        words = _("Đã huỷ: %(why)s") % {"why": charge.withdrawn_why}
        found.append(Moment(charge.withdrawn_at, words, "late"))
    return sorted(found, key=lambda each: each.at)


def _made(charge: Charge) -> Moment:
    words = _("Lập khoản thu")
    if charge.batch is not None:
        words = _("Lập theo danh sách “%(title)s”") % {"title": charge.batch.title}
    return Moment(charge.made_at, words, by=labels_of({charge.made_by}).get(charge.made_by, ""))


def _settled(charge: Charge) -> Iterator[Moment]:
    rows = Settlement.objects.filter(charge=charge).select_related("line__account", "cash")
    for each in rows:
        if each.line is not None:
            words = _("Ngân hàng báo có %(amount)s ngày %(day)s, vào %(bank)s") % {
                "amount": format_money(each.amount),
                "day": format_day(each.line.on),
                "bank": bank_name(each.line.account.bank_bin),
            }
            yield Moment(each.at, words, "done")
        elif each.cash is not None:
            words = _("Thu tiền mặt %(amount)s") % {"amount": format_money(each.amount)}
            yield Moment(each.at, words, "done", each.cash.collector_label or each.cash.by_label)
        if each.taken_back_at is not None:
            yield Moment(each.taken_back_at, _("Gỡ lần ghi nhận đã trả này"), "late")


def _waited(charge: Charge) -> Iterator[Moment]:
    for each in SuspenseItem.objects.filter(charge=charge).select_related("line"):
        words = _("Có %(amount)s vào nhưng phải chờ xử lý: %(why)s") % {
            "amount": format_money(each.line.amount),
            "why": each.get_reason_display(),
        }
        yield Moment(each.opened_at, words, "done" if each.closed_at else "late", item=each.uuid)


def _named(helper: Helper) -> Moment:
    relation = f" ({helper.relation})" if helper.relation else ""
    words = _("Người trả giúp: %(name)s") % {"name": helper.name + relation}
    return Moment(helper.said_at, words)


def _receipts(charge: Charge) -> Iterator[Moment]:
    for each in Receipt.objects.filter(charge=charge):
        number = {"number": each.number, "year": each.year}
        yield Moment(each.at, _("Xác nhận đã nhận tiền số %(number)s/%(year)s") % number, "done")
        if each.cancelled_at is not None:
            yield Moment(each.cancelled_at, _("Huỷ xác nhận số %(number)s/%(year)s") % number, "late")


def _refunded(refund: Refund) -> Moment:
    words = _("Đề nghị trả lại %(amount)s: %(state)s") % {
        "amount": format_money(refund.amount),
        "state": refund.get_state_display(),
    }
    return Moment(refund.asked_at, words, "doing", refund.asked_by_label)
