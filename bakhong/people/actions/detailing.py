"""Keeping what a procedure ended with, or what a register said, so that nobody asks for it again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.people.models import Detail, DetailSource, Person
from bakhong.people.permissions import EDIT, require
from bakhong.people.queries.details import (
    details_of,
    has_ended,
    rank,
    sealed_for_detail,
    standing_details,
    value_of,
)
from bakhong.people.queries.doubles import who_they_are
from bakhong.people.rules.dictionary import agree, dictionary, fits, tidy, valid_to


def record_details(
    *,
    person: Person,
    values: Mapping[str, Any],
    source: str,
    origin: tuple[str, UUID] | None,
    true_on: date,
    by: Actor,
    at: datetime,
    permission: str | None = EDIT,
    key: UUID | None = None,
) -> list[Detail]:
    """What a source says of a person, by names of the dictionary; returns the rows that were added.

    What stands already, said by as good a source and no shorter valid, changes nothing. `origin`: what it came from, ("dossier", uuid).
    `permission` None: the caller has asked. `key`: the same key again gives the rows of the first time.

    Raises: NotAllowed; NotFound; Refusal for a name that is none, a value of another shape or a day to come; Conflict when the key was
    used for somebody else.
    """
    if permission is not None:
        require(permission, person.village_id, by=by)
    known = dictionary()
    values = {name: tidy(known[name], value) if name in known else value for name, value in values.items()}
    _check(values, source, true_on, day_of(at))
    with transaction.atomic():
        locked = _locked(person)
        if key is not None and (earlier := _sent_before(key, values, locked)):
            return earlier
        stands = standing_details(locked, true_on, values.keys())
        rows = [
            _row(locked, name, value, source, origin, true_on, by, at, key)
            for name, value in values.items()
            if not _changes_nothing(name, value, source, true_on, stands.get(name, ()))
        ]
        for row in rows:
            row.save(force_insert=True)
        if rows:
            _note(by, at, "people.record_details", locked, origin, len(rows))
    return rows


def retract_details(*, origin: tuple[str, UUID], person: Person, by: Actor, at: datetime) -> list[Detail]:
    """Take back everything that came from one origin about a person: its result was wrong or is revoked. Twice changes nothing.

    The caller has asked whether the actor may. Raises: NotFound.
    """
    kind, uuid = origin
    with transaction.atomic():
        locked = _locked(person)
        rows = [each for each in details_of(locked) if (each.origin_kind, each.origin) == (kind, uuid)]
        back = [
            Detail.objects.create(
                person_id=each.person_id,
                village_id=locked.village_id,
                key=each.key,
                true_on=each.true_on,
                source=each.source,
                origin_kind=kind,
                origin=uuid,
                learned_at=at,
                recorded_by=by.id,
                retracts=each,
            )
            for each in rows
        ]
        if back:
            _note(by, at, "people.retract_details", locked, origin, len(back))
    return back


def _check(values: Mapping[str, Any], source: str, true_on: date, today: date) -> None:
    assert source in DetailSource.values, source
    known = dictionary()
    for name, value in values.items():
        if name not in known or not fits(known[name], value):
            raise Refusal(_("Không ghi được “%(name)s”: giá trị không đúng dạng.") % {"name": _label(name)})
    if true_on > today:
        raise Refusal(_("Không ghi được điều chỉ đúng từ một ngày sau này."))


def _label(name: str) -> str:
    entry = dictionary().get(name)
    return entry.label() if entry else name[:40]


def _locked(person: Person) -> Person:
    """Who they are (of a double: the one kept), so that two results at once see each other."""
    pk = who_they_are([person.pk])[person.pk]
    found: Person | None = Person.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise NotFound(_("Không có người này."))
    return found


def _sent_before(key: UUID, values: Mapping[str, Any], person: Person) -> list[Detail]:
    """The rows of the same call made before. A call that added none adds none again, unless something else was said in between."""
    keys = [uuid5(key, name) for name in values]
    rows = list(Detail.objects.filter(client_key__in=keys).order_by("pk"))
    if rows and set(who_they_are({row.person_id for row in rows}).values()) != {person.pk}:
        raise Conflict(_("Việc này đã ghi cho một người khác."))
    return rows


def _changes_nothing(name: str, value: Any, source: str, true_on: date, stands: Sequence[Detail]) -> bool:
    if not stands or has_ended(stands[0], true_on):
        return False
    entry, held = dictionary()[name], stands[0]
    until, ends = valid_to(entry, true_on), held.valid_to
    is_longer = until is not None and ends is not None and until > ends
    return agree(entry, value_of(held), value) and rank(held.source) <= rank(source) and not is_longer


def _row(
    person: Person,
    name: str,
    value: Any,
    source: str,
    origin: tuple[str, UUID] | None,
    true_on: date,
    by: Actor,
    at: datetime,
    key: UUID | None,
) -> Detail:
    entry, uuid = dictionary()[name], new_uuid()
    return Detail(
        uuid=uuid,
        person=person,
        village_id=person.village_id,
        key=name,
        value=None if entry.is_sensitive else value,
        sealed=sealed_for_detail(value, uuid) if entry.is_sensitive else None,
        true_on=true_on,
        valid_to=valid_to(entry, true_on),
        source=source,
        origin_kind=origin[0] if origin else "",
        origin=origin[1] if origin else None,
        learned_at=at,
        recorded_by=by.id,
        client_key=uuid5(key, name) if key else None,
    )


def _note(
    by: Actor, at: datetime, deed: str, person: Person, origin: tuple[str, UUID] | None, count: int
) -> None:
    audit.record(
        by=by,
        at=at,
        deed=deed,
        object_kind="person",
        object_id=person.uuid,
        place_id=person.village_id,
        count=count,
        **({"origin": f"{origin[0]}:{origin[1]}"} if origin else {}),
    )
