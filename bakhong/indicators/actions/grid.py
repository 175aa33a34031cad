"""The same job without prose: a grid of units (villages) by indicators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.indicators.actions.entries import FigureEntry, definition_on
from bakhong.indicators.actions.figures import Confirmed, confirm_figures
from bakhong.indicators.actions.reports import add_report
from bakhong.indicators.models import Medium, Report
from bakhong.places.models import Unit
from bakhong.places.queries import descendant_ids


@dataclass(frozen=True)
class GridCell:
    """One cell: how many of how many, in a unit under one indicator. Empty cells are not sent."""

    unit: Unit
    indicator: str
    stage: str
    population: str
    numerator: int
    denominator: int | None
    note: str = ""  # why it is so, where it looks wrong


@transaction.atomic
def enter_grid(
    *,
    unit: Unit,
    cells: Sequence[GridCell],
    counted_on: date,
    client_key: UUID,
    by: Actor,
    at: datetime,
    title: str = "",
    source: str = "",
) -> tuple[Report, Confirmed]:
    """Store a grid of the unit and units below it, counted on one day, as one report with its figures.

    The same `client_key` gives what was stored first. A grid says how it counted: stage and population are asked for.

    Raises: NotAllowed; Refusal for a cell outside the unit, given twice, or without its rule; as `confirm_figures`.
    """
    if not cells:
        raise Refusal(_("Bảng chưa có số nào. Hãy nhập ít nhất một ô."))
    _check_cells(unit, cells, counted_on)
    report = add_report(
        unit=unit,
        title=title or f"Bảng nhập số liệu ngày {format_day(counted_on)}",
        medium=Medium.GRID,
        client_key=client_key,
        by=by,
        at=at,
        source=source,
        reported_on=counted_on,
    )
    entries = [
        FigureEntry(
            indicator=cell.indicator,
            stage=cell.stage,
            population=cell.population,
            numerator=cell.numerator,
            denominator=cell.denominator,
            unit=cell.unit,
            note=cell.note,
            key=uuid5(client_key, f"{cell.unit.pk}/{cell.indicator}/{cell.stage}/{cell.population}"),
        )
        for cell in cells
    ]
    return report, confirm_figures(report=report, entries=entries, by=by, at=at)


def _check_cells(unit: Unit, cells: Sequence[GridCell], counted_on: date) -> None:
    inside = {unit.pk, *descendant_ids(unit.pk, counted_on)}
    seen: set[tuple[int, str, str, str]] = set()
    for cell in cells:
        definition = definition_on(cell.indicator, counted_on)
        if cell.unit.pk not in inside:
            raise Refusal(
                _("%(cell)s không thuộc %(unit)s vào ngày %(day)s. Hãy tải lại bảng.")
                % {"cell": cell.unit.full_name, "unit": unit.full_name, "day": format_day(counted_on)}
            )
        if (definition.stages and not cell.stage) or not cell.population:
            raise Refusal(
                _("“%(name)s”: hãy chọn giai đoạn và nhóm được tính, để số liệu so sánh được.")
                % {"name": definition.name_vi}
            )
        key = (cell.unit.pk, cell.indicator, cell.stage, cell.population)
        if key in seen:
            raise Refusal(
                _("%(cell)s có hai ô cho cùng một chỉ tiêu. Hãy giữ lại một ô.")
                % {"cell": cell.unit.full_name}
            )
        seen.add(key)
