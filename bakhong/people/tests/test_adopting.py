"""Who uses which service: dated facts, and the periods that follow."""

from datetime import date, datetime, timedelta

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.people.actions import (
    Adopted,
    record_adoptions,
)
from bakhong.people.models import Adoption, Holding, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

DAY = date(2026, 3, 1)


@pytest.fixture
def adopt(actor: Actor, at: datetime):  # type: ignore[no-untyped-def]
    def record(person: Person, service: str, state: str, day: date | None = DAY, **more) -> Adoption:  # type: ignore[no-untyped-def]
        entry = Adopted(service, state, person=person, happened_on=day, **more)
        return record_adoptions(entries=[entry], source="visit", by=actor, at=at)[0]

    return record


def held(person: Person) -> list[tuple[str, str, date | None, date | None]]:
    rows = Holding.objects.filter(person=person).order_by("service", "valid_from")
    return list(rows.values_list("service", "state", "valid_from", "valid_to"))


def test_it_records_and_leaves_a_trace(person: MakePerson, adopt, village: Unit) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    fact = adopt(made, "digital_signature", "activated", provider=" Viettel  MySign ", evidence="màn hình")
    assert (fact.provider, fact.village, fact.happened_on) == ("Viettel MySign", village, DAY)
    assert held(made) == [("digital_signature", "activated", DAY, None)]
    event = Event.objects.get(deed="people.record_adoption")
    assert (event.object_kind, event.object_id, event.place_id) == ("person", str(made.uuid), village.pk)
    assert "MySign" not in str(event.details)


def test_two_workers_saying_the_same_agree(person: MakePerson, adopt) -> None:  # type: ignore[no-untyped-def]
    made = person("Lê Văn An", birth="1980")
    adopt(made, "payment_account", "activated")
    before = Holding.objects.get()
    adopt(made, "payment_account", "activated", DAY + timedelta(days=3))
    adopt(made, "payment_account", "registered", DAY + timedelta(days=4))
    assert Adoption.objects.count() == 3
    assert Holding.objects.get() == before
    assert held(made) == [("payment_account", "activated", DAY, None)]
