"""Rows of the desk's frame, its reporting periods, follow-ups and places."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions import periods
from bakhong.indicators.models import FollowUp
from bakhong.indicators.rules.asks import Ask, Cell
from tests.matrix.rows import Row, holders_of
from tests.matrix.world import World

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
EID = Ask("eid_accounts", "activated", "adults")

ALL = holders_of("figures.view")
EXPORTS = ALL - {"digital_team_member", "village_head", "mass_organisation"}
OF_PROVINCE = {"province_viewer", "province_admin", "system_admin"}
ASSIGNS = holders_of("followups.assign")
MANAGES_VILLAGES = {"dx_secretary", "system_admin"}
SETS_CONTACT = {"chair", "dx_secretary", "province_admin", "system_admin"}


def a_period(world: World, unit: str = "commune") -> dict[str, Any]:
    period = periods.open_period(
        owner=world.home["province"],
        name="Tháng 10/2026",
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        due_on=date(2026, 11, 5),
        asks=[EID],
        by=OPERATOR,
        at=AT,
    )
    return {"unit": world.home[unit].uuid, "period": period.uuid}


def a_sent_period(world: World, unit: str = "commune", **more: Any) -> dict[str, Any]:
    """Home's commune has answered it and the chair has approved."""
    found = a_period(world, unit)
    submission = periods.save_draft(
        period=periods.ReportingPeriod.objects.get(uuid=found["period"]),
        unit=world.home["commune"],
        cells={EID.key: Cell(80, 100)},
        expected_version=0,
        by=OPERATOR,
        at=AT,
    )
    for deed in (periods.submit, periods.approve):
        submission = deed(submission=submission, expected_version=submission.version, by=OPERATOR, at=AT)
    return {**found, **more}


def of_province(world: World) -> dict[str, Any]:
    return a_sent_period(world, "province")


def a_task(world: World) -> dict[str, Any]:
    task = FollowUp.objects.create(
        client_key=uuid4(),
        unit=world.home["commune"],
        title="CANARY NHÀ",
        assigned_to=User.objects.create(email="nobody@example.com", name="Không ai"),
        due_on=date(2026, 12, 1),
        created_by="operator",
        created_by_label="",
        created_at=AT,
    )
    return {"unit": world.home["commune"].uuid, "followup": task.uuid}


def a_village(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "village": world.home["village"].uuid}


ROWS = [
    Row("desk:home", scope="signed_in", ok={302}),
    Row("desk:units", scope="signed_in"),
    Row("desk:periods", may=ALL),
    Row("desk:periods", level="province", may=OF_PROVINCE),
    Row("desk:period_new", level="province", may={"province_admin"}),
    Row("desk:period_new", level="province", method="post", may={"province_admin"}, ok={422}),
    Row("desk:period", kwargs=a_period, may=ALL),
    Row("desk:period", kwargs=a_period, method="post", may={"dx_secretary"}, ok={302}),
    Row("desk:period", level="province", kwargs=of_province, may=OF_PROVINCE),
    Row("desk:period_table", kwargs=a_sent_period, may=ALL),
    Row("desk:period_table", level="province", kwargs=of_province, may=OF_PROVINCE),
    Row("desk:period_xlsx", kwargs=a_sent_period, may=EXPORTS),
    Row(
        "desk:period_extend",
        level="province",
        kwargs=of_province,
        method="post",
        may={"province_admin"},
        ok={422},
    ),
    Row(
        "desk:period_withdraw",
        level="province",
        kwargs=of_province,
        method="post",
        may={"province_admin"},
        ok={422},
    ),
    Row(
        "desk:period_step",
        kwargs=lambda world: a_sent_period(world, deed="accept"),
        method="post",
        may={"province_admin"},
        ok={409},
    ),
    Row(
        "desk:period_step",
        kwargs=lambda world: a_sent_period(world, deed="take_back_approval"),
        method="post",
        may={"chair"},
        ok={409},
    ),
    Row("desk:followups", may=ALL),
    Row("desk:followup_new", may=ASSIGNS),
    Row("desk:followup_new", method="post", may=ASSIGNS, ok={422}),
    Row("desk:followup", kwargs=a_task, may=ALL),
    Row("desk:followup", kwargs=a_task, method="post", data={"deed": "note"}, may=ASSIGNS, ok={422}),
    Row("desk:places", may=ALL),
    Row("desk:place_contact", may=SETS_CONTACT),
    Row("desk:place_contact", method="post", may=SETS_CONTACT, ok={422}),
    Row("desk:place_groups", level="province", may={"province_admin", "system_admin"}),
    Row(
        "desk:place_groups", level="province", method="post", may={"province_admin", "system_admin"}, ok={422}
    ),
    Row("desk:place_villages_new", may=MANAGES_VILLAGES),
    Row("desk:place_villages_new", method="post", may=MANAGES_VILLAGES, ok={422}),
    Row("desk:place_villages_merge", may=MANAGES_VILLAGES),
    Row("desk:place_villages_merge", method="post", may=MANAGES_VILLAGES, ok={422}),
    Row("desk:place_village_rename", kwargs=a_village, may=MANAGES_VILLAGES),
    Row("desk:place_village_rename", kwargs=a_village, method="post", may=MANAGES_VILLAGES, ok={422}),
    Row("desk:place_village_undo", kwargs=a_village, method="post", may=MANAGES_VILLAGES, ok={422}),
]
