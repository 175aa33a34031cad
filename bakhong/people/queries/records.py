"""One person: what stands, and where each thing comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bakhong.accounts.permissions import covered_ids
from bakhong.core.actor import Actor
from bakhong.core.errors import NotFound
from bakhong.people.models import Fact, Household, Look, Person, Residence
from bakhong.people.queries.duplicates import apart_of
from bakhong.people.queries.identity import mask, national_id_in
from bakhong.people.queries.roll import residents
from bakhong.people.rules.standing import ATTRIBUTES
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Line:
    """One fact for reading: `values` are (attribute, value) with numbers masked. `is_live`: nobody has taken it back."""

    fact: Fact
    values: tuple[tuple[str, Any], ...]
    is_live: bool

    @property
    def is_correction(self) -> bool:
        return bool(self.fact.voids)


def person_at(actor: Actor, unit: Unit, on: date, uuid: UUID) -> Person:
    """A person of the unit whom the actor may see. Who was merged into somebody is answered by that person.

    Raises: NotFound.
    """
    area = covered_ids([unit.pk], on)
    found = Person.objects.for_user(actor).filter(uuid=uuid).first()
    while found is not None and found.merged_into_id:
        found = Person.objects.for_user(actor).filter(pk=found.merged_into_id).first()
    if found is None or found.village_id not in area:
        raise NotFound("")
    person: Person = found
    return person


def history_of(person: Person) -> list[Line]:
    """Everything said about a person and their doubles, the latest first; retractions are told by what they took back."""
    ids = [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
    facts = list(
        Fact.objects.filter(person__in=ids).select_related("batch", "person").order_by("-learned_at", "-pk")
    )
    gone = _taken_back(facts)
    return [Line(fact, _values(fact), fact.pk not in gone) for fact in facts if fact.retracts_id is None]


def stays_of(person: Person) -> list[Residence]:
    """Where they belonged, in order: a row that only begins with another telephone is told as part of the one before (not to be saved)."""
    found: list[Residence] = []
    for row in person.residences.order_by("pk"):
        last = found[-1] if found else None
        if last and (last.place_id, last.presence, last.whereabouts) == (
            row.place_id,
            row.presence,
            row.whereabouts,
        ):
            last.valid_to = row.valid_to
        else:
            found.append(row)
    return found


def members_of(household: Household, actor: Actor) -> list[Person]:
    """The household's people, its head first, then by age."""
    found = Person.objects.for_user(actor).filter(household=household, is_known=True, merged_into=None)
    first = {"head": 0, "spouse": 1}
    return sorted(found, key=lambda each: (first.get(each.relation, 2), each.birth_year or 9999, each.pk))


def looks_at(person: Person, since: datetime | None = None) -> QuerySet[Look]:
    """Who saw this person's record and why, the latest first: the person may be shown all of it."""
    found = Look.objects.filter(person=person).order_by("-at", "-pk")
    return found.filter(at__gte=since) if since else found


def alike(actor: Actor, unit: Unit, on: date, person: Person) -> QuerySet[Person]:
    """Others of the unit with the same name without accents, whom nobody has judged to be somebody else: perhaps a double."""
    found = residents(actor, unit, on).filter(name_key=person.name_key).exclude(pk=person.pk)
    return found.exclude(uuid__in=apart_of(person)) if found else found


def _values(fact: Fact) -> tuple[tuple[str, Any], ...]:
    values = dict(fact.values)
    if fact.national_id is not None:
        values["national_id"] = mask(national_id_in(fact))
    if values.get("phone"):
        values["phone"] = mask(values["phone"])
    return tuple((name, values[name]) for name in ATTRIBUTES if name in values)


def _taken_back(facts: Sequence[Fact]) -> set[int]:
    gone: set[int] = set()
    for fact in sorted(facts, key=lambda each: -each.pk):
        if fact.retracts_id is not None and fact.pk not in gone:
            gone.add(fact.retracts_id)
    return gone
