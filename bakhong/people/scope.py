"""Whose personal rows the database shows: row-level security reads these settings of the connection.

`app.villages` is a list of units, `app.nationwide` is "on" for workers and the operator. A resident's connection is opened in another way:
`app.person` is the one person it is about, `app.keys` the uuids of the drafts and dossiers its holder has the code of. None set: no row
is there. This is the second wall; the first is `objects.for_user(actor)`, with which every list of the staff starts.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator

VIEW = "people.view"
_NAMES = ("app.villages", "app.nationwide", "app.person", "app.keys")
_CLOSED = ("{}", "off", "", "{}")
# What was set before, and what is set now, in one statement: OFFSET 0 has the former read first.
_READ = ", ".join("current_setting(%s, true)" for _ in _NAMES)
_WRITE = ", ".join("set_config(%s, %s, false)" for _ in _NAMES)
_EXCHANGE = "SELECT held.*, " + _WRITE + " FROM (SELECT " + _READ + " OFFSET 0) held"  # noqa: S608 – only names above

_shown: ContextVar[tuple[str, ...]] = ContextVar("people_shown", default=_CLOSED)


def shown() -> tuple[str, ...]:
    """What was set last: two answers of the database are comparable where it was the same. No proof of what the connection shows."""
    return _shown.get()


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


def open_to(
    villages: Collection[int] | None, *, person: int | None = None, keys: Collection[UUID] = ()
) -> None:
    """From now on this connection sees the people of these units (None: all), this one person, and what has one of these keys.

    Ends with `close`, or with the transaction rolled back.
    """
    _set(_settings(villages, person, keys))


def _settings(
    villages: Collection[int] | None, person: int | None, keys: Collection[UUID]
) -> tuple[str, ...]:
    """In the order of `_NAMES`."""
    return (
        "{" + ",".join(map(str, sorted(villages or ()))) + "}",
        "on" if villages is None else "off",
        "" if person is None else str(person),
        "{" + ",".join(map(str, keys)) + "}",
    )


def close() -> None:
    """This connection sees nobody any more. Safe on a connection that is closed or whose transaction failed."""
    if connection.connection is not None and not connection.needs_rollback:
        _set(_CLOSED)


@contextmanager
def seeing(actor: Actor) -> Iterator[None]:
    """For a command, a worker or a test: see what the actor may see, then what was seen before."""
    with _opened(villages_of(actor)):
        yield


@contextmanager
def holding(*, person: int | None = None, keys: Collection[UUID] = ()) -> Iterator[None]:
    """For a resident's page: see this one person and what has one of these keys, nothing else; then what was seen before."""
    with _opened((), person=person, keys=keys):
        yield


@contextmanager
def admitting(place_id: int) -> Iterator[None]:
    """While an action writes about somebody it was handed: rows of their place too, besides what was seen before.

    Row-level security refuses a row of a place the connection is not opened to, whoever asks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(nullif(current_setting('app.villages', true), ''), '{}')")
        (before,) = cursor.fetchone() or ("{}",)
        both = before[:-1] + ("," if before != "{}" else "") + f"{place_id}" + "}"
        cursor.execute("SELECT set_config('app.villages', %s, false)", [both])
    held = _shown.get()
    _shown.set((both, *held[1:]))
    try:
        yield
    finally:
        _shown.set(held)
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.villages', %s, false)", [before])


@contextmanager
def _opened(
    villages: Collection[int] | None, *, person: int | None = None, keys: Collection[UUID] = ()
) -> Iterator[None]:
    wanted = _settings(villages, person, keys)
    with connection.cursor() as cursor:
        cursor.execute(
            _EXCHANGE, [*(each for pair in zip(_NAMES, wanted, strict=True) for each in pair), *_NAMES]
        )
        held = (cursor.fetchone() or ())[: len(_NAMES)]
    before = tuple(value or closed for value, closed in zip(held, _CLOSED, strict=True))
    _shown.set(wanted)
    try:
        yield
    finally:
        _shown.set(before)
        if before != wanted and connection.connection is not None and not connection.needs_rollback:
            _set(before)


def _set(values: Sequence[str]) -> None:
    _shown.set(tuple(values))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + _WRITE, [each for pair in zip(_NAMES, values, strict=True) for each in pair]
        )
