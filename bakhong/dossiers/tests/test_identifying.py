"""Whose dossier it is, seen from the card: what they typed is judged, and the dossier and its result are theirs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.actions.identifying import identify
from bakhong.dossiers.actions.results import approve, sign
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.queries.counts import once_only
from bakhong.dossiers.tests.filing import CULTURE_HOUSE, MARRIAGE, filled
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.people.models import Detail, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

NUMBER = "038060001234"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def _forms(everybody: None, at: datetime) -> None:
    publish_shipped(at)


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", sex="male", birth="1960-03-05", national_id=NUMBER)


@pytest.fixture
def typed(thuong_xuan: Unit, at: datetime, everybody: None) -> Callable[..., Dossier]:
    """Handed in from home without an account."""

    def make(**more: str) -> Dossier:
        key = uuid4()
        by = HolderActor("draft", key)
        draft = filled(
            "culture_house", CULTURE_HOUSE | more, thuong_xuan, by, at, key=key, operated_by="resident"
        )
        return file_dossier(
            draft=draft,
            procedure="local.nha-van-hoa",
            channel="online",
            papers=[],
            result_mode="desk",
            by=by,
            at=at,
        ).dossier

    return make


def rates(unit: Unit) -> Any:
    (row,) = once_only([unit.pk], YEAR)
    return row


def test_what_somebody_of_the_roll_typed_without_an_account_was_known(
    typed: Callable[..., Dossier], an: Person, thuong_xuan: Unit
) -> None:
    dossier = typed()
    assert dossier.person is None  # nothing is shown to whoever typed it, and nothing is theirs
    row = rates(thuong_xuan)
    assert (row.dossiers, row.of_known) == (1, 1)
    assert row.count.known == row.count.re_asked > 1
    assert row.count.numerator == 0


def test_who_is_in_no_list_is_counted_apart(typed: Callable[..., Dossier], thuong_xuan: Unit) -> None:
    """Negative control: the same dossier, of somebody the commune knows nothing of."""
    typed()
    row = rates(thuong_xuan)
    assert (row.dossiers, row.of_known, row.count.known) == (1, 0, 0)


def test_another_with_that_number_is_not_meant(
    typed: Callable[..., Dossier], an: Person, thuong_xuan: Unit
) -> None:
    typed(full_name="Trần Thị Bé")
    assert rates(thuong_xuan).of_known == 0


def test_the_card_makes_it_theirs(
    typed: Callable[..., Dossier], person: MakePerson, officer: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    dossier, key = typed(), uuid4()
    an = person("Lê Văn An", sex="male", birth="1960-03-05", national_id=NUMBER)  # came to the roll later
    for _again in range(2):
        found = identify(dossier=dossier, number=NUMBER, by=officer, at=at, came_in_person=True, key=key)
    assert found.person == an
    assert found.state == "submitted"
    event = Event.objects.get(dossier=dossier, kind="identify")
    assert event.came_in_person
    assert NUMBER not in str(event.data) + event.said
    assert rates(thuong_xuan).count.re_asked > 1
    with scope.holding(person=an.pk):
        assert Dossier.objects.filter(pk=dossier.pk).exists()
        assert set(Event.objects.filter(dossier=dossier).values_list("kind", flat=True)) == {
            "file",
            "identify",
        }
    with pytest.raises(Conflict):
        identify(dossier=dossier, number=NUMBER, by=officer, at=at)


def test_it_refuses_another_card_a_stranger_and_who_may_not(
    typed: Callable[..., Dossier],
    person: MakePerson,
    officer: StaffActor,
    staff: Callable[[str, Unit], StaffActor],
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    dossier = typed()
    with pytest.raises(Refusal, match="chưa có người"):
        identify(dossier=dossier, number=NUMBER, by=officer, at=at)
    person("Lê Văn An", national_id=NUMBER)
    person("Trần Thị Bé", national_id="038190000123")
    with pytest.raises(Refusal, match="khác số"):
        identify(dossier=dossier, number="038190000123", by=officer, at=at)
    with pytest.raises(NotAllowed):
        identify(dossier=dossier, number=NUMBER, by=staff("accountant", thuong_xuan), at=at)
    with pytest.raises(NotAllowed):
        identify(dossier=dossier, number=NUMBER, by=HolderActor("draft", dossier.uuid), at=at)
    dossier.refresh_from_db()
    assert dossier.person is None


def test_a_result_that_was_signed_already_is_known_of_them(
    an: Person, officer: StaffActor, chair: StaffActor, thuong_xuan: Unit, at: datetime
) -> None:
    draft = filled("marriage_status", MARRIAGE, thuong_xuan, officer, at)
    told: dict[str, Any] = {"procedure": "1.004873", "result_mode": "desk", "papers": []}
    dossier = receive_at_desk(draft=draft, by=officer, at=at, **told).dossier
    approve(dossier=dossier, by=chair, at=at, answers={"on": "2026-11-23"})
    sign(dossier=dossier, how="pen", by=chair, at=at + timedelta(days=1))
    assert not Detail.objects.filter(person=an).exists()
    identify(dossier=dossier, number=NUMBER, by=officer, at=at + timedelta(days=9))
    found = Detail.objects.filter(person=an, source="result")
    assert found.exists()
    assert set(found.values_list("true_on", flat=True)) == {
        day_of(at + timedelta(days=1))
    }  # not the day of the card
