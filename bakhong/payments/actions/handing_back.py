"""A hand-over that was counted or typed wrong: the cash is the collector's again, and counted anew."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.payments import scope
from bakhong.payments.actions.cash import require_desk
from bakhong.payments.actions.posting import post_reversal
from bakhong.payments.actions.words import said
from bakhong.payments.models import AccountKind, Entry, EntryKind, HandOver, LedgerAccount
from bakhong.payments.queries.ledger import account


def undo_hand_over(*, hand_over: HandOver, why: str, by: Actor, at: datetime) -> HandOver:
    """Of the same day, while no cash left the desk since and the collector gave nothing again. Twice is once.

    Raises: NotAllowed (also to the collector); Refusal without a reason, or on another day; Conflict when the cash has moved.
    """
    require_desk(hand_over.biller, by=by, at=at)
    if by.id == hand_over.collector:
        raise NotAllowed(_("Người thu không tự nhận tiền của mình; nhờ kế toán hoặc người trực quầy đếm."))
    reason = said(why, 200)
    if not reason:
        raise Refusal(_("Hãy ghi lý do."))
    with scope.seeing([hand_over.biller_id]), transaction.atomic():
        theirs, cash = _held(hand_over)
        held = HandOver.objects.select_for_update(of=("self",)).select_related("biller").get(pk=hand_over.pk)
        if held.undone_at is not None:
            return held
        if day_of(held.at) != day_of(at):
            raise Refusal(_("Chỉ huỷ được trong ngày nhận. Sai thì ghi chênh lệch ở lần nộp sau."))
        entries = list(_entries(held))
        if _has_moved(held, entries, theirs, cash):
            raise Conflict(
                _("Sau lần nhận này quầy đã chi tiền hoặc người thu đã nộp lần nữa, không huỷ được.")
            )
        for each in entries:
            post_reversal(each, why=reason, by=by, at=at)
        held.undone_at, held.undone_by_label, held.undone_why = at, by.label[:120], reason
        held.save(update_fields=["undone_at", "undone_by_label", "undone_why"])
        audit.record(
            by=by,
            at=at,
            deed="payments.undo_hand_over",
            object_kind="hand_over",
            object_id=held.uuid,
            place_id=held.biller.unit_id,
            amount=held.amount,
            collector=held.collector,
        )
    return held


def _held(hand_over: HandOver) -> tuple[LedgerAccount, LedgerAccount]:
    """The collector's cash and the desk's: until this transaction ends nobody else takes from either."""
    asked = (
        account(hand_over.biller, AccountKind.COLLECTOR, collector=hand_over.collector),
        account(hand_over.biller, AccountKind.CASH),
    )
    rows = LedgerAccount.objects.select_for_update().filter(pk__in=[each.pk for each in asked])
    found = {each.pk: each for each in rows.order_by("pk")}
    return found[asked[0].pk], found[asked[1].pk]


def _entries(held: HandOver) -> list[Entry]:
    """Those that the hand-over posted, the last first."""
    rows = Entry.objects.filter(
        key__in=[f"hand_over:{held.uuid}:{part}" for part in ("cash", "short", "over")]
    )
    return list(rows.select_related("biller", "debit", "credit", "line", "charge").order_by("-pk"))


def _has_moved(held: HandOver, entries: list[Entry], theirs: LedgerAccount, cash: LedgerAccount) -> bool:
    last = max(each.pk for each in entries)
    counted = (
        EntryKind.HAND_OVER,
        EntryKind.DIFFERENCE,
    )  # another one undone took nothing that was not its own
    out = Entry.objects.filter(biller=held.biller, credit=cash, pk__gt=last).exclude(
        reverses__kind__in=counted
    )
    later = HandOver.objects.filter(
        biller=held.biller, collector=held.collector, pk__gt=held.pk, undone_at=None
    )
    return out.exists() or later.exists()
