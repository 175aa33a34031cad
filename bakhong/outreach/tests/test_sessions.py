"""Mobile sessions: who is invited, in which order, when, and what came of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.outreach.actions.sessions import (
    cancel_session,
    change_session,
    invite_to_session,
    plan_session,
    put_back,
    take_off,
)
from bakhong.outreach.actions.trainings import plan_training
from bakhong.outreach.models import Invitee, MobileSession
from bakhong.outreach.queries.sessions import (
    clashes_of,
    invitees_of,
    lacking_counts,
    outcomes_of,
    public_schedule,
    sessions_at,
)
from bakhong.people.actions import make_household
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

START = datetime(2026, 12, 1, 1, tzinfo=UTC)  # 8 o'clock in Viet Nam
Plan = Callable[..., MobileSession]


@pytest.fixture
def plan(thuong_xuan: Unit, village: Unit, actor: Actor, at: datetime) -> Plan:
    def make(**said: Any) -> MobileSession:
        told: dict[str, Any] = {
            "unit": thuong_xuan,
            "place": village,
            "venue": "Nhà văn hoá",
            "provider_kind": "police",
            "provider": "Công an xã",
            "services": ["eid_level2"],
            "starts_at": START,
            "ends_at": START + timedelta(hours=3),
            "capacity": 6,
            "bring": "Thẻ căn cước",
            "client_key": uuid4(),
            "by": actor,
            "at": at,
        }
        return plan_session(**{**told, **said})

    return make


def test_it_is_planned_once(plan: Plan) -> None:
    key = uuid4()
    assert plan(client_key=key) == plan(client_key=key)
    assert Event.objects.filter(deed="outreach.plan_session").count() == 1


@pytest.mark.parametrize(
    "said",
    [
        {"capacity": 0},
        {"services": []},
        {"provider": ""},
        {"provider_kind": "army"},
        {"starts_at": START - timedelta(days=30), "ends_at": START - timedelta(days=30, hours=-1)},
    ],
)
def test_it_refuses_what_cannot_be(plan: Plan, said: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        plan(**said)


def test_only_planners_plan(
    plan: Plan, village: Unit, staff: Callable[[str, Unit], StaffActor], at: datetime
) -> None:
    head = staff("village_head", village)
    with pytest.raises(NotAllowed):
        plan(by=head)
    with pytest.raises(NotAllowed):
        invite_to_session(session=plan(), by=head, at=at)


def test_only_those_who_lack_it_are_there_and_are_old_enough_are_invited(
    plan: Plan, person: MakePerson, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    lacking = person("Lê Văn Thiếu", birth="1950")
    has = person("Lê Văn Có", birth="1960")
    person("Lê Văn Xa", birth="1970", presence="away")
    person("Lê Thị Út", birth="2020")
    person("Hà Văn Kia", birth="1970", where=villages[1])
    record_adoptions(
        entries=[Adopted("eid_level2", "activated", person=has)], source="visit", by=actor, at=at
    )
    session = plan()
    assert lacking_counts(actor, session, date(2026, 11, 22)) == {"eid_level2": 1}
    (invited,) = invite_to_session(session=session, by=actor, at=at)
    assert (invited.person, invited.services) == (lacking, ["eid_level2"])
    assert invite_to_session(session=session, by=actor, at=at) == []


def test_places_fill_up_and_hours_are_spread(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    for number in range(8):
        person(f"Lê Văn Thứ {'ABCDEFGH'[number]}", birth=str(1950 + number))
    session = plan(capacity=6)
    invite_to_session(session=session, by=actor, at=at)
    rows = list(Invitee.objects.order_by("rank").select_related("person"))
    assert [each.person.birth_year for each in rows] == [1950, 1951, 1952, 1953, 1954, 1955]
    assert [each.come_at.astimezone(VIET_NAM).strftime("%H:%M") for each in rows] == [
        "08:00",
        "08:30",
        "09:00",
        "09:30",
        "10:00",
        "10:30",
    ]
    assert Event.objects.filter(deed="outreach.invite").count() == 6


def test_who_lives_together_comes_together(
    plan: Plan, person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    family = [person(name, birth=year) for name, year in (("Lê Văn Ông", "1940"), ("Lê Thị Bà", "1945"))]
    members = {family[0]: "head", family[1]: "spouse"}
    make_household(village=village, members=members, code="1", by=actor, at=at)
    person("Hà Văn Lẻ", birth="1930")
    invited = invite_to_session(session=plan(capacity=6), by=actor, at=at)
    hours = {each.person.name: each.come_at for each in invited}
    assert hours["Lê Văn Ông"] == hours["Lê Thị Bà"] == START
    assert hours["Hà Văn Lẻ"] > START  # negative control: by itself each place has its own half hour


def test_nobody_is_invited_to_what_has_begun_or_was_cancelled(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    person("Lê Văn Thiếu", birth="1950")
    gone = plan()
    cancel_session(session=gone, reason="Công an bận", by=actor, at=at)
    with pytest.raises(Refusal):
        invite_to_session(session=gone, by=actor, at=at)
    with pytest.raises(Refusal):
        invite_to_session(session=plan(), by=actor, at=START)
    assert not Invitee.objects.exists()


def test_cancelling_needs_a_reason_and_is_told_in_public(
    plan: Plan, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    session = plan()
    with pytest.raises(Refusal):
        cancel_session(session=session, reason=" ", by=actor, at=at)
    cancel_session(session=session, reason="Công an bận", by=actor, at=at)
    cancel_session(session=session, reason="Lại bận", by=actor, at=at)
    (shown,) = public_schedule(thuong_xuan, at)
    assert shown.cancel_reason == "Công an bận"
    assert public_schedule(thuong_xuan, START + timedelta(hours=4)) == []
    with pytest.raises(Conflict):
        cancel_session(session=plan(), reason="Muộn", by=actor, at=START + timedelta(days=1))


def test_what_clashes_is_told(
    plan: Plan, villages: list[Unit], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    session = plan()
    plan(place=villages[1])  # the same police elsewhere
    plan(
        provider="Agribank",
        provider_kind="bank",
        starts_at=START + timedelta(hours=3),
        ends_at=START + timedelta(hours=4),
    )
    plan_training(
        unit=thuong_xuan,
        title="Tập huấn",
        services=[],
        place=villages[0],
        venue="Nhà văn hoá",
        starts_at=START + timedelta(hours=1),
        ends_at=START + timedelta(hours=2),
        trainer="Lò Văn Dạy",
        client_key=uuid4(),
        by=actor,
        at=at,
    )
    assert sorted((kind, each.title) for kind, each in clashes_of(session)) == [
        ("place", "Tập huấn"),
        ("provider", "Công an xã"),
    ]


def test_what_came_of_it_is_counted_from_facts(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime
) -> None:
    came, stayed = person("Lê Văn Đến", birth="1950"), person("Lê Văn Không", birth="1960")
    guest = person("Lê Văn Khách", birth="1970", presence="away")
    session = plan()
    invite_to_session(session=session, by=actor, at=at)
    after = START + timedelta(days=30)
    record_adoptions(
        entries=[
            Adopted("eid_level2", "activated", person=each, happened_on=date(2026, 12, 3))
            for each in (came, guest)
        ],
        source="visit",
        by=actor,
        at=after,
    )
    (outcome,) = outcomes_of(actor, session)
    assert (outcome.service, outcome.gained, outcome.lacking) == ("eid_level2", 1, 2)
    assert stayed.pk


def test_a_village_sees_its_own_sessions(
    plan: Plan, villages: list[Unit], staff: Callable[[str, Unit], StaffActor]
) -> None:
    session = plan()
    assert list(sessions_at(staff("village_head", villages[0]), villages[0], date(2026, 11, 22))) == [session]
    assert not sessions_at(staff("village_head", villages[1]), villages[1], date(2026, 11, 22)).exists()


def changed(session: MobileSession, actor: Actor, at: datetime, **said: Any) -> int:
    names = [
        "place",
        "venue",
        "provider_kind",
        "provider",
        "services",
        "starts_at",
        "ends_at",
        "capacity",
        "bring",
    ]
    return change_session(
        session=session, by=actor, at=at, **{name: getattr(session, name) for name in names} | said
    )


def hours(session: MobileSession, actor: Actor) -> list[str]:
    return [f"{each.come_at.astimezone(VIET_NAM):%H:%M}" for each in invitees_of(actor, session)]


def test_who_is_taken_off_is_not_asked_again_and_their_hour_is_free(
    plan: Plan, person: MakePerson, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    people = [person(f"Lê Văn Thứ {'ABC'[number]}", birth=str(1950 + number)) for number in range(3)]
    session = plan(capacity=2, ends_at=START + timedelta(hours=1))
    first, _second = invite_to_session(session=session, by=actor, at=at)
    take_off(invitee=first, by=actor, at=at)
    take_off(invitee=first, by=actor, at=at)
    assert Event.objects.filter(deed="outreach.take_off").count() == 1
    (shown,) = sessions_at(actor, thuong_xuan, date(2026, 11, 22))
    assert shown.people == 1
    (instead,) = invite_to_session(session=session, by=actor, at=at)
    assert (instead.person, instead.come_at) == (people[2], first.come_at)
    assert [each.person for each in invitees_of(actor, session, taken_off=True)] == [people[0]]
    with pytest.raises(Conflict):  # the place is somebody else's
        put_back(invitee=first, by=actor, at=at)
    take_off(invitee=instead, by=actor, at=at)
    put_back(invitee=first, by=actor, at=at)
    assert [each.person for each in invitees_of(actor, session)] == people[:2]
    with pytest.raises(Conflict):
        take_off(invitee=first, by=actor, at=START)


def test_it_is_changed_and_hours_follow(plan: Plan, person: MakePerson, actor: Actor, at: datetime) -> None:
    for number in range(3):
        person(f"Lê Văn Thứ {'ABC'[number]}", birth=str(1950 + number))
    session = plan(capacity=6)
    assert changed(session, actor, at) == 0
    assert not Event.objects.filter(deed="outreach.change_session").exists()  # nothing was said anew
    assert changed(session, actor, at, services=["digital_signature"]) == 0  # nobody is invited yet
    session.refresh_from_db()
    changed(session, actor, at, services=["eid_level2"])
    session.refresh_from_db()
    first, *_rest = invite_to_session(session=session, by=actor, at=at)
    take_off(invitee=first, by=actor, at=at)
    assert changed(session, actor, at, starts_at=START + timedelta(hours=1.5), venue="Trường học") == 2
    session.refresh_from_db()
    assert session.venue == "Trường học"
    assert hours(session, actor) == ["09:30", "09:30"]
    put_back(invitee=first, by=actor, at=at)
    assert min(hours(session, actor)) == "09:30"  # never before it begins


@pytest.mark.parametrize(
    "said",
    [
        {"services": ["digital_signature"]},
        {"capacity": 1},
        {"capacity": 0},
        {"venue": ""},
        {"provider_kind": "army"},
    ],
)
def test_a_change_is_refused_that_would_break_what_people_were_told(
    plan: Plan, person: MakePerson, actor: Actor, at: datetime, said: dict[str, Any]
) -> None:
    for number in range(2):
        person(f"Lê Văn Thứ {'AB'[number]}", birth=str(1950 + number))
    session = plan()
    invite_to_session(session=session, by=actor, at=at)
    with pytest.raises(Refusal):
        changed(session, actor, at, **said)


def test_only_planners_change_and_only_what_is_to_come(
    plan: Plan,
    person: MakePerson,
    village: Unit,
    staff: Callable[[str, Unit], StaffActor],
    actor: Actor,
    at: datetime,
) -> None:
    person("Lê Văn Thiếu", birth="1950")
    session, head = plan(), staff("village_head", village)
    (invited,) = invite_to_session(session=session, by=actor, at=at)
    with pytest.raises(NotAllowed):
        changed(session, head, at, venue="Khác")  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        take_off(invitee=invited, by=head, at=at)
    with pytest.raises(Conflict):
        changed(session, actor, START, venue="Khác")
    cancel_session(session=session, reason="Bận", by=actor, at=at)
    with pytest.raises(Conflict):
        changed(session, actor, at, venue="Khác")
