"""Money that no rule could place: it stands in the suspense account, and somebody has a next step, until it is put where it belongs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many, one_of
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.tasks import enqueue
from bakhong.payments.actions.posting import NewEntry, book_line, post, post_many
from bakhong.payments.actions.settling import settle_by_lines, settle_from_line, told_when_overtaken
from bakhong.payments.actions.waiting import hold_line, set_aside
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Biller,
    Charge,
    Direction,
    EntryKind,
    LedgerAccount,
    LineState,
    Settlement,
    SuspenseItem,
)
from bakhong.payments.permissions import RECONCILE, billers_for, require
from bakhong.payments.queries.ledger import account
from bakhong.payments.queries.owners import Owner, owner_of
from bakhong.payments.rules.suspense import ADD_UP, STEPS, first_step, is_whole

EXPLAINED = "explained"  # how an item ends whose money was for no charge


class _Opening:
    """What the lines of one biller that go to suspense have in common, asked for once."""

    def __init__(self, biller: Biller, at: datetime) -> None:
        self.owner: Owner = owner_of(biller, day_of(at))
        self.suspense: LedgerAccount = account(biller, AccountKind.SUSPENSE)
        self.banks: dict[int, LedgerAccount] = {}

    def entry(self, line: BankLine) -> NewEntry:
        kind = EntryKind.SUSPENDED if line.direction == Direction.IN else EntryKind.PAID_OUT
        made = book_line(line, kind=kind, against=self.suspense, bank=self.banks.get(line.account_id))
        self.banks[line.account_id] = made.debit if line.direction == Direction.IN else made.credit
        return made

    def item(self, line: BankLine, reason: str, charge: int | None, at: datetime) -> SuspenseItem:
        return SuspenseItem(
            biller_id=line.biller_id,
            line=line,
            amount=line.amount,
            reason=reason,
            charge_id=charge,
            owner=self.owner.id,
            owner_label=self.owner.label[:120],
            next_step=first_step(reason),
            opened_at=at,
        )


def suspend(
    waiting: Sequence[tuple[BankLine, str, int | None]], *, by: Actor, at: datetime
) -> list[SuspenseItem]:
    """Lines nothing was booked for yet, each with a reason and the charge it seems to be for (its key): booked, and given to somebody.

    For the matcher, in its transaction; the lines are held by it.
    """
    openings: dict[int, _Opening] = {}
    for line, _reason, _charge in waiting:
        if line.biller_id not in openings:
            openings[line.biller_id] = _Opening(line.biller, at)
    post_many([openings[line.biller_id].entry(line) for line, *_more in waiting], by=by, at=at)
    items = [openings[line.biller_id].item(line, reason, charge, at) for line, reason, charge in waiting]
    insert_many(items)
    rows = BankLine.objects.filter(one_of("pk", (line.pk for line, *_more in waiting)))
    rows.update(state=LineState.SUSPENSE)
    for charge in sorted({each.charge_id for each in items if each.charge_id and each.reason == "underpaid"}):
        _tell_whole(charge)
    return items


def _tell_whole(charge: int) -> None:
    """What came in parts is the whole now: whoever has the items is told to put it together. Nothing is paid without them."""
    parts = SuspenseItem.objects.filter(charge=charge, reason="underpaid", closed_at=None)
    owed = Charge.objects.filter(pk=charge).values_list("amount", flat=True).first()
    if owed and is_whole(list(parts.values_list("amount", flat=True)), owed):
        parts.update(next_step=ADD_UP)


def assign(*, item: SuspenseItem, owner: User, by: Actor, at: datetime) -> SuspenseItem:
    """Give an item to somebody who reconciles for the biller.

    Raises: NotAllowed; Conflict when it is closed; Refusal when that person may not.
    """
    require(RECONCILE, item.biller, by=by)
    with transaction.atomic():
        held = _held([item])[0]
        other = StaffActor(owner, day_of(at))
        if not billers_for(other, RECONCILE).filter(pk=held.biller_id).exists():
            raise Refusal(_("Người này không đối soát tiền của đơn vị thu. Hãy chọn người khác."))
        held.owner, held.owner_label = other.id, other.label[:120]
        held.save(update_fields=["owner", "owner_label"])
        _record(held, by, at, deed="payments.assign_suspense", owner=other.id)
        if other.id != by.id:
            enqueue("payments.tell_given", item=str(held.uuid))
    return held


def set_step(*, item: SuspenseItem, step: str, note: str = "", by: Actor, at: datetime) -> SuspenseItem:
    """Say what is done next (a code of rules/suspense.py), and why.

    Raises: NotAllowed; Conflict when it is closed; Refusal for a step that is none.
    """
    require(RECONCILE, item.biller, by=by)
    if step not in STEPS:
        raise Refusal(_("Hãy chọn việc làm tiếp trong danh sách."))
    kept = said(note, 300)
    with transaction.atomic():
        held = _held([item])[0]
        held.next_step, held.note = step, kept
        held.save(update_fields=["next_step", "note"])
        _record(held, by, at, deed="payments.step_suspense", step=step)
    return held


def attribute(*, items: Sequence[SuspenseItem], charge: Charge, by: Actor, at: datetime) -> list[Settlement]:
    """The money of these items is for this charge: its amount exactly, all together. Once more gives the same.

    Raises: NotAllowed; Conflict; settling.NotExact.
    """
    for item in items:
        require(RECONCILE, item.biller, by=by)
    with told_when_overtaken(), transaction.atomic():
        settled = settle_by_lines(charge=charge, lines=[item.line for item in items], by=by, at=at)
        for item in items:
            _record(item, by, at, deed="payments.attribute", charge=str(charge.uuid), amount=item.amount)
    return settled


def split(*, item: SuspenseItem, charges: Sequence[Charge], by: Actor, at: datetime) -> list[Settlement]:
    """Each of these charges is paid by its own amount of the item's money; what is left waits on, to go back. Once more gives the same.

    Raises: NotAllowed; Refusal without a charge; settling.NotExact where more is owed than waits; Conflict.
    """
    require(RECONCILE, item.biller, by=by)
    if not charges:
        raise Refusal(_("Chọn ít nhất một khoản thu."))
    with told_when_overtaken(), transaction.atomic():
        settled = settle_from_line(charges=charges, line=item.line, by=by, at=at)
        told = [str(each.uuid) for each in charges]
        _record(
            item, by, at, deed="payments.split", charges=told, amount=sum(each.amount for each in settled)
        )
    return settled


def explain(*, item: SuspenseItem, why: str, by: Actor, at: datetime) -> SuspenseItem:
    """The money is for no charge (interest, a bank's fee, a transfer between own accounts): it leaves suspense with a reason.

    Raises: NotAllowed; Conflict when it is closed; Refusal without a reason.
    """
    require(RECONCILE, item.biller, by=by)
    reason = said(why, 200)
    if len(reason) < 5:
        raise Refusal(_("Hãy ghi rõ số tiền này là gì (ít nhất 5 chữ cái)."))
    with told_when_overtaken(), transaction.atomic():
        hold_line(item.line_id)
        held = _held([item])[0]
        line = held.line
        turn = (
            line.entries.filter(kind=EntryKind.EXPLAINED).count() + 1
        )  # an explanation may have been undone
        suspense, other = account(held.biller, AccountKind.SUSPENSE), account(held.biller, AccountKind.OTHER)
        debit, credit = (suspense, other) if line.direction == Direction.IN else (other, suspense)
        post(
            biller=held.biller, kind=EntryKind.EXPLAINED, debit=debit, credit=credit, amount=held.amount,
            on=day_of(at), by=by, at=at, key=f"explained:{held.uuid}:{turn}", line=line, note=reason,
        )  # fmt: skip
        set_aside(line, held.amount, outcome=EXPLAINED, by=by, at=at, waits=True)
        SuspenseItem.objects.filter(pk=held.pk).update(note=reason)
        _record(held, by, at, deed="payments.explain", amount=held.amount)
        held.refresh_from_db()
    return held


def _held(items: Sequence[SuspenseItem]) -> list[SuspenseItem]:
    """Raises: Conflict."""
    rows = SuspenseItem.objects.select_for_update(of=("self",)).select_related("biller", "line")
    held = list(rows.filter(pk__in=[item.pk for item in items]).order_by("pk"))
    if any(each.closed_at for each in held):
        raise Conflict(_("Khoản này đã được xử lý rồi; hãy tải lại trang."))
    return held


def _record(item: SuspenseItem, by: Actor, at: datetime, *, deed: str, **details: object) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="suspense_item",
        object_id=item.uuid,
        place_id=item.biller.unit_id,
        **details,
    )
