"""What is odd about a feed is counted, told to the accountant (at most once an hour and kind), and stands until somebody has seen it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day
from bakhong.messaging.actions.sending import Recipient, send
from bakhong.payments.models import AlarmKind, BankAccount, FeedAlarm
from bakhong.payments.permissions import RECONCILE, require
from bakhong.payments.queries.owners import told_of

_MESSAGES = UUID("0192f1f0-6a5c-7c11-9d35-5d2e7a3f4b60")  # the name space of the messages' keys

# Money may be gone, or claimed that never came: whoever keeps the books is told where they are, not only where they look.
GRAVE = frozenset(
    {AlarmKind.FORGED, AlarmKind.GAP, AlarmKind.OTHER_BODY, AlarmKind.UNCONFIRMED, AlarmKind.FAULT}
)

_COUNT = """
INSERT INTO payments_feedalarm
    (uuid, biller_id, account_id, kind, hour, count, detail, first_at, last_at, seen_by, seen_by_label)
VALUES (%(uuid)s, %(biller)s, %(account)s, %(kind)s, date_trunc('hour', %(at)s::timestamptz), 1, %(detail)s, %(at)s, %(at)s, '', '')
ON CONFLICT (account_id, kind, hour) DO UPDATE
    SET count = payments_feedalarm.count + 1, last_at = greatest(payments_feedalarm.last_at, excluded.last_at)
RETURNING count
"""


def raise_alarm(
    *, account: BankAccount, kind: AlarmKind, detail: str = "", by: Actor = OPERATOR, at: datetime
) -> bool:
    """Count one more. True for the first of its hour, of which the trail knows, and the accountant will be told (`tell_alarms`)."""
    uuid = new_uuid()
    values: dict[str, Any] = {
        "uuid": uuid, "biller": account.biller_id, "account": account.pk, "kind": kind.value, "at": at, "detail": detail[:80],
    }  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, values)
            (count,) = cursor.fetchone() or (1,)
        if count > 1:
            return False
        audit.record(
            by=by,
            at=at,
            deed="payments.raise_alarm",
            object_kind="bank_account",
            object_id=account.uuid,
            place_id=account.biller.unit_id,
            kind=kind.value,
            detail=detail[:80],
        )
    return True


def tell_alarms(*, at: datetime, limit: int = 100) -> int:
    """Send whoever keeps the biller's books a message for each alarm nobody was told of; returns how many alarms."""
    with transaction.atomic():
        rows = FeedAlarm.objects.select_for_update(of=("self",), skip_locked=True).filter(told_at=None)
        alarms = list(rows.select_related("account", "biller__unit").order_by("pk")[:limit])
        for alarm in alarms:
            _tell(alarm, at)
        FeedAlarm.objects.filter(pk__in=[alarm.pk for alarm in alarms]).update(told_at=at)
    return len(alarms)


def _tell(alarm: FeedAlarm, at: datetime) -> None:
    """On the page of messages of each whose task it is; what is grave also by mail."""
    ways = ("inbox", "mail") if alarm.kind in GRAVE else ("inbox",)
    for to in told_of(alarm.biller, day_of(at)):
        send(
            key=uuid5(_MESSAGES, f"{alarm.uuid}:{to.id}"),
            template="feed_alarm",
            to=Recipient(actor_id=to.id, name=to.label, email=to.email),
            values={"code": alarm.account.number[-4:], "day": format_day(day_of(alarm.first_at))},
            about=("bank_account", alarm.account.uuid),
            unit=alarm.biller.unit,
            by=OPERATOR,
            at=at,
            channels=ways,
        )


def see_alarm(*, alarm: FeedAlarm, by: Actor, at: datetime) -> FeedAlarm:
    """Somebody who reconciles has looked into it; once more changes nothing.

    Raises: NotAllowed.
    """
    require(RECONCILE, alarm.biller, by=by)
    with transaction.atomic():
        held = FeedAlarm.objects.select_for_update(of=("self",)).select_related("biller").get(pk=alarm.pk)
        if held.seen_at is not None:
            return held
        held.seen_at, held.seen_by, held.seen_by_label = at, by.id, by.label[:120]
        held.save(update_fields=["seen_at", "seen_by", "seen_by_label"])
        audit.record(
            by=by,
            at=at,
            deed="payments.see_alarm",
            object_kind="feed_alarm",
            object_id=held.uuid,
            place_id=held.biller.unit_id,
        )
    return held
