"""Rows of the desk's pages that show numbers: dashboard, what is behind a number, league, history, export."""

from datetime import date
from typing import Any
from uuid import uuid4

from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures, retract_figure
from bakhong.indicators.models import Figure
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.rows_desk_reading import ALL, AT, CONFIRMS, EXPORTS
from tests.matrix.world import World

PROVINCE = {"province_viewer", "province_admin", "system_admin"}
CODE = "eid_accounts"


def _figure(world: World) -> Figure:
    report = add_report(
        unit=world.home["commune"],
        title="CANARY NHÀ",
        medium="dataset",
        client_key=uuid4(),
        by=OPERATOR,
        at=AT,
    )
    entry = FigureEntry(CODE, 80, 100, stage="activated", population="adults", counted_to=date(2026, 10, 31))
    return confirm_figures(report=report, entries=[entry], by=OPERATOR, at=AT).figures[0]


def a_board(world: World) -> dict[str, Any]:
    return {"unit": _figure(world).unit.uuid}


def a_number(world: World) -> dict[str, Any]:
    return {**a_board(world), "code": CODE}


def a_figure(world: World) -> dict[str, Any]:
    figure = _figure(world)
    return {"unit": figure.unit.uuid, "figure": figure.uuid}


def a_withdrawn_figure(world: World) -> dict[str, Any]:
    figure = _figure(world)
    retract_figure(figure=figure, reason="Nhầm", by=OPERATOR, at=AT)
    return {"unit": figure.unit.uuid, "figure": figure.uuid}


ROWS = [
    Row("desk:dashboard", kwargs=a_board, may=ALL),
    Row("desk:dashboard", level="province", may=PROVINCE),
    Row("desk:dashboard", level="village", may=holders_of("figures.view")),
    Row("desk:dashboard_sheet", kwargs=a_board, may=ALL),
    Row("desk:indicator", kwargs=a_number, may=ALL),
    Row("desk:history", kwargs=a_number, may=ALL),
    Row("desk:league", kwargs=a_board, may=ALL),
    Row("desk:league", level="province", may=PROVINCE),
    # Nothing below has a figure: whoever may take it out is told that there is nothing to take.
    Row("desk:league_export", method="post", data={"form": "csv"}, may=EXPORTS, ok={404}),
    Row("desk:export", kwargs=a_board, may=EXPORTS),
    Row("desk:export", kwargs=a_board, method="post", data={"form": "csv"}, may=EXPORTS),
    Row("desk:figure_correct", kwargs=a_figure, may=ALL),
    Row("desk:figure_correct", kwargs=a_figure, method="post", may=CONFIRMS, ok={422}),
    Row("desk:figure_retract", kwargs=a_figure, may=ALL),
    Row(
        "desk:figure_retract", kwargs=a_figure, method="post", data={"reason": "Nhầm"}, may=CONFIRMS, ok={302}
    ),
    Row("desk:figure_restore", kwargs=a_withdrawn_figure, method="post", may=CONFIRMS, ok={302}),
]
