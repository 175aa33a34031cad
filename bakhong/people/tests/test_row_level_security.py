"""The second wall: whatever a query forgets, the database shows only the rows of the area."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.models import Fact, OfAVillage, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
WALLED = (
    *import_module("bakhong.people.migrations.0003_row_level_security").TABLES,
    *import_module("bakhong.people.migrations.0005_adoption_guards").TABLES,
    *import_module("bakhong.people.migrations.0008_resident_wall").NEW,
)
OPENED_BY_PERSON = ("people_detail",)


def test_every_personal_table_has_the_wall() -> None:
    models = [model for model in apps.get_app_config("people").get_models() if issubclass(model, OfAVillage)]
    assert {model._meta.db_table for model in models} == {*WALLED, *OPENED_BY_PERSON}


def test_without_a_setting_there_is_nobody(person: MakePerson) -> None:
    person("Lê Văn An")
    assert Person.objects.count() == Fact.objects.count() == 1  # negative control
    scope.close()
    assert Person.objects.count() == Fact.objects.count() == 0


def test_the_restricted_role_sees_its_villages_only(
    person: MakePerson, villages: list[Unit], app_role: str
) -> None:
    person("Lê Văn An")
    person("Trần Thị Bé", where=villages[1])
    scope.open_to([villages[1].pk])
    assert [each.name for each in Person.objects.all()] == ["Trần Thị Bé"]
    scope.open_to(None)
    assert Person.objects.count() == 2


def test_a_row_of_elsewhere_cannot_be_written(person: MakePerson, villages: list[Unit]) -> None:
    made = person("Lê Văn An")
    scope.open_to([villages[1].pk])
    assert Person.objects.filter(pk=made.pk).update(note="x") == 0
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        Person.objects.create(village=villages[0], name="Ai đó", name_key="", sort_key="")
    scope.open_to([villages[0].pk])
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        Person.objects.filter(pk=made.pk).update(village=villages[1])


def test_without_the_policy_everybody_would_be_seen(person: MakePerson) -> None:
    """Negative control: it is the wall that hides them."""
    person("Lê Văn An")
    scope.close()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still to be checked would block it
        cursor.execute("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY")
    assert Person.objects.count() == 1


def test_the_first_wall_stands_alone(
    person: MakePerson, villages: list[Unit], thuong_xuan: Unit, staff: Staff
) -> None:
    person("Lê Văn An")
    person("Trần Thị Bé", where=villages[1])

    def names(role: str, unit: Unit) -> list[str]:
        return sorted(each.name for each in Person.objects.for_user(staff(role, unit)))

    assert names("village_head", villages[0]) == ["Lê Văn An"]
    assert names("chair", thuong_xuan) == ["Lê Văn An", "Trần Thị Bé"]
    assert names("accountant", thuong_xuan) == []
    assert Person.objects.for_user(OPERATOR).count() == 2


def test_what_was_seen_before_is_seen_again(thuong_xuan: Unit) -> None:
    def seen() -> tuple[str, ...]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('app.villages', true), current_setting('app.nationwide', true)"
            )
            return tuple(cursor.fetchone() or ())

    mine, everybody, nobody = (f"{{{thuong_xuan.pk}}}", "off"), ("{}", "on"), ("{}", "off")
    scope.open_to([thuong_xuan.pk])
    with scope.seeing(OPERATOR):
        assert seen() == everybody
        with scope.holding(), scope.holding():  # the inner one changes nothing
            assert seen() == nobody
        assert seen() == everybody
    assert seen() == mine
