"""Money that goes back: asked for by one person, approved by another, sent by the bank (its line says so) or given in cash at the desk."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.text import is_storable, squeeze
from bakhong.payments import scope
from bakhong.payments.actions.cash import require_desk
from bakhong.payments.actions.posting import book_line, post, post_many
from bakhong.payments.actions.settling import held_charges, told_when_overtaken
from bakhong.payments.actions.taking_back import require_cash, undo_payment
from bakhong.payments.actions.waiting import hold_line, move_waiting, set_aside
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Charge,
    ChargeState,
    Direction,
    EntryKind,
    LedgerAccount,
    LineState,
    Refund,
    RefundState,
    SuspenseItem,
)
from bakhong.payments.permissions import APPROVE, RECONCILE, REFUND, require
from bakhong.payments.queries.ledger import account
from bakhong.payments.rules.banks import banks
from bakhong.payments.rules.references import REFUND as PREFIX
from bakhong.payments.rules.references import new_reference
from bakhong.payments.sealed import seal, unseal
from bakhong.payments.signals import charge_reopened

REFUNDED = "refunded"  # how a suspense item ends whose money goes back
_LIVE = (RefundState.ASKED, RefundState.APPROVED, RefundState.SENT)


def ask_refund(
    *,
    item: SuspenseItem | None = None,
    charge: Charge | None = None,
    amount: int,
    to_name: str,
    to_bank_bin: str = "",
    to_account: str = "",
    why: str,
    key: UUID,
    by: Actor,
    at: datetime,
) -> Refund:
    """Ask that the money of a suspense item goes back (all of it), or what a charge was paid with (all or a part).

    Without an account it is given back in cash at the desk. Nothing moves before it is approved. The same key and words give the first.
    Raises: NotAllowed; Refusal; Conflict when there is nothing to give back any more, or for the same key with other words.
    """
    about = item or charge
    assert about is not None, "a refund is of something"
    require(REFUND, about.biller, by=by)
    _check(to_name, to_bank_bin, to_account, why)
    asked = Refund(
        biller=about.biller,
        charge=charge,
        item=item,
        amount=amount,
        to_name=squeeze(to_name),
        to_bank_bin=to_bank_bin,
        why=squeeze(why),
        client_key=key,
    )
    with scope.seeing([about.biller_id]), told_when_overtaken(), transaction.atomic():
        if charge is not None:
            held_charges([charge.pk])
        if item is not None:
            hold_line(item.line_id)
        known = Refund.objects.filter(client_key=key).first()
        if known is not None:
            return _same(known, asked, to_account)
        _require_there(item, charge, amount)
        asked.reference = new_reference(PREFIX)
        asked.asked_at, asked.asked_by, asked.asked_by_label = at, by.id, by.label[:120]
        if to_account:
            asked.to_account = seal(to_account, _sealed_for(asked))
        asked.save(force_insert=True)
        record_refund(asked, by, at, deed="payments.ask_refund")
    return asked


def approve_refund(*, refund: Refund, by: Actor, at: datetime) -> Refund:
    """Somebody else than who asked says yes: the money is owed to the payer from now on. A charge paid back whole is withdrawn.

    Raises: NotAllowed (also to who asked); Conflict when it was decided already, or there is nothing to give back any more.
    """
    require_other(refund, by)
    with scope.seeing([refund.biller_id]), told_when_overtaken(), transaction.atomic():
        charge = held_charges([refund.charge_id])[0] if refund.charge_id else None
        if refund.item is not None:
            hold_line(refund.item.line_id)
        held = held_refund(refund, RefundState.ASKED)
        owed = account(held.biller, AccountKind.REFUND)
        if charge is not None:
            _require_paid(charge, held.amount, besides=held)
            _owe_of_charge(held, charge, owed, by, at)
        else:
            _owe_of_item(held, owed, by, at)
        _decide(held, RefundState.APPROVED, "", by, at)
        record_refund(held, by, at, deed="payments.approve_refund")
    return held


def refuse_refund(*, refund: Refund, why: str, by: Actor, at: datetime) -> Refund:
    """Raises: NotAllowed (also to who asked); Refusal without a reason; Conflict when it was decided already."""
    require_other(refund, by)
    reason = said(why, 300)
    if not reason:
        raise Refusal(_("Hãy ghi lý do không duyệt."))
    with scope.seeing([refund.biller_id]), transaction.atomic():
        held = held_refund(refund, RefundState.ASKED)
        _decide(held, RefundState.REFUSED, reason, by, at)
        record_refund(held, by, at, deed="payments.refuse_refund")
    return held


def refund_sent(*, refund: Refund, line: BankLine, by: Actor, at: datetime) -> Refund:
    """The bank says that the money went: a line out of exactly that amount, a new one or one that waits in suspense.

    Raises: NotAllowed; Refusal when it is another amount; Conflict when either is not free any more.
    """
    require(RECONCILE, refund.biller, by=by)
    with scope.seeing([refund.biller_id]), told_when_overtaken(), transaction.atomic():
        rows = BankLine.objects.select_for_update(of=("self",)).select_related("biller", "account")
        row: BankLine = rows.get(pk=line.pk)
        known = Refund.objects.get(pk=refund.pk)
        if known.line_id == row.pk:
            return known
        held = held_refund(refund, RefundState.APPROVED)
        if row.state not in (LineState.NEW, LineState.SUSPENSE):
            raise Conflict(_("Khoản này đã được xử lý rồi; hãy tải lại trang."))
        if (row.biller_id, row.amount, row.direction) != (held.biller_id, held.amount, Direction.OUT):
            raise Refusal(_("Dòng tiền ra không đúng số tiền phải trả lại."))
        owed = account(held.biller, AccountKind.REFUND)
        if row.state == LineState.SUSPENSE:
            move_waiting(row, kind=EntryKind.REFUNDED, to=owed, by=by, at=at)
        else:
            post_many([book_line(row, kind=EntryKind.REFUNDED, against=owed)], by=by, at=at)
            BankLine.objects.filter(pk=row.pk).update(state=LineState.MATCHED)
        held.line, held.account, held.state = row, row.account, RefundState.SENT
        held.save(update_fields=["line", "account", "state"])
        record_refund(held, by, at, deed="payments.refund_sent")
    return held


def refund_in_cash(*, refund: Refund, by: Actor, at: datetime) -> Refund:
    """The money of an approved refund without an account is given back at the desk.

    Raises: NotAllowed; Refusal where it goes to an account, or the desk has not that much; Conflict when it went already.
    """
    require_desk(refund.biller, by=by, at=at)
    with scope.seeing([refund.biller_id]), transaction.atomic():
        held = held_refund(refund, RefundState.APPROVED)
        if held.to_account is not None:
            raise Refusal(_("Khoản này được duyệt trả vào tài khoản, không trả bằng tiền mặt."))
        cash = account(held.biller, AccountKind.CASH)
        LedgerAccount.objects.select_for_update().get(pk=cash.pk)
        require_cash(cash, held.amount)
        post(
            biller=held.biller, kind=EntryKind.REFUNDED, debit=account(held.biller, AccountKind.REFUND), credit=cash, amount=held.amount,
            on=day_of(at), by=by, at=at, key=f"refunded:{held.uuid}", charge=held.charge,
        )  # fmt: skip
        held.state = RefundState.SENT
        held.save(update_fields=["state"])
        record_refund(held, by, at, deed="payments.refund_in_cash")
    return held


def _check(to_name: str, to_bank_bin: str, to_account: str, why: str) -> None:
    """Raises: Refusal."""
    name, reason = squeeze(to_name), squeeze(why)
    if not name or len(name) > 120 or not is_storable(name):
        raise Refusal(_("Hãy ghi tên người nhận lại tiền (nhiều nhất 120 ký tự)."))
    if not reason or len(reason) > 300 or not is_storable(reason):
        raise Refusal(_("Hãy ghi lý do trả lại tiền (nhiều nhất 300 ký tự)."))
    if bool(to_bank_bin) != bool(to_account):
        raise Refusal(_("Chọn ngân hàng và ghi số tài khoản, hoặc bỏ trống cả hai để trả tiền mặt."))
    is_account = to_account.isascii() and to_account.isalnum() and 5 <= len(to_account) <= 19
    if to_account and (to_bank_bin not in banks() or not is_account):
        raise Refusal(_("Số tài khoản hoặc ngân hàng chưa đúng."))


def _require_there(item: SuspenseItem | None, charge: Charge | None, amount: int) -> None:
    """Raises: Refusal, Conflict."""
    if amount < 1:
        raise Refusal(_("Số tiền phải từ 1 đồng."))
    if charge is not None:
        _require_paid(charge, amount)
        return
    assert item is not None
    held = SuspenseItem.objects.select_for_update(of=("self",)).select_related("line").get(pk=item.pk)
    if held.closed_at is not None or Refund.objects.filter(item=held, state=RefundState.ASKED).exists():
        raise Conflict(_("Khoản này đã được xử lý rồi, hoặc đã có đề nghị trả lại."))
    if held.line.direction != Direction.IN or held.amount != amount:
        raise Refusal(_("Tiền chờ xử lý được trả lại nguyên vẹn, đúng số đang chờ."))


def _require_paid(charge: Charge, amount: int, *, besides: Refund | None = None) -> None:
    """The charge is paid, and so much of it was not given back yet. Raises: Conflict, Refusal."""
    charge.refresh_from_db(fields=["state"])
    if charge.state != ChargeState.PAID:
        raise Conflict(_("Khoản này chưa trả hoặc đã huỷ, không có gì để trả lại."))
    live = Refund.objects.filter(charge=charge, state__in=_LIVE)
    others = live.exclude(pk=besides.pk) if besides is not None else live
    before = others.aggregate(sum=Sum("amount"))["sum"] or 0
    if amount > charge.amount - before:
        raise Refusal(_("Số tiền trả lại lớn hơn số còn lại của khoản đã trả."))


_WORDS = ("biller_id", "item_id", "charge_id", "amount", "to_name", "to_bank_bin", "why")


def _same(known: Refund, asked: Refund, to_account: str) -> Refund:
    """Of all that was asked: with a corrected account, the first one must not be taken for it. Raises: Conflict."""
    before = unseal(known.to_account, _sealed_for(known)) if known.to_account else ""
    is_same = all(getattr(known, name) == getattr(asked, name) for name in _WORDS)
    if not is_same or before != to_account:
        raise Conflict(_("Đề nghị này đã được gửi với nội dung khác; hãy tải lại trang."))
    return known


def _sealed_for(refund: Refund) -> str:
    return f"payments_refund.to_account:{refund.uuid}"


def require_other(refund: Refund, by: Actor) -> None:
    """Raises: NotAllowed."""
    require(APPROVE, refund.biller, by=by)
    if refund.asked_by == by.id:
        raise NotAllowed(_("Người đề nghị không tự duyệt; cần một người khác."))


def held_refund(refund: Refund, state: RefundState) -> Refund:
    """Raises: Conflict."""
    rows = Refund.objects.select_for_update(of=("self",)).select_related("biller", "charge", "item")
    held: Refund = rows.get(pk=refund.pk)
    if held.state != state:
        raise Conflict(_("Đề nghị này đã được xử lý rồi; hãy tải lại trang."))
    return held


def _owe_of_charge(refund: Refund, charge: Charge, owed: LedgerAccount, by: Actor, at: datetime) -> None:
    """All of it, at once or by the last part: what paid the charge is undone, and it is asked for no more. A part: it stays paid."""
    purpose = account(charge.biller, AccountKind.PURPOSE, service=charge.service, label=charge.service)
    parts = charge.refunds.filter(state__in=(RefundState.APPROVED, RefundState.SENT)).exclude(pk=refund.pk)
    before = parts.aggregate(sum=Sum("amount"))["sum"] or 0
    if before + refund.amount < charge.amount:
        _owe(refund, purpose, owed, by, at)
        return
    if before:
        # Undoing owes the whole amount; these parts of it are owed, or went, already.
        post(
            biller=charge.biller, kind=EntryKind.REFUND, debit=owed, credit=purpose, amount=before, on=day_of(at), by=by, at=at,
            key=f"refund-parts:{refund.uuid}", charge=charge,
        )  # fmt: skip
    for each in undo_payment(charge, why=refund.why, by=by, at=at, to=owed):
        if each.line is not None:
            set_aside(each.line, each.amount, outcome=REFUNDED, by=by, at=at, waits=False)
    charge.state, charge.method, charge.paid_at = ChargeState.WITHDRAWN, "", None
    charge.withdrawn_at, charge.withdrawn_why = at, refund.why[:200]
    charge.save(update_fields=["state", "method", "paid_at", "withdrawn_at", "withdrawn_why"])
    charge_reopened.send(sender=Charge, charge=charge, by=by, at=at)


def _owe_of_item(refund: Refund, owed: LedgerAccount, by: Actor, at: datetime) -> None:
    """Raises: Conflict."""
    assert refund.item_id is not None
    item = SuspenseItem.objects.select_for_update(of=("self",)).select_related("line").get(pk=refund.item_id)
    if item.closed_at is not None or item.amount != refund.amount:
        raise Conflict(_("Khoản này đã được xử lý cách khác; hãy bác đề nghị trả lại."))
    _owe(refund, account(refund.biller, AccountKind.SUSPENSE), owed, by, at, line=item.line)
    set_aside(item.line, refund.amount, outcome=REFUNDED, by=by, at=at, waits=True)


def _owe(
    refund: Refund,
    out_of: LedgerAccount,
    owed: LedgerAccount,
    by: Actor,
    at: datetime,
    line: BankLine | None = None,
) -> None:
    post(
        biller=refund.biller, kind=EntryKind.REFUND, debit=out_of, credit=owed, amount=refund.amount, on=day_of(at), by=by, at=at,
        key=f"refund:{refund.uuid}", line=line, charge=refund.charge,
    )  # fmt: skip


def _decide(refund: Refund, state: RefundState, why: str, by: Actor, at: datetime) -> None:
    refund.state, refund.decided_why, refund.decided_at = state, why, at
    refund.decided_by, refund.decided_by_label = by.id, by.label[:120]
    refund.save(update_fields=["state", "decided_why", "decided_at", "decided_by", "decided_by_label"])


def record_refund(refund: Refund, by: Actor, at: datetime, *, deed: str) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="refund",
        object_id=refund.uuid,
        place_id=refund.biller.unit_id,
        amount=refund.amount,
    )
