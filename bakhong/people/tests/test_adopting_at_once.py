"""Two phones send in the same moment: one fact for one key, one open holding for one service."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Refusal
from bakhong.people import scope
from bakhong.people.actions import Adopted, add_person, record_adoptions
from bakhong.people.models import Adoption, Holding, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit
from bakhong.places.queries import units_on

# They commit, so the units are put back first.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference_units")]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread of its own, started together; the results or refusals in the order given."""
    results: list[Any] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(index: int) -> None:
        try:
            with scope.seeing(OPERATOR):
                gate.wait()
                results[index] = acts[index]()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def village(actor: Actor, at: datetime) -> Unit:
    commune = units_on(["15646"], date(2026, 11, 22))["15646"]
    made = create_villages(
        commune=commune, villages=[("thon", "Xuân Thành")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    return made[0]


@pytest.fixture
def people(village: Unit, actor: Actor, at: datetime) -> list[Person]:
    with scope.seeing(OPERATOR):
        return [
            add_person(
                village=village, values={"name": name, "birth": "1980"}, source="list", by=actor, at=at
            )
            for name in ("Lê Văn An", "Trần Thị Bé")
        ]


def test_one_key_makes_one_fact(people: list[Person], actor: Actor, at: datetime) -> None:
    key = uuid4()

    def send() -> Any:
        entry = Adopted("e_wallet", "activated", person=people[0], client_key=key)
        return record_adoptions(entries=[entry], source="visit", by=actor, at=at)[0].pk

    found = at_once(*[send] * 4)
    assert len(set(found)) == 1
    with scope.seeing(OPERATOR):
        assert (Adoption.objects.count(), Holding.objects.count()) == (1, 1)


def test_one_key_at_two_people_is_one_fact_and_one_refusal(
    people: list[Person], actor: Actor, at: datetime
) -> None:
    """The rows locked are not the same, so that only the unique index decides."""
    key = uuid4()

    def send(person: Person) -> Callable[[], Any]:
        entry = Adopted("e_wallet", "activated", person=person, client_key=key)
        return lambda: record_adoptions(entries=[entry], source="visit", by=actor, at=at)

    found = at_once(*map(send, people))
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "list"]
    with scope.seeing(OPERATOR):
        assert (Adoption.objects.count(), Holding.objects.count()) == (1, 1)


def test_two_workers_at_one_person_agree(people: list[Person], actor: Actor, at: datetime) -> None:
    def send(state: str, day: int) -> Callable[[], Any]:
        entry = Adopted("e_wallet", state, person=people[0], happened_on=date(2026, 3, day))
        return lambda: record_adoptions(entries=[entry], source="visit", by=actor, at=at)

    at_once(send("activated", 1), send("activated", 2), send("registered", 3), send("in_use", 4))
    with scope.seeing(OPERATOR):
        rows = list(Holding.objects.order_by("valid_from").values_list("state", "valid_from", "valid_to"))
    assert rows == [
        ("activated", date(2026, 3, 1), date(2026, 3, 4)),
        ("in_use", date(2026, 3, 4), None),
    ]
