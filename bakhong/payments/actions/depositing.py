"""Cash of the desk is brought to the bank, whose line says that it came; until then it may be undone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.payments import scope
from bakhong.payments.actions.cash import require_desk
from bakhong.payments.actions.posting import book_line, post, post_many, post_reversal
from bakhong.payments.actions.taking_back import require_cash
from bakhong.payments.actions.waiting import move_waiting
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    BankLine,
    Biller,
    Deposit,
    Direction,
    Entry,
    EntryKind,
    LedgerAccount,
    LineState,
)
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.ledger import account as ledger_account
from bakhong.payments.rules.references import DEPOSIT, new_reference


def deposit(
    *, biller: Biller, account: BankAccount, amount: int, key: UUID, by: Actor, at: datetime
) -> Deposit:
    """Cash of the desk is taken to the bank; its reference goes into the note of the deposit, by which the bank's line finds it.

    Raises: NotAllowed; Refusal for more than the desk has; Conflict for another's key.
    """
    require_desk(biller, by=by, at=at)
    if account.biller_id != biller.pk or not account.is_in_use:
        raise Refusal(
            _("Tài khoản này không phải của đơn vị thu, đã đóng, hoặc chưa có người thứ hai xác nhận.")
        )
    with scope.seeing([biller.pk]), transaction.atomic():
        cash = _desk(biller)
        known = Deposit.objects.filter(client_key=key).first()
        if known is not None:
            if (known.biller_id, known.account_id, known.amount) != (biller.pk, account.pk, amount):
                raise Conflict(_("Lần nộp này đã được ghi với số tiền khác; hãy tải lại trang."))
            return known
        require_cash(cash, amount)
        made = Deposit.objects.create(
            biller=biller,
            account=account,
            amount=amount,
            reference=new_reference(DEPOSIT),
            at=at,
            by=by.id,
            by_label=by.label[:120],
            client_key=key,
        )
        post(
            biller=biller, kind=EntryKind.DEPOSIT, debit=_transit(biller), credit=cash, amount=amount, on=day_of(at), by=by, at=at,
            key=f"deposit:{made.uuid}",
        )  # fmt: skip
        _record_deposit(made, by, at, deed="payments.deposit")
    return made


def deposit_arrived(*, deposit: Deposit, line: BankLine, by: Actor, at: datetime) -> Deposit:
    """The bank says that the cash came: a line into that account of exactly that amount, a new one or one that waits in suspense.

    Raises: NotAllowed; Refusal when it is another account or amount; Conflict when either is not free any more.
    """
    require(RECONCILE, deposit.biller, by=by)
    with scope.seeing([deposit.biller_id]), transaction.atomic():
        held = Deposit.objects.select_for_update(of=("self",)).select_related("biller").get(pk=deposit.pk)
        rows = BankLine.objects.select_for_update(of=("self",)).select_related("biller", "account")
        row: BankLine = rows.get(pk=line.pk)
        if held.line_id == row.pk:
            return held
        if (
            held.line_id is not None
            or held.undone_at is not None
            or row.state not in (LineState.NEW, LineState.SUSPENSE)
        ):
            raise Conflict(_("Khoản này đã được xử lý rồi; hãy tải lại trang."))
        if (row.account_id, row.amount, row.direction) != (held.account_id, held.amount, Direction.IN):
            raise Refusal(_("Dòng tiền không đúng tài khoản hoặc số tiền của lần nộp này."))
        if row.state == LineState.SUSPENSE:
            move_waiting(row, kind=EntryKind.DEPOSITED, to=_transit(held.biller), by=by, at=at)
        else:
            told = book_line(row, kind=EntryKind.DEPOSITED, against=_transit(held.biller))
            post_many([told], by=by, at=at)
            BankLine.objects.filter(pk=row.pk).update(state=LineState.MATCHED)
        held.line = row
        held.save(update_fields=["line"])
        _record_deposit(held, by, at, deed="payments.deposit_arrived")
    return held


def undo_deposit(*, deposit: Deposit, why: str, by: Actor, at: datetime) -> Deposit:
    """It was typed wrong, or the cash was not taken to the bank after all: it is at the desk. Twice is once.

    Raises: NotAllowed; Refusal without a reason; Conflict when the bank has said that it came.
    """
    require_desk(deposit.biller, by=by, at=at)
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Hãy ghi lý do."))
    with scope.seeing([deposit.biller_id]), transaction.atomic():
        held = Deposit.objects.select_for_update(of=("self",)).select_related("biller").get(pk=deposit.pk)
        if held.undone_at is not None:
            return held
        if held.line_id is not None:
            raise Conflict(_("Ngân hàng đã báo có lần nộp này, không huỷ được nữa."))
        brought = Entry.objects.select_related("biller", "line", "charge").get(key=f"deposit:{held.uuid}")
        post_reversal(brought, why=reason, by=by, at=at)
        held.undone_at, held.undone_by, held.undone_why = at, by.id, reason
        held.save(update_fields=["undone_at", "undone_by", "undone_why"])
        _record_deposit(held, by, at, deed="payments.undo_deposit")
    return held


def _desk(biller: Biller) -> LedgerAccount:
    cash = ledger_account(biller, AccountKind.CASH)
    LedgerAccount.objects.select_for_update().get(pk=cash.pk)
    return cash


def _transit(biller: Biller) -> LedgerAccount:
    return ledger_account(biller, AccountKind.TRANSIT)


def _record_deposit(made: Deposit, by: Actor, at: datetime, *, deed: str) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="deposit",
        object_id=made.uuid,
        place_id=made.biller.unit_id,
        amount=made.amount,
    )
