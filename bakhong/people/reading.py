"""A file of residents, read into rows: the sheets with their proposed mapping, the rows, the questions. Nothing is stored.

`documents.reading` opens the file (or refuses it in a sentence); the rules find the list in each sheet.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from bakhong.core.bulk import collecting_later
from bakhong.core.errors import Refusal
from bakhong.core.text import nfc
from bakhong.documents.reading import MAX_BYTES, Extract, Unreadable, extract
from bakhong.people.rules import legacy
from bakhong.people.rules.reader import Reader
from bakhong.people.rules.rows import Problem, Row, crowded_phones
from bakhong.people.rules.service_columns import service_column
from bakhong.people.rules.sheets import Asked, Layout, layout_of, lines_of

SURE = 0.6  # below this a column is asked about
MOST_ROWS = 200_000


class NoNames(Refusal):
    """No sheet has a column of names: nothing can be taken in."""


@dataclass(frozen=True)
class SheetGrid:
    """A sheet as the rules want it."""

    name: str
    cells: list[list[object]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass
class ResidentList:
    """What a file says: `rows` in order, rejected ones too; `problems` of the whole, then those of the rows."""

    as_of: date
    layouts: list[Layout]
    rows: list[Row]
    problems: list[Problem]
    questions: list[Asked]
    warnings: list[str]
    grids: dict[str, SheetGrid]

    @property
    def all_problems(self) -> list[Problem]:
        return [*self.problems, *(each for row in self.rows for each in row.problems)]


@collecting_later()
def read_list(
    source: Path | bytes | IO[bytes],
    *,
    filename: str,
    today: date,
    as_of: date | None = None,
    fields: Mapping[tuple[str, int], str] | None = None,
    meanings: Mapping[str, bool] | None = None,
) -> ResidentList:
    """Read a list. `fields`: (sheet, column) → field, where a person chose otherwise than proposed; `meanings`: unclear mark → yes or no.

    `as_of` defaults to the day in a title, else `today`.

    Raises: Unreadable; NoNames when no sheet has a column of names; Refusal for a day to come.
    """
    grids, warnings = grids_of(source, filename)
    layouts = []
    problems = []
    for grid in grids:
        layout = layout_of(grid, as_of or today)
        if layout is not None:
            layout = layout.with_fields(
                {column: code for (sheet, column), code in (fields or {}).items() if sheet == grid.name}
            )
        if layout is not None and layout.has_names:
            layouts.append(layout)
        elif any(value not in (None, "") for line in grid.cells for value in line):
            problems.append(Problem(grid.name, 0, 0, "sheet_unused", grid.name))
    if not layouts:
        raise NoNames(_("Không thấy cột họ tên trong tệp. Hãy ghi “Họ và tên” ở đầu cột họ tên rồi gửi lại."))
    day = as_of or next((each.as_of for each in layouts if each.as_of and each.as_of <= today), None) or today
    if day > today:
        raise Refusal(_("Ngày của danh sách ở tương lai. Hãy ghi lại ngày."))
    return _read(
        grids,
        layouts,
        problems,
        day,
        warnings,
        {key.lower(): value for key, value in (meanings or {}).items()},
    )


def _read(
    grids: list[SheetGrid],
    layouts: list[Layout],
    problems: list[Problem],
    day: date,
    warnings: list[str],
    meanings: Mapping[str, bool],
) -> ResidentList:
    named = {grid.name: grid for grid in grids}
    rows: list[Row] = []
    questions: list[Asked] = []
    for layout in layouts:
        reader = Reader(layout, as_of=day, meanings=meanings)
        rows += reader.rows(lines_of(named[layout.sheet], layout))
        questions += reader.questions()
        problems += _column_problems(layout)
        if len(rows) > MOST_ROWS:
            raise Refusal(_("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp rồi gửi từng tệp."))
    phones = {layout.sheet: layout.column_of("phone") or 0 for layout in layouts}
    problems += crowded_phones((row for row in rows if not row.is_rejected), phones)
    return ResidentList(day, layouts, rows, problems, questions, warnings, named)


def _column_problems(layout: Layout) -> list[Problem]:
    row = layout.header_rows[-1]
    found = []
    for each in layout.columns:
        is_used = each.field == "service" and service_column(each.title) is not None
        if each.title and each.field in ("ignore", "service") and not is_used and each.confidence < 0.95:
            found.append(Problem(layout.sheet, row, each.index, "column_unused", each.title[:60]))
        elif each.title and each.confidence < SURE and each.field != "number":
            found.append(Problem(layout.sheet, row, each.index, "column_doubtful", each.title[:60]))
    return found


def grids_of(source: Path | bytes | IO[bytes], filename: str) -> tuple[list[SheetGrid], list[str]]:
    """The sheets of a workbook or a .csv, with what is to be said about it.

    Raises: Unreadable; Refusal.
    """
    try:
        read = extract(source, filename=filename, is_grid=True)
    except Unreadable as refusal:
        if refusal.code != "legacy_font" or filename.lower().rpartition(".")[2] not in ("csv", "txt"):
            raise
        return [_of_text(_bytes(source).decode("latin-1"), filename)], []
    if read.kind == "text":
        return [_of_text(read.text, filename)], read.warnings
    return _of_tables(read), read.warnings


def _of_tables(read: Extract) -> list[SheetGrid]:
    if read.kind not in ("xlsx", "docx"):
        raise Refusal(_("Danh sách phải là bảng tính Excel (.xlsx, .xls) hoặc tệp .csv."))
    grids: list[SheetGrid] = []
    taken: set[str] = set()
    for table in read.tables:
        name = table.name or _("Bảng %(number)s") % {"number": table.number}
        if name in taken:
            name = f"{name} ({table.number})"
        taken.add(name)
        grids.append(SheetGrid(name, [list(line) for line in table.cells], table.merged))
    return grids


def _bytes(source: Path | bytes | IO[bytes]) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        return source.read_bytes()
    source.seek(0)
    return source.read(MAX_BYTES)


def _of_text(text: str, filename: str) -> SheetGrid:
    """A .csv: whichever of tab, semicolon and comma parts most of its lines alike."""
    head = [line for line in text.split("\n")[:50] if line.strip()]
    separator = max(
        "\t;,", key=lambda each: sorted(line.count(each) for line in head)[len(head) // 2] if head else 0
    )
    csv.field_size_limit(1_000_000)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        lines = [line.split(separator) for line in text.split("\n")]
    coding = legacy.prevalent([value for line in lines[:500] for value in line])
    width = min(max(map(len, lines), default=0), 500)
    cells: list[list[object]] = []
    for line in lines:
        texts = [nfc(legacy.mend(value, coding)[0]).strip() or None for value in line[:width]]
        cells.append([*texts, *[None] * (width - len(line))])
    return SheetGrid(Path(filename).stem[:40] or "CSV", cells)
