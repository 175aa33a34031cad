"""Reading the trail, and checking that nobody has touched it."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from bakhong.audit.models import Event, Seal
from bakhong.audit.rules.chain import GENESIS, link

_CHUNK = 2000
# The database writes moments and ids as `rules.chain.event_of` does, which reads a long trail faster.
_CHAIN = """
SELECT s.number, s.hash, e.uuid::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
       e.actor_id, e.deed, e.object_kind, e.object_id, e.place_id, e.details::text
  FROM audit_seal s JOIN audit_event e ON e.id = s.event_id ORDER BY s.number"""


@dataclass(frozen=True)
class Broken:
    """Where the chain first fails. `reason`: "missing" (a number is skipped or an event is gone), "changed" (the hash differs)."""

    number: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """`events` = `sealed` + `unsealed`. `head` is "number:hash" of the last seal, to print and compare with later."""

    ok: bool
    events: int
    sealed: int
    unsealed: int
    head: str
    first_broken: Broken | None
    expected_head_found: bool | None = None


@dataclass(frozen=True)
class Link:
    """One sealed event: its place in the chain, the hash stored there, the event as it is now."""

    number: int
    hash: str
    event: dict[str, Any]


def chain() -> Iterator[Link]:
    """Every seal in order with its event, streamed; memory does not grow with the trail."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_CHAIN)
        while rows := cursor.fetchmany(_CHUNK):
            for number, hash_, uuid, at, actor, deed, kind, object_id, place, details in rows:
                event = {
                    "actor": actor,
                    "at": at,
                    "deed": deed,
                    "details": json.loads(details),
                    "kind": kind,
                    "object": object_id,
                    "place": place,
                    "uuid": uuid,
                }
                yield Link(number, hash_, event)


def verify(expected_head: str = "") -> Verification:
    """Walk the whole chain.

    `expected_head`: a "number:hash" noted earlier; only with it is a tail cut off, or a chain written anew, found.
    """
    number, head, first_broken = 0, GENESIS, None
    wanted_number, _, wanted_hash = expected_head.partition(":")
    is_found = None if not expected_head else False
    for each in chain():
        first_broken = first_broken or _check(each, number + 1, head)
        number, head = each.number, each.hash
        if is_found is False and str(number) == wanted_number:
            is_found = head == wanted_hash
    if first_broken is None and Seal.objects.filter(number__gt=number).exists():
        # The last seals have no event any more, so that the join left them out.
        first_broken = Broken(number + 1, "missing")
    events = Event.objects.count()
    unsealed = Event.objects.filter(seal=None).count()
    return Verification(
        ok=first_broken is None and is_found is not False,
        events=events,
        sealed=events - unsealed,
        unsealed=unsealed,
        head=f"{number}:{head}",
        first_broken=first_broken,
        expected_head_found=is_found,
    )


def _check(each: Link, expected_number: int, previous: str) -> Broken | None:
    if each.number != expected_number:
        return Broken(expected_number, "missing")
    return None if link(previous, each.event) == each.hash else Broken(each.number, "changed")


def head() -> str:
    """ "number:hash" of the last seal."""
    last = Seal.objects.order_by("-number").values_list("number", "hash").first()
    return f"{last[0]}:{last[1]}" if last else f"0:{GENESIS}"


def events_of(kind: str, uuid: UUID, deed: str, *, since: datetime) -> QuerySet[Event]:
    """What was done to one object in one way, from a moment on, in order."""
    return Event.objects.filter(object_kind=kind, object_id=str(uuid), deed=deed, at__gte=since).order_by(
        "at", "pk"
    )


def events_at(
    place_ids: Collection[int],
    *,
    with_placeless: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    deed: str = "",
    actor_id: str = "",
) -> QuerySet[Event]:
    """Events at these places, newest first; `with_placeless` adds those that belong to no place."""
    found = Event.objects.filter(place_id__in=place_ids)
    if with_placeless:
        found = found | Event.objects.filter(place_id=None)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if deed:
        found = found.filter(deed=deed)
    if actor_id:
        found = found.filter(actor_id=actor_id)
    return found.order_by("-at", "-id")
