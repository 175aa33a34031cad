"""Many rows at once are stored as one by one, and what does not fit is refused, not cut."""

from datetime import datetime

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, transaction

from bakhong.core.bulk import insert_many, one_of
from bakhong.core.ids import new_uuid
from bakhong.people import scope
from bakhong.people.models import Fact, Person, Presence, Source
from bakhong.places.models import Unit


def _person(village: Unit, **values: object) -> Person:
    return Person(
        village=village, **{"name": "Lê Thị Hoá", "name_key": "le thi hoa", "sort_key": "x", **values}
    )


def test_it_stores_every_column_as_it_is(village: Unit, at: datetime) -> None:
    uuid = new_uuid()
    people = [
        _person(
            village,
            uuid=uuid,
            birth_year=1941,
            presence=Presence.AWAY,
            national_id=b"\x00\xff",
            national_id_index=b"1",
        ),
        _person(village, name="O'Brien \"{},\\"),
    ]
    insert_many(people)
    first, second = Person.objects.order_by("pk")
    assert [people[0].pk, people[1].pk] == [first.pk, second.pk]
    assert (first.uuid, first.birth_year, first.presence, bytes(first.national_id)) == (
        uuid,
        1941,
        "away",
        b"\x00\xff",
    )
    assert (second.name, second.national_id, second.birth_day) == ("O'Brien \"{},\\", None, None)
    assert list(Person.objects.filter(one_of("name", [people[1].name, "x"]))) == [second]
    assert list(Person.objects.filter(one_of("pk", [first.pk, -1]), birth_year=1941)) == [first]
    assert not [*Person.objects.filter(one_of("name", [])), *Person.objects.filter(one_of("pk", []))]
    fact = Fact(
        person=first,
        village=village,
        values={"note": "a\"b'c", "birth": None},
        source=Source.LIST,
        learned_at=at,
        recorded_by="x",
    )
    insert_many([fact])
    stored = Fact.objects.get(pk=fact.pk)
    assert (stored.values, stored.voids, stored.learned_at, stored.true_from) == (fact.values, [], at, None)


def test_it_refuses_what_a_single_row_would_be_refused_for(village: Unit) -> None:
    with pytest.raises(DataError), transaction.atomic():
        insert_many([_person(village, name="a" * 121)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([_person(village, birth_month=3)])
    assert Person.objects.count() == 0


def test_the_second_wall_stands(village: Unit) -> None:
    scope.open_to([])
    try:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert_many([_person(village)])
    finally:
        scope.open_to(None)
