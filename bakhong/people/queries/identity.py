"""The 12-digit number: opened, masked, and found by."""

from bakhong.people.models import Fact, Person
from bakhong.people.sealed import blind_index, seal, unseal


def person_column(person_uuid: object) -> str:
    return f"people_person.national_id:{person_uuid}"


def fact_column(fact_uuid: object) -> str:
    return f"people_fact.national_id:{fact_uuid}"


def index_of(national_id: str) -> bytes:
    """What a person with this number is found by."""
    return blind_index(national_id, "national_id")


def national_id_of(person: Person) -> str:
    """The whole number, empty where there is none. Only for `actions.looking.reveal` and for comparing; pages show `masked_id`."""
    return unseal(person.national_id, person_column(person.uuid)) if person.national_id else ""


def national_id_in(fact: Fact) -> str:
    """The number a fact states, empty where it states none."""
    return unseal(fact.national_id, fact_column(fact.uuid)) if fact.national_id else ""


def sealed_for_person(national_id: str, person_uuid: object) -> bytes:
    return seal(national_id, person_column(person_uuid))


def sealed_for_fact(national_id: str, fact_uuid: object) -> bytes:
    return seal(national_id, fact_column(fact_uuid))


def masked_id(person: Person) -> str:
    """•••••••••234, empty where there is none: enough to tell the members of a household apart."""
    return mask(national_id_of(person))


def mask(number: str) -> str:
    """
    >>> mask("038190001234"), mask("0912345678"), mask("")
    ('•••••••••234', '•••••••678', '')
    """
    return "•" * (len(number) - 3) + number[-3:]
