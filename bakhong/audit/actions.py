"""Writing the trail."""

from datetime import datetime
from typing import Any

from bakhong.audit.models import Event
from bakhong.core.actor import Actor


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
    """Note a deed in the transaction that does it. `details` must be JSON and hold no personal value."""
    return Event.objects.create(
        actor_id=by.id,
        at=at,
        deed=deed,
        object_kind=object_kind,
        object_id=str(object_id),
        place_id=place_id,
        details=details,
    )
