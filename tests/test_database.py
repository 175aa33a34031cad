"""The database the tests run on."""

import pytest
from django.db import connection


def _one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_it_runs_as_no_superuser() -> None:
    assert _one("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.django_db
def test_it_runs_on_a_supported_postgresql() -> None:
    assert connection.pg_version >= 15_00_00
