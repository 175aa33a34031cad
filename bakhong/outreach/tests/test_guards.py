"""The second wall, and what is only ever added to."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from bakhong.outreach.actions.said import Helped, Met
from bakhong.outreach.models import Visit, VisitHelp, VisitPerson
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.people import scope
from bakhong.people.models import OfAVillage, Person
from bakhong.places.models import Unit

GUARDS = import_module("bakhong.outreach.migrations.0002_guards")


def test_every_table_about_residents_has_the_wall(db: None) -> None:
    models = [m for m in apps.get_app_config("outreach").get_models() if issubclass(m, OfAVillage)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in models} - walled == set()
    assert set(GUARDS.TABLES) <= {model._meta.db_table for model in models}


def test_the_restricted_role_sees_visits_of_its_villages_only(
    visit: MakeVisit, parents: list[Person], villages: list[Unit], app_role: str
) -> None:
    visit(persons=[Met(parents[0], helped=(Helped("eid_level2"),))])
    scope.open_to([villages[1].pk])
    for model in (Visit, VisitPerson, VisitHelp):
        assert model.objects.count() == 0
    scope.open_to([villages[0].pk])
    for model in (Visit, VisitPerson, VisitHelp):
        assert model.objects.count() == 1


def test_without_the_wall_they_would_be_seen(visit: MakeVisit) -> None:
    """Negative control."""
    visit()
    scope.close()
    assert Visit.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE outreach_visit DISABLE ROW LEVEL SECURITY")
    assert Visit.objects.count() == 1


def test_erasure_may_blank_words_and_nothing_else(visit: MakeVisit) -> None:
    made = visit(note="Bà nằm viện")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.erasing', 'on', true)")
    Visit.objects.filter(pk=made.pk).update(note="")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Visit.objects.filter(pk=made.pk).update(outcome="refused")


def test_the_guards_can_be_taken_down_and_put_up_again(visit: MakeVisit) -> None:
    """The migration goes back and forth."""
    made = visit()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDS.TABLES:
            cursor.execute(GUARDS.disable(table))
        cursor.execute(GUARDS.DROP)
        scope.close()
        assert Visit.objects.filter(pk=made.pk).update(note="x") == 1
        cursor.execute(GUARDS.CREATE)
        for table in GUARDS.TABLES:
            cursor.execute(GUARDS.enable(table))
    assert not Visit.objects.exists()
    scope.open_to(None)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Visit.objects.filter(pk=made.pk).update(note="y")
