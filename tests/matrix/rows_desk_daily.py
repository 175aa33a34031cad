"""Rows of the daily report."""

from datetime import date
from typing import Any
from uuid import uuid4

from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions.daily import make_daily_report
from bakhong.people import scope
from tests.matrix.rows import Row, holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

MAKES = {
    "dx_secretary",
    "specialist",
    "digital_team_member",
    "commune_police",
    "mass_organisation",
}
SEES = holders_of("outreach.view")


def a_report(world: World) -> dict[str, Any]:
    unit = world.home["commune"]
    with scope.seeing(OPERATOR):
        report = make_daily_report(
            unit=unit,
            day=date(2026, 11, 22),
            plan="CANARY NHÀ",
            client_key=uuid4(),
            by=OPERATOR,
            at=AT,
        )
    return {"unit": unit.uuid, "report": report.uuid}


ROWS = [
    Row("desk:daily", may=SEES),
    Row("desk:daily", level="village", may=SEES | {"village_head"}),
    Row("desk:daily", method="post", may=MAKES, ok={422}),
    Row("desk:daily_report", kwargs=a_report, may=SEES),
    Row("desk:daily_sheet", kwargs=a_report, may=SEES),
]
