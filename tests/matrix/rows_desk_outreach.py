"""Rows of the desk's pages about the campaign."""

from datetime import date
from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.outreach.actions.campaigns import open_campaign
from bakhong.outreach.actions.sweeping import make_notice, make_sheet, plan_sweep
from bakhong.outreach.actions.teams import add_member, make_team
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Campaign, SweepPlan, Team, Visit
from bakhong.people import scope
from bakhong.people.actions import make_household, record_fact
from bakhong.people.models import Household
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import _made as a_resident
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

SEES, PLANS, VISITS, CLAIMS = (holders_of(f"outreach.{verb}") for verb in ("view", "plan", "visit", "claims"))
_NOBODY = UUID(int=0)
FROM = date(2026, 1, 1)


def _team(world: World) -> Team:
    team = make_team(
        unit=world.home["commune"],
        name="Tổ CANARY NHÀ",
        villages=[world.home["village"]],
        valid_from=FROM,
        by=OPERATOR,
        at=AT,
    )
    add_member(team=team, name="CANARY NHÀ", valid_from=FROM, by=OPERATOR, at=AT)
    return team


def _campaign(world: World) -> Campaign:
    return open_campaign(
        unit=world.home["commune"],
        name="CANARY NHÀ",
        services=["eid_level2", "payment_account", "identity_card"],
        villages=[world.home["village"]],
        starts_on=FROM,
        ends_on=date(2027, 1, 1),
        by=OPERATOR,
        at=AT,
    )


def _household(world: World) -> Household:
    person = a_resident(world)
    with scope.seeing(OPERATOR):
        record_fact(person=person, values={"birth": "1970"}, source="list", by=OPERATOR, at=AT)
        return make_household(village=world.home["village"], members={person: "head"}, by=OPERATOR, at=AT)


def _plan(world: World) -> SweepPlan:
    _household(world)
    with scope.seeing(OPERATOR):
        return plan_sweep(unit=world.home["commune"], campaign=_campaign(world), by=OPERATOR, at=AT)


def _visit(world: World) -> Visit:
    household = _household(world)
    with scope.seeing(OPERATOR):
        return record_visit(
            key=UUID(int=7),
            village=world.home["village"],
            household=household,
            outcome="nobody_home",
            part_of_day="noon",
            by=OPERATOR,
            at=AT,
        )


def at_village(world: World) -> dict[str, Any]:
    _household(world)
    return {"unit": world.home["village"].uuid}


def a_team(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "team": _team(world).uuid}


def no_member(world: World) -> dict[str, Any]:
    return {**a_team(world), "member": _NOBODY}


def a_campaign(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "campaign": _campaign(world).uuid}


def a_plan(world: World) -> dict[str, Any]:
    return {"unit": world.home["village"].uuid, "plan": _plan(world).uuid}


def a_plan_village(world: World) -> dict[str, Any]:
    return {**a_plan(world), "village": world.home["village"].uuid}


def a_sheet(world: World) -> dict[str, Any]:
    plan = _plan(world)
    with scope.seeing(OPERATOR):
        sheet = make_sheet(plan=plan, village=world.home["village"], by=OPERATOR, at=AT)
    return {"unit": world.home["village"].uuid, "code": sheet.code}


def a_visit(world: World) -> dict[str, Any]:
    return {"unit": world.home["village"].uuid, "visit": _visit(world).uuid}


def a_household(world: World) -> dict[str, Any]:
    return {"unit": world.home["village"].uuid, "household": _household(world).uuid}


def a_notice(world: World) -> dict[str, Any]:
    household = _household(world)
    with scope.seeing(OPERATOR):
        notice = make_notice(
            household=household,
            team=_team(world),
            planned_on=date(2026, 12, 31),
            part_of_day="noon",
            by=OPERATOR,
            at=AT,
        )
    return {"unit": world.home["village"].uuid, "notice": notice.uuid}


def no_claim(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "claim": _NOBODY}


def a_reason(world: World) -> dict[str, Any]:
    return {**at_village(world), "reason": "old_phone"}


def a_fixer(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "fixer": "provider"}


def _row(name: str, may: set[str], **more: Any) -> Row:
    return Row(f"desk:outreach{name}", may=may, **{"level": "village", **more})


_CODE = {"code": "ACEHKM"}
ROWS = [
    _row("", SEES, kwargs=at_village),
    _row("_campaign_new", PLANS, level="commune"),
    _row("_campaign_new", PLANS, level="commune", method="post", ok={422}),
    _row("_campaign", SEES, level="commune", kwargs=a_campaign),
    _row("_campaign_close", PLANS, level="commune", kwargs=a_campaign, method="post", ok={302}),
    _row("_teams", SEES, kwargs=at_village),
    _row("_team_new", PLANS, level="commune"),
    _row("_team_new", PLANS, level="commune", method="post", ok={422}),
    _row("_team", SEES, level="commune", kwargs=a_team),
    _row("_team", PLANS, level="commune", kwargs=a_team, method="post", ok={422}),
    _row("_team_villages", PLANS, level="commune", kwargs=a_team),
    _row("_team_villages", PLANS, level="commune", kwargs=a_team, method="post", ok={302}),
    _row("_team_end", PLANS, level="commune", kwargs=a_team, method="post", ok={302}),
    _row("_member_end", PLANS, level="commune", kwargs=no_member, method="post", ok={404}),
    _row("_conditions", SEES, kwargs=at_village),
    _row("_conditions", VISITS, kwargs=at_village, method="post", ok={422}),
    _row("_plans", SEES, kwargs=at_village),
    _row("_plans", PLANS, kwargs=at_village, method="post", ok={422}),
    _row("_plan", SEES, kwargs=a_plan),
    _row("_plan_village", SEES, kwargs=a_plan_village),
    _row("_plan_village", VISITS, kwargs=a_plan_village, method="post", ok={302}),
    _row("_sheet_find", SEES, kwargs=at_village, method="post", data=_CODE, ok={404}),
    _row("_sheet", SEES, kwargs=a_sheet),
    _row("_sheet_type", VISITS, kwargs=a_sheet),
    _row("_sheet_type", VISITS, kwargs=a_sheet, method="post", ok={422}),
    _row("_visits", SEES, kwargs=at_village),
    _row("_visit", SEES, kwargs=a_visit),
    _row("_visit", VISITS, kwargs=a_visit, method="post", ok={422}),
    _row("_household", SEES, kwargs=a_household),
    _row("_household", VISITS, kwargs=a_household, method="post", ok={422}),
    _row("_announce", VISITS, kwargs=a_household, method="post", ok={302}),
    _row("_notice", SEES, kwargs=a_notice),
    _row("_notice_check", SEES, kwargs=at_village, method="post", data=_CODE),
    _row("_absent", SEES, kwargs=at_village),
    _row("_promises", SEES, kwargs=at_village),
    _row("_obstacles", SEES, kwargs=at_village),
    _row("_obstacle", SEES, kwargs=a_reason),
    _row("_letter", PLANS, level="commune", kwargs=a_fixer, method="post", ok={404}),
    _row("_claims", CLAIMS, level="commune"),
    _row("_claims", CLAIMS, level="commune", method="post", ok={422}),
    _row("_claim", CLAIMS, level="commune", kwargs=no_claim, ok={404}),
    _row("_claim_xlsx", CLAIMS, level="commune", kwargs=no_claim, method="post", ok={404}),
]
