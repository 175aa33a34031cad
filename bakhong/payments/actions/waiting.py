"""Lines that wait in suspense: what ends their waiting, and what makes them wait again. The item and the account move together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import one_of
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
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
from bakhong.payments.rules.suspense import RETURN, first_step

ATTRIBUTED = "attributed"  # how an item ends whose line is somebody's


def hold_line(line: int) -> None:
    """The line (its key) is ours until this transaction ends. The line first, then its item: so nobody waits in a ring."""
    list(BankLine.objects.select_for_update().filter(pk=line).values_list("pk"))


def stop_waiting(lines: Sequence[int], *, outcome: str, by: Actor, at: datetime) -> None:
    """All that waits of these lines (keys, held by who calls) is placed. Their entries are the caller's to make."""
    BankLine.objects.filter(one_of("pk", lines)).update(state=LineState.MATCHED)
    SuspenseItem.objects.filter(one_of("line", lines), closed_at=None).update(
        amount=0, outcome=outcome, closed_at=at, closed_by=by.id
    )


def place_part(line: BankLine, amount: int) -> None:
    """Of what waits of a held line a part is placed; the rest waits on, and is to go back."""
    SuspenseItem.objects.filter(line=line, closed_at=None).update(
        amount=F("amount") - amount, next_step=RETURN
    )


def set_aside(line: BankLine, amount: int, *, outcome: str, by: Actor, at: datetime, waits: bool) -> None:
    """So much of a held line is for no charge: it is explained, or goes back. `waits`: it was waiting, and all that was; else it paid."""
    item = SuspenseItem.objects.filter(line=line).first()
    if item is not None:
        item.aside += amount
        if waits:
            item.amount, item.outcome, item.closed_at, item.closed_by = 0, outcome, at, by.id
        elif item.closed_at is not None:
            item.outcome = outcome
        item.save(update_fields=["aside", "amount", "outcome", "closed_at", "closed_by"])
    BankLine.objects.filter(pk=line.pk).update(state=_state(line, item))


def take_from_aside(line: BankLine, amount: int) -> None:
    """What was set aside of a held line is so no more; its caller says where it is now."""
    SuspenseItem.objects.filter(line=line).update(aside=F("aside") - amount)


def pays_again(line: BankLine, amount: int) -> None:
    """What of a held line was set aside pays again; its settlement is the caller's to make, after this."""
    item = SuspenseItem.objects.filter(line=line).first()
    if item is not None:
        item.aside -= amount
        item.outcome = ATTRIBUTED if item.closed_at is not None else ""
        item.save(update_fields=["aside", "outcome"])
    is_waiting = item is not None and item.closed_at is None
    BankLine.objects.filter(pk=line.pk).update(state=LineState.SUSPENSE if is_waiting else LineState.MATCHED)


def _state(line: BankLine, item: SuspenseItem | None) -> LineState:
    if item is not None and item.closed_at is None:
        return LineState.SUSPENSE
    return LineState.MATCHED if line.settlements.filter(taken_back=None).exists() else LineState.EXPLAINED


def wait_again(
    line: BankLine,
    amount: int,
    *,
    charge: Charge | None,
    at: datetime,
    reason: SuspenseReason = SuspenseReason.TAKEN_BACK,
) -> SuspenseItem:
    """So much of the line is for nothing any more: somebody has to look at it again. Its age begins anew."""
    BankLine.objects.filter(pk=line.pk).update(state=LineState.SUSPENSE)
    item = SuspenseItem.objects.filter(line=line).first()
    if item is None:
        owner = owner_of(line.biller, day_of(at))
        item = SuspenseItem(biller=line.biller, line=line, owner=owner.id, owner_label=owner.label[:120])
    item.amount += amount
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
    outcome: str = ATTRIBUTED,
) -> Entry:
    """A held line goes from suspense, all of it, where it belongs (money that went out: comes from there), and waits no longer.

    Raises: Conflict where a part of it was placed already.
    A line that waits again after it was booked so and undone is booked anew: each time has its own key.
    """
    if not SuspenseItem.objects.filter(line=line, closed_at=None, amount=line.amount).exists():
        raise Conflict(_("Một phần dòng tiền này đã được ghi vào việc khác; hãy gỡ phần đó trước."))
    turn = line.entries.filter(kind=kind).count() + 1
    suspense = account(line.biller, AccountKind.SUSPENSE)
    debit, credit = (suspense, to) if line.direction == Direction.IN else (to, suspense)
    made = post(
        biller=line.biller, kind=kind, debit=debit, credit=credit, amount=line.amount, on=day_of(at), by=by, at=at,
        key=f"{kind.value}:{line.uuid}:{turn}", line=line,
    )  # fmt: skip
    stop_waiting([line.pk], outcome=outcome, by=by, at=at)
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
            take_from_aside(line, entry.amount)
            wait_again(line, entry.amount, charge=None, at=at)
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
