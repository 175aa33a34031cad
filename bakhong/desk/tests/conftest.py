"""Staff of Thanh Hoá and of one of its communes, signed in."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.tests.conftest import enrol
from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.tests.casework import taken_in
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.indicators.actions.periods import open_period
from bakhong.indicators.models import ReportingPeriod
from bakhong.indicators.rules.asks import Ask
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.models import Unit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EID = Ask("eid_accounts", "activated", "adults")
PAY = Ask("payment_account", "activated", "aged_15_up")


@pytest.fixture(autouse=True)
def _known_day(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """The desk's one clock stands at the tests' moment."""
    monkeypatch.setattr("bakhong.desk.frame.timezone.now", lambda: at)


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    def make(role: str, unit: Unit) -> User:
        user = User.objects.create(email=f"{role}.{unit.code}@example.vn", name=f"{role} {unit.name}")
        Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
        enrol(user)
        return user

    return make


@pytest.fixture
def enter(staff: Callable[..., User]) -> Callable[..., Client]:
    """`enter("chair", unit)`: the browser of somebody who holds the role there."""
    known: dict[tuple[str, int], User] = {}

    def sign_in(role: str, unit: Unit) -> Client:
        user = known.setdefault((role, unit.pk), None) or staff(role, unit)  # type: ignore[arg-type]
        known[role, unit.pk] = user
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def other_commune(new_units: Callable[[str], Unit]) -> Unit:
    """Another commune of the same province."""
    return new_units("14758")


@pytest.fixture
def new_units(reference_units: None) -> Callable[[str], Unit]:
    from bakhong.places.queries import units_on

    return lambda code: units_on([code], date(2026, 11, 22))[code]


@pytest.fixture
def period(thanh_hoa: Unit, actor: Actor, at: datetime) -> ReportingPeriod:
    return open_period(
        owner=thanh_hoa,
        name="Tháng 10/2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        due_on=date(2026, 11, 5),
        asks=[EID, PAY],
        by=actor,
        at=at,
    )


def lines(*pairs: tuple[Any, Any], **more: Any) -> dict[str, Any]:
    """The grid as a browser sends it: numerators and denominators in the period's order."""
    posted: dict[str, Any] = {"version": 0, "deed": "save", **more}
    for index, (part, whole) in enumerate(pairs):
        posted |= {f"n-{index}": part, f"d-{index}": whole, f"note-{index}": ""}
    return posted


@pytest.fixture
def shipped_forms(db: None, at: datetime) -> None:
    with scope.seeing(OPERATOR):
        publish_shipped(at)


@pytest.fixture
def lady(thuong_xuan: Unit, actor: Actor, at: datetime) -> Person:
    """Lê Thị Hoá, on the roll with her card's number."""
    values = {
        "name": "Lê Thị Hoá",
        "birth": "1990-03-15",
        "sex": "female",
        "national_id": "038190001234",
        "phone": "0912345678",
        "address": "Thôn 1",
    }
    with scope.seeing(OPERATOR):
        return add_person(village=thuong_xuan, values=values, source="list", by=actor, at=at)


@pytest.fixture
def officer(enter: Callable[..., Client], thuong_xuan: Unit) -> Client:
    return enter("one_stop_officer", thuong_xuan)


@pytest.fixture
def received(shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit) -> Dossier:
    """Hers, taken in at the desk a moment ago."""
    return taken_in(officer, thuong_xuan)
