"""An approved refund that has not gone is called off: everything stands again as before it was approved."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.errors import Conflict, Refusal
from bakhong.payments import scope
from bakhong.payments.actions.posting import post_reversal
from bakhong.payments.actions.refunding import held_refund, record_refund, require_other
from bakhong.payments.actions.settling import (
    came_at,
    held_charges,
    held_lines,
    pay,
    told_when_overtaken,
)
from bakhong.payments.actions.waiting import hold_line, pays_again, take_from_aside, wait_again
from bakhong.payments.actions.words import said
from bakhong.payments.models import (
    AccountKind,
    Charge,
    ChargeState,
    Entry,
    Method,
    Refund,
    RefundState,
    Settlement,
    SuspenseItem,
    SuspenseReason,
)


def call_off_refund(*, refund: Refund, why: str, by: Actor, at: datetime) -> Refund:
    """A wrong account, or the payer wants it otherwise: the money of an item waits again, a charge is paid as it was. Then it may be asked
    for anew.

    Raises: NotAllowed (also to who asked); Refusal without a reason; Conflict where it went, was called off, or a later one rests on it.
    """
    require_other(refund, by)
    reason = said(why, 300)
    if not reason:
        raise Refusal(_("Hãy ghi lý do."))
    with scope.seeing([refund.biller_id]), told_when_overtaken(), transaction.atomic():
        charge = held_charges([refund.charge_id])[0] if refund.charge_id else None
        if refund.item is not None:
            hold_line(refund.item.line_id)
        held = held_refund(refund, RefundState.APPROVED)
        if charge is not None:
            _back_to_charge(held, charge, reason, by, at)
        else:
            _back_to_item(held, reason, by, at)
        held.state, held.off_at, held.off_why = RefundState.OFF, at, reason
        held.off_by, held.off_by_label = by.id, by.label[:120]
        held.save(update_fields=["state", "off_at", "off_why", "off_by", "off_by_label"])
        record_refund(held, by, at, deed="payments.call_off_refund")
    return held


def _entry(refund: Refund, kind: str) -> Entry | None:
    return (
        Entry.objects.filter(key=f"{kind}:{refund.uuid}").select_related("biller", "line", "charge").first()
    )


def _back_to_item(refund: Refund, why: str, by: Actor, at: datetime) -> None:
    """The line waits again, for the reason it waited for."""
    assert refund.item_id is not None
    owed = _entry(refund, "refund")
    assert owed is not None
    item = SuspenseItem.objects.select_related("line__biller", "charge").get(pk=refund.item_id)
    post_reversal(owed, why=why, by=by, at=at)
    take_from_aside(item.line, refund.amount)
    wait_again(item.line, refund.amount, charge=item.charge, at=at, reason=SuspenseReason(item.reason))


def _back_to_charge(refund: Refund, charge: Charge, why: str, by: Actor, at: datetime) -> None:
    """A part is the charge's again; what ended the charge is undone, and it is paid as it was. Raises: Conflict."""
    part = _entry(refund, "refund")
    if part is None:
        _pay_again(refund, charge, why, by, at)
    elif charge.state == ChargeState.PAID:
        post_reversal(part, why=why, by=by, at=at)
    else:
        raise Conflict(_("Khoản này đã được trả lại hết; hãy huỷ duyệt lần trả lại sau cùng trước."))


def _pay_again(refund: Refund, charge: Charge, why: str, by: Actor, at: datetime) -> None:
    """The settlements that the approval undid are made anew, by the mirrors of their mirrors."""
    undone = list(
        charge.settlements.filter(taken_back__credit__kind=AccountKind.REFUND, taken_back__reversed_by=None)
        .select_related("taken_back__biller", "taken_back__line", "taken_back__charge", "line", "cash")
        .order_by("pk")
    )
    lines = {each.pk: each for each in held_lines(each.line_id for each in undone if each.line_id)}
    parts = _entry(refund, "refund-parts")
    if parts is not None:
        post_reversal(parts, why=why, by=by, at=at)
    made = []
    for each in undone:
        assert each.taken_back is not None
        if each.line_id is not None:
            pays_again(lines[each.line_id], each.amount)
        entry = post_reversal(each.taken_back, why=why, by=by, at=at)
        made.append(
            Settlement(
                charge=charge, line=each.line, cash=each.cash, biller_id=each.biller_id, amount=each.amount, entry=entry, at=at
            )
        )  # fmt: skip
    insert_many(made)
    charge.withdrawn_at, charge.withdrawn_why = None, ""
    charge.save(update_fields=["withdrawn_at", "withdrawn_why"])
    pay([(charge, *_how(undone, at))], by=by, at=at)


def _how(settled: list[Settlement], at: datetime) -> tuple[Method, datetime]:
    """By which way the money came, and when."""
    cash = next((each.cash for each in settled if each.cash is not None), None)
    if cash is not None:
        return Method.CASH, cash.at
    return Method.TRANSFER, max(came_at(each.line, at) for each in settled if each.line is not None)
