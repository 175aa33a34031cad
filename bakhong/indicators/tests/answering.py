"""A period of a province, the commune that answers it, and everybody who does something about it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import Figure, ReportingPeriod, Submission
from bakhong.indicators.rules.asks import Ask, Cell
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

EID = Ask("eid_accounts", "activated", "adults")
PAY = Ask("payment_account", "activated", "aged_15_up")
POWER = Ask("electricity_paid_online", "", "provider_payments")
FULL = {EID.key: Cell(4795, 5205), PAY.key: Cell(4575, 5648)}


@dataclass(frozen=True)
class Desk:
    """The people around one submission."""

    period: ReportingPeriod
    unit: Unit
    officer: Clerk
    chair: Clerk
    province: Clerk
    at: datetime

    def save(self, cells: dict[str, Cell], version: int, by: Clerk | None = None) -> Submission:
        return deeds.save_draft(
            period=self.period,
            unit=self.unit,
            cells=cells,
            expected_version=version,
            by=by or self.officer,
            at=self.at,
        )

    def do(self, deed: str, submission: Submission, by: Clerk, **more: Any) -> Submission:
        version = more.pop("version", submission.version)
        return getattr(deeds, deed)(
            submission=submission, expected_version=version, by=by, at=self.at, **more
        )

    def approved(self, cells: dict[str, Cell] | None = None) -> Submission:
        submission = self.do("submit", self.save(cells or FULL, 0), self.officer)
        return self.do("approve", submission, self.chair)


def open_one(owner: Unit, by: Any, at: datetime, **changes: Any) -> ReportingPeriod:
    given: dict[str, Any] = {
        "name": "Tháng 10/2026",
        "starts_on": date(2026, 10, 1),
        "ends_on": date(2026, 10, 31),
        "due_on": date(2026, 11, 5),
        "asks": [EID, PAY, POWER],
        **changes,
    }
    return deeds.open_period(owner=owner, by=by, at=at, **given)


@pytest.fixture
def desk(thanh_hoa: Unit, thuong_xuan: Unit, at: datetime) -> Desk:
    commune = frozenset({thuong_xuan.pk})
    province = Clerk(
        frozenset({"periods.manage", "periods.decide"}),
        frozenset({thanh_hoa.pk, thuong_xuan.pk}),
        "province",
        "Sở KH&CN",
    )
    return Desk(
        period=open_one(thanh_hoa, province, at),
        unit=thuong_xuan,
        officer=Clerk(frozenset({"periods.submit"}), commune, "officer", "Bà Lê Thị Hoa"),
        chair=Clerk(frozenset({"periods.approve"}), commune, "chair", "Ông Lò Văn An"),
        province=province,
        at=at,
    )


def current(submission: Submission) -> dict[str, tuple[int | None, int | None]]:
    figures = Figure.objects.current().filter(report=submission.report)
    return {figure.indicator: (figure.numerator, figure.denominator) for figure in figures}
