"""Lines that wait in suspense: what ends their waiting, and what makes them wait again. The item and the account move together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.payments import scope
from bakhong.payments.actions.posting import post, post_reversal
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Charge,
    Direction,
    Entry,
    EntryKind,
    LedgerAccount,
    LineState,
    SuspenseItem,
    SuspenseReason,
)
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.ledger import account
from bakhong.payments.queries.owners import owner_of
from bakhong.payments.rules.suspense import first_step


def hold_line(line: int) -> None:
    """The line (its key) is ours until this transaction ends. The line first, then its item: so nobody waits in a ring."""
    list(BankLine.objects.select_for_update().filter(pk=line).values_list("pk"))


def stop_waiting(lines: Sequence[int], *, outcome: str, state: LineState, by: Actor, at: datetime) -> None:
    """These lines (keys, held by who calls) are dealt with. Their entries are the caller's to make."""
    BankLine.objects.filter(pk__in=lines).update(state=state)
    SuspenseItem.objects.filter(line__in=lines, closed_at=None).update(
        outcome=outcome, closed_at=at, closed_by=by.id
    )


def wait_again(line: BankLine, *, charge: Charge | None, at: datetime) -> SuspenseItem:
    """The line is for nothing any more: somebody has to look at it again. Its age begins anew."""
    BankLine.objects.filter(pk=line.pk).update(state=LineState.SUSPENSE)
    reason = SuspenseReason.TAKEN_BACK
    item = SuspenseItem.objects.filter(line=line).first()
    if item is None:
        owner = owner_of(line.biller, day_of(at))
        item = SuspenseItem(biller=line.biller, line=line, owner=owner.id, owner_label=owner.label[:120])
    item.reason, item.charge, item.next_step, item.opened_at = reason, charge, first_step(reason), at
    item.outcome, item.closed_at, item.closed_by = "", None, ""
    item.save()
    return item


def move_waiting(
    line: BankLine,
    *,
    kind: EntryKind,
    to: LedgerAccount,
    by: Actor,
    at: datetime,
    outcome: str = "attributed",
) -> Entry:
    """Money of a held line goes from suspense where it belongs (money that went out: comes from there), and waits no longer.

    A line that waits again after it was booked so and undone is booked anew: each time has its own key.
    """
    turn = line.entries.filter(kind=kind).count() + 1
    suspense = account(line.biller, AccountKind.SUSPENSE)
    debit, credit = (suspense, to) if line.direction == Direction.IN else (to, suspense)
    made = post(
        biller=line.biller, kind=kind, debit=debit, credit=credit, amount=line.amount, on=day_of(at), by=by, at=at,
        key=f"{kind.value}:{line.uuid}:{turn}", line=line,
    )  # fmt: skip
    stop_waiting([line.pk], outcome=outcome, state=LineState.MATCHED, by=by, at=at)
    return made


def reverse(*, entry: Entry, why: str, by: Actor, at: datetime) -> Entry:
    """Undo an explanation or a difference of cash by its mirror, once; the line that was explained waits again.

    What a settlement, a deposit or a refund rests on is undone by undoing that; what the bank moved stays moved.
    Raises: NotAllowed; Refusal for any other entry, or without a reason.
    """
    require(RECONCILE, entry.biller, by=by)
    if entry.kind not in (EntryKind.EXPLAINED, EntryKind.DIFFERENCE):
        raise Refusal(_("Bút toán này không đảo riêng được; hãy huỷ việc đã tạo ra nó."))
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Hãy ghi lý do."))
    with scope.seeing([entry.biller_id]), transaction.atomic():
        line = (
            BankLine.objects.select_for_update(of=("self",)).select_related("biller").get(pk=entry.line_id)
            if entry.line_id
            else None
        )
        done = Entry.objects.filter(reverses=entry).first()
        if done is not None:
            return done
        made = post_reversal(entry, why=reason, by=by, at=at)
        if line is not None:
            wait_again(line, charge=None, at=at)
        audit.record(
            by=by,
            at=at,
            deed="payments.reverse_entry",
            object_kind="biller",
            object_id=entry.biller.uuid,
            place_id=entry.biller.unit_id,
            entry=entry.key,
            amount=entry.amount,
        )
    return made
