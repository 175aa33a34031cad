"""Values of an Excel workbook as they were last calculated, sheet by sheet.

python-calamine gives the values; `marks.py` reads from the XML what it leaves out, and refuses a sheet whose
furthest cell would make it fill the memory (its issue 130).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum, load_workbook

from bakhong.documents.rules.characters import clean, one_line

from .archive import Archive
from .marks import Marks, percent_styles, read_marks, sheet_parts
from .shapes import MAX_CELLS, MAX_TEXT, Bad, Cell, RawExtract, RawTable, pack

_PLAIN = frozenset({str, int, float, type(None)})  # travel as they are


def parse(data: bytes, archive: Archive, *, has_text: bool = True) -> RawExtract:
    """Without text (`has_text`), a long list costs half as much.

    Raises: Bad(damaged | password | hostile_xml | too_many_cells | too_long | empty_document)."""
    parts = sheet_parts(archive)
    styles = percent_styles(archive)
    if "xl/sharedStrings.xml" in archive.names:
        archive.read("xl/sharedStrings.xml")  # calamine would believe a false size and a declaration
    marks = {name: read_marks(archive.read(part), styles) for name, part in parts.items()}
    if sum(mark.height * mark.width for mark in marks.values()) > 2 * MAX_CELLS:
        raise Bad("too_many_cells")
    tables, lines, length = [], list[str](), 0
    for name, is_hidden, sheet in _sheets(data, parts):
        table, rows = read_sheet(name, sheet, marks[name], is_hidden, start=length, has_text=has_text)
        tables.append(table)
        lines.extend(rows)
        length += sum(len(row) + 1 for row in rows)
        if length > MAX_TEXT * 4:  # a roll of residents is longer than any report
            raise Bad("too_long")
    text = "\n".join(lines)
    if not any(table["cells"] for table in tables):
        raise Bad("empty_document")
    warnings = _warnings(archive, tables, list(marks.values()))
    return {"kind": "xlsx", "text": text, "tables": tables, "pages": None, "warnings": warnings}


def _sheets(data: bytes, parts: dict[str, str]) -> Iterator[tuple[str, bool, CalamineSheet]]:
    try:
        workbook: CalamineWorkbook = load_workbook(BytesIO(data))
        for meta in workbook.sheets_metadata:
            if meta.name in parts:
                hidden = meta.visible != SheetVisibleEnum.Visible
                yield meta.name, hidden, workbook.get_sheet_by_name(meta.name)
    except CalamineError as error:
        raise Bad("damaged") from error


def read_sheet(
    name: str, sheet: CalamineSheet, marks: Marks, is_hidden: bool, *, start: int, has_text: bool
) -> tuple[RawTable, list[str]]:
    """The sheet from cell A1 on, without the blank rows and columns at its end; and its lines of text."""
    cells = _cells(sheet)
    lines = [_line(row, number, marks.percents) for number, row in enumerate(cells)] if has_text else []
    width = max(map(len, cells), default=0)
    table: RawTable = {
        "name": clean(name),
        "cells": [_packed(row, width) for row in cells],
        "start": start,
        "end": start + max(0, sum(len(line) + 1 for line in lines) - 1),
        "hidden": is_hidden,
        "hidden_rows": [row for row in marks.hidden_rows if row < len(cells)],
        "hidden_columns": [column for column in marks.hidden_columns if column < width],
        "merged": [(a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ()][:100_000],
        "percents": [(*place, decimals) for place, decimals in marks.percents.items()],
    }
    return table, lines


def _cells(sheet: CalamineSheet) -> list[list[Cell]]:
    """The rows as we keep them, each to its last filled cell, and to the last filled row."""
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    known: dict[str, Cell] = {}  # a long list says the same few thousand texts over and over
    rows: list[list[Cell]] = []
    for row in sheet.iter_rows() if sheet.start else ():
        values = left.copy()
        for value in row:
            if type(value) is not str:
                values.append(_value(value))
            elif value in known:
                values.append(known[value])
            else:
                known[value] = kept = _value(value)
                values.append(kept)
        while values and values[-1] is None:
            values.pop()
        rows.append(values)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _line(row: list[Cell], number: int, percents: dict[tuple[int, int], int]) -> str:
    return "\t".join(_shown(value, percents.get((number, index))) for index, value in enumerate(row))


def _packed(row: list[Cell], width: int) -> list[Any]:
    packed = [value if type(value) in _PLAIN else pack(value) for value in row]
    packed.extend([None] * (width - len(packed)))
    return packed


def _value(value: Any) -> Cell:
    """A cell as we keep it: whole numbers as int, texts clean on one line, blanks as None.

    >>> _value(4795.0), _value(92.1), _value(" Thôn 1\\n"), _value(""), _value(True), _value(time(7, 30))
    (4795, 92.1, 'Thôn 1', None, 'TRUE', '07:30')
    """
    if isinstance(value, str):
        return one_line(value) or None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int | datetime | date):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    return str(value) if isinstance(value, timedelta) else None


def _shown(value: Cell, decimals: int | None) -> str:
    """A cell as Vietnamese text; `decimals` is given for a cell shown in percent.

    >>> _shown(4795, None), _shown(92.1, None), _shown(0.9213, 1), _shown(date(2025, 5, 6), None)
    ('4795', '92,1', '92,1%', '06/05/2025')
    """
    if isinstance(value, int | float) and decimals is not None:
        return f"{value * 100:.{decimals}f}%".replace(".", ",")
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)


def _warnings(
    archive: Archive, tables: list[RawTable], marks: list[Marks]
) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        found.append(("macros", {}))
    if unknown := sum(mark.uncalculated for mark in marks):
        found.append(("uncalculated", {"count": unknown}))
    if errors := sum(mark.errors for mark in marks):
        found.append(("cell_errors", {"count": errors}))
    hidden = [table["name"] for table in tables if table["hidden"]]
    if hidden:
        found.append(("hidden_sheets", {"names": ", ".join(hidden[:10])}))
    partly = [table["name"] for table in tables if table["hidden_rows"] or table["hidden_columns"]]
    if partly:
        found.append(("hidden_rows", {"names": ", ".join(partly[:10])}))
    return found
