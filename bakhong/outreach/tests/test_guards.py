"""The second wall, and what is only ever added to."""

from importlib import import_module

from django.apps import apps
from django.db import connection

from bakhong.people.models import OfAVillage

GUARDS = import_module("bakhong.outreach.migrations.0002_guards")


def test_every_table_about_residents_has_the_wall(db: None) -> None:
    models = [m for m in apps.get_app_config("outreach").get_models() if issubclass(m, OfAVillage)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in models} - walled == set()
    assert set(GUARDS.TABLES) <= {model._meta.db_table for model in models}
