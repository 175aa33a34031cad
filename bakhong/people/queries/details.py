"""The details of a person: opened, and what stands of them on a day."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from bakhong.people.models import Detail, DetailSource, Person
from bakhong.people.queries.doubles import with_doubles
from bakhong.people.sealed import seal, unseal

# Whom to believe of two who say something of the same day; a result was decided and signed.
_RANK = (
    DetailSource.RESULT,
    DetailSource.REGISTER,
    DetailSource.CARD,
    DetailSource.OFFICER,
    DetailSource.RESIDENT,
)


def sealed_for_detail(value: Any, uuid: object) -> bytes:
    return seal(json.dumps(value, ensure_ascii=False), _column(uuid))


def value_of(detail: Detail) -> Any:
    """The value, opened where it is sealed; None of a retraction and of what was erased."""
    return json.loads(unseal(detail.sealed, _column(detail.uuid))) if detail.sealed else detail.value


def details_of(person: Person, owner: Mapping[int, int] | None = None) -> list[Detail]:
    """Every detail about a person and their doubles that nobody has taken back, the latest first. `owner`: as `with_doubles` gave it."""
    ids = list(with_doubles([person.pk]) if owner is None else owner)
    rows = list(Detail.objects.filter(person__in=ids).order_by("-pk"))
    gone: set[int] = set()
    kept = []
    for row in rows:  # a retraction comes later than what it takes back
        if row.pk in gone:
            continue
        if row.retracts_id is not None:
            gone.add(row.retracts_id)
        elif row.key:
            kept.append(row)
    return kept


def standing_details(
    person: Person,
    on: date,
    keys: Collection[str] | None = None,
    owner: Mapping[int, int] | None = None,
) -> dict[str, list[Detail]]:
    """key → what was said of it by that day, the one to believe first: the latest day, then by source, then what was learned last.

    One whose validity ended by that day is among them, behind the others: `has_ended` tells.
    """
    found: dict[str, list[Detail]] = {}
    for row in details_of(person, owner):
        if row.true_on <= on and (keys is None or row.key in keys):
            found.setdefault(row.key, []).append(row)
    for rows in found.values():
        rows.sort(key=lambda each: _weight(each, on), reverse=True)
    return found


def has_ended(detail: Detail, on: date) -> bool:
    return detail.valid_to is not None and detail.valid_to <= on


def rank(source: str) -> int:
    """The lower, the more it is believed."""
    return [each.value for each in _RANK].index(source)


def _weight(detail: Detail, on: date) -> tuple[bool, date, int, int]:
    return (not has_ended(detail, on), detail.true_on, -rank(detail.source), detail.pk)


def _column(uuid: object) -> str:
    return f"people_detail.value:{uuid}"
