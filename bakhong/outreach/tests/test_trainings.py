"""Trainings: planned once, attended, taken back, and what came of them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import Anonymous, StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions import trainings as deeds
from bakhong.outreach.models import Attendance, CheckIn, Training
from bakhong.outreach.queries.trainings import effects_of, trainings_at, waiting_entries
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Adoption, Holding
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

START = datetime(2026, 11, 22, 1, tzinfo=UTC)  # 8 o'clock in Viet Nam
Staff = Callable[[str, Unit], StaffActor]
Plan = Callable[..., Training]


@pytest.fixture
def plan(thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime) -> Plan:
    def make(**said: Any) -> Training:
        told: dict[str, Any] = {
            "unit": thuong_xuan,
            "title": "Dùng VNeID",
            "services": ["eid_level2"],
            "place": village,
            "venue": "Nhà văn hoá",
            "starts_at": START,
            "ends_at": START + timedelta(hours=3),
            "trainer": "Lò Văn Dạy",
            "client_key": uuid4(),
            "by": actor,
            "at": at,
        }
        return deeds.plan_training(**{**told, **said})

    return make


def send(training: Training, name: str, year: int, tail: str, at: datetime) -> None:
    deeds.check_in(training=training, name=name, birth_year=year, phone_tail=tail, by=Anonymous(), at=at)


def test_it_is_planned_once_however_often_it_is_sent(plan: Plan) -> None:
    key = uuid4()
    made = plan(client_key=key)
    assert plan(client_key=key) == made
    assert made.services == ["eid_level2", "digital_skills"] or set(made.services) == {
        "eid_level2",
        "digital_skills",
    }
    assert Event.objects.filter(deed="outreach.plan_training").count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"title": " "},
        {"services": ["dances"]},
        {"ends_at": START},
        {"ends_at": START + timedelta(days=1)},
        {"venue": "x" * 201},
    ],
)
def test_it_refuses_what_cannot_be(plan: Plan, said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        plan(**said)


def test_it_refuses_a_village_of_elsewhere_and_who_may_not_plan(
    plan: Plan, thanh_hoa: Unit, village: Unit, staff: Staff
) -> None:
    with pytest.raises(Refusal):
        plan(place=thanh_hoa)
    with pytest.raises(NotAllowed):
        plan(by=staff("village_head", village))


def test_who_was_there_has_learned_basic_skills(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    an = person("Lê Văn An", birth="1960")
    training = plan()
    deeds.attend(training=training, persons=[an], by=actor, at=at)
    deeds.attend(training=training, persons=[an], by=actor, at=at)
    held = Holding.objects.get(person=an)
    assert (held.service, held.state, held.valid_from) == ("digital_skills", "activated", date(2026, 11, 22))
    assert Adoption.objects.get(person=an).evidence == "Dự tập huấn: Dùng VNeID"
    assert Event.objects.filter(deed="outreach.attend").count() == 1


def test_a_child_may_listen_and_is_not_counted(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    child = person("Lê Thị Út", birth="2015")
    deeds.attend(training=plan(), persons=[child], by=actor, at=at)
    assert Attendance.objects.filter(person=child).count() == 1
    assert not Holding.objects.filter(person=child).exists()


def test_ticked_by_mistake_leaves_no_skill_and_may_be_ticked_again(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    an = person("Lê Văn An", birth="1960")
    training = plan()
    (there,) = deeds.attend(training=training, persons=[an], by=actor, at=at)
    deeds.withdraw_attendance(attendance=there, by=actor, at=at)
    deeds.withdraw_attendance(attendance=there, by=actor, at=at)
    assert not Holding.objects.filter(person=an).exclude(state="none").exists()
    deeds.attend(training=training, persons=[an], by=actor, at=at)
    assert Holding.objects.filter(person=an, state="activated", valid_to=None).count() == 1
    assert Attendance.objects.count() == 1


def test_nobody_attends_what_has_not_begun_or_was_cancelled(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    an = person("Lê Văn An", birth="1960")
    later = plan(starts_at=START + timedelta(days=7), ends_at=START + timedelta(days=7, hours=1))
    gone = plan()
    deeds.cancel_training(training=gone, by=actor, at=at)
    for training in (later, gone):
        with pytest.raises(Refusal):
            deeds.attend(training=training, persons=[an], by=actor, at=at)


def test_a_training_with_people_is_not_cancelled(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    training = plan()
    deeds.attend(training=training, persons=[person("Lê Văn An", birth="1960")], by=actor, at=at)
    with pytest.raises(Conflict):
        deeds.cancel_training(training=training, by=actor, at=at)


def test_a_village_head_ticks_in_their_village_only(
    plan: Plan, person: MakePerson, villages: list[Unit], staff: Staff, at: datetime
) -> None:
    head, other = staff("village_head", villages[0]), staff("village_head", villages[1])
    an = person("Lê Văn An", birth="1960")
    with pytest.raises(NotAllowed):
        deeds.attend(training=plan(), persons=[an], by=other, at=at)
    deeds.attend(training=plan(), persons=[an], by=head, at=at)
    with pytest.raises(NotAllowed):
        deeds.attend(training=plan(), persons=[person("Hà Văn Xa", where=villages[1])], by=head, at=at)


def test_an_entry_waits_until_somebody_recognises_it(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    an = person("Lê Văn An", birth="1960", phone="0912345678")
    training = plan()
    send(training, "le van an", 1960, "5678", at)
    assert not Attendance.objects.exists()  # the page itself makes nobody attend
    (entry,) = waiting_entries(actor, training, day_of(at))
    assert entry.guess.is_sure
    assert deeds.recognise_sure(training=training, by=actor, at=at) == 1
    assert Attendance.objects.get().person == an
    assert Attendance.objects.get().how == "code"
    assert Adoption.objects.get(person=an).source == "resident"
    assert waiting_entries(actor, training, day_of(at)) == []
    assert deeds.recognise_sure(training=training, by=actor, at=at) == 0


def test_a_doubtful_entry_is_left_for_somebody_to_look_at(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    an = person("Lê Văn An", birth="1960", phone="0912345678")
    training = plan()
    send(training, "Lê Văn An", 1961, "5678", at)
    send(training, "Người Lạ", 1990, "1111", at)
    assert deeds.recognise_sure(training=training, by=actor, at=at) == 0
    near, stranger = waiting_entries(actor, training, day_of(at))
    assert [each.pk for each in near.people] == [an.pk]
    deeds.recognise(checkin=near.checkin, person=an, by=actor, at=at)
    deeds.dismiss_check_in(checkin=stranger.checkin, by=actor, at=at)
    for done in (near.checkin, stranger.checkin):
        with pytest.raises(Conflict):
            deeds.dismiss_check_in(checkin=done, by=actor, at=at)


def test_an_entry_waits_again_when_its_tick_is_taken_back(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    person("Lê Văn An", birth="1960", phone="0912345678")
    training = plan()
    send(training, "Lê Văn An", 1960, "5678", at)
    deeds.recognise_sure(training=training, by=actor, at=at)
    deeds.withdraw_attendance(attendance=Attendance.objects.get(), by=actor, at=at)
    assert len(waiting_entries(actor, training, day_of(at))) == 1


def test_the_same_entry_is_kept_once_and_a_crowd_is_held_back(
    plan: Plan, village: Unit, at: datetime
) -> None:
    training = plan()
    for _again in range(3):
        send(training, "Lê  Văn An", 1960, "5678", at)
    assert CheckIn.objects.count() == 1
    for number in range(deeds.MOST_A_MINUTE - 1):
        send(training, "Hà Văn Đông", 1960, f"{number:04}", at)
    with pytest.raises(deeds.Crowded):
        send(training, "Hà Văn Đông", 1960, "9999", at)
    send(training, "Hà Văn Đông", 1960, "9999", at + timedelta(minutes=2))
    assert CheckIn.objects.count() == deeds.MOST_A_MINUTE + 1


@pytest.mark.parametrize(
    "minutes", [-31, 241]
)  # half an hour before it begins, an hour after it ends: no more
def test_the_code_works_in_its_hours_only(plan: Plan, minutes: int) -> None:
    training = plan()
    with pytest.raises(deeds.Closed):
        send(training, "Lê Văn An", 1960, "5678", START + timedelta(minutes=minutes))
    assert not CheckIn.objects.exists()
    inside = minutes + (2 if minutes < 0 else -2)
    send(training, "Lê Văn An", 1960, "5678", START + timedelta(minutes=inside))  # negative control
    assert CheckIn.objects.count() == 1


def test_what_came_of_it_counts_only_those_who_lacked_it(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    had, gained, late, never = (
        person(name, birth="1970") for name in ("Lê Văn Có", "Lê Văn Được", "Lê Văn Muộn", "Lê Văn Chưa")
    )
    now = at + timedelta(days=60)
    training = plan()
    deeds.attend(training=training, persons=[had, gained, late, never], by=actor, at=now)
    days = {had: date(2026, 11, 1), gained: date(2026, 12, 6), late: date(2026, 12, 7)}
    record_adoptions(
        entries=[
            Adopted("eid_level2", "activated", person=each, happened_on=day) for each, day in days.items()
        ],
        source="visit",
        by=actor,
        at=now,
    )
    (effect,) = effects_of(actor, training)
    assert (effect.service, effect.gained, effect.lacking) == ("eid_level2", 1, 3)


def test_a_list_tells_how_many_were_there(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime, villages: list[Unit]
) -> None:
    training = plan()
    people = [person(name, birth="1970") for name in ("Lê Văn Có", "Lê Văn Được")]
    deeds.attend(training=training, persons=people, by=actor, at=at)
    send(training, "Người Lạ", 1990, "1111", at)
    (found,) = trainings_at(actor, villages[0], day_of(at))
    assert (found.people, found.waiting) == (2, 1)
    assert not trainings_at(actor, villages[1], day_of(at)).exists()


def test_what_was_typed_is_forgotten_after_a_month(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    person("Lê Văn An", birth="1960", phone="0912345678")
    training = plan()
    send(training, "Lê Văn An", 1960, "5678", at)
    send(training, "CANARY Lạ", 1990, "1111", at)
    deeds.recognise_sure(training=training, by=actor, at=at)
    assert deeds.forget_check_ins(by=actor, at=at + timedelta(days=29)) == 0
    assert deeds.forget_check_ins(by=actor, at=at + timedelta(days=31)) == 2
    assert deeds.forget_check_ins(by=actor, at=at + timedelta(days=31)) == 0
    assert set(CheckIn.objects.values_list("name", "phone_tail")) == {("", "")}
    assert Attendance.objects.count() == 1
    assert waiting_entries(actor, training, day_of(at)) == []


def test_the_worker_forgets_in_every_commune(plan: Plan, actor: Actor, at: datetime, app_role: str) -> None:
    from bakhong.outreach.tasks import forget
    from bakhong.people import scope

    send(plan(), "CANARY Lạ", 1990, "1111", at)
    scope.close()
    forget(timestamp=int((at + timedelta(days=40)).timestamp()))
    scope.open_to(None)
    assert CheckIn.objects.get().name == ""
