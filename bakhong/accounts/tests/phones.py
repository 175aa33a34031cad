"""A member who signs in by telephone number and PIN, and a clock that can be turned."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.actions import Card, enrol_by_phone
from bakhong.accounts.models import User
from bakhong.accounts.tests.conftest import World
from bakhong.core.actor import OPERATOR

PIN, PHONE, ENTRANCE = "485137", "0912345678", "/to/vao/"
Enter = Callable[[User], Client]


class Clock:
    """The time as every page sees it; `pass_` lets some go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 22, 3, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        monkeypatch.setattr("time.time", lambda: self.now.timestamp())

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def card(world: World, clock: Clock) -> Card:
    return enrolled(world, clock.now)


def enrolled(world: World, at: datetime, **more: Any) -> Card:
    given: dict[str, Any] = {
        "name": "Lê Thị Hoá",
        "phone": PHONE,
        "role": "digital_team_member",
        "unit": world.village,
        "by": OPERATOR,
        "at": at,
    }
    _assignment, card = enrol_by_phone(**given | more)
    assert card is not None
    return card


def scan(client: Client, card: Card, pin: str = PIN, again: str | None = None) -> int:
    answer = client.post(f"{ENTRANCE}{card.code}/", {"pin1": pin, "pin2": again or pin})
    return int(answer.status_code)


def sign_in(client: Client, pin: str = PIN, phone: str = PHONE, **extra: str) -> Any:
    return client.post(ENTRANCE, {"phone": phone, "pin": pin}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def leave(client: Client) -> None:
    client.post("/accounts/logout/")
    assert not is_in(client)
