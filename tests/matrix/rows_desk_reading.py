"""Rows of the desk's pages where figures come in: reports, the grid, findings."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions import FigureEntry, GridCell, add_report, confirm_figures, enter_grid
from bakhong.indicators.models import Finding, Report
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.world import World

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
ALL = holders_of("figures.view")
ENTERS = {code for code, role in ROLES.items() if "figures.enter" in role.permissions}
CONFIRMS = {"dx_secretary", "specialist", "province_admin"}
ANSWERS = {"chair", "dx_secretary", "specialist", "supervising_leader", "province_admin"}
EXPORTS = {code for code, role in ROLES.items() if "reports.export" in role.permissions}
WORDS = "CANARY NHÀ: 4.795/5.205 người trưởng thành đã kích hoạt tài khoản định danh điện tử, đạt 92,1%."


def _report(world: World) -> Report:
    return add_report(
        unit=world.home["commune"],
        title="CANARY NHÀ",
        medium="text",
        text=WORDS,
        client_key=uuid4(),
        by=OPERATOR,
        at=AT,
    )


def a_report(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "report": _report(world).uuid}


def a_finding(world: World) -> dict[str, Any]:
    """A printed percentage that does not fit."""
    wrong = FigureEntry("payment_account", 10, 100, percent=Decimal(11), population="aged_15_up")
    confirm_figures(report=_report(world), entries=[wrong], by=OPERATOR, at=AT)
    return {"unit": world.home["commune"].uuid, "finding": Finding.objects.get().uuid}


def a_grid(world: World) -> dict[str, Any]:
    cell = GridCell(world.home["village"], "eid_accounts", "activated", "adults", 80, 100)
    report, _confirmed = enter_grid(
        unit=world.home["commune"],
        cells=[cell],
        counted_on=date(2026, 10, 31),
        client_key=uuid4(),
        by=OPERATOR,
        at=AT,
    )
    return {"unit": world.home["commune"].uuid, "report": report.uuid}


ROWS = [
    Row("desk:read", may=ALL),
    Row("desk:read", method="post", may=ENTERS, ok={422}),
    Row("desk:report", kwargs=a_report, may=ALL),
    Row(
        "desk:report", kwargs=a_report, method="post", data={"deed": "confirm_clean"}, may=CONFIRMS, ok={302}
    ),
    Row("desk:findings", kwargs=lambda world: {"unit": a_finding(world)["unit"]}, may=ALL),
    Row("desk:findings", level="province", may={"province_viewer", "province_admin", "system_admin"}),
    Row("desk:findings_xlsx", may=EXPORTS),
    Row(
        "desk:finding_answer",
        kwargs=a_finding,
        method="post",
        data={"deed": "answer", "kind": "as_printed"},
        may=ANSWERS,
        ok={302, 409},  # the first of them answers, the others come second
    ),
    Row("desk:grid", may=ALL),
    Row("desk:grid", method="post", may=CONFIRMS, ok={422}),
    Row("desk:grid_template", may=ALL),
    Row("desk:grid_saved", kwargs=a_grid, may=ALL),
]
