"""What paid a charge is undone by entries of its own: it was another's, or the money goes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.numbers import format_money
from bakhong.payments import scope
from bakhong.payments.actions.posting import post_reversal
from bakhong.payments.actions.receipts import cancel_receipts
from bakhong.payments.actions.settling import held_charges, held_lines, told_when_overtaken
from bakhong.payments.actions.waiting import wait_again
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    Charge,
    ChargeState,
    LedgerAccount,
    RefundState,
    Settlement,
)
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.ledger import account, balance, last_hand_over
from bakhong.payments.signals import charge_reopened


def take_back(*, settlement: Settlement, why: str, by: Actor, at: datetime) -> Charge:
    """The payment that this settlement is part of was not for this charge: all of it is taken back, and the charge is open again.

    Lines wait in suspense again; cash is given back from where it lies. The confirmation is cancelled. Twice is once.
    Raises: NotAllowed; Refusal without a reason, or where the desk has not that much cash; Conflict where a part is paid back or asked for.
    """
    require(RECONCILE, settlement.biller, by=by)
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Hãy ghi lý do."))
    with scope.seeing([settlement.biller_id]), told_when_overtaken(), transaction.atomic():
        held = held_charges([settlement.charge_id])[0]
        settlement.refresh_from_db(fields=["taken_back"])
        if settlement.taken_back_id is not None:
            return held
        if held.refunds.filter(state__in=(RefundState.APPROVED, RefundState.SENT)).exists():
            raise Conflict(_("Một phần khoản này đã được duyệt trả lại, nên không gỡ được nữa."))
        # Else it would be approved of whatever pays the charge next.
        if held.refunds.filter(state=RefundState.ASKED).exists():
            raise Conflict(
                _("Có đề nghị trả lại tiền của khoản này đang chờ duyệt; hãy bác đề nghị đó trước.")
            )
        for each in undo_payment(held, why=reason, by=by, at=at):
            if each.line is not None:
                wait_again(each.line, each.amount, charge=held, at=at)
        held.state, held.method, held.paid_at = ChargeState.OPEN, "", None
        held.save(update_fields=["state", "method", "paid_at"])
        audit.record(
            by=by,
            at=at,
            deed="payments.take_back",
            object_kind="charge",
            object_id=held.uuid,
            place_id=held.village_id,
            amount=held.amount,
        )
        charge_reopened.send(sender=Charge, charge=held, by=by, at=at)
    return held


def undo_payment(
    charge: Charge, *, why: str, by: Actor, at: datetime, to: LedgerAccount | None = None
) -> list[Settlement]:
    """The entries that undo what paid a held charge, within a deed that then says what the charge is: open, or withdrawn.

    The money leaves the purpose for `to`, by default for where it is looked at again: suspense, or the hand that holds the cash.
    Raises: Refusal where the desk has not that much cash.
    """
    rows = charge.settlements.select_for_update(of=("self",)).filter(taken_back=None)
    standing = list(
        rows.select_related("entry__biller", "entry__credit", "line__biller", "cash__biller").order_by("id")
    )
    held_lines(each.line_id for each in standing if each.line_id)
    for each in standing:
        back = to or _back_to(each)
        each.taken_back = post_reversal(
            each.entry, why=why, by=by, at=at, debit=each.entry.credit, credit=back
        )
        each.taken_back_at = at
        each.save(update_fields=["taken_back", "taken_back_at"])
    cancel_receipts(charge, why=why, by=by, at=at)
    return standing


def _back_to(settlement: Settlement) -> LedgerAccount:
    """Suspense for a line; for cash the collector who still holds it, else the desk. Raises: Refusal."""
    if settlement.cash is None:
        return account(settlement.biller, AccountKind.SUSPENSE)
    held = LedgerAccount.objects.select_for_update().get(pk=settlement.entry.debit_id)
    if held.kind == AccountKind.COLLECTOR and settlement.entry_id > last_hand_over(held):
        return held
    desk = account(settlement.biller, AccountKind.CASH)
    require_cash(LedgerAccount.objects.select_for_update().get(pk=desk.pk), settlement.amount)
    return desk


def require_cash(cash: LedgerAccount, amount: int) -> None:
    """The desk has that much; its account is held. Raises: Refusal."""
    there = balance(cash)
    if amount < 1:
        raise Refusal(_("Số tiền phải từ 1 đồng."))
    if amount > there:
        raise Refusal(
            _("Sổ quỹ tiền mặt tại quầy chỉ có %(there)s; hãy đếm lại.") % {"there": format_money(there)}
        )
