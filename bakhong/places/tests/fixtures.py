"""Fixtures for every room (a pytest plugin, named in the root conftest).

Each test database holds the shipped units from its start, so that no test depends on which other ran before.
A test that commits (`transaction=True`) empties all tables behind it; `reference_units` puts them back.
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

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


@pytest.fixture
def reference_units(db: None) -> None:
    """The shipped units are there, even after a test that emptied the database."""
    from bakhong.places.actions import load_reference

    load_reference(by=OPERATOR, at=_AT)


@pytest.fixture
def thanh_hoa(reference_units: None) -> "Unit":
    from bakhong.places.queries import units_on

    return units_on(["38"], TODAY)["38"]


@pytest.fixture
def thuong_xuan(reference_units: None) -> "Unit":
    """The commune of 2025-07-01 made from Ngọc Phụng (15655) and three others."""
    from bakhong.places.queries import units_on

    return units_on(["15646"], TODAY)["15646"]
