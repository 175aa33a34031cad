"""Whose personal rows the database shows: row-level security reads these two settings of the connection.

`app.villages` is a list of units, `app.nationwide` is "on" for workers and the operator. Neither set: no row is there. This is the
second wall; the first is `objects.for_user(actor)`, with which every list starts.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator

VIEW = "people.view"
_SETTINGS = "SELECT current_setting('app.villages', true) AS villages, current_setting('app.nationwide', true) AS flag"


def villages_of(actor: Actor) -> frozenset[int] | None:
    """The units whose people this actor may see: former ones of the area too. None: everywhere (the operator)."""
    if isinstance(actor, Operator):
        return None
    if not isinstance(actor, StaffActor):
        return frozenset()
    # One actor a request, and the map is read for the first question only.
    known: frozenset[int] | None = actor.__dict__.get("_people_units")
    if known is None:
        places = actor.places_where(VIEW)
        known = covered_ids(places, actor.on) if places else frozenset()
        actor.__dict__["_people_units"] = known
    return known


def open_to(villages: Collection[int] | None) -> None:
    """From now on this connection sees the people of these units (None: all). Ends with `close`, or with the transaction rolled back."""
    listed = "{" + ",".join(map(str, sorted(villages or ()))) + "}"
    _set(listed, "on" if villages is None else "off")


def close() -> None:
    """This connection sees nobody any more. Safe on a connection that is closed or whose transaction failed."""
    if connection.connection is not None and not connection.needs_rollback:
        _set("{}", "off")


@contextmanager
def seeing(actor: Actor) -> Iterator[None]:
    """For a command, a worker or a test: see what the actor may see, then what was seen before."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        before = cursor.fetchone() or (None, None)
    open_to(villages_of(actor))
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _set(before[0] or "{}", before[1] or "off")


def _set(villages: str, flag: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.villages', %s, false), set_config('app.nationwide', %s, false)",
            [villages, flag],
        )
