"""Erasing a person: nothing personal is left in any table of the room, the rows and the trail stay."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.people.actions import (
    Adopted,
    add_person,
    erase_person,
    give_consent,
    log_use,
    merge_people,
    record_adoptions,
    record_details,
    record_subscription,
    reveal,
)
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.actions.residents import give_mandate
from bakhong.people.models import Detail, Fact, Holding, Person
from bakhong.people.signals import erased
from bakhong.places.models import Unit

CANARIES = ("CANARY", "0912345678", "0987654321", "1977-07-07", "family.mother_name", "Họ tên mẹ")
TABLES = (
    "person",
    "fact",
    "adoption",
    "holding",
    "consent",
    "look",
    "detail",
    "residence",
    "phonenumber",
    "phonesubscription",
    "correctionrequest",
    "mandate",
)


def dump() -> str:
    """Every value of every row of the room, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM people_{table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def entrust(principal: Person, agent: str, by: Actor, at: datetime) -> None:
    give_mandate(
        principal=principal,
        agent_name="CANARY A",
        agent_number=agent,
        relation="CANARY",
        scope="all",
        procedures=[],
        valid_to=date(2027, 1, 1),
        how="paper",
        evidence="CANARY",
        by=by,
        at=at,
    )


@pytest.fixture
def canary(village: Unit, actor: Actor, at: datetime) -> Person:
    """Somebody of whom something personal stands in every table, with a double."""
    said = {
        "name": "CANARY A",
        "birth": "1990",
        "phone": "0912345678",
        "note": "CANARY",
        "national_id": "038190001234",
    }
    person, double = (
        add_person(village=village, values=each, source="list", by=actor, at=at, detail="CANARY!A1")
        for each in (said, {"name": "CANARY B", "phone": "0987654321"})
    )
    merge_people(keep=person, double=double, by=actor, at=at)
    entry = Adopted("payment_account", "activated", person=person, evidence="CANARY", provider="CANARY")
    record_adoptions(entries=[entry], source="visit", by=actor, at=at)
    give_consent(
        person=person, purpose="campaign", evidence="CANARY", given_on=date(2026, 11, 1), by=actor, at=at
    )
    record_subscription(village=village, number="0912345678", person=person, by=actor, at=at)
    known = {
        "allowance.decided_on": "1977-07-07",
        "family.mother_name": "CANARY",
        "disability.kind": "CANARY",
    }
    record_details(
        person=person, values=known, source="result", origin=None, true_on=date(2026, 11, 1), by=actor, at=at
    )
    ask_correction(
        person=person,
        key="person.birth",
        current="1990",
        wanted="1991",
        reason="CANARY",
        about=None,
        by=actor,
        at=at,
    )
    entrust(person, "038190005678", actor, at)
    neighbour = add_person(village=village, values={"name": "Ai Đó"}, source="list", by=actor, at=at)
    entrust(neighbour, "038190001234", actor, at)
    about = ("draft", person.uuid)
    log_use(person=person, purpose="prefill", keys=["family.mother_name"], about=about, by=actor, at=at)
    reveal(person=person, what="phone", reason="call", note="CANARY", by=actor, at=at)
    return person


def test_nothing_personal_is_left(canary: Person, actor: Actor, at: datetime) -> None:
    before, rows = dump(), Fact.objects.count()
    assert all(word in before for word in CANARIES)
    heard: list[Any] = []

    def hear(**sent: Any) -> None:
        heard.extend(sent["person_ids"])

    erased.connect(hear)
    erase_person(person=canary, ground="request", by=actor, at=at)
    erased.disconnect(hear)
    after = dump()
    assert not [word for word in CANARIES if word in after]
    assert Fact.objects.count() == rows  # blanked, not deleted
    assert not Person.objects.filter(is_known=True).exclude(name="Ai Đó").exists()
    assert not Person.objects.exclude(national_id=None, national_id_index=None).exists()
    assert not Holding.objects.exists()
    assert len(heard) == 2
    told = Event.objects.filter(deed="people.erase")
    assert told.count() == 2
    assert "CANARY" not in str([event.details for event in told])


def test_only_erasing_may_blank_a_fact(canary: Person) -> None:
    """The trigger refuses the same statement outside the deed."""
    for model, blank in ((Fact, {"values": {}}), (Detail, {"value": None})):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            model.objects.filter(person=canary).update(**blank)


def test_it_refuses_who_may_not_and_a_ground_that_is_none(
    canary: Person, staff: Callable[[str, Unit], Any], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        erase_person(person=canary, ground="request", by=staff("dx_secretary", thuong_xuan), at=at)
    with pytest.raises(Refusal):
        erase_person(person=canary, ground="because", by=actor, at=at)
    canary.refresh_from_db()
    assert canary.name == "CANARY A"
