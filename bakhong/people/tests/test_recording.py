"""Facts are added; what stands follows from them."""

from datetime import date, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.people.actions import (
    add_person,
    correct_fact,
    give_consent,
    overruled,
    record_fact,
    retract_facts,
)
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Fact, Person, PhoneNumber, Residence
from bakhong.people.queries.identity import index_of, masked_id, national_id_of
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

ID = "038190001234"


def test_it_adds_a_person(person: MakePerson, village: Unit, at: datetime) -> None:
    made = Person.objects.get(
        pk=person("lê  Thị Hoá", birth="1941", sex="female", phone="+84 912.345.678").pk
    )
    assert (made.name, made.name_key, made.birth_year, made.birth_month) == (
        "lê Thị Hoá",
        "le thi hoa",
        1941,
        None,
    )
    assert made.village == village
    assert [(each.number, each.is_current) for each in made.phones.all()] == [("0912345678", True)]
    assert [(each.place, each.valid_from, each.valid_to) for each in made.residences.all()] == [
        (village, None, None)
    ]


def test_it_leaves_a_trace_without_personal_values(person: MakePerson, village: Unit) -> None:
    made = person("Lê Thị Hoá", national_id=ID)
    event = Event.objects.get(deed="people.add_person")
    assert (event.object_id, event.place_id) == (str(made.uuid), village.pk)
    assert "Hoá" not in str(event.details)
    assert ID not in str(event.details)


def test_the_number_is_stored_sealed(person: MakePerson) -> None:
    made = person("Lê Thị Hoá", national_id="038 190 001 234")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p::text || f::text FROM people_person p JOIN people_fact f ON f.person_id = p.id"
        )
        (row,) = cursor.fetchone()
    assert ID not in row
    assert ID.encode().hex() not in row
    found = Person.objects.get(national_id_index=index_of(ID))
    assert (found, national_id_of(found), masked_id(found)) == (made, ID, "•••••••••234")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "  "}, "họ và tên"),
        ({"name": "a\x00"}, "ký tự lạ"),
        ({"name": "A" * 121}, "quá dài"),
        ({"name": "A", "national_id": "0381900012345"}, "12 chữ số"),
        ({"name": "A", "birth": "1990-02-31"}, "lịch"),
        ({"name": "A", "birth": "2027"}, "tương lai"),
        ({"name": "A", "birth": "1890"}, "130 năm"),
        ({"name": "A", "sex": "x"}, "danh sách"),
        ({"name": "A", "phone": "con trai"}, "điện thoại"),
    ],
)
def test_it_refuses_what_cannot_be(
    values: dict[str, str], said: str, village: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match=said):
        add_person(village=village, values=values, source="list", by=actor, at=at)
    assert not Person.objects.exists()


def test_one_number_is_one_person(person: MakePerson, villages: list[Unit]) -> None:
    person("Lê Thị Hoá", national_id=ID)
    with pytest.raises(Conflict, match="Lê Thị Hoá"):
        person("Lê Thị Hoa", where=villages[1], national_id=ID)
    assert Person.objects.count() == 1


def test_the_database_refuses_a_second_one_in_the_village(person: MakePerson) -> None:
    """What holds when two clerks are faster than the look before."""
    first, second = person("Lê Thị Hoá", national_id=ID), person("Lê Thị Hoa")
    with pytest.raises(Error, match="person_id_once_a_village"), transaction.atomic():
        Person.objects.filter(pk=second.pk).update(
            national_id=first.national_id, national_id_index=first.national_id_index
        )


def test_a_change_keeps_what_was(person: MakePerson, actor: Actor, at: datetime, village: Unit) -> None:
    made = person("Lê Văn An", phone="0912345678", phone_holder="self", presence="present")
    record_fact(
        person=made,
        values={"phone": "0987654321", "presence": "abroad", "whereabouts": "Hàn Quốc"},
        source="visit",
        by=actor,
        at=at,
        true_from=date(2026, 3, 1),
    )
    made.refresh_from_db()
    assert (made.presence, made.whereabouts) == ("abroad", "Hàn Quốc")
    assert set(made.phones.values_list("number", "holder", "is_current")) == {
        ("0912345678", "self", False),
        ("0987654321", "", True),
    }
    assert list(made.residences.order_by("pk").values_list("presence", "valid_from", "valid_to")) == [
        ("present", None, date(2026, 3, 1)),
        ("abroad", date(2026, 3, 1), None),
    ]
    assert made.facts.count() == 2


