"""Writing the trail, and sealing it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bakhong.audit.models import Event, Seal
from bakhong.audit.rules.chain import GENESIS, event_of, link
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_tuples

_LOCK = 0x5EA1_0001  # the advisory lock of the one sealer
_LOOK_BACK = 20_000


def record(
    *,
    by: Actor,
    at: datetime,
    deed: str,
    object_kind: str,
    object_id: object,
    place_id: int | None = None,
    **details: Any,
) -> Event:
    """Note a deed in the transaction that does it: one bare INSERT.

    `details` must be JSON (numbers as int or str, never float: other languages write floats differently) and hold no personal value.
    """
    return Event.objects.create(
        actor_id=by.id,
        at=at,
        deed=deed,
        object_kind=object_kind,
        object_id=str(object_id),
        place_id=place_id,
        details=details,
    )


def record_many(
    *,
    by: Actor,
    at: datetime,
    deed: str,
    object_kind: str,
    objects: Iterable[tuple[object, int | None]],
    **details: Any,
) -> None:
    """One event for each of many (object id, place id) that one deed concerns, in few statements."""
    insert_tuples(
        Event,
        ("at", "actor_id", "deed", "object_kind", "object_id", "place_id", "details"),
        [
            (at, by.id, deed, object_kind, str(object_id), place_id, details)
            for object_id, place_id in objects
        ],
    )


def seal(*, at: datetime, batch: int = 5000, everything: bool = False) -> int:
    """Number and hash committed events that have no seal yet; returns how many. 0 where another sealer is at work.

    Transactions commit out of order: an event with a lower id may appear after a higher one was sealed, and is then numbered after it.
    The chain says when we learned of it, the event when it happened. Only the last `_LOOK_BACK` ids are looked through,
    unless `everything`.
    """
    with transaction.atomic():
        if not _is_only_sealer():
            return 0
        last = Seal.objects.order_by("-number").first()
        number, head = (last.number, last.hash) if last else (0, GENESIS)
        events = Event.objects.filter(seal=None)
        if last and not everything:
            events = events.filter(id__gt=last.event_id - _LOOK_BACK)
        seals = []
        for event in events.order_by("id")[:batch]:
            number, head = number + 1, link(head, _hashed(event))
            seals.append(Seal(number=number, event=event, hash=head, sealed_at=at))
        Seal.objects.bulk_create(seals)
        return len(seals)


def _hashed(event: Event) -> dict[str, Any]:
    return event_of(
        uuid=event.uuid,
        at=event.at,
        actor_id=event.actor_id,
        deed=event.deed,
        object_kind=event.object_kind,
        object_id=event.object_id,
        place_id=event.place_id,
        details=event.details,
    )


def _is_only_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        row = cursor.fetchone()
        return bool(row and row[0])
