"""Rows of the desk's pages about figures: dashboards, leagues, reading, grids, findings, histories and exports."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.indicators.models import Figure, Finding
from tests.matrix.rows import Row
from tests.matrix.rows_desk_periods import ALL, AT, EXPORTS
from tests.matrix.world import World

CONFIRMS = {"dx_secretary", "specialist", "province_admin"}
ENTERS = CONFIRMS | {
    "accountant",
    "digital_team_member",
    "village_head",
    "commune_police",
    "mass_organisation",
}
ANSWERS = CONFIRMS | {"chair", "supervising_leader"}
TEXT = "Toàn xã có 2.660/3.798 thuê bao điện thoại thông minh cài phần mềm an toàn thông tin mạng cơ bản, đạt 70,2%."


def a_figure(world: World, what: str = "figure") -> dict[str, Any]:
    """The address of a figure that does not agree with itself, or of its `report` or `finding`."""
    unit = world.home["commune"]
    report = add_report(
        unit=unit,
        title="CANARY NHÀ",
        medium="grid" if what == "grid" else "text",
        text=TEXT,
        reported_on=date(2026, 10, 1),
        client_key=uuid4(),
        by=OPERATOR,
        at=AT,
    )
    entry = FigureEntry("basic_security_software", numerator=2660, denominator=3798, percent=Decimal("70.2"))
    confirm_figures(report=report, entries=[entry], by=OPERATOR, at=AT)
    made = {
        "figure": {"figure": Figure.objects.get(report=report).uuid},
        "report": {"report": report.uuid},
        "grid": {"report": report.uuid},
        "finding": {"finding": Finding.objects.get(report=report).uuid},
        "code": {"code": entry.indicator},
    }
    return {"unit": unit.uuid, **made[what]}


def a_report(world: World) -> dict[str, Any]:
    return a_figure(world, "report")


def a_grid(world: World) -> dict[str, Any]:
    return a_figure(world, "grid")


def a_finding(world: World) -> dict[str, Any]:
    return a_figure(world, "finding")


def an_indicator(world: World) -> dict[str, Any]:
    return a_figure(world, "code")


ROWS = [
    Row("desk:dashboard", may=ALL),
    Row("desk:dashboard", level="province", may={"province_viewer", "province_admin", "system_admin"}),
    Row("desk:dashboard_sheet", may=ALL),
    Row("desk:indicator", kwargs=an_indicator, may=ALL),
    Row("desk:history", kwargs=an_indicator, may=ALL),
    Row("desk:figure_correct", kwargs=a_figure, may=ALL),
    Row("desk:figure_correct", kwargs=a_figure, method="post", may=CONFIRMS, ok={422}),
    Row("desk:figure_retract", kwargs=a_figure, may=ALL),
    Row("desk:figure_retract", kwargs=a_figure, method="post", may=CONFIRMS, ok={422}),
    Row("desk:figure_restore", kwargs=a_figure, method="post", may=CONFIRMS, ok={409}),
    Row("desk:league", may=ALL),
    # Without a rule in the address there is no table to take out; who may not export hears that first.
    Row("desk:league_export", method="post", may=EXPORTS, ok={404}),
    Row("desk:export", may=EXPORTS),
    Row("desk:export", method="post", data={"form": "csv"}, may=EXPORTS),
    Row("desk:read", may=ALL),
    Row("desk:read", method="post", may=ENTERS, ok={422}),
    Row("desk:report", kwargs=a_report, may=ALL),
    Row("desk:report", kwargs=a_report, method="post", may=CONFIRMS, ok={422}),
    Row("desk:findings", may=ALL),
    Row("desk:findings_xlsx", may=EXPORTS),
    Row("desk:finding_answer", kwargs=a_finding, may=ALL, ok={302}),
    Row(
        "desk:finding_answer",
        kwargs=a_finding,
        method="post",
        data={"deed": "answer", "kind": "explained"},
        may=ANSWERS,
        ok={422},
    ),
    Row("desk:grid", may=ALL),
    Row("desk:grid", method="post", may=CONFIRMS, ok={422}),
    Row("desk:grid_template", may=ALL),
    Row("desk:grid_saved", kwargs=a_grid, may=ALL),
]
