"""What is already known of a person: the roll, details, registers and a card, and which of them is believed."""

import json
import threading
import time
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import LazySettings

from bakhong.core.actor import Actor
from bakhong.people import registers as ports
from bakhong.people.actions import make_household, record_details, record_fact
from bakhong.people.models import Person
from bakhong.people.queries.known import card_values, known_values, weighed
from bakhong.people.rules import idcard
from bakhong.people.tests.conftest import MakePerson

TODAY = date(2026, 11, 22)
NUMBER = "099190000017"
DEMO = "bakhong.people.adapters.registers.demo."


class FarPopulation:
    """A register of the test: `said` is what it answers, or what it does."""

    code = "population"
    name = "Dân cư"
    keys = frozenset({"person.full_name", "person.birth", "person.national_id", "marriage.status"})
    is_local = False
    said: Any = ports.NOT_FOUND
    asked: list[str] = []

    def lookup(self, national_id: str, keys: Collection[str]) -> Any:
        FarPopulation.asked.append(national_id)
        return FarPopulation.said() if callable(FarPopulation.said) else FarPopulation.said

    def check(self) -> ports.Check:
        return ports.Check(True, "")


@pytest.fixture
def demo_registers(settings: LazySettings) -> None:
    settings.REGISTERS = {
        "population": DEMO + "Population",
        "civil_status": DEMO + "CivilStatus",
        "social_insurance": DEMO + "SocialInsurance",
        "health_insurance": DEMO + "HealthInsurance",
        "land": DEMO + "Land",
    }


@pytest.fixture
def far(settings: LazySettings) -> Iterator[type[FarPopulation]]:
    settings.REGISTERS = {"population": f"{__name__}.FarPopulation"}
    settings.REGISTER_SECONDS = 0.2
    ports._made.cache_clear()
    FarPopulation.asked = []
    yield FarPopulation
    ports._quiet_until.clear()
    ports._made.cache_clear()


def values(person: Person, *keys: str) -> dict[str, Any]:
    return {key: each.value for key, each in known_values(person, keys or None, on=TODAY).values.items()}


def test_the_roll_says_what_it_knows_and_since_when(person: MakePerson) -> None:
    made = person("Lê Thị Hoá", sex="female", birth="1941-03", phone="0912345678", national_id=NUMBER)
    known = known_values(made, None, on=TODAY)
    assert {key: each.value for key, each in known.values.items()} == {
        "person.full_name": "Lê Thị Hoá",
        "person.birth": "1941-03",
        "person.sex": "female",
        "person.national_id": NUMBER,
        "person.phone": "0912345678",
    }
    name = known.values["person.full_name"]
    assert (name.source, name.as_of, name.label) == ("roll", TODAY, "Danh sách của xã, 22/11/2026")
    assert name.ref.startswith("fact:")
    assert known.silent == known.odd == ()


def test_only_what_was_asked_for(person: MakePerson) -> None:
    made = person("Lê Thị Hoá", sex="female")
    assert values(made, "person.sex", "no.such_key") == {"person.sex": "female"}


def test_the_household_is_told_with_its_members(person: MakePerson, actor: Actor, at: datetime) -> None:
    head, child = person("Lê Văn An", birth="1960"), person("Lê Thị Bé", birth="1990-01-02", sex="female")
    make_household(village=head.village, members={head: "head", child: "child"}, by=actor, at=at)
    head.refresh_from_db()
    found = values(head)
    assert found["household.head_name"] == "Lê Văn An"
    assert {"full_name": "Lê Thị Bé", "birth": "1990-01-02", "sex": "female", "relation": "child"} in found[
        "household.members"
    ]


def test_a_register_is_believed_before_the_roll_and_says_who_it_is(
    person: MakePerson, demo_registers: None
) -> None:
    made = person("Nguyễn Thị Mậu", birth="1990", national_id=NUMBER, address="Thôn 2")
    known = known_values(made, None, on=TODAY)
    name = known.values["person.full_name"]
    assert (name.value, name.source, name.is_verified) == ("Nguyễn Thị Mẫu", "register", True)
    assert name.label == "Cơ sở dữ liệu quốc gia về dân cư, 22/11/2026"
    assert known.values["insurance.health_code"].value == "GD4999900000017"
    assert known.values["land.plots"].value[0]["number"] == "345"
    # The roll says something else of the name; of the birth it is only less exact.
    assert [each.value for each in known.conflicts["person.full_name"]] == ["Nguyễn Thị Mậu"]
    assert "person.birth" not in known.conflicts


def test_registers_may_be_left_out(person: MakePerson, demo_registers: None) -> None:
    made = person("Nguyễn Thị Mẫu", national_id=NUMBER)
    known = known_values(made, None, on=TODAY, registers=("land",))
    assert "land.plots" in known.values
    assert "insurance.health_code" not in known.values
    assert "land.plots" not in known_values(made, None, on=TODAY, registers=()).values


def test_nobody_is_asked_about_who_has_no_number(person: MakePerson, far: type[FarPopulation]) -> None:
    known_values(person("Lê Văn An"), None, on=TODAY)
    assert far.asked == []
    known_values(person("Lê Văn Ba", national_id=NUMBER), None, on=TODAY)  # negative control
    assert far.asked == [NUMBER]


def test_not_found_is_not_silence(person: MakePerson, far: type[FarPopulation]) -> None:
    made = person("Lê Văn An", national_id=NUMBER)
    far.said = ports.NOT_FOUND
    known = known_values(made, None, on=TODAY)
    assert (known.not_found, known.silent) == (("population",), ())

    def fail() -> None:
        raise ConnectionError(NUMBER)

    far.said = fail
    known = known_values(made, None, on=TODAY)
    assert (known.not_found, known.silent) == ((), ("population",))
    assert known.values["person.full_name"].source == "roll"


