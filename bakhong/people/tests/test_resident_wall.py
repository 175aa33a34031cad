"""A resident's connection: one person's rows, to read; what is theirs to decide, to write. Tried as the role the site runs as."""

from datetime import date, datetime

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from bakhong.core.actor import Actor
from bakhong.people import scope
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.actions.residents import give_mandate
from bakhong.people.models import (
    Consent,
    CorrectionRequest,
    Fact,
    Look,
    Mandate,
    OfAVillage,
    Person,
    PhoneNumber,
    Residence,
)
from bakhong.people.tests.conftest import MakePerson

SEEN = (Person, Fact, Residence, PhoneNumber)


@pytest.fixture
def two(person: MakePerson) -> list[Person]:
    said = {"birth": "1990", "phone": "0912345678"}
    return [
        person("Lê Văn An", national_id="038190001234", **said),
        person("Trần Thị Bé", national_id="038190005678", **said | {"phone": "0987654321"}),
    ]


def of_person(model: type[OfAVillage], person: Person) -> bool:
    rows = model.objects.all()
    return {getattr(row, "person_id", row.pk) for row in rows} == {person.pk}


def test_they_read_their_own_rows_only(two: list[Person], app_role: str) -> None:
    for each in two:
        with scope.holding(person=each.pk):
            assert all(of_person(model, each) for model in SEEN)
    with scope.holding(person=0):
        assert not any(model.objects.exists() for model in SEEN)
    assert Person.objects.count() == 2  # negative control: they are there


def test_without_the_policy_they_would_read_nothing(two: list[Person]) -> None:
    """Negative control: it is this policy that lets them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP POLICY people_self ON people_fact")
    with scope.holding(person=two[0].pk):
        assert Person.objects.count() == 1
        assert not Fact.objects.exists()


def test_they_change_nothing_that_is_known_of_them(two: list[Person], at: datetime, app_role: str) -> None:
    with scope.holding(person=two[0].pk):
        assert Person.objects.update(note="x") == 0
        assert PhoneNumber.objects.all().delete()[0] == 0
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            Look.objects.create(
                person=two[0],
                village_id=two[0].village_id,
                at=at,
                actor_id="x",
                what="record",
            )


def test_what_was_said_of_a_double_is_about_them_too(
    two: list[Person], actor: Actor, at: datetime, app_role: str
) -> None:
    from bakhong.people.actions import merge_people

    merge_people(keep=two[0], double=two[1], by=actor, at=at)
    with scope.holding(person=two[0].pk):
        assert {fact.person_id for fact in Fact.objects.all()} == {each.pk for each in two}


def test_somebody_elses_consent_or_mandate_cannot_be_written(
    two: list[Person], actor: Actor, at: datetime, app_role: str
) -> None:
    mine, theirs = two
    day = date(2026, 11, 1)

    def agree(who: Person) -> None:
        Consent.objects.create(
            person=who,
            village_id=who.village_id,
            purpose="prefill",
            given_on=day,
            evidence="x",
            recorded_by="x",
        )

    with scope.holding(person=mine.pk):
        agree(mine)
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            agree(theirs)
        assert Consent.objects.count() == 1


def test_a_mandate_is_seen_by_both_and_by_nobody_else(
    two: list[Person], person: MakePerson, actor: Actor, at: datetime, app_role: str
) -> None:
    third = person("Lò Văn Ba", national_id="038190009999")
    give_mandate(
        principal=two[0],
        agent_name=two[1].name,
        agent_number="038190005678",
        scope="all",
        procedures=[],
        valid_to=date(2027, 1, 1),
        how="desk",
        by=actor,
        at=at,
    )
    for each, count in ((two[0], 1), (two[1], 1), (third, 0)):
        with scope.holding(person=each.pk):
            assert Mandate.objects.count() == count


def test_an_answered_request_stays_as_it_is(two: list[Person], actor: Actor, at: datetime) -> None:
    made = ask_correction(
        person=two[0],
        key="person.address",
        current="",
        wanted="Thôn Mẫu 1",
        reason="",
        about=None,
        by=actor,
        at=at,
    )
    CorrectionRequest.objects.filter(pk=made.pk).update(state="withdrawn")
    for change in ({"state": "asked"}, {"reason": "khác"}, {"said": None}):
        with pytest.raises(Error, match="answered request"), transaction.atomic():
            CorrectionRequest.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(Error, match="answered request"), transaction.atomic():
        CorrectionRequest.objects.filter(pk=made.pk).delete()


def test_admitting_adds_a_place_and_takes_it_away(two: list[Person], app_role: str) -> None:
    with scope.holding(person=two[0].pk):
        with scope.admitting(two[0].village_id):
            assert Person.objects.count() == 2
        assert Person.objects.count() == 1


def test_tables_of_the_room_that_a_resident_does_not_read_are_known(db: None) -> None:
    """A new table is thought about: either it has a policy for the person concerned, or it stands here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE qual LIKE '%%app.person%%'")
        open_ones = {row[0] for row in cursor.fetchall()}
    tables = {
        model._meta.db_table
        for model in apps.get_app_config("people").get_models()
        if issubclass(model, OfAVillage)
    }
    assert tables - open_ones == {"people_organisation"}