def test_a_correction_holds_from_the_beginning(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An", birth="1980")
    correct_fact(
        person=made, values={"birth": "1981-03-05"}, source="card", by=actor, at=at, is_verified=True
    )
    made.refresh_from_db()
    assert (made.birth_year, made.birth_month, made.birth_day) == (1981, 3, 5)
    assert made.facts.count() == 2


def test_a_wrong_number_is_not_called_again(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An", phone="0912345678")
    correct_fact(person=made, values={"phone": "0912345679"}, source="resident", by=actor, at=at)
    assert list(made.phones.values_list("number", flat=True)) == ["0912345679"]


def test_a_verified_name_stands_against_a_later_list(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An")
    record_fact(person=made, values={"name": "Lê Văn Ân"}, source="card", by=actor, at=at, is_verified=True)
    record_fact(person=made, values={"name": "Le Van An"}, source="list", by=actor, at=at + timedelta(days=1))
    made.refresh_from_db()
    assert made.name == "Lê Văn Ân"


def test_it_refuses_a_day_to_come(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An")
    with pytest.raises(Refusal, match="sau này"):
        record_fact(
            person=made,
            values={"presence": "away"},
            source="visit",
            by=actor,
            at=at,
            true_from=date(2027, 1, 1),
        )


def test_taking_back_is_adding(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An", phone="0912345678")
    removed, kept = retract_facts(facts=list(made.facts.all()), by=actor, at=at)
    assert (removed, kept) == ([made], [])
    made.refresh_from_db()
    assert not made.is_known
    assert made.facts.count() == 2
    assert not Residence.objects.exists()
    assert not PhoneNumber.objects.exists()
    again = Fact.objects.get(retracts__isnull=False)
    assert retract_facts(facts=[again], by=actor, at=at) == ([], [made])
    made.refresh_from_db()
    assert made.is_known


def test_taking_back_twice_changes_nothing(person: MakePerson, actor: Actor, at: datetime) -> None:
    made = person("Lê Văn An")
    facts = list(made.facts.all())
    retract_facts(facts=facts, by=actor, at=at)
    retract_facts(facts=facts, by=actor, at=at)
    assert made.facts.count() == 2


def test_facts_are_never_changed(person: MakePerson) -> None:
    fact = person("Lê Văn An").facts.get()
    for deed in (lambda: fact.delete(), lambda: Fact.objects.update(values={"name": "X"})):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            deed()
    assert (
        Fact.objects.filter(pk=fact.pk).update(village_id=fact.village_id) == 1
    )  # negative control: it may follow


def test_a_move_within_the_commune_takes_everything_along(
    person: MakePerson, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    made = person("Lê Văn An")
    record_fact(
        person=made,
        values={"place": villages[1].pk},
        source="officer",
        by=actor,
        at=at,
        true_from=date(2026, 1, 1),
    )
    made.refresh_from_db()
    assert made.village == villages[1]
    assert set(made.facts.values_list("village", flat=True)) == {villages[1].pk}
    assert list(made.residences.order_by("valid_to").values_list("place", flat=True)) == [
        each.pk for each in villages
    ]


def test_a_village_head_adds_only_at_home(
    villages: list[Unit],
    staff,
    at: datetime,  # type: ignore[no-untyped-def]
) -> None:
    head = staff("village_head", villages[0])
    with pytest.raises(NotAllowed):
        add_person(village=villages[1], values={"name": "A"}, source="visit", by=head, at=at)
    assert add_person(village=villages[0], values={"name": "A"}, source="visit", by=head, at=at)


def test_a_change_without_a_day_holds_from_the_day_it_is_told(
    actor: Actor, at: datetime, village: Unit
) -> None:
    """Undated it would stand below what a list says of a day."""
    made = add_person(
        village=village,
        values={"name": "Lê Văn An", "note": "cũ"},
        source="list",
        true_from=date(2026, 10, 1),
        by=actor,
        at=at,
    )
    record_fact(person=made, values={"note": "mới"}, source="officer", by=actor, at=at)
    made.refresh_from_db()
    assert made.note == "mới"
    assert made.facts.latest("pk").true_from == at.date()
    assert overruled(made, {"note": "mới"}, at.date()) == {}
    before = {"note": "xưa", "sex": "male"}
    record_fact(person=made, values=before, source="officer", by=actor, at=at, true_from=date(2026, 1, 1))
    assert {name: held.value for name, held in overruled(made, before, at.date()).items()} == {"note": "mới"}


@pytest.mark.parametrize(
    ("note", "said"),
    [("mã OTP 482913", "OTP"), ("CCCD 038190001234", "ô riêng"), ("gọi 0912 345 678", "ô riêng")],
)
def test_a_remark_holds_no_code_and_no_number(
    person: MakePerson, actor: Actor, at: datetime, note: str, said: str
) -> None:
    made = person("Lê Thị Hoá", phone="0912345678", national_id=ID)  # in their own boxes they are welcome
    for attribute in ("note", "phone_note", "whereabouts"):
        with pytest.raises(Refusal, match=said):
            record_fact(person=made, values={attribute: note}, source="officer", by=actor, at=at)
    with pytest.raises(Refusal, match=said):
        give_consent(person=made, purpose="campaign", evidence=note, given_on=at.date(), by=actor, at=at)
    with pytest.raises(Refusal, match=said):
        record_adoptions(
            entries=[Adopted("payment_account", "activated", person=made, evidence=note)],
            source="officer",
            by=actor,
            at=at,
        )
    record_fact(person=made, values={"note": "Hẹn 06-05-2026 lúc 19 giờ"}, source="officer", by=actor, at=at)
