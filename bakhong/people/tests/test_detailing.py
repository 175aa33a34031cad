"""Details: what a procedure ended with is kept, once, by whoever says it best, and behind the wall."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.people import scope
from bakhong.people.actions import log_use, merge_people, record_details, record_fact, retract_details
from bakhong.people.models import Detail, Look, Person
from bakhong.people.queries.details import standing_details, value_of
from bakhong.people.queries.records import looks_at
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

DOSSIER = ("dossier", UUID(int=7))
KEY = UUID(int=8)
DAY = date(2026, 11, 1)
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def tell(actor: Actor, at: datetime) -> Callable[..., list[Detail]]:
    def record(person: Person, **changes: object) -> list[Detail]:
        given = {"values": {"family.mother_name": "Lê Thị Cội"}, "source": "result", "origin": DOSSIER}
        return record_details(**{"person": person, "true_on": DAY, "by": actor, "at": at, **given, **changes})  # type: ignore[arg-type]

    return record


Tell = Callable[..., list[Detail]]


def test_it_is_kept_with_where_it_comes_from(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    rows = tell(made, values={"bank.account": "0123456789", "family.mother_name": "Lê Thị Cội"})
    by_key = {row.key: row for row in rows}
    account = Detail.objects.get(pk=by_key["bank.account"].pk)
    assert account.value is None  # sensitive: sealed
    assert b"0123456789" not in bytes(account.sealed)
    assert value_of(account) == "0123456789"
    mother = Detail.objects.get(pk=by_key["family.mother_name"].pk)
    assert (mother.value, mother.sealed, mother.origin_kind, mother.origin) == ("Lê Thị Cội", None, *DOSSIER)
    assert (mother.village_id, mother.true_on) == (made.village_id, DAY)


def test_it_leaves_a_trace_without_the_values(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    tell(made)
    event = Event.objects.get(deed="people.record_details")
    assert event.details == {"count": 1, "origin": f"dossier:{DOSSIER[1]}"}
    assert event.object_id == str(made.uuid)


def test_what_stands_already_changes_nothing(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    assert len(tell(made)) == 1
    assert tell(made, values={"family.mother_name": "LÊ THỊ CỘI"}) == []
    assert tell(made, source="resident") == []
    assert len(tell(made, values={"family.mother_name": "Lê Thị Khác"})) == 1  # negative control
    assert Event.objects.filter(deed="people.record_details").count() == 2


def test_a_better_source_is_kept_though_it_says_the_same(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    tell(made, source="resident", origin=None)
    assert len(tell(made)) == 1
    assert standing_details(made, DAY)["family.mother_name"][0].source == "result"


def test_a_confirmation_anew_is_valid_longer(person: MakePerson, tell: Tell) -> None:
    made, said = person("Lê Văn An"), {"marriage.status": "unmarried"}
    (first,) = tell(made, values=said, true_on=date(2026, 5, 1))
    assert first.valid_to == date(2026, 10, 31)
    assert tell(made, values=said, true_on=date(2026, 5, 1)) == []
    assert len(tell(made, values=said)) == 1


def test_the_same_key_again_gives_the_same_rows(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    first = tell(made, key=KEY)
    assert [row.pk for row in tell(made, key=KEY)] == [row.pk for row in first]
    assert Detail.objects.count() == 1
    with pytest.raises(Conflict):
        tell(person("Ai Khác"), key=KEY)
    with (
        pytest.raises(Error, match="client_key"),
        transaction.atomic(),
    ):  # the table itself refuses a second one
        Detail.objects.create(
            person=made,
            village_id=made.village_id,
            key="x",
            true_on=DAY,
            source="result",
            learned_at=first[0].learned_at,
            client_key=first[0].client_key,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": {"no.such_key": "x"}},
        {"values": {"person.birth": "31/02/1990"}},
        {"values": {"marriage.status": "other"}},
        {"values": {"family.mother_name": "a\x00b"}},
        {"values": {"family.mother_name": "\ud800"}},
        {"values": {"family.mother_name": "x" * 501}},
        {"true_on": date(2026, 11, 23)},
    ],
    ids=repr,
)
def test_it_refuses_what_cannot_be(person: MakePerson, tell: Tell, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        tell(person("Lê Văn An"), **wrong)
    assert not Detail.objects.exists()


def test_it_refuses_who_may_not_unless_the_caller_has_asked(
    person: MakePerson, tell: Tell, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit
) -> None:
    made, accountant = person("Lê Văn An"), staff("accountant", thuong_xuan)
    with pytest.raises(NotAllowed):
        tell(made, by=accountant)
    assert len(tell(made, by=accountant, permission=None)) == 1


def test_a_result_taken_back_stands_no_more(
    person: MakePerson, tell: Tell, actor: Actor, at: datetime
) -> None:
    made = person("Lê Văn An")
    tell(made, origin=None, values={"family.mother_name": "Lê Thị Khác"}, true_on=date(2026, 10, 1))
    tell(made, values={"family.mother_name": "Lê Thị Cội", "bank.bank_name": "Ngân hàng"})
    assert len(retract_details(origin=DOSSIER, person=made, by=actor, at=at)) == 2
    assert retract_details(origin=DOSSIER, person=made, by=actor, at=at) == []
    standing = standing_details(made, DAY)
    assert [value_of(row) for row in standing["family.mother_name"]] == ["Lê Thị Khác"]
    assert "bank.bank_name" not in standing
    assert len(tell(made)) == 1  # said anew


def test_details_of_a_double_are_of_who_was_kept_and_move_with_them(
    person: MakePerson, tell: Tell, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    kept, double = person("Lê Văn An"), person("Lê Văn An")
    tell(double)
    merge_people(keep=kept, double=double, by=actor, at=at)
    assert tell(kept) == []
    assert [row.person_id for row in tell(double, values={"bank.bank_name": "B"})] == [kept.pk]
    record_fact(person=kept, values={"place": villages[1].pk}, source="officer", by=actor, at=at)
    assert set(Detail.objects.filter(person=kept).values_list("village_id", flat=True)) == {villages[1].pk}


def test_a_long_text_is_kept_in_one_line_and_a_number_in_one_piece(person: MakePerson, tell: Tell) -> None:
    made = person("Lê Văn An")
    rows = tell(made, values={"bank.account": " 0123 456.789", "bank.bank_name": "Ngân hàng\r\nNông nghiệp"})
    assert {row.key: value_of(row) for row in rows} == {
        "bank.account": "0123456789",
        "bank.bank_name": "Ngân hàng Nông nghiệp",
    }
    assert tell(made, values={"bank.account": "0123456789"}) == []


def test_rows_are_only_added(person: MakePerson, tell: Tell) -> None:
    tell(person("Lê Văn An"))
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Detail.objects.update(value="x")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Detail.objects.all().delete()
    with connection.cursor() as cursor:  # negative control: it is the trigger that refuses
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_detail DISABLE TRIGGER people_append_only")
    assert Detail.objects.update(value="x") == 1


def test_the_wall_shows_the_area_or_the_one_person(
    person: MakePerson, tell: Tell, villages: list[Unit]
) -> None:
    one, other = person("Lê Văn An"), person("Lê Văn Ba")
    tell(one), tell(other)
    scope.open_to([villages[1].pk])
    assert not Detail.objects.exists()
    scope.open_to([villages[0].pk])
    assert Detail.objects.count() == 2
    scope.open_to((), person=one.pk)
    assert [row.person_id for row in Detail.objects.all()] == [one.pk]
    with pytest.raises(Error, match="row-level security"), transaction.atomic():  # read, not written
        Detail.objects.create(
            person=one, village_id=one.village_id, key="x", true_on=DAY, source="result", learned_at=AT
        )
    scope.close()
    assert not Detail.objects.exists()
    with connection.cursor() as cursor:  # negative control
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_detail DISABLE ROW LEVEL SECURITY")
    assert Detail.objects.count() == 2


def test_a_use_is_shown_to_the_person(person: MakePerson, actor: Actor, at: datetime) -> None:
    made, about = person("Lê Văn An"), ("draft", UUID(int=9))
    log_use(
        person=made,
        purpose="prefill",
        keys=["person.full_name", "person.birth"],
        registers=["population"],
        about=about,
        by=actor,
        at=at,
    )
    said = [(each.what, each.reason, each.note, each.about) for each in looks_at(made)]
    assert ("known", "at_desk", "Ngày, tháng, năm sinh, Họ, chữ đệm và tên", about[1]) in said
    assert ("register", "at_desk", "population", about[1]) in said
    event = Event.objects.get(deed="people.use_known")
    assert event.details["registers"] == ["population"]
    assert Look.objects.count() == 2


def test_a_use_for_nothing_is_refused(person: MakePerson, actor: Actor, at: datetime) -> None:
    for purpose, keys in (("curiosity", ["person.birth"]), ("prefill", ["no.such_key"])):
        with pytest.raises(Refusal):
            log_use(
                person=person("Lê Văn An"),
                purpose=purpose,
                keys=keys,
                about=("draft", UUID(int=9)),
                by=actor,
                at=at,
            )