def test_its_words_are_not_written_down(
    person: MakePerson, far: type[FarPopulation], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ConnectionError(NUMBER)

    far.said = fail
    known_values(person("Lê Văn An", national_id=NUMBER), None, on=TODAY)
    assert "ConnectionError" in caplog.text
    assert NUMBER not in caplog.text


def test_one_that_keeps_waiting_is_left_and_not_asked_again_at_once(
    person: MakePerson, far: type[FarPopulation]
) -> None:
    made, over = person("Lê Văn An", national_id=NUMBER), threading.Event()
    far.said = lambda: over.wait(20)
    before = time.monotonic()
    assert known_values(made, None, on=TODAY).silent == ("population",)
    assert time.monotonic() - before < 15
    assert known_values(made, None, on=TODAY).silent == ("population",)
    assert len(far.asked) == 1
    over.set()
    ports._quiet_until.clear()
    far.said = ports.NOT_FOUND
    assert known_values(made, None, on=TODAY).not_found == ("population",)  # negative control


def test_wrong_data_is_left_out_and_reported(person: MakePerson, far: type[FarPopulation]) -> None:
    far.said = {
        "person.full_name": "Lê Văn Án",
        "person.birth": "31/02/1990",
        "marriage.status": {"$ne": 1},
        "land.certificate_no": "not asked for",
    }
    known = known_values(person("Lê Văn An", national_id=NUMBER), None, on=TODAY)
    assert known.odd == ("population:marriage.status", "population:person.birth")
    assert known.values["person.full_name"].value == "Lê Văn Án"
    assert "land.certificate_no" not in known.values


def test_an_answer_about_somebody_else_is_refused_whole(person: MakePerson, far: type[FarPopulation]) -> None:
    made = person("Lê Văn An", national_id=NUMBER)
    far.said = {"person.full_name": "Ai Khác", "person.national_id": "099190000018"}
    known = known_values(made, ("person.full_name",), on=TODAY)
    assert (known.values["person.full_name"].value, known.silent) == ("Lê Văn An", ("population",))
    far.said = {"person.full_name": "Ai Khác", "person.national_id": NUMBER}  # negative control
    assert known_values(made, ("person.full_name",), on=TODAY).values["person.full_name"].value == "Ai Khác"


def test_a_confirmation_is_relied_on_for_its_days_only(
    person: MakePerson, actor: Actor, at: datetime
) -> None:
    made = person("Lê Văn An")
    said = {"marriage.status": "unmarried", "bank.account": "123456"}
    record_details(
        person=made, values=said, source="result", origin=None, true_on=date(2026, 6, 1), by=actor, at=at
    )
    assert values(made)["marriage.status"] == "unmarried"
    later = known_values(made, None, on=date(2026, 12, 1))
    assert "marriage.status" not in later.values
    assert later.expired["marriage.status"].value == "unmarried"
    assert later.values["bank.account"].value == "123456"


def test_a_card_fills_only_what_it_says_and_nothing_spoilt() -> None:
    card = idcard.parse(f"{NUMBER}||Nguy?n Th? M?u|12041990|N?|Thôn Mẫu 1, Ngọc Phụng|01052021")
    assert card is not None
    found = card_values(card)
    assert {key: each.value for key, each in found.items()} == {
        "person.national_id": NUMBER,
        "person.birth": "1990-04-12",
        "person.sex": "female",
        "person.address": "Thôn Mẫu 1, Ngọc Phụng",
        "person.id_issued_on": "2021-05-01",
    }
    assert {each.source for each in found.values()} == {"card"}
    assert not any(each.is_verified for each in found.values())
    whole = idcard.parse(f"{NUMBER}||Nguyễn Thị Mẫu|12041990|Nữ|Thôn Mẫu 1|01052021")
    assert whole is not None
    assert card_values(whole)["person.full_name"].value == "Nguyễn Thị Mẫu"  # negative control


def test_the_address_of_an_old_card_gives_way_to_the_roll(person: MakePerson) -> None:
    made = person("Nguyễn Thị Mẫu", address="Thôn Mẫu 1, xã Ngọc Phụng", birth="1990", national_id=NUMBER)
    card = idcard.parse(f"{NUMBER}||Nguyễn Thị Mẫu|12041990|Nữ|Huyện Thường Xuân|01052021")
    assert card is not None
    said = [*known_values(made, None, on=TODAY).values.values(), *card_values(card).values()]
    best, others = weighed(said)
    assert (best["person.address"].source, best["person.full_name"].source) == ("roll", "card")
    assert best["person.birth"].value == "1990-04-12"
    assert [each.source for each in others["person.address"]] == ["card"]


def test_what_was_corrected_or_is_true_later_does_not_stand(
    person: MakePerson, actor: Actor, at: datetime
) -> None:
    made = person("Lê Văn An", address="Thôn 1")
    record_fact(
        person=made,
        values={"address": "Thôn 2"},
        source="officer",
        by=actor,
        at=at,
        true_from=date(2026, 11, 1),
    )
    found = known_values(made, ("person.address",), on=TODAY).values["person.address"]
    assert (found.value, found.label) == ("Thôn 2", "Cán bộ ghi, 01/11/2026")


def test_values_can_be_stored_as_json(person: MakePerson, demo_registers: None) -> None:
    made = person("Nguyễn Thị Mẫu", national_id=NUMBER)
    assert json.loads(json.dumps(values(made))) == values(made)
