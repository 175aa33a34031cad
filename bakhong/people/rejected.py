"""The rows that were not taken in, as a workbook to mend and send again."""

from collections import defaultdict
from datetime import date
from typing import IO

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.people.problems import sentence
from bakhong.people.reading import ResidentList
from bakhong.people.rules.rows import REJECTING, Row
from bakhong.people.rules.sheets import Layout


def rejected_workbook(residents: ResidentList) -> IO[bytes] | None:
    """An open temporary file; None when every row was taken in. Read again, it gives the rows back with their village and day."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in residents.rows:
        if row.is_rejected:
            rows[row.sheet].append(row)
    if not rows:
        return None
    layouts = {layout.sheet: layout for layout in residents.layouts}
    return workbook(
        [_sheet(residents, layouts[name], found) for name, found in rows.items()], title=_("Các dòng cần sửa")
    )


def _sheet(residents: ResidentList, layout: Layout, rows: list[Row]) -> Sheet:
    shown = [each for each in layout.columns if each.title]
    needs_village = layout.column_of("village") is None
    grid = residents.grids[layout.sheet]
    return Sheet(
        name=layout.sheet,
        titles=[_("Các dòng cần sửa, tính đến ngày %(day)s") % {"day": format_day(residents.as_of)}],
        columns=[
            *(Column(each.title) for each in shown),
            *([Column("Thôn")] if needs_village else []),
            Column(_("Cần sửa"), width=60),
        ],
        rows=[
            [
                *(_cell(grid.cells[row.row], each.index) for each in shown),
                *([row.village] if needs_village else []),
                " ".join(sentence(each.code, each.value) for each in row.problems if each.code in REJECTING),
            ]
            for row in rows
        ],
        is_landscape=True,
    )


def _cell(line: list[object], index: int) -> Value:
    value = line[index] if index < len(line) else None
    if isinstance(value, int):
        return str(value)  # long numbers stay whole
    return value if isinstance(value, str | float | date) else None
