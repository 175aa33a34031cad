"""Who stands at the desk: by the card's number, whatever the scanner made of the letters."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.walk_in import Recognised, add_from_card, read_card, recognise
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Fact, Person
from bakhong.places.models import Unit

ON = date(2026, 11, 22)
CLEAN = "038190001234|172345678|Lê Thị Hoá|15031990|Nữ|Thôn 1, Xã Thường Xuân|01052021"
# As a keyboard under another layout types it.
SPOILT = "038190001234|172345678|Lee Thij Hoas|15031990|Nuwx|Thoon 1|01052021"
NO_PIPES = "038190001234}172345678}L? Th? Ho?}15031990}N?}Th?n 1}01052021"


@pytest.fixture(autouse=True)
def _seeing(db: None) -> Iterator[None]:
    with scope.seeing(OPERATOR):
        yield


@pytest.fixture
def hoa(thuong_xuan: Unit, actor: Actor, at: datetime) -> Person:
    values = {
        "name": "Lê Thị Hoá",
        "birth": "1990-03-15",
        "national_id": "038190001234",
        "phone": "0912345678",
    }
    return add_person(village=thuong_xuan, values=values, source="list", by=actor, at=at)


def look(text: str, unit: Unit, actor: Actor) -> Recognised:
    return recognise(text, actor=actor, unit=unit, on=ON)


@pytest.mark.parametrize("text", [CLEAN, SPOILT, NO_PIPES, "038190001234", "0912 345 678", "le hoa"])
def test_it_finds_her(text: str, hoa: Person, thuong_xuan: Unit, actor: Actor) -> None:
    assert look(text, thuong_xuan, actor).person == hoa


@pytest.mark.parametrize("text", ["", "x" * 5000, "038190009999", "\x00", "Lê Thị Khác", "|||||||"])
def test_it_finds_nobody_else(text: str, hoa: Person, thuong_xuan: Unit, actor: Actor) -> None:
    assert look(text, thuong_xuan, actor).is_nobody


def test_spoilt_letters_are_filled_in_nowhere(hoa: Person, thuong_xuan: Unit, actor: Actor) -> None:
    found = look(SPOILT, thuong_xuan, actor)
    assert found.card
    assert found.card.born_on == date(1990, 3, 15)
    assert (found.card.full_name, found.card.address) == (None, None)
    assert "Lee Thij Hoas" in found.notes[-1]


def test_a_clean_card_keeps_its_address(hoa: Person, thuong_xuan: Unit, actor: Actor) -> None:
    """Negative control of the above."""
    found = look(CLEAN, thuong_xuan, actor)
    assert found.card
    assert found.card.address == "Thôn 1, Xã Thường Xuân"
    assert found.notes == []


def test_it_tells_when_the_roll_knows_another_birth_year(
    thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    values = {"name": "Lê Thị Hoá", "birth": "1941", "national_id": "038190001234"}
    add_person(village=thuong_xuan, values=values, source="list", by=actor, at=at)
    assert "1941" in " ".join(look(CLEAN, thuong_xuan, actor).notes)


def test_two_of_a_name_are_asked_about(hoa: Person, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    add_person(village=thuong_xuan, values={"name": "Lê Văn Hoà"}, source="list", by=actor, at=at)
    found = look("hoa", thuong_xuan, actor)
    assert found.person is None
    assert len(found.several) == 2


def test_who_is_called_just_so_comes_first(
    hoa: Person, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    for name in ("Lê Thị An Hoá", "Lê Thị Hoa", "Lê Thị Hoá"):
        add_person(
            village=thuong_xuan, values={"name": name, "birth": "1950"}, source="list", by=actor, at=at
        )
    found = [each.name for each in look("Lê Thị Hóa", thuong_xuan, actor).several]
    assert found == ["Lê Thị Hoá", "Lê Thị Hoá", "Lê Thị Hoa", "Lê Thị An Hoá"]


def test_nobody_called_just_so_is_cut_off(hoa: Person, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    for year in range(10):
        values = {"name": "Lê Thị An Hoá", "birth": str(1950 + year)}
        add_person(village=thuong_xuan, values=values, source="list", by=actor, at=at)
    found = look("Lê Thị Hoá", thuong_xuan, actor)
    assert found.several[0] == hoa
    assert (len(found.several), len(found.notes)) == (9, 1)


def test_a_stranger_comes_from_the_card(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    card = read_card(SPOILT)
    assert card is not None
    made = add_from_card(card=card, name="Lê Thị Hoá", village=thuong_xuan, uuid=None, by=actor, at=at)
    assert look("038190001234", thuong_xuan, actor).person == made
    assert {fact.source for fact in Fact.objects.filter(person=made)} == {"card"}
