"""The keyboard grid as a workbook: rows × columns of whole numbers, filled in Excel and read back by its codes.

The codes stand in a hidden row and a hidden column, so that a sheet that was sorted, or whose names were corrected, still
reads rightly. Everything but the cells to fill is locked (without a password: it prevents slips, not intent).
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bakhong.documents.reading import Cell, Extract, Table
from bakhong.documents.refusals import Unreadable

from .xlsx import FONT, HEADER, cell_text, header_height, open_workbook, set_print

_MARK = "bakhong-grid-1"
_TOP = 5  # the first row to fill, counted from 0: title, hint, groups, codes, header
_LEFT = 2  # the first column to fill: code, name
_CODE_ROW = 3
_WIDTH = 14.0
_MAX_WHOLE = 1_000_000_000


@dataclass(frozen=True)
class Line:
    """One row or column to fill: its code (stable, unique), its name, a hint shown on its cells."""

    code: str
    name: str
    hint: str = ""


@dataclass(frozen=True)
class GridTemplate:
    """`key` says what the grid is for (unit, period) and comes back when it is read."""

    key: str
    title: str
    hint: str
    row_title: str
    rows: Sequence[Line]
    columns: Sequence[Line]
    values: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class GridCell:
    """A filled cell: `value` is None when what was typed (`found`) is no whole number ≥ 0."""

    row: str
    column: str
    value: int | None
    found: Cell
    ref: str


@dataclass(frozen=True)
class Grid:
    """What came back; cells that were left blank are not in it."""

    key: str
    cells: list[GridCell]


def grid_workbook(grid: GridTemplate) -> IO[bytes]:
    """The template as an open temporary file at its start.

    Raises: ValueError when a code is empty or occurs twice.
    """
    for lines in (grid.rows, grid.columns):
        codes = [line.code for line in lines]
        if len(set(codes)) < len(codes) or not all(codes):
            raise ValueError("codes must be unique and not empty")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with open_workbook(file, title=grid.title) as book:
        page = book.add_worksheet(_("Số liệu"))
        _write_head(book, page, grid)
        _write_rows(book, page, grid)
        _set_rules(page, grid)
    file.seek(0)
    return file


def read_grid(extract: Extract) -> Grid:
    """The cells of a filled template.

    Raises: Unreadable when the file is no such template (or lost its codes, or holds one of them twice).
    """
    for table in extract.tables:
        if table.cells and len(table.cells) >= _TOP and table.cells[0][0] == _MARK:
            return Grid(str(table.cells[_CODE_ROW][1] or ""), _read_cells(table))
    raise Unreadable("not_template")


def _write_head(book: Workbook, page: Worksheet, grid: GridTemplate) -> None:
    bold = book.add_format({**FONT, "bold": True, "font_size": 14})
    header = book.add_format({**FONT, **HEADER})
    page.write_string(0, 0, _MARK)
    page.write_string(0, 1, cell_text(grid.title), bold)
    page.write_string(1, 1, cell_text(grid.hint), book.add_format({**FONT, "italic": True}))
    page.write_string(_CODE_ROW, 1, grid.key)
    for index, column in enumerate(grid.columns, start=_LEFT):
        page.write_string(_CODE_ROW, index, column.code)
    page.set_row(_CODE_ROW, None, None, {"hidden": True})
    page.set_row(_TOP - 1, header_height((column.name, _WIDTH) for column in grid.columns))
    page.write_string(_TOP - 1, 1, cell_text(grid.row_title), header)
    for index, column in enumerate(grid.columns, start=_LEFT):
        page.write_string(_TOP - 1, index, cell_text(column.name), header)


def _write_rows(book: Workbook, page: Worksheet, grid: GridTemplate) -> None:
    name = book.add_format({**FONT, "border": 1})
    number = book.add_format({**FONT, "border": 1, "num_format": "#,##0", "locked": False})
    for index, row in enumerate(grid.rows, start=_TOP):
        page.write_string(index, 0, row.code)
        page.write_string(index, 1, cell_text(row.name), name)
        for place, column in enumerate(grid.columns, start=_LEFT):
            value = grid.values.get((row.code, column.code))
            if value is None:
                page.write_blank(index, place, None, number)
            else:
                page.write_number(index, place, value, number)


def _set_rules(page: Worksheet, grid: GridTemplate) -> None:
    bottom, right = _TOP + len(grid.rows) - 1, _LEFT + len(grid.columns) - 1
    for index, column in enumerate(grid.columns, start=_LEFT):
        if bottom >= _TOP:
            page.data_validation(_TOP, index, bottom, index, _whole_number(column))
    page.set_column(0, 0, None, None, {"hidden": True})
    page.set_column(1, 1, 30)
    page.set_column(_LEFT, max(right, _LEFT), _WIDTH)
    page.freeze_panes(_TOP, _LEFT)
    page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    set_print(page, header_row=_TOP - 1, is_landscape=len(grid.columns) > 4)


def _whole_number(column: Line) -> dict[str, object]:
    # Source: Excel specifications: an input title holds 32 characters, its message 255.
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": _MAX_WHOLE,
        "input_title": cell_text(column.name)[:32],
        "input_message": cell_text(column.hint)[:255],
        "error_title": _("Chưa đúng"),
        "error_message": _("Hãy nhập số nguyên từ 0 trở lên; để trống nếu chưa có số liệu."),
    }


def _read_cells(table: Table) -> list[GridCell]:
    columns = {
        index: str(code)
        for index, code in enumerate(table.cells[_CODE_ROW])
        if index >= _LEFT and code is not None
    }
    rows = {
        index: str(row[0])
        for index, row in enumerate(table.cells)
        if index >= _TOP and row and row[0] is not None
    }
    for codes in (rows, columns):
        if len(set(codes.values())) < len(codes):
            raise Unreadable("not_template")
    return [
        GridCell(row_code, column_code, whole_number(found), found, table.ref(row, column))
        for row, row_code in rows.items()
        for column, column_code in columns.items()
        if (found := table.cells[row][column]) is not None
    ]


def whole_number(value: Cell) -> int | None:
    """A whole number ≥ 0 as people type it, else None.

    >>> whole_number(4795), whole_number("4.795"), whole_number(" 12 "), whole_number(1.5), whole_number("1,5")
    (4795, 4795, 12, None, None)
    """
    if isinstance(value, str):
        digits = value.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        groups = digits.split(".")
        is_grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
        plain = "".join(groups) if is_grouped else digits
        return int(plain) if plain.isascii() and plain.isdecimal() and int(plain) <= _MAX_WHOLE else None
    return value if isinstance(value, int) and 0 <= value <= _MAX_WHOLE else None
