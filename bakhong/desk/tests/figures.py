"""One figure in a report of its own, for the tests of pages that show numbers."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from bakhong.core.actor import Operator
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.indicators.models import Figure
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

BY = Operator(id="test", label="Thử nghiệm")
AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
TODAY = date(2026, 11, 22)
COUNTED = date(2026, 10, 31)


def put(
    unit: Unit, numerator: int | None, denominator: int | None, on: date | None = COUNTED, **fields: Any
) -> Figure:
    """eid_accounts, activated, of adults, unless `fields` say otherwise; `text` is that of the report, `check` runs the checks."""
    text, check = fields.pop("text", ""), fields.pop("check", False)
    given: dict[str, Any] = {
        "indicator": "eid_accounts",
        "stage": "activated",
        "population": "adults",
        "counted_to": on,
        **fields,
    }
    report = add_report(
        unit=unit,
        title=f"Báo cáo của {unit.full_name}",
        medium="text" if text else "dataset",
        text=text,
        client_key=uuid.uuid4(),
        by=BY,
        at=AT,
    )
    entry = FigureEntry(numerator=numerator, denominator=denominator, **given)
    return confirm_figures(report=report, entries=[entry], by=BY, at=AT, check=check).figures[0]


def villages(commune: Unit, *names: str) -> list[Unit]:
    made = create_villages(
        commune=commune,
        villages=[("thon", name) for name in names],
        valid_from=date(2025, 7, 1),
        by=BY,
        at=AT,
    )
    return list(made)
