"""From facts to the columns of a person: what stands today is worked out anew, whatever was added."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bakhong.core.bulk import insert_tuples
from bakhong.core.text import name_key, sort_key
from bakhong.people.actions.checking import checked
from bakhong.people.models import (
    Adoption,
    Consent,
    CorrectionRequest,
    Detail,
    Fact,
    Holding,
    Household,
    Look,
    Mandate,
    Person,
    PhoneNumber,
    Residence,
)
from bakhong.people.queries.identity import index_of, sealed_for_person
from bakhong.people.queries.said import said_about
from bakhong.people.rules.births import birth_parts
from bakhong.people.rules.standing import Held, Said, ever_said, standing, stays

# Every column that follows from the facts.
COLUMNS = (
    "village_id",
    "household_id",
    "relation",
    "name",
    "name_key",
    "sort_key",
    "birth_year",
    "birth_month",
    "birth_day",
    "sex",
    "national_id",
    "national_id_index",
    "presence",
    "whereabouts",
    "address",
    "device",
    "device_year",
    "note",
    "is_known",
)
_TEXTS = ("relation", "sex", "presence", "whereabouts", "address", "device", "note")


def overruled(person: Person, values: Mapping[str, Any], on: date) -> dict[str, Held]:
    """attribute → what stands instead, of values that were said (as `learn` takes them) and did not come to stand on a day."""
    held = standing(said_about([person])[person.pk], on)
    return {
        attribute: held[attribute]
        for attribute, value in checked(values, on).items()
        if attribute in held and (held[attribute].value or "") != (value or "")
    }


def name_order(name: str) -> str:
    """Vietnamese lists go by the given name, which stands last, then by the rest.

    >>> sorted(["Trần Văn An", "Lê Thị Bình", "An Bá Chi"], key=name_order)[0]
    'Trần Văn An'
    """
    *family, given = name.split(" ")
    return sort_key(" ".join([given, *family]))


def project(person: Person, said: Sequence[Said], on: date, households: Mapping[str, int]) -> None:
    """Set the columns of a person (in memory) to what holds on the day. `households`: uuid → id."""
    held = standing(said, on)
    person.is_known = "name" in held
    if not person.is_known:
        # Nothing is said any more; the row stays, with the last name, so that the trail still leads somewhere.
        person.national_id = person.national_id_index = None
        return
    person.name = held["name"].value
    person.name_key, person.sort_key = name_key(person.name), name_order(person.name)
    if "place" in held:
        person.village_id = held["place"].value
    for column in _TEXTS:
        setattr(person, column, _value(held, column) or "")
    person.device_year = _value(held, "device_year") or None
    person.birth_year, person.birth_month, person.birth_day = birth_parts(_value(held, "birth") or "")
    person.household_id = households.get(_value(held, "household") or "")
    number = _value(held, "national_id")
    person.national_id = sealed_for_person(number, person.uuid) if number else None
    person.national_id_index = index_of(number) if number else None


def household_ids(said: Iterable[Sequence[Said]]) -> dict[str, int]:
    """uuid → id of every household these facts name."""
    named = {
        str(each.values["household"]) for facts in said for each in facts if each.values.get("household")
    }
    rows = Household.objects.filter(uuid__in=[uuid.UUID(text) for text in named]).values_list("uuid", "pk")
    return {str(key): pk for key, pk in rows}


_Columns = tuple[Any, ...]
_PHONE = ("village_id", "person_id", "number", "holder", "note", "is_current")
_RESIDENCE = (
    "village_id",
    "person_id",
    "place_id",
    "presence",
    "whereabouts",
    "device",
    "valid_from",
    "valid_to",
)


def phones_of(person: Person, said: Sequence[Said], on: date) -> list[_Columns]:
    """Every number that was ever given for them and not taken back; the one that stands today is current. Columns as in `_PHONE`."""
    given = ever_said(said, "phone")
    current = _value(standing(said, on), "phone") if given else None
    found: dict[str, _Columns] = {}
    for each in given:
        number = each.values["phone"]
        holder, note = each.values.get("phone_holder") or "", each.values.get("phone_note") or ""
        found[number] = (person.village_id, person.pk, number, holder, note, number == current)
    return list(found.values())


def residences_of(person: Person, said: Sequence[Said]) -> list[_Columns]:
    """Columns as in `_RESIDENCE`."""
    return [(person.village_id, person.pk, *stay[:6]) for stay in stays(said)]


def project_again(persons: Sequence[Person], on: date) -> None:
    """Work out and store what stands of persons that exist. The caller holds their rows."""
    said = said_about(persons)
    households = household_ids(said.values())
    before = {person.pk: person.village_id for person in persons}
    for person in persons:
        project(person, said[person.pk], on, households)
    Person.objects.bulk_update(
        persons, [name.removesuffix("_id") if name in _KEYS else name for name in COLUMNS], batch_size=500
    )
    for person in persons:
        if person.village_id != before[person.pk]:
            _follow(person)
    store_derived([(person, said[person.pk]) for person in persons], on, is_new=False)


_KEYS = frozenset({"village_id", "household_id"})


def store_derived(persons: Sequence[tuple[Person, Sequence[Said]]], on: date, *, is_new: bool) -> None:
    """Residences and phone numbers anew."""
    if not is_new:
        ids = [person.pk for person, _said in persons]
        Residence.objects.filter(person__in=ids).delete()
        PhoneNumber.objects.filter(person__in=ids).delete()
    known = [(person, said) for person, said in persons if person.is_known]
    insert_tuples(
        Residence, _RESIDENCE, [stay for person, said in known for stay in residences_of(person, said)]
    )
    insert_tuples(
        PhoneNumber, _PHONE, [phone for person, said in known for phone in phones_of(person, said, on)]
    )


def _follow(person: Person) -> None:
    """Row-level security reads the village of every row about a person: they move with them."""
    for model in (Fact, Consent, Look, Adoption, Holding, Detail, CorrectionRequest):
        model.objects.filter(person=person).update(village_id=person.village_id)
    Mandate.objects.filter(principal=person).update(village_id=person.village_id)


def _value(held: Mapping[str, Held], attribute: str) -> Any:
    return held[attribute].value if attribute in held else None
