"""A member of a team of Thường Xuân with a phone in the hand, at a household of two."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from bakhong.accounts import pins
from bakhong.accounts.actions import enrol_by_phone
from bakhong.accounts.models import User
from bakhong.core.actor import Actor
from bakhong.outreach.actions.teams import add_member
from bakhong.outreach.models import Team, TeamMember
from bakhong.outreach.tests.conftest import (
    campaign,
    everybody,
    household,
    parents,
    person,
    staff,
    team,
    village,
    villages,
    visit,
)
from bakhong.places.models import Unit

__all__ = [
    "campaign",
    "everybody",
    "household",
    "parents",
    "person",
    "staff",
    "team",
    "village",
    "villages",
    "visit",
]
PIN = "485137"
Phone = Callable[..., Client]


@pytest.fixture(autouse=True)
def _known_moment(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def phone_of(actor: Actor, at: datetime) -> Phone:
    """`phone_of(village, phone=…, role=…)`: the phone of a member who opened a card and is signed in; `.user` is theirs."""

    def make(
        place: Unit, *, phone: str = "0912345678", name: str = "Hà Thị Cúc", role: str = "digital_team_member"
    ) -> Client:
        _assignment, card = enrol_by_phone(name=name, phone=phone, role=role, unit=place, by=actor, at=at)
        assert card is not None
        client = Client()
        answer = client.post(pins.card_path(card.code), {"pin1": PIN, "pin2": PIN})
        assert answer.status_code == 302
        client.user = User.objects.get(phone=phone)  # type: ignore[attr-defined]
        return client

    return make


@pytest.fixture
def member_phone(phone_of: Phone, village: Unit, team: Team, actor: Actor, at: datetime) -> Client:
    client = phone_of(village)
    add_member(
        team=team,
        user=client.user,  # type: ignore[attr-defined]
        name="Hà Thị Cúc",
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )
    return client


@pytest.fixture
def me(member_phone: Client) -> TeamMember:
    return TeamMember.objects.get(user=member_phone.user)  # type: ignore[attr-defined]
