"""What a source told and nobody could read: tried again, or left aside by somebody who says why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.core.tasks import enqueue
from bakhong.payments import scope
from bakhong.payments.actions.deliveries import READERS
from bakhong.payments.actions.words import said
from bakhong.payments.models import Delivery, DeliveryState
from bakhong.payments.permissions import RECONCILE, require

_WAITING = (DeliveryState.FAILED, DeliveryState.DROPPED)


def read_again(*, delivery: Delivery, by: Actor, at: datetime) -> Delivery:
    """It is worked on once more (a broker's), or waits for somebody again (a statement's row that was left aside).

    Raises: NotAllowed; Conflict when it was read meanwhile.
    """
    require(RECONCILE, delivery.biller, by=by)
    with scope.seeing([delivery.biller_id]), transaction.atomic():
        held = _held(delivery)
        is_brokers = held.source in READERS
        held.state = DeliveryState.NEW if is_brokers else DeliveryState.FAILED
        held.note = held.dropped_by = held.dropped_by_label = ""
        held.save(update_fields=["state", "note", "dropped_by", "dropped_by_label"])
        _record(held, by, at, deed="payments.read_again")
        if is_brokers:
            enqueue("payments.take_deliveries")
    return held


def drop(*, delivery: Delivery, why: str, by: Actor, at: datetime) -> Delivery:
    """It tells of no money of ours, or of money that was taken in another way: it waits no longer. Twice is once.

    Raises: NotAllowed; Conflict when it was read meanwhile; Refusal without a reason.
    """
    require(RECONCILE, delivery.biller, by=by)
    reason = said(why, 200)
    if len(reason) < 5:
        raise Refusal(_("Hãy ghi lý do (ít nhất 5 chữ cái)."))
    with scope.seeing([delivery.biller_id]), transaction.atomic():
        held = _held(delivery)
        if held.state == DeliveryState.DROPPED:
            return held
        held.state, held.note = DeliveryState.DROPPED, reason
        held.dropped_by, held.dropped_by_label = by.id, by.label[:120]
        held.save(update_fields=["state", "note", "dropped_by", "dropped_by_label"])
        _record(held, by, at, deed="payments.drop_delivery")
    return held


def _held(delivery: Delivery) -> Delivery:
    """Raises: Conflict."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("account", "biller")
    held = rows.get(pk=delivery.pk)
    if held.state not in _WAITING:
        raise Conflict(_("Tin này đã được đọc rồi; hãy tải lại trang."))
    return held


def _record(delivery: Delivery, by: Actor, at: datetime, *, deed: str) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="bank_account",
        object_id=delivery.account.uuid,
        place_id=delivery.biller.unit_id,
        delivery=delivery.pk,
        problem=delivery.problem,
    )
