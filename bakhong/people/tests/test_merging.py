"""Two records of one person become one, and two again."""

from datetime import datetime

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.people.actions import merge_people, record_fact, unmerge_people
from bakhong.people.models import Fact, Person
from bakhong.people.queries.identity import national_id_of
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

ID = "038190001234"
COLUMNS = ("name", "village", "birth_year", "phones__number", "merged_into", "national_id_index")


def state() -> list[tuple[object, ...]]:
    return [
        tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
        for row in Person.objects.order_by("pk", "phones__number").values_list(*COLUMNS)
    ]


def test_what_either_record_says_stands_of_the_one_kept(
    person: MakePerson, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    keep = person("Lê Thị Hoá", birth="1941")
    double = person("Lê Thị Hoà", where=villages[1], national_id=ID, phone="0912345678")
    before, facts = state(), Fact.objects.count()
    merge_people(keep=keep, double=double, by=actor, at=at)
    keep.refresh_from_db()
    assert (keep.name, keep.village, keep.birth_year) == ("Lê Thị Hoá", villages[0], 1941)
    assert national_id_of(keep) == ID
    assert [each.number for each in keep.phones.all()] == ["0912345678"]
    assert Fact.objects.count() == facts
    assert Event.objects.get(deed="people.merge").details == {"double": str(double.uuid)}
    unmerge_people(double=double, by=actor, at=at)
    assert state() == before


def test_in_one_village_the_number_moves_and_comes_back(
    person: MakePerson, actor: Actor, at: datetime
) -> None:
    keep, double = person("Lê Thị Hoá"), person("Lê Thị Hoà", national_id=ID)
    before = state()
    merge_people(keep=keep, double=double, by=actor, at=at)
    unmerge_people(double=double, by=actor, at=at)
    assert state() == before


def test_two_with_one_number_are_not_parted_in_one_village(
    person: MakePerson, actor: Actor, at: datetime
) -> None:
    keep, double = person("Lê Thị Hoá"), person("Lê Thị Hoà", national_id=ID)
    merge_people(keep=keep, double=double, by=actor, at=at)
    keep.refresh_from_db()
    record_fact(person=keep, values={"national_id": ID}, source="card", by=actor, at=at)
    merged = state()
    with pytest.raises(Conflict, match="cùng một số"):
        unmerge_people(double=double, by=actor, at=at)
    assert [row[:-1] for row in state()] == [row[:-1] for row in merged]


def test_what_is_said_of_the_double_later_stands_of_the_one_kept(
    person: MakePerson, actor: Actor, at: datetime
) -> None:
    keep, double = person("Lê Thị Hoá"), person("Lê Thị Hoà")
    merge_people(keep=keep, double=double, by=actor, at=at)
    record_fact(person=double, values={"device": "basic"}, source="visit", by=actor, at=at)
    keep.refresh_from_db()
    assert keep.device == "basic"


def test_a_chain_of_doubles(person: MakePerson, actor: Actor, at: datetime) -> None:
    first, second, third = person("A"), person("B", birth="1950"), person("C", phone="0912345678")
    merge_people(keep=second, double=third, by=actor, at=at)
    merge_people(keep=first, double=second, by=actor, at=at)
    first.refresh_from_db()
    assert (first.name, first.birth_year, first.phones.get().number) == ("A", 1950, "0912345678")


def test_it_refuses(person: MakePerson, village: Unit, staff, actor: Actor, at: datetime) -> None:  # type: ignore[no-untyped-def]
    keep, double = person("Lê Thị Hoá"), person("Lê Thị Hoà")
    with pytest.raises(Refusal, match="khác nhau"):
        merge_people(keep=keep, double=keep, by=actor, at=at)
    with pytest.raises(NotAllowed):
        merge_people(keep=keep, double=double, by=staff("village_head", village), at=at)
    with pytest.raises(Conflict, match="không gộp"):
        unmerge_people(double=double, by=actor, at=at)
    merge_people(keep=keep, double=double, by=actor, at=at)
    with pytest.raises(Conflict, match="gộp rồi"):
        merge_people(keep=double, double=keep, by=actor, at=at)
