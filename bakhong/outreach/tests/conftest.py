"""Two villages of Thường Xuân, a household in each, a team and a campaign."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from bakhong.core.actor import Actor
from bakhong.outreach.actions.campaigns import open_campaign
from bakhong.outreach.actions.teams import add_member, make_team
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Campaign, Team, TeamMember, Visit
from bakhong.people.actions import make_household
from bakhong.people.models import Household, Person
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
MakeVisit = Callable[..., Visit]


@pytest.fixture
def parents(person: MakePerson) -> list[Person]:
    return [
        person("Lê Văn An", sex="male", birth="1960-03-05", device="smartphone", presence="present"),
        person("Trần Thị Bé", sex="female", birth="1962", device="basic"),
    ]


@pytest.fixture
def household(parents: list[Person], village: Unit, actor: Actor, at: datetime) -> Household:
    made = make_household(
        village=village, members={parents[0]: "head", parents[1]: "spouse"}, code="1", by=actor, at=at
    )
    for each in parents:
        each.refresh_from_db()
    return made


@pytest.fixture
def team(thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime) -> Team:
    return make_team(
        unit=thuong_xuan,
        name="Tổ Xuân Thành",
        villages=villages,
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


@pytest.fixture
def member(team: Team, actor: Actor, at: datetime) -> TeamMember:
    return add_member(
        team=team, name="Hà Thị Cúc", phone="0912345678", valid_from=date(2025, 7, 1), by=actor, at=at
    )


@pytest.fixture
def campaign(thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime) -> Campaign:
    return open_campaign(
        unit=thuong_xuan,
        name="30 ngày đêm",
        services=["eid_level2", "digital_signature"],
        villages=villages,
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 30),
        by=actor,
        at=at,
    )


@pytest.fixture
def visit(household: Household, village: Unit, actor: Actor, at: datetime) -> MakeVisit:
    """`visit(outcome="nobody_home", …)`: somebody calls at the household."""

    def make(**said: Any) -> Visit:
        told = {
            "key": uuid4(),
            "village": village,
            "household": household,
            "outcome": "met_done",
            "part_of_day": "noon",
            "by": actor,
            "at": at,
        }
        return record_visit(**(told | said))

    return make
