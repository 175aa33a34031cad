"""Somebody in the roll twice: what was noted of both records is theirs once merged, and each record's own again when taken apart."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bakhong.core.actor import Actor
from bakhong.outreach.actions.beneficiaries import Paid, Recorded, end_benefit, record_beneficiaries
from bakhong.outreach.actions.said import Helped, Met, Promise
from bakhong.outreach.actions.sessions import invite_to_session, plan_session
from bakhong.outreach.actions.trainings import attend, plan_training
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Attendance, Beneficiary, PaymentChannel
from bakhong.outreach.queries.beneficiaries import (
    beneficiaries_at,
    benefit_counts,
    ended_at,
    paying_by_village,
)
from bakhong.outreach.queries.obstacles import Wanted, people_stopped
from bakhong.outreach.queries.same import as_they_are
from bakhong.outreach.queries.sessions import invitees_of, outcomes_of, sessions_at
from bakhong.outreach.queries.trainings import attendances_of, trainings_at
from bakhong.outreach.queries.visits import persons_of, promises_of
from bakhong.people.actions import merge_people, record_fact, unmerge_people
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

TODAY = date(2026, 11, 22)


@pytest.fixture
def keep(person: MakePerson) -> Person:
    return person("Lê Văn An", birth="1950")


@pytest.fixture
def double(person: MakePerson, villages: list[Unit]) -> Person:
    """The same man, on the list of another village."""
    return person("Lê Văn Ân", birth="1950", where=villages[1])


def test_benefits_count_once_and_apart_again(
    keep: Person, double: Person, thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    told = [Paid(keep, "pension", "cash"), Paid(double, "pension", "account", true_from=date(2026, 1, 1))]
    record_beneficiaries(entries=told, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (1, 2)}
    merge_people(keep=keep, double=double, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (1, 1)}  # said last: into an account
    assert [village for village, _kinds in paying_by_village(actor, thuong_xuan, TODAY)] == villages[:1]
    (row,) = as_they_are(beneficiaries_at(actor, thuong_xuan, TODAY))
    assert row.person == keep
    unmerge_people(double=double, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (1, 2)}
    assert {each.person for each in as_they_are(beneficiaries_at(actor, thuong_xuan, TODAY))} == {
        keep,
        double,
    }
    assert {each.village for each in PaymentChannel.objects.all()} == set(villages[:2])


def test_the_list_of_a_double_is_the_list_of_who_they_are(
    keep: Person, double: Person, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    record_beneficiaries(entries=[Paid(double, "pension", "cash")], by=actor, at=at)
    merge_people(keep=keep, double=double, by=actor, at=at)
    again = record_beneficiaries(entries=[Paid(keep, "pension", "cash")], by=actor, at=at)
    assert (again, Beneficiary.objects.count()) == (Recorded(0, 0), 1)
    assert benefit_counts(thuong_xuan, TODAY) == {"pension": (0, 1)}


def test_who_gets_it_no_longer_is_in_no_record(
    keep: Person, double: Person, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    told = [Paid(keep, "pension", "cash"), Paid(double, "pension", "account")]
    record_beneficiaries(entries=told, by=actor, at=at)
    merge_people(keep=keep, double=double, by=actor, at=at)
    (row,) = beneficiaries_at(actor, thuong_xuan, TODAY)
    end_benefit(beneficiary=row, until=TODAY, by=actor, at=at)
    assert benefit_counts(thuong_xuan, TODAY) == {}
    Beneficiary.objects.filter(person=keep).update(valid_to=None)
    assert not ended_at(actor, thuong_xuan, TODAY).exists()  # they get it under their own record


def test_a_merged_record_moves_with_who_they_are(
    keep: Person, double: Person, villages: list[Unit], person: MakePerson, actor: Actor, at: datetime
) -> None:
    record_beneficiaries(entries=[Paid(double, "pension", "cash")], by=actor, at=at)
    middle = person("Lê Văn An", birth="1950", where=villages[1])
    merge_people(keep=middle, double=double, by=actor, at=at)
    merge_people(keep=keep, double=middle, by=actor, at=at)
    assert Beneficiary.objects.get().village == PaymentChannel.objects.get().village == villages[0]
    record_fact(person=keep, values={"place": villages[1].pk}, source="officer", by=actor, at=at)
    assert Beneficiary.objects.get().village == PaymentChannel.objects.get().village == villages[1]


def test_who_was_there_under_two_names_was_there_once(
    keep: Person, double: Person, thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    training = plan_training(
        unit=thuong_xuan,
        title="Tập huấn",
        services=["eid_level2"],
        place=village,
        venue="Nhà văn hoá",
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(hours=1),
        trainer="Lò Văn Dạy",
        client_key=uuid4(),
        by=actor,
        at=at - timedelta(hours=2),
    )
    attend(training=training, persons=[keep, double], by=actor, at=at)
    merge_people(keep=keep, double=double, by=actor, at=at)
    assert [each.person for each in attendances_of(actor, training)] == [keep]
    (shown,) = trainings_at(actor, thuong_xuan, TODAY)
    assert shown.people == 1
    unmerge_people(double=double, by=actor, at=at)
    assert {each.person for each in attendances_of(actor, training)} == {keep, double}
    assert Attendance.objects.get(person=double).village_id == double.village_id
    (shown,) = trainings_at(actor, thuong_xuan, TODAY)
    assert shown.people == 2


def test_an_invited_double_is_not_invited_again_and_is_measured_by_who_they_are(
    keep: Person, person: MakePerson, thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    start = datetime(2026, 12, 1, 1, tzinfo=UTC)
    twin = person("Lê Văn Ân", birth="1949", presence="present")
    session = plan_session(
        unit=thuong_xuan,
        place=village,
        venue="Nhà văn hoá",
        provider_kind="police",
        provider="Công an xã",
        services=["eid_level2"],
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        capacity=1,
        bring="",
        client_key=uuid4(),
        by=actor,
        at=at,
    )
    (invited,) = invite_to_session(session=session, by=actor, at=at)
    assert invited.person == twin  # the elder first
    merge_people(keep=keep, double=twin, by=actor, at=at)
    assert [each.person for each in invitees_of(actor, session)] == [keep]
    session.capacity = 5
    session.save()
    assert invite_to_session(session=session, by=actor, at=at) == []
    (shown,) = sessions_at(actor, thuong_xuan, TODAY)
    assert shown.people == 1
    record_adoptions(
        entries=[Adopted("eid_level2", "activated", person=keep, happened_on=date(2026, 12, 2))],
        source="visit",
        by=actor,
        at=start + timedelta(days=3),
    )
    (outcome,) = outcomes_of(actor, session)
    assert (outcome.gained, outcome.lacking) == (1, 1)
    unmerge_people(double=twin, by=actor, at=start + timedelta(days=4))
    assert [each.person for each in invitees_of(actor, session)] == [twin]
    (outcome,) = outcomes_of(actor, session)
    assert (outcome.gained, outcome.lacking) == (0, 1)


def test_a_visit_and_a_promise_are_of_who_they_are(
    keep: Person, person: MakePerson, thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    twin = person("Lê Văn Ân", birth="1950")
    made = record_visit(
        key=uuid4(),
        village=village,
        outcome="come_again",
        part_of_day="noon",
        persons=[Met(twin)],
        promises=[Promise(twin, ("eid_level2",), date(2026, 11, 30), "signature")],
        by=actor,
        at=at,
    )
    record_adoptions(
        entries=[Adopted("eid_level2", "activated", person=keep)], source="officer", by=actor, at=at
    )
    (promise,) = promises_of(actor, thuong_xuan, TODAY)
    assert (promise.state, promise.commitment.person) == ("open", twin)
    merge_people(keep=keep, double=twin, by=actor, at=at)
    (promise,) = promises_of(actor, thuong_xuan, TODAY)
    assert (promise.state, promise.commitment.person) == ("kept", keep)
    assert [each["person"] for each in persons_of(made)] == [keep]
    unmerge_people(double=twin, by=actor, at=at)
    (promise,) = promises_of(actor, thuong_xuan, TODAY)
    assert (promise.state, promise.commitment.person) == ("open", twin)


def test_what_stopped_a_double_stopped_one_person(
    keep: Person, person: MakePerson, thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    twin = person("Lê Văn Ân", birth="1950")
    for each in (keep, twin):
        record_visit(
            key=uuid4(),
            village=village,
            outcome="met_partly",
            part_of_day="noon",
            persons=[Met(each, helped=(Helped("eid_level2", "refused"),))],
            by=actor,
            at=at,
        )
    assert len(people_stopped(actor, thuong_xuan, TODAY, Wanted(), "refuses")) == 2
    merge_people(keep=keep, double=twin, by=actor, at=at)
    ((who, _said),) = people_stopped(actor, thuong_xuan, TODAY, Wanted(), "refuses")
    assert who == keep
    unmerge_people(double=twin, by=actor, at=at)
    assert len(people_stopped(actor, thuong_xuan, TODAY, Wanted(), "refuses")) == 2


def test_where_nobody_is_a_double_nothing_more_is_asked(keep: Person, actor: Actor, at: datetime) -> None:
    record_beneficiaries(entries=[Paid(keep, "pension", "cash")], by=actor, at=at)
    rows = list(Beneficiary.objects.select_related("person"))
    with CaptureQueriesContext(connection) as asked:
        as_they_are(rows)
    assert len(asked) == 0
