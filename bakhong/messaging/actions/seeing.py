"""Saying that one has seen what one was told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.messaging.own import own_inbox
from bakhong.messaging.queries import unseen


def note_seen(*, messages: Collection[UUID], by: Actor, at: datetime) -> int:
    """These messages of one's own inbox count as seen; what is another's, or seen already, stays as it is. Returns how many."""
    with own_inbox(by), transaction.atomic():
        rows = list(unseen(by.id).filter(message__uuid__in=list(messages)).select_for_update(of=("self",)))
        for each in rows:
            each.seen_at = at
            each.save(update_fields=["seen_at"])
        audit.record_many(
            by=by,
            at=at,
            deed="messaging.note_seen",
            object_kind="message",
            objects=[(each.message.uuid, each.village_id) for each in rows],
        )
    return len(rows)
