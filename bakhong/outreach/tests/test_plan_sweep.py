"""A plan freezes the order, hardest first; a sheet follows it; a notice names who comes."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import Error, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.outreach.actions.campaigns import close_campaign, open_campaign, record_condition
from bakhong.outreach.actions.said import Helped, Met
from bakhong.outreach.actions.sweeping import make_notice, make_sheet, plan_sweep
from bakhong.outreach.actions.teams import (
    add_member,
    assign_villages,
    end_member,
    end_team,
    make_team,
)
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Campaign, SweepItem, Team, TeamMember, TeamVillage
from bakhong.outreach.queries.needs import needs
from bakhong.outreach.queries.sweep import compared, household_items, village_items
from bakhong.outreach.queries.teams import conditions_on, team_line, teams_for, teams_of
from bakhong.people.actions import make_household
from bakhong.people.models import Household, Person
from bakhong.people.tests.conftest import MakePerson
from bakhong.places.actions import merge_villages
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]


@pytest.fixture
def other(person: MakePerson, villages: list[Unit], actor: Actor, at: datetime) -> Household:
    """In the second village: a younger household with smartphones, at home."""
    head = person("Vi Văn Dũng", where=villages[1], birth="1990", device="smartphone", presence="present")
    return make_household(village=villages[1], members={head: "head"}, code="2", by=actor, at=at)


def test_hardest_first(
    household: Household,
    other: Household,
    campaign: Campaign,
    villages: list[Unit],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    for village, signal in zip(villages, (0, 4), strict=True):
        record_condition(village=village, on=date(2026, 11, 1), signal=signal, by=actor, at=at)
    plan = plan_sweep(unit=thuong_xuan, campaign=campaign, by=actor, at=at)
    items = village_items(actor, plan)
    assert [(each.village, each.rank) for each in items] == [(villages[0], 1), (villages[1], 2)]
    assert items[0].score > items[1].score
    assert sum(Decimal(part["points"]) for part in items[0].parts) == items[0].score
    [first] = household_items(actor, plan, villages[0])
    # A father aged 66: somebody is at home by day. Two people, two services each but a signature needs a smartphone or not by its rule.
    assert (first.household, first.best_time, first.people) == (household, "morning", 2)
    assert first.missing == sum(
        len(each.missing) for each in needs(actor, [villages[0].pk], date(2026, 11, 22), campaign.services)
    )
    assert Event.objects.get(deed="outreach.plan_sweep").details["households"] == 2


def test_what_is_done_leaves_the_next_plan_but_not_the_last(
    household: Household,
    other: Household,
    campaign: Campaign,
    villages: list[Unit],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    first = plan_sweep(unit=thuong_xuan, campaign=campaign, by=actor, at=at)
    head = other.members.get()
    record_visit(
        key=uuid4(),
        village=villages[1],
        household=other,
        outcome="met_done",
        part_of_day="noon",
        persons=[Met(head, helped=tuple(Helped(code) for code in campaign.services))],
        by=actor,
        at=at,
    )
    second = plan_sweep(unit=thuong_xuan, campaign=campaign, by=actor, at=at)
    assert len(household_items(actor, first, villages[1])) == 1
    assert household_items(actor, second, villages[1]) == []
    changes = {each.item.village: each for each in compared(actor, second, first)}
    assert changes[villages[1]].item.missing == 0
    before = changes[villages[1]].before
    assert before is not None
    assert before.missing == 2
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        SweepItem.objects.filter(plan=first).update(rank=9)


def test_a_plan_needs_somebody_to_visit(
    campaign: Campaign, thuong_xuan: Unit, staff: Staff, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        plan_sweep(unit=thuong_xuan, campaign=campaign, by=actor, at=at)
    with pytest.raises(NotAllowed):
        plan_sweep(unit=thuong_xuan, by=staff("mass_organisation", thuong_xuan), at=at)


@pytest.mark.parametrize(
    "weights",
    [
        {"absent": 1},
        dict.fromkeys(("missing", "absent", "no_smartphone", "elderly", "signal", "distance"), 0),
    ],
)
def test_weights_that_are_none(
    household: Household, thuong_xuan: Unit, actor: Actor, at: datetime, weights: dict[str, int]
) -> None:
    with pytest.raises(Refusal):
        plan_sweep(unit=thuong_xuan, weights=weights, by=actor, at=at)


def test_a_sheet_follows_the_plan(
    household: Household,
    campaign: Campaign,
    village: Unit,
    villages: list[Unit],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    plan = plan_sweep(unit=thuong_xuan, campaign=campaign, by=actor, at=at)
    sheet = make_sheet(plan=plan, village=village, by=actor, at=at)
    assert [row.household for row in sheet.rows.all()] == [household]
    assert len(sheet.code) == 6
    with pytest.raises(Refusal):
        make_sheet(plan=plan, village=villages[1], by=actor, at=at)


def test_a_village_merged_away_counts_for_what_it_became(
    household: Household,
    other: Household,
    villages: list[Unit],
    thuong_xuan: Unit,
    actor: Actor,
    at: datetime,
) -> None:
    merged = merge_villages(
        villages=villages, kind="thon", name="Xuân Minh", on=date(2026, 9, 1), by=actor, at=at
    )
    plan = plan_sweep(unit=thuong_xuan, by=actor, at=at)
    assert [each.village for each in village_items(actor, plan)] == [merged]
    assert {each.household for each in household_items(actor, plan, merged)} == {household, other}
    # And a visit named by the new village is kept where the household hangs.
    made = record_visit(
        key=uuid4(),
        village=merged,
        household=household,
        outcome="nobody_home",
        part_of_day="noon",
        by=actor,
        at=at,
    )
    assert made.village == villages[0]


def test_a_notice_is_for_a_day_to_come(
    household: Household, member: TeamMember, staff: Staff, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    made = make_notice(
        household=household,
        team=member.team,
        planned_on=date(2026, 11, 25),
        part_of_day="evening",
        by=actor,
        at=at,
    )
    assert len(made.code) == 6
    with pytest.raises(Refusal):
        make_notice(
            household=household,
            team=member.team,
            planned_on=date(2026, 11, 21),
            part_of_day="evening",
            by=actor,
            at=at,
        )
    with pytest.raises(NotAllowed):
        make_notice(
            household=household,
            team=member.team,
            planned_on=date(2026, 11, 25),
            part_of_day="evening",
            by=staff("accountant", thuong_xuan),
            at=at,
        )


def test_teams_come_and_go(
    team: Team,
    member: TeamMember,
    villages: list[Unit],
    thuong_xuan: Unit,
    staff: Staff,
    actor: Actor,
    at: datetime,
) -> None:
    on = date(2026, 11, 22)
    stand_in = add_member(
        team=team,
        name="Lò Thị Én",
        valid_from=on,
        valid_to=date(2026, 12, 1),
        substitutes=member,
        by=actor,
        at=at,
    )
    assert team_line(team, on).members == [member, stand_in]
    assert team_line(team, date(2026, 12, 1)).members == [member]
    assign_villages(team=team, villages=[villages[1]], on=on, by=actor, at=at)
    assert team_line(team, on).villages == [villages[1]]
    assert set(team_line(team, date(2026, 11, 1)).villages) == set(villages)
    assert teams_for(actor, villages[1], on) == [team]
    end_member(member=member, on=on, by=actor, at=at)
    assert team_line(team, on).members == [stand_in]
    with pytest.raises(Refusal):
        end_team(team=team, on=date(2025, 7, 1), by=actor, at=at)
    end_team(team=team, on=on, by=actor, at=at)
    assert teams_of(actor, thuong_xuan, on) == []
    assert not TeamVillage.objects.filter(team=team, valid_to=None).exists()
    with pytest.raises(NotAllowed):
        make_team(unit=thuong_xuan, name="Tổ", valid_from=on, by=staff("village_head", villages[0]), at=at)


def test_a_team_keeps_its_name_through_a_merger(
    thuong_xuan: Unit, team: Team, actor: Actor, at: datetime
) -> None:
    again = make_team(
        unit=thuong_xuan, name=team.name, valid_from=date(2026, 1, 1), continues=team, by=actor, at=at
    )
    assert [line.team for line in teams_of(actor, thuong_xuan, date(2026, 11, 22))] == [team, again]


@pytest.mark.parametrize("phone", ["123", "abc"])
def test_a_member_with_a_telephone_that_is_none(team: Team, actor: Actor, at: datetime, phone: str) -> None:
    with pytest.raises(Refusal):
        add_member(team=team, name="Ai đó", phone=phone, valid_from=date(2026, 1, 1), by=actor, at=at)


def test_a_campaign_is_opened_and_closed(
    campaign: Campaign, villages: list[Unit], thuong_xuan: Unit, staff: Staff, actor: Actor, at: datetime
) -> None:
    said = {
        "unit": thuong_xuan,
        "name": "Đợt 2",
        "services": ["eid_level2"],
        "villages": villages,
        "starts_on": date(2026, 12, 1),
        "ends_on": date(2026, 12, 31),
        "by": actor,
        "at": at,
    }
    for wrong in (
        {"name": " "},
        {"services": ["no_such"]},
        {"villages": []},
        {"ends_on": date(2026, 11, 30)},
    ):
        with pytest.raises(Refusal):
            open_campaign(**(said | wrong))
    with pytest.raises(NotAllowed):
        open_campaign(**(said | {"by": staff("village_head", villages[0])}))
    for _ in range(2):
        close_campaign(campaign=campaign, by=actor, at=at)
    assert Event.objects.filter(deed="outreach.close_campaign").count() == 1


def test_the_latest_sight_of_each_thing_holds(village: Unit, actor: Actor, at: datetime) -> None:
    record_condition(
        village=village, on=date(2026, 1, 1), signal=3, distance_km=Decimal("12.5"), by=actor, at=at
    )
    record_condition(village=village, on=date(2026, 6, 1), signal=1, by=actor, at=at)
    seen = conditions_on([village.pk], date(2026, 11, 22))[village.pk]
    assert (seen.signal, seen.distance_km) == (1, Decimal("12.5"))
    assert conditions_on([village.pk], date(2026, 2, 1))[village.pk].signal == 3
    for wrong in ({}, {"signal": 5}, {"distance_km": Decimal(900)}, {"signal": 1, "on": date(2026, 11, 23)}):
        with pytest.raises(Refusal):
            record_condition(**({"village": village, "on": date(2026, 1, 1), "by": actor, "at": at} | wrong))


def test_who_is_gone_needs_nothing(
    person: MakePerson, village: Unit, parents: list[Person], actor: Actor
) -> None:
    person("Đã Mất", birth="1930", presence="died")
    person("Trẻ Em", birth="2020")
    names = {each.name: each for each in needs(actor, [village.pk], date(2026, 11, 22), ["eid_level2"])}
    assert set(names) == {"Lê Văn An", "Trần Thị Bé", "Trẻ Em"}
    assert names["Trẻ Em"].missing == ()
    assert names["Lê Văn An"].missing == ("eid_level2",)
