"""The inbox of one of the staff: whatever their role, the database shows them what they were told themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from bakhong.core.actor import Actor
from bakhong.people import scope

_STAFF = "staff:"


@contextmanager
def own_inbox(actor: Actor) -> Iterator[None]:
    """The connection shows what this member of staff was told and nobody else's rows; then what was seen before."""
    account, is_staff = actor.id.removeprefix(_STAFF), actor.id.startswith(_STAFF)
    with scope.holding(keys=[UUID(account)] if is_staff else []):
        yield
