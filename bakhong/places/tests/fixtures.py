"""Fixtures for every room (a pytest plugin, named in the root conftest).

Each test database holds the shipped units from its start, so that no test depends on which other ran before.
A test that commits (`transaction=True`) empties all tables behind it, but leaves the shipped units where it did not change them: storing
14,000 of them again would take longer than the test. Where it did, `reference_units` puts them back.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bakhong.core.actor import OPERATOR

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from bakhong.places.models import Unit

TODAY = date(2026, 11, 22)
_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> None:
    """pytest-django's own set-up, then the units."""
    from bakhong.places.actions import load_reference

    with django_db_blocker.unblock():
        load_reference(by=OPERATOR, at=_AT)
        _keep_units()


# Those that point at others first.
_TABLES = (
    "places_membership", "places_succession", "places_unitgroup", "places_contact", "places_unit", "places_referenceversion",
)  # fmt: skip
# Rows that a test added go; where it changed or took away one of the shipped, all go.
_EMPTY = """
DO $$ BEGIN
    IF (SELECT sum(there) FROM ({standing}) tables (there)) = {shipped} THEN
{added}
    ELSE
        TRUNCATE {tables} CASCADE;
    END IF;
END $$
"""
_emptied: list[str] = []


def _keep_units() -> None:
    """From now on what a test leaves behind is taken off the units that are there now."""
    from django.db import connection

    if not _emptied:
        before: Any = connection.ops.sql_flush

        def sql_flush(style: Any, tables: Sequence[str], **options: Any) -> list[str]:
            return [*before(style, [name for name in tables if name not in _TABLES], **options), *_emptied]

        setattr(connection.ops, "sql_flush", sql_flush)  # noqa: B010 - of this connection alone
    _emptied[:] = [_emptying(connection)]


def _emptying(connection: Any) -> str:
    """The statement for these tables as they are filled now: a row is the shipped one while no later transaction wrote it."""
    added, standing, shipped = [], [], 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::xid::text::bigint")
        now = cursor.fetchone()[0]
        for name in _TABLES:
            cursor.execute(f"SELECT coalesce(max(id), 0), count(*) FROM {name}")
            last, count = cursor.fetchone()
            shipped += count
            added.append(f"        DELETE FROM {name} WHERE id > {last};")
            standing.append(f"SELECT count(*) FROM {name} WHERE id <= {last} AND xmin::text::bigint < {now}")
    return _EMPTY.format(
        added="\n".join(added),
        standing=" UNION ALL ".join(standing),
        shipped=shipped,
        tables=", ".join(_TABLES),
    )


@pytest.fixture
def reference_units(db: None) -> None:
    """The shipped units are there, even after a test that emptied the database."""
    from django.db import connection

    from bakhong.places.actions import load_reference

    if load_reference(by=OPERATOR, at=_AT) and not connection.in_atomic_block:
        _keep_units()


@pytest.fixture
def thanh_hoa(reference_units: None) -> "Unit":
    from bakhong.places.queries import units_on

    return units_on(["38"], TODAY)["38"]


@pytest.fixture
def thuong_xuan(reference_units: None) -> "Unit":
    """The commune of 2025-07-01 made from Ngọc Phụng (15655) and three others."""
    from bakhong.places.queries import units_on

    return units_on(["15646"], TODAY)["15646"]
