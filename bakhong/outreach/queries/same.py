"""Rows about a record that turned out to be a double are told of who that is. Nothing is rewritten: taking them apart again is enough."""

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from bakhong.people.models import Person
from bakhong.people.queries.doubles import who_they_are


class AboutSomebody(Protocol):
    """A row read with its person (`select_related("person")`)."""

    person: Any
    person_id: Any


Row = TypeVar("Row", bound=AboutSomebody)


def as_they_are(rows: Iterable[Row]) -> list[Row]:
    """The rows in their order, `person` being who they are: to read, not to save. No query where nobody is a double."""
    found = list(rows)
    doubled = [each for each in found if each.person.merged_into_id]
    if doubled:
        owner = who_they_are([each.person_id for each in doubled])
        people = Person.objects.select_related("village", "household").in_bulk(set(owner.values()))
        for each in doubled:
            each.person = people.get(owner[each.person_id], each.person)
    return found


def once_each(rows: Iterable[Row]) -> list[Row]:
    """The same with one row of everybody: the first they have."""
    found: dict[int, Row] = {}
    for each in as_they_are(rows):
        found.setdefault(each.person_id, each)
    return list(found.values())
