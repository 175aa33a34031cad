"""Wishes for correction: asked by whoever they are about, acknowledged by the clock, and true only once an officer says so."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.residents import HolderActor, ResidentActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.people import scope
from bakhong.people.actions import erase_person
from bakhong.people.actions.correcting import (
    acknowledge_correction,
    answer_correction,
    ask_correction,
    withdraw_correction,
)
from bakhong.people.models import CorrectionRequest, Detail, Fact, Person
from bakhong.people.queries.residents import corrections_of, person_by, person_of
from bakhong.people.signals import working_days_asked
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

Ask = Callable[..., CorrectionRequest]


@pytest.fixture
def an(person: MakePerson) -> Person:
    return person("Lê Văn An", birth="1990", national_id="038190001234")


@pytest.fixture
def ask(an: Person, actor: Actor, at: datetime) -> Ask:
    def make(**said: object) -> CorrectionRequest:
        return ask_correction(
            **{
                "person": an,
                "key": "person.birth",
                "current": "1990",
                "wanted": "1991",
                "reason": "",
                "about": None,
                "by": actor,
                "at": at,
            }
            | said  # type: ignore[arg-type]
        )

    return make


def resident(person: Person, level: int = 2) -> ResidentActor:
    return ResidentActor(new_uuid(), person.uuid, level, person.name)


@pytest.mark.parametrize("said", [{"reason": "a\x00b"}, {"wanted": "19\x0091"}])
def test_what_cannot_be_stored_is_refused_in_words(ask: Ask, said: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        ask(**said)
    assert not CorrectionRequest.objects.exists()
    ask(reason="Nguyễn\nVăn An")  # negative control


def test_asking_changes_nothing_and_leaves_a_trace(an: Person, ask: Ask) -> None:
    made = ask(by=resident(an))
    assert Person.objects.get(pk=an.pk).birth_year == 1990
    event = Event.objects.get(deed="people.ask_correction")
    assert event.object_id == str(made.uuid)
    assert re.search(r"(?<![\w-])1991(?![\w-])", str(event.details)) is None


def test_what_was_said_lies_sealed(an: Person, ask: Ask) -> None:
    ask(key="person.national_id", current="038190001234", wanted="038190009876")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM people_correctionrequest t")
        assert "038190009876" not in str(cursor.fetchall())
    assert corrections_of(an)[0].wanted == "038190009876"


def test_only_the_person_themself_or_staff_may_ask(
    an: Person, person: MakePerson, ask: Ask, staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit
) -> None:
    other = person("Trần Thị Bé")
    for by in (resident(other), resident(an, level=1), HolderActor("draft", new_uuid())):
        with pytest.raises(NotAllowed):
            ask(by=by)
    with pytest.raises(NotAllowed):
        ask(by=staff("supervising_leader", thuong_xuan))
    assert ask(by=HolderActor("draft", new_uuid()), about=("draft", new_uuid()))  # let in by the draft's room


def test_a_wish_from_a_draft_needs_no_open_connection(an: Person, ask: Ask) -> None:
    key = new_uuid()
    with scope.holding(keys=[key]):
        ask(by=HolderActor("draft", key), about=("draft", key))
        assert not Person.objects.exists()


def test_sent_twice_it_is_one_and_a_newer_wish_takes_its_place(an: Person, ask: Ask) -> None:
    key = new_uuid()
    assert ask(key_uuid=key).pk == ask(key_uuid=key).pk
    newer = ask(wanted="1992", key_uuid=new_uuid())
    states = dict(CorrectionRequest.objects.values_list("pk", "state"))
    assert sorted(states.values()) == ["asked", "withdrawn"]
    assert states[newer.pk] == "asked"


@pytest.mark.parametrize(
    "said",
    [
        {"key": "nothing"},
        {"wanted": "31/12/1990"},
        {"wanted": "1990"},
        {"wanted": None},
        {"wanted": {"a": 1}},
        {"reason": "mã OTP 482913"},
    ],
)
def test_what_cannot_be_is_refused(ask: Ask, said: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        ask(**said)


def test_the_clock_is_the_calendars(ask: Ask, at: datetime) -> None:
    """Where a room above knows the days off, they count; nobody answering, Monday to Friday do."""
    first = day_of(at)

    def all_off_but_the_tenth(**_sent: object) -> frozenset[date]:
        return frozenset({first + timedelta(days=9), first + timedelta(days=10)})

    before = working_days_asked.receivers
    working_days_asked.receivers = []
    working_days_asked.sender_receivers_cache.clear()
    try:
        weekdays = [first + timedelta(days=ahead) for ahead in range(1, 9)]
        plain = [day for day in weekdays if day.weekday() < 5][1]
        assert day_of(ask().acknowledge_by) == plain
        working_days_asked.connect(all_off_but_the_tenth)
        assert day_of(ask(wanted="1992").acknowledge_by) == first + timedelta(days=10)
    finally:
        working_days_asked.receivers = before
        working_days_asked.sender_receivers_cache.clear()


def test_accepted_it_comes_true_as_a_correction(an: Person, ask: Ask, actor: Actor, at: datetime) -> None:
    made = ask(wanted="1991-05-06")
    acknowledge_correction(request=made, by=actor, at=at)
    answer_correction(request=made, is_accepted=True, answer="", by=actor, at=at)
    assert Person.objects.get(pk=an.pk).birth_day == 6
    assert Fact.objects.get(person=an, voids=["birth"]).is_verified


def test_what_the_roll_does_not_hold_becomes_a_detail(
    an: Person, ask: Ask, actor: Actor, at: datetime
) -> None:
    made = ask(key="person.occupation", current="", wanted="Làm ruộng")
    answer_correction(request=made, is_accepted=True, answer="", by=actor, at=at)
    assert Detail.objects.get(person=an).value == "Làm ruộng"


def test_refused_it_says_why_and_stays_refused(an: Person, ask: Ask, actor: Actor, at: datetime) -> None:
    made = ask()
    with pytest.raises(Refusal):
        answer_correction(request=made, is_accepted=False, answer=" ", by=actor, at=at)
    answer_correction(request=made, is_accepted=False, answer="Giấy ghi 1990", by=actor, at=at)
    for deed in (acknowledge_correction, withdraw_correction):
        with pytest.raises(Conflict):
            deed(request=made, by=actor, at=at)
    with pytest.raises(Conflict):
        answer_correction(request=made, is_accepted=True, answer="", by=actor, at=at)
    assert Person.objects.get(pk=an.pk).birth_year == 1990


def test_staff_of_elsewhere_answer_nothing(
    ask: Ask, staff: Callable[[str, Unit], StaffActor], villages: list[Unit], at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        answer_correction(
            request=ask(), is_accepted=True, answer="", by=staff("village_head", villages[1]), at=at
        )


def test_erasing_blanks_what_was_wished(an: Person, ask: Ask, actor: Actor, at: datetime) -> None:
    made = ask(reason="CANARY", by=resident(an))
    answer_correction(request=made, is_accepted=False, answer="CANARY", by=actor, at=at)
    open_one = ask(key="person.address", wanted="CANARY")
    erase_person(person=an, ground="request", by=actor, at=at)
    for row in CorrectionRequest.objects.filter(pk__in=[made.pk, open_one.pk]):
        assert (row.said, row.reason, row.answer, row.asked_label) == (None, "", "", "")


# --- who somebody is


def test_a_number_finds_its_person_unless_the_row_speaks_of_somebody_else(an: Person) -> None:
    scope.close()
    assert person_of("038190001234") == an
    assert person_of("038190001234", name="LE VAN AN", birth="1950-01-01") == an  # one of the two agrees
    assert person_of("038190001234", name="Phạm Khác", birth="1990-05-06") == an
    assert person_of("038190001234", name="Phạm Khác", birth="1950-01-01") is None
    assert person_of("038190009999") is None
    assert not Person.objects.exists()  # the connection is as closed as before


def test_a_double_is_who_it_was_merged_into(
    an: Person, person: MakePerson, actor: Actor, at: datetime
) -> None:
    from bakhong.people.actions import merge_people

    double = person("Lê Văn An")
    merge_people(keep=an, double=double, by=actor, at=at)
    assert person_by(double.uuid) == an
    erase_person(person=an, ground="request", by=actor, at=at)
    assert person_by(double.uuid) is None
