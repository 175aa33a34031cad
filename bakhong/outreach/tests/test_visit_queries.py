"""Cards, progress, promises, the absent and obstacles, as the facts stand."""

from collections.abc import Callable
from datetime import date, datetime

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.outreach.actions.said import Helped, Met, Promise
from bakhong.outreach.actions.visits import retract_visit
from bakhong.outreach.models import Campaign
from bakhong.outreach.queries.obstacles import Wanted, obstacle_counts, people_stopped
from bakhong.outreach.queries.visits import (
    Progress,
    absent_people,
    household_card,
    progress_of,
    promises_of,
    to_come_back,
    visits_of,
)
from bakhong.outreach.tests.conftest import MakeVisit
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Household, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.models import Unit

ON = date(2026, 11, 22)
Staff = Callable[[str, Unit], StaffActor]


def test_the_card_of_a_household(
    visit: MakeVisit, household: Household, parents: list[Person], campaign: Campaign, actor: Actor
) -> None:
    visit(outcome="nobody_home", part_of_day="morning", visited_on=date(2026, 11, 20))
    visit(
        outcome="come_again", part_of_day="evening", visited_on=date(2026, 11, 21), persons=[Met(parents[0])]
    )
    card = household_card(actor, household, ON, campaign.services)
    assert [each.name for each in card.members] == ["Lê Văn An", "Trần Thị Bé"]
    assert "eid_level2" in card.members[0].missing
    assert [each.outcome for each in card.visits] == ["come_again", "nobody_home"]
    assert (card.best.part, card.best.why, card.best.met) == ("evening", "found", 1)


def test_how_far_a_campaign_has_come(
    visit: MakeVisit,
    parents: list[Person],
    villages: list[Unit],
    campaign: Campaign,
    actor: Actor,
    at: datetime,
) -> None:
    def here() -> Progress:
        return next(each for each in progress_of(actor, campaign, ON) if each.village == villages[0])

    before = here()
    assert (before.households, before.visited, before.missing) == (1, 0, before.eligible)
    made = visit(campaign=campaign, persons=[Met(parents[0], helped=(Helped("eid_level2"),))])
    visit(outcome="nobody_home")  # not of this campaign
    after = here()
    assert (after.village, after.visited, after.met, after.visits) == (villages[0], 1, 1, 1)
    assert after.missing == before.missing - 1
    retract_visit(visit=made, reason="Nhầm", by=actor, at=at)
    assert here() == before


def test_promises_are_kept_by_facts(
    visit: MakeVisit, parents: list[Person], thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    for person, due in zip(parents, (date(2026, 11, 21), date(2026, 12, 1)), strict=True):
        visit(
            outcome="come_again",
            visited_on=date(2026, 11, 20),
            persons=[Met(person)],
            promises=[Promise(person, ("eid_level2",), due)],
        )
    states = {each.commitment.person: each.state for each in promises_of(actor, thuong_xuan, ON)}
    assert states == {parents[0]: "broken", parents[1]: "open"}
    record_adoptions(
        entries=[Adopted("eid_level2", "activated", person=parents[0])], source="officer", by=actor, at=at
    )
    assert [each.commitment.person for each in promises_of(actor, thuong_xuan, ON, state="kept")] == [
        parents[0]
    ]


def test_whom_to_come_back_to(visit: MakeVisit, thuong_xuan: Unit, actor: Actor) -> None:
    visit(outcome="nobody_home", visited_on=date(2026, 11, 20), next_on=date(2026, 11, 22))
    assert len(to_come_back(actor, thuong_xuan, ON)) == 1
    visit(outcome="met_done")
    assert to_come_back(actor, thuong_xuan, ON) == []


def test_who_is_away_and_how_to_reach_them(
    visit: MakeVisit,
    parents: list[Person],
    thuong_xuan: Unit,
    villages: list[Unit],
    staff: Staff,
    actor: Actor,
) -> None:
    visit(
        outcome="come_again",
        persons=[
            Met(parents[0]),
            Met(
                parents[1],
                was_met=False,
                learnt={
                    "presence": "abroad",
                    "whereabouts": "Đài Loan",
                    "phone": "0987654321",
                    "phone_holder": "relative",
                },
            ),
        ],
    )
    [line] = absent_people(actor, thuong_xuan, ON)
    assert (line.need.name, line.need.whereabouts, line.head, line.calls) == (
        "Trần Thị Bé",
        "Đài Loan",
        "Lê Văn An",
        1,
    )
    assert line.phone == "•••••••321"
    assert "eid_level2" in line.need.in_time
    assert absent_people(actor, thuong_xuan, ON, where="away") == []
    assert absent_people(actor, thuong_xuan, ON, village=str(villages[1].uuid)) == []
    assert absent_people(staff("village_head", villages[1]), thuong_xuan, ON) == []


def test_a_reason_counts_once_a_person(
    visit: MakeVisit,
    person: MakePerson,
    parents: list[Person],
    thuong_xuan: Unit,
    campaign: Campaign,
    actor: Actor,
    at: datetime,
) -> None:
    for _ in range(3):
        visit(
            outcome="cannot",
            campaign=campaign,
            persons=[Met(parents[0], helped=(Helped("eid_level2", "tried", reason="old_phone"),))],
        )
    visit(outcome="refused", persons=[Met(parents[1], helped=(Helped("eid_level2", "refused"),))])
    noted = person("Ngân Thị Giang", birth="1980")
    record_adoptions(
        entries=[Adopted("eid_level2", "none", person=noted, reason="old_phone")],
        source="list",
        by=actor,
        at=at,
    )
    rows = obstacle_counts(actor, thuong_xuan, ON, Wanted())
    assert [(each.code, each.times) for each in rows] == [("old_phone", 2), ("refuses", 1)]
    assert [
        (each.code, each.times) for each in obstacle_counts(actor, thuong_xuan, ON, Wanted(campaign=campaign))
    ] == [("old_phone", 1)]
    assert obstacle_counts(actor, thuong_xuan, ON, Wanted(fixer="provider"))[0].times == 2
    assert obstacle_counts(actor, thuong_xuan, ON, Wanted(until=date(2026, 11, 1))) == ()
    people = [person.name for person, _said in people_stopped(actor, thuong_xuan, ON, Wanted(), "old_phone")]
    assert people == ["Lê Văn An", "Ngân Thị Giang"]


def test_everybody_sees_their_area(
    visit: MakeVisit, villages: list[Unit], thuong_xuan: Unit, staff: Staff
) -> None:
    visit()
    assert visits_of(staff("village_head", villages[0]), thuong_xuan, ON).count() == 1
    assert visits_of(staff("village_head", villages[1]), thuong_xuan, ON).count() == 0
    assert visits_of(staff("chair", thuong_xuan), villages[0], ON).count() == 1
