"""The demo's registers answer for the demo's people, the same every time, and fit what the roll says of them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from bakhong.core.actor import Actor
from bakhong.demo.load import make_places
from bakhong.demo.registers import write_registers
from bakhong.demo.roll import import_roll
from bakhong.demo.rules.commune import Commune, Margins
from bakhong.demo.rules.making import make_commune
from bakhong.demo.rules.registers import records
from bakhong.people import registers as ports
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.people.queries.identity import index_of
from bakhong.people.queries.known import known_values
from bakhong.people.registers import checks
from bakhong.people.rules.dictionary import REGISTERS, dictionary, fits
from config.settings import _DEMO_REGISTERS

MARGINS = Margins().scaled(40)


@pytest.fixture(scope="module")
def commune() -> Commune:
    return make_commune(MARGINS)


@pytest.fixture
def connected(settings: LazySettings, tmp_path: Path, commune: Commune) -> Iterator[None]:
    settings.DATA, settings.REGISTERS = tmp_path, _DEMO_REGISTERS
    write_registers(tmp_path, commune)
    yield
    ports._made.cache_clear()


def test_they_say_the_same_of_a_person_whoever_else_there_is(commune: Commune) -> None:
    home = commune.residents[0].household
    alone = [each for each in commune.residents if each.household == home]
    whole = {(code, number): said for code, number, said in records(commune.residents)}
    for code, number, said in records(alone):
        assert whole[code, number] == said
    assert len(whole) == len(list(records(commune.residents)))


def test_everything_has_its_shape(commune: Commune) -> None:
    known = dictionary()
    for code, number, said in records(commune.residents):
        for key, value in said.items():
            assert code in known[key].held_by, key
            assert fits(known[key], value), (key, value, number)


def test_spouses_agree(commune: Commune) -> None:
    said = {number: values for code, number, values in records(commune.residents) if code == "population"}
    pairs = [
        (number, values["family.spouse_national_id"])
        for number, values in said.items()
        if "family.spouse_name" in values
    ]
    assert len(pairs) > 20
    assert all(said[spouse]["family.spouse_national_id"] == number for number, spouse in pairs)


@pytest.mark.django_db
def test_all_five_answer_for_the_roll(
    reference_units: None, connected: None, commune: Commune, actor: Actor, at: datetime
) -> None:
    scope.open_to(None)
    make_places(by=actor, at=at)
    assert import_roll(commune, by=actor, at=at)
    head = next(each for each in commune.residents if each.relation == "head")
    person = Person.objects.get(national_id_index=index_of(head.national_id))
    known = known_values(person, None, on=at.date())
    assert known.silent == known.odd == ()
    asked = {each.ref.split(":")[1] for each in known.values.values() if each.source == "register"}
    assert asked | set(known.not_found) >= {"population", "social_insurance", "health_insurance", "land"}
    assert known.values["person.full_name"].value == head.name
    assert "person.full_name" not in known.conflicts
    assert len(known.values) > 25
    scope.close()


def test_each_is_checked(connected: None) -> None:
    assert [code for code, _name, check in checks() if check.ok] == list(REGISTERS)
