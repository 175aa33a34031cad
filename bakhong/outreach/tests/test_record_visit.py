"""A visit is stored once, with the facts it makes; what cannot be is refused; taking it back takes its facts back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.said import Helped, Met, Promise
from bakhong.outreach.actions.visits import record_visit, retract_visit
from bakhong.outreach.models import Commitment, TeamMember, Visit, VisitHelp
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.people import scope
from bakhong.people.models import Adoption, Consent, Holding, Household, Person
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
DONE = Helped("eid_level2")


def stands(person: Person, service: str) -> str:
    found = Holding.objects.filter(person=person, service=service, valid_to=None).first()
    return found.state if found else ""


def test_it_records_what_was_done(visit: MakeVisit, parents: list[Person], member: TeamMember) -> None:
    made = visit(
        persons=[Met(parents[0], helped=(DONE,)), Met(parents[1], was_met=False)],
        team=member.team,
        members=[member],
    )
    assert stands(parents[0], "eid_level2") == "activated"
    assert [(each.person_id, each.was_met) for each in made.persons.order_by("pk")] == [
        (parents[0].pk, True),
        (parents[1].pk, False),
    ]
    assert made.members.get().member == member
    event = Event.objects.get(deed="outreach.record_visit")
    assert (event.object_id, event.place_id) == (str(made.uuid), made.village_id)
    assert "An" not in str(event.details)


def test_the_same_key_is_the_same_visit(visit: MakeVisit, parents: list[Person]) -> None:
    key = uuid4()
    first = visit(key=key, persons=[Met(parents[0], helped=(DONE,))])
    again = visit(
        key=key, persons=[Met(parents[0], helped=(DONE,))], at=first.recorded_at + timedelta(hours=1)
    )
    assert again == first
    assert Visit.objects.count() == VisitHelp.objects.count() == Adoption.objects.count() == 1
    with pytest.raises(Conflict):
        visit(key=key, persons=[Met(parents[1], helped=(DONE,))])


def test_without_the_constraint_there_would_be_two(visit: MakeVisit) -> None:
    """Negative control: it is the UNIQUE constraint that makes one of two."""
    key = uuid4()
    visit(key=key)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'outreach_visit'::regclass AND contype = 'u' AND"
            " pg_get_constraintdef(oid) LIKE '%(client_key)%'"
        )
        [(name,)] = cursor.fetchall()
        cursor.execute(f'ALTER TABLE outreach_visit DROP CONSTRAINT "{name}"')
    visit(key=key)
    assert Visit.objects.filter(client_key=key).count() == 2


def test_what_was_not_done_has_a_reason(visit: MakeVisit, parents: list[Person]) -> None:
    with pytest.raises(Refusal, match="lý do"):
        visit(persons=[Met(parents[0], helped=(Helped("eid_level2", "tried"),))])
    visit(
        outcome="met_partly",
        persons=[Met(parents[0], helped=(Helped("eid_level2", "tried", reason="old_phone"),))],
    )
    assert Adoption.objects.get().reason == "old_phone"
    assert stands(parents[0], "eid_level2") == "none"


def test_a_failure_says_nothing_against_who_has_begun(visit: MakeVisit, parents: list[Person]) -> None:
    visit(persons=[Met(parents[0], helped=(Helped("eid_level2", "registered"),))])
    visit(
        outcome="met_partly",
        persons=[Met(parents[0], helped=(Helped("eid_level2", "tried", reason="weak_signal"),))],
    )
    assert stands(parents[0], "eid_level2") == "registered"
    assert Adoption.objects.count() == 1


def test_help_on_another_telephone_needs_consent(visit: MakeVisit, parents: list[Person]) -> None:
    borrowed = Helped("eid_level2", whose_phone="officer")
    with pytest.raises(Refusal, match="đồng ý"):
        visit(persons=[Met(parents[1], helped=(borrowed,))])
    assert not Visit.objects.exists()
    asked = Helped("eid_level2", whose_phone="officer", consent="Nói trước mặt con trai")
    made = visit(persons=[Met(parents[1], helped=(asked,))])
    assert made.helps.get().consent == Consent.objects.get(person=parents[1], purpose="on_behalf")
    # Agreed once, it is not asked again.
    visit(persons=[Met(parents[1], helped=(Helped("digital_signature", whose_phone="relative"),))])
    assert Consent.objects.count() == 1


def test_the_database_wants_the_consent_too(visit: MakeVisit, parents: list[Person]) -> None:
    made = visit()
    with pytest.raises(IntegrityError, match="visit_help_consent"), transaction.atomic():
        VisitHelp.objects.create(
            visit=made,
            village=made.village,
            person=parents[0],
            service="eid_level2",
            result="done",
            whose_phone="officer",
        )


@pytest.mark.parametrize("note", ["482913", "mã OTP 4829", "mật khẩu là 12345678", "mã là 482 913"])
def test_a_code_is_never_written_down(visit: MakeVisit, parents: list[Person], note: str) -> None:
    for said in (
        {"note": note},
        {"persons": [Met(parents[0], helped=(Helped("eid_level2", evidence=note),))]},
        {"persons": [Met(parents[0], helped=(Helped("eid_level2", whose_phone="officer", consent=note),))]},
        {
            "persons": [Met(parents[0])],
            "promises": [Promise(parents[0], ("eid_level2",), date(2026, 12, 1), text=note)],
        },
    ):
        with pytest.raises(Refusal, match="OTP"):
            visit(**said)
    assert visit(note="Hẹn 19 giờ tối mai").note


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "came"},
        {"part_of_day": "night"},
        {"visited_on": date(2026, 11, 23)},
        {"visited_on": date(2024, 1, 1)},
        {"next_on": date(2026, 11, 21)},
        {"household": None},
    ],
)
def test_it_refuses_what_cannot_be(visit: MakeVisit, said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        visit(**said)


def test_nothing_is_done_where_nobody_is_home(visit: MakeVisit, parents: list[Person]) -> None:
    with pytest.raises(Refusal):
        visit(outcome="nobody_home", persons=[Met(parents[0], was_met=False, helped=(DONE,))])


def test_half_a_visit_is_no_visit(visit: MakeVisit, parents: list[Person]) -> None:
    """The second person is too young, so that nothing at all is stored."""
    with pytest.raises(Refusal):
        visit(
            persons=[
                Met(parents[0], helped=(DONE,)),
                Met(parents[1], helped=(Helped("eid_level2", provider="nobody knows"), Helped("no_such"))),
            ]
        )
    assert not Visit.objects.exists()
    assert not Adoption.objects.exists()


def test_what_was_heard_is_learned(visit: MakeVisit, parents: list[Person]) -> None:
    visit(
        outcome="come_again",
        persons=[
            Met(parents[0], learnt={"phone": "0987654321"}),
            Met(parents[1], was_met=False, learnt={"presence": "away", "whereabouts": "Bình Dương"}),
        ],
    )
    parents[1].refresh_from_db()
    assert (parents[1].presence, parents[1].whereabouts) == ("away", "Bình Dương")
    assert parents[0].phones.get().number == "0987654321"


def test_taking_back_takes_its_facts_back(
    visit: MakeVisit, parents: list[Person], actor: Actor, at: datetime
) -> None:
    made = visit(persons=[Met(parents[0], helped=(DONE,), learnt={"presence": "away"})])
    for reason in (" ", "mã OTP 482913"):
        with pytest.raises(Refusal):
            retract_visit(visit=made, reason=reason, by=actor, at=at)
    for _ in range(2):
        retract_visit(visit=made, reason="Ghi nhầm hộ", by=actor, at=at)
    parents[0].refresh_from_db()
    assert stands(parents[0], "eid_level2") == ""
    assert parents[0].presence == "present"
    assert Event.objects.filter(deed="outreach.retract_visit").count() == 1


def test_a_promise_is_of_who_was_there(visit: MakeVisit, parents: list[Person]) -> None:
    promise = Promise(parents[0], ("eid_level2",), date(2026, 12, 1), text="Ngày 30 lên xã làm")
    with pytest.raises(Refusal):
        visit(outcome="come_again", promises=[promise])
    visit(outcome="come_again", persons=[Met(parents[0])], promises=[promise])
    assert Commitment.objects.get().due_on == date(2026, 12, 1)


def test_who_may_not_visit_there(
    visit: MakeVisit, staff: Staff, villages: list[Unit], thuong_xuan: Unit, at: datetime
) -> None:
    for nobody in (staff("accountant", thuong_xuan), staff("village_head", villages[1])):
        with pytest.raises(NotAllowed):
            visit(by=nobody)
    assert visit(by=staff("mass_organisation", thuong_xuan))


def test_a_household_of_elsewhere(visit: MakeVisit, villages: list[Unit]) -> None:
    with pytest.raises(Refusal):
        visit(village=villages[1])


def test_a_visit_is_not_changed(visit: MakeVisit) -> None:
    made = visit()
    for change in ({"outcome": "refused"}, {"note": "x"}):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            Visit.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        made.delete()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one(
    village: Unit, parents: list[Person], household: Household, actor: Actor, at: datetime
) -> None:
    key, start, answers = uuid4(), Barrier(5), []

    def send() -> None:
        try:
            scope.open_to(None)
            start.wait()
            made = record_visit(
                key=key,
                village=village,
                household=household,
                outcome="met_done",
                part_of_day="noon",
                persons=[Met(parents[0], helped=(DONE,))],
                by=actor,
                at=at,
            )
            answers.append(made.pk)
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scope.open_to(None)
    assert len(answers) == 5
    assert len(set(answers)) == 1
    assert Visit.objects.count() == VisitHelp.objects.count() == Adoption.objects.count() == 1
