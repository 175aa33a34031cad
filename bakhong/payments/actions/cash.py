"""Cash: taken for one charge at the desk or by a collector, handed over against a count."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor, Operator
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.numbers import format_money
from bakhong.payments import scope
from bakhong.payments.actions.charging import name_helper
from bakhong.payments.actions.posting import NewEntry, post_many
from bakhong.payments.actions.settling import cash_account, held_charges, settle_by_cash, told_when_overtaken
from bakhong.payments.actions.taking_back import undo_payment
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    Biller,
    CashPayment,
    Charge,
    ChargeState,
    Duty,
    EntryKind,
    HandOver,
    LedgerAccount,
    RefundState,
)
from bakhong.payments.permissions import COLLECT, RECONCILE, billers_for, memberships, require
from bakhong.payments.queries.bills import waiting_for
from bakhong.payments.queries.ledger import account, balance, last_hand_over
from bakhong.payments.rules.notes import BadCount, total
from bakhong.payments.signals import charge_reopened


def take_cash(
    *,
    charge: Charge,
    key: UUID,
    by: Actor,
    at: datetime,
    collector: bool = False,
    helper_name: str = "",
    helper_relation: str = "",
    despite_waiting: bool = False,
) -> CashPayment:
    """The whole of a charge in cash, which pays it at once; at the desk, or by a collector who holds it until it is handed over.

    `key` is the sender's: the same again gives the first. `helper_name`: who pays in the payer's stead. `despite_waiting`: it was seen that
    the bank has money for this charge which waits.
    Raises: NotAllowed; Refusal while money waits for it and nobody said so; Conflict when the charge is not to be paid any more, or the
    key was used for another.
    """
    if collector:
        _require_round(charge, by, at)
    else:
        require_desk(charge.biller, by=by, at=at)
    with scope.seeing([charge.biller_id]), told_when_overtaken(), transaction.atomic():
        rows = Charge.objects.select_for_update(of=("self",)).select_related("biller")
        held: Charge = rows.get(pk=charge.pk)
        known = CashPayment.objects.filter(client_key=key).first()
        if known is not None:
            return _same_cash(known, held, by)
        if held.state == ChargeState.OPEN and not despite_waiting:
            _require_nothing_waits(held)
        if held.state == ChargeState.OPEN and helper_name.strip():
            name_helper(charge=held, name=helper_name, relation=helper_relation, is_staff=False, by=by, at=at)
        cash = CashPayment(
            biller=held.biller,
            charge=held,
            amount=held.amount,
            collector=by.id if collector else "",
            collector_label=by.label[:120] if collector else "",
            at=at,
            by=by.id,
            by_label=by.label[:120],
            client_key=key,
        )
        if collector:
            _hold(cash_account(cash))
        _insert_cash(cash)
        settle_by_cash(charge=held, cash=cash, by=by, at=at)
        audit.record(
            by=by,
            at=at,
            deed="payments.take_cash",
            object_kind="cash_payment",
            object_id=cash.uuid,
            place_id=held.village_id,
            charge=str(held.uuid),
            collector=collector,
        )
    return cash


def undo_cash(*, cash: CashPayment, by: Actor, at: datetime) -> Charge:
    """A collector pressed at the wrong name: theirs of the same day, before it was handed over. The charge is open again; twice is once.

    Raises: NotAllowed for another's; Refusal for another day's, or what was handed over: the accountant takes that back.
    """
    if not cash.collector or cash.collector != by.id:
        raise NotAllowed(_("Chỉ người đã thu mới gỡ được lần thu này."))
    require(COLLECT, cash.biller, by=by)
    with scope.seeing([cash.biller_id]), told_when_overtaken(), transaction.atomic():
        charge = held_charges([cash.charge_id])[0]
        theirs = cash_account(cash)
        _hold(theirs)
        settlement = cash.settlements.filter(taken_back=None).first()
        if settlement is None:
            return charge
        is_paid_back = charge.refunds.exclude(state__in=(RefundState.REFUSED, RefundState.OFF)).exists()
        is_gone = settlement.entry_id <= last_hand_over(theirs)
        if is_gone or is_paid_back or day_of(cash.at) != day_of(at):
            raise Refusal(_("Chỉ gỡ được trong ngày và trước khi nộp về quầy. Hãy nhờ kế toán gỡ."))
        undo_payment(charge, why=_("Người thu ghi nhầm"), by=by, at=at)
        charge.state, charge.method, charge.paid_at = ChargeState.OPEN, "", None
        charge.save(update_fields=["state", "method", "paid_at"])
        audit.record(
            by=by,
            at=at,
            deed="payments.undo_cash",
            object_kind="cash_payment",
            object_id=cash.uuid,
            place_id=charge.village_id,
            charge=str(charge.uuid),
        )
        charge_reopened.send(sender=Charge, charge=charge, by=by, at=at)
    return charge


def hand_over(
    *,
    biller: Biller,
    collector: str,
    counted: Mapping[int, int],
    note: str,
    key: UUID,
    by: Actor,
    at: datetime,
    label: str = "",
) -> HandOver:
    """A collector's cash comes to the desk: `counted` is note → how many. All that is on the sheet is theirs no longer; what the count
    lacks, or has too much, stands as a difference with its reason.

    Raises: NotAllowed (also to the collector); Refusal for a difference without a reason, or nothing to hand over; Conflict.
    """
    require_desk(biller, by=by, at=at)
    if by.id == collector:
        raise NotAllowed(_("Người thu không tự nhận tiền của mình; nhờ kế toán hoặc người trực quầy đếm."))
    try:
        amount = total(counted)
    except BadCount:
        raise Refusal(_("Số tờ tiền chưa đúng; hãy đếm lại từng mệnh giá.")) from None
    with scope.seeing([biller.pk]), transaction.atomic():
        theirs = account(biller, AccountKind.COLLECTOR, collector=collector, label=label)
        _hold(theirs)
        sheet = {str(value): count for value, count in sorted(counted.items(), reverse=True) if count}
        known = HandOver.objects.filter(client_key=key).first()
        if known is not None:
            return _same_hand_over(known, biller, collector, sheet)
        made = HandOver(
            biller=biller,
            collector=collector,
            collector_label=theirs.label,
            expected=balance(theirs),
            counted=sheet,
            amount=amount,
            note=said(note, 300),
            at=at,
            received_by=by.id,
            received_by_label=by.label[:120],
            client_key=key,
        )
        _require_told(made)
        made.save(force_insert=True)
        post_many(_entries(made, theirs), by=by, at=at)
        audit.record(
            by=by,
            at=at,
            deed="payments.hand_over",
            object_kind="hand_over",
            object_id=made.uuid,
            place_id=biller.unit_id,
            expected=made.expected,
            amount=made.amount,
            collector=collector,
        )
    return made


def require_desk(biller: Biller, *, by: Actor, at: datetime) -> None:
    """Whoever takes cash at the desk is no collector of this biller, unless they keep its books: one's own round is handed over.

    Raises: NotAllowed.
    """
    require(COLLECT, biller, by=by)
    if isinstance(by, Operator) or billers_for(by, RECONCILE).filter(pk=biller.pk).exists():
        return
    if memberships(by, day_of(at)).filter(biller=biller, duty=Duty.COLLECTOR).exists():
        raise NotAllowed(_("Người đi thu không ghi tiền tại quầy; hãy ghi ở trang thu tiền của mình."))


def _require_round(charge: Charge, by: Actor, at: datetime) -> None:
    """A collector takes what is owed in the villages of their round; where none are listed, everywhere. Raises: NotAllowed."""
    require(COLLECT, charge.biller, by=by)
    rounds = list(memberships(by, day_of(at)).filter(biller=charge.biller, duty=Duty.COLLECTOR))
    here = (charge.village_id, charge.biller.unit_id)
    if rounds and not any(
        not each.villages or here[0] in each.villages or here[0] == here[1] for each in rounds
    ):
        raise NotAllowed(_("Khoản này ở thôn khác với thôn được giao thu."))


def _require_nothing_waits(charge: Charge) -> None:
    """Whoever sent a part of it would pay twice. Raises: Refusal."""
    came = sum(each.amount for each in waiting_for(charge) if not each.is_asked)
    if came:
        raise Refusal(
            _(
                "Ngân hàng đã nhận %(came)s cho khoản này, đang chờ kế toán xử lý. "
                "Vẫn thu đủ bằng tiền mặt thì đánh dấu “đã biết” rồi bấm lại."
            )
            % {"came": format_money(came)}
        )


def _hold(account: LedgerAccount) -> None:
    """Until this transaction ends nobody else takes from or hands over this cash."""
    LedgerAccount.objects.select_for_update().get(pk=account.pk)


def _insert_cash(cash: CashPayment) -> None:
    try:
        with transaction.atomic():
            cash.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("Lần thu này đã được ghi cho khoản khác; hãy tải lại trang.")) from None


def _same_cash(known: CashPayment, charge: Charge, by: Actor) -> CashPayment:
    if (known.charge_id, known.by) != (charge.pk, by.id):
        raise Conflict(_("Lần thu này đã được ghi cho khoản khác; hãy tải lại trang."))
    return known


def _same_hand_over(known: HandOver, biller: Biller, collector: str, counted: Mapping[str, int]) -> HandOver:
    if (known.biller_id, known.collector, known.counted) != (biller.pk, collector, counted):
        raise Conflict(_("Lần nộp này đã được ghi với số khác; hãy tải lại trang."))
    return known


def _require_told(made: HandOver) -> None:
    """Raises: Refusal."""
    if made.expected == 0 and made.amount == 0:
        raise Refusal(_("Người này không còn giữ tiền mặt nào để nộp."))
    if made.amount != made.expected and not made.note:
        raise Refusal(
            _("Đếm được %(counted)s, theo sổ là %(expected)s. Hãy ghi lý do chênh lệch rồi lưu.")
            % {"counted": format_money(made.amount), "expected": format_money(made.expected)}
        )


def _entries(made: HandOver, theirs: LedgerAccount) -> list[NewEntry]:
    """What was counted goes to the desk; what is missing of the sheet, or beyond it, is a difference."""
    cash = account(made.biller, AccountKind.CASH)
    difference = account(made.biller, AccountKind.DIFFERENCE)
    moved, beyond = min(made.amount, made.expected), made.amount - made.expected
    told = [
        (EntryKind.HAND_OVER, cash, theirs, moved, "cash"),
        (EntryKind.DIFFERENCE, difference, theirs, -beyond, "short"),
        (EntryKind.DIFFERENCE, cash, difference, beyond, "over"),
    ]
    return [
        NewEntry(made.biller, kind, debit, credit, amount, day_of(made.at), f"hand_over:{made.uuid}:{part}", note=made.note)
        for kind, debit, credit, amount, part in told
        if amount > 0
    ]  # fmt: skip
