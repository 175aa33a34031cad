"""A village of Thường Xuân, and a connection that sees everybody (as the operator's does)."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

MakePerson = Callable[..., Person]


@pytest.fixture
def everybody(db: None) -> Iterator[None]:
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime, everybody: None) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


@pytest.fixture
def village(villages: list[Unit]) -> Unit:
    return villages[0]


@pytest.fixture
def person(village: Unit, actor: Actor, at: datetime) -> MakePerson:
    """`person("Lê Thị Hoá", sex="female")`: a resident of the village."""

    def make(name: str, *, where: Unit = village, **values: Any) -> Person:
        return add_person(village=where, values={"name": name, **values}, source="list", by=actor, at=at)

    return make


@pytest.fixture
def staff(db: None, at: datetime) -> Callable[[str, Unit], StaffActor]:
    """`staff("village_head", unit)`: somebody who holds the role there."""

    def make(role: str, unit: Unit) -> StaffActor:
        user = User.objects.create(email=f"{role}.{unit.pk}@example.vn", name=role)
        Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
        return StaffActor(user, day_of(at))

    return make
