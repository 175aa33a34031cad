"""Whatever is said of people in whatever order, the counts kept are those of counting anew."""

import random
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Refusal
from bakhong.indicators.actions.recompute import rebuild
from bakhong.indicators.actions.verifying import verify
from bakhong.indicators.queries.counted import (
    counted,
    people_behind,
)
from bakhong.indicators.rules.measures import MeasureKey
from bakhong.indicators.tests.test_counting import ADULTS, TODAY, Adopt, adopt
from bakhong.people.actions import (
    Adopted,
    add_person,
    correct_fact,
    merge_people,
    record_adoptions,
    record_fact,
    retract_adoptions,
    retract_facts,
    unmerge_people,
)
from bakhong.people.models import Adoption, Fact, Person
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["adopt", "everybody", "person", "staff", "village", "villages"]


@pytest.fixture(autouse=True)
def _sees(everybody: None) -> None:
    """Every deed of these tests is done by somebody who sees all."""


SERVICES = ("eid_level1", "eid_level2", "payment_account", "digital_skills")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_said_the_counts_are_those_of_counting_anew(
    seed: int, person: MakePerson, villages: list[Unit], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    """Births corrected, moves, absences, services back-dated and taken back, doubles merged and parted, in any order."""
    chance = random.Random(seed)
    people = [_somebody(chance, villages, actor, at) for _ in range(4)]
    for _ in range(14):
        try:
            _something(chance, people, villages, actor, at)
        except Refusal:
            continue  # too young for it, merged already, nothing to part
    stored = _cells()
    assert stored
    assert verify(by=OPERATOR).differences == ()
    rebuild(by=OPERATOR, at=at)
    assert _cells() == stored
    for day in (date(2024, 1, 1), date(2025, 7, 1), TODAY):
        for key in (ADULTS, MeasureKey("payment_account", "activated", "aged_15_up")):
            found = counted([thuong_xuan.pk], day).get((thuong_xuan.pk, key))
            everyone = people_behind(OPERATOR, thuong_xuan, key, day, "all").count()
            having = people_behind(OPERATOR, thuong_xuan, key, day, "having").count()
            assert (found.numerator, found.denominator) == (having, everyone) if found else everyone == 0


def test_without_the_receiver_they_would_differ(
    person: MakePerson, adopt: Adopt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    made = person("A", birth="1980")
    monkeypatch.setattr("bakhong.indicators.receivers.count_again", lambda **given: None)
    adopt(made, "eid_level1")
    assert not verify(by=OPERATOR).is_ok


def _cells() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place_id, cell, day, sum(change) FROM indicators_delta, unnest(cells, changes) e(cell, change)"
            " GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 1, 2, 3"
        )
        return list(cursor.fetchall())


def _day(chance: random.Random) -> date:
    return date(chance.randint(2018, 2026), chance.randint(1, 10), chance.randint(1, 28))


def _birth(chance: random.Random) -> str:
    year = chance.randint(1950, 2012)
    return chance.choice(
        [str(year), f"{year}-{chance.randint(1, 12):02}", f"{year}-02-{chance.randint(1, 28):02}"]
    )


def _somebody(chance: random.Random, villages: list[Unit], actor: Actor, at: datetime) -> Person:
    values = {"name": f"Người {chance.randint(1, 999)}", "birth": _birth(chance)}
    true_from = chance.choice([None, _day(chance)])
    return add_person(
        village=chance.choice(villages), values=values, source="list", true_from=true_from, by=actor, at=at
    )


def _something(
    chance: random.Random, people: list[Person], villages: list[Unit], actor: Actor, at: datetime
) -> None:
    who = Person.objects.get(pk=chance.choice(people).pk)
    common: dict[str, Any] = {"by": actor, "at": at}
    deed = chance.choice(
        [
            "adopt",
            "adopt",
            "adopt",
            "unsay",
            "move",
            "leave",
            "phone",
            "birth",
            "retract",
            "merge",
            "part",
            "new",
        ]
    )
    if deed == "adopt":
        state = chance.choice(["registered", "activated", "in_use", "lapsed", "refused", "none"])
        entry = Adopted(
            service=chance.choice(SERVICES),
            state=state,
            person=who,
            happened_on=chance.choice([None, _day(chance)]),
        )
        record_adoptions(entries=[entry], source="visit", **common)
    elif deed == "unsay":
        said = list(Adoption.objects.filter(retracts=None).order_by("pk"))
        retract_adoptions(adoptions=chance.sample(said, min(1, len(said))), **common)
    elif deed in ("move", "leave", "phone"):
        values = {
            "move": {"place": chance.choice(villages).pk},
            "leave": {"presence": chance.choice(["present", "away", "abroad", "moved", "died"])},
            "phone": {"device": chance.choice(["none", "basic", "smartphone"])},
        }[deed]
        record_fact(
            person=who,
            values=values,
            source="officer",
            true_from=chance.choice([None, _day(chance)]),
            **common,
        )
    elif deed == "birth":
        correct_fact(person=who, values={"birth": _birth(chance)}, source="card", **common)
    elif deed == "retract":
        facts = list(Fact.objects.filter(person=who, retracts=None).order_by("pk"))
        retract_facts(facts=chance.sample(facts, min(1, len(facts))), **common)
    elif deed == "merge":
        merge_people(keep=who, double=chance.choice(people), **common)
    elif deed == "part":
        unmerge_people(double=who, **common)
    else:
        people.append(_somebody(chance, villages, actor, at))
