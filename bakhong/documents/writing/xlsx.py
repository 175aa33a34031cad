"""Excel workbooks, written row by row with constant memory; a user's text is always text.

No string becomes a formula or a link: every one goes through `write_string` (openpyxl would make `=…` a formula).
"""

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bakhong.core.days import VIET_NAM
from bakhong.documents.rules.characters import clean

Value = str | int | float | Decimal | date | None
Kind = Literal["text", "int", "decimal", "percent", "money", "day", "moment"]

MAX_CHARACTERS = 32_767  # Source: Excel specifications and limits: characters in a cell
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "int": {"num_format": "#,##0"},
    "decimal": {},
    "percent0": {"num_format": "0%"},
    "percent1": {"num_format": "0.0%"},
    "percent2": {"num_format": "0.00%"},
    "money": {"num_format": '#,##0 "đ"'},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
}
_WIDTHS = {
    "text": 28.0,
    "int": 12.0,
    "decimal": 12.0,
    "percent": 10.0,
    "money": 16.0,
    "day": 12.0,
    "moment": 17.0,
}
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
HEADER = {"bold": True, "text_wrap": True, "align": "center", "border": 1, "bg_color": "#F3F6F2"}


@dataclass(frozen=True)
class Column:
    """`percent` takes 92.1 for 92,1% and shows as many decimals as a Decimal has; `width` is in characters."""

    title: str
    kind: Kind = "text"
    width: float | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: title lines, a header row that stays in sight and repeats on paper, then the rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    titles: Sequence[str] = ()
    is_landscape: bool = False


def workbook(sheets: Iterable[Sheet], *, title: str = "") -> IO[bytes]:
    """The workbook as an open temporary file at its start: ready for a streamed response, gone when closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    with open_workbook(file, title=title) as book:
        names: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, sheet, sheet_name(sheet.name, names))
    file.seek(0)
    return file


def open_workbook(file: IO[bytes], *, title: str) -> Workbook:
    """A workbook of xlsxwriter with everything switched off that guesses."""
    book = Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"title": cell_text(title)})
    return book


def _write_sheet(book: Workbook, sheet: Sheet, name: str) -> None:
    page = book.add_worksheet(name)
    formats = {kind: book.add_format({**FONT, **style, "border": 1}) for kind, style in _FORMATS.items()}
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width or _WIDTHS[column.kind])
    top = _write_titles(book, page, sheet.titles)
    header = book.add_format({**FONT, **HEADER})
    page.set_row(
        top, header_height((column.title, column.width or _WIDTHS[column.kind]) for column in sheet.columns)
    )
    for index, column in enumerate(sheet.columns):
        page.write_string(top, index, cell_text(column.title), header)
    last = top
    for last, row in enumerate(sheet.rows, start=top + 1):
        for index, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            _write_cell(page, last, index, value, column.kind, formats)
    page.freeze_panes(top + 1, 0)
    if sheet.columns and last > top:
        page.autofilter(top, 0, last, len(sheet.columns) - 1)
    set_print(page, header_row=top, is_landscape=sheet.is_landscape)


def _write_titles(book: Workbook, page: Worksheet, titles: Sequence[str]) -> int:
    """Writes the title lines; the row where the header goes."""
    bold = book.add_format({**FONT, "bold": True, "font_size": 14})
    plain = book.add_format({**FONT, "italic": True})
    for index, line in enumerate(titles):
        page.write_string(index, 0, cell_text(line), plain if index else bold)
    return len(titles) + 1 if titles else 0


def header_height(titles: Iterable[tuple[str, float]]) -> float:
    """Points for the tallest title, wrapped at its column's width: programs do not agree to fit it by themselves.

    >>> header_height([("Số", 12.0), ("Người trưởng thành được cấp", 12.0)])
    51.0
    """
    lines = (math.ceil(len(title) * 1.15 / width) for title, width in titles)
    return 17.0 * max(lines, default=1)


def set_print(page: Worksheet, *, header_row: int, is_landscape: bool) -> None:
    """A4, as wide as one page, the header row on every page, the page number at the bottom."""
    page.set_paper(9)
    page.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)
    page.set_footer("&C&P/&N")
    if is_landscape:
        page.set_landscape()


def _write_cell(
    page: Worksheet, row: int, column: int, value: Value, kind: Kind, formats: dict[str, Format]
) -> None:
    if kind != "percent":
        write_value(page, row, column, value, formats[kind])
    elif isinstance(value, int | float | Decimal):
        exponent = value.as_tuple().exponent if isinstance(value, Decimal) else -1
        decimals = min(2, max(0, -exponent)) if isinstance(exponent, int) else 0
        write_value(page, row, column, Decimal(str(value)) / 100, formats[f"percent{decimals}"])
    else:
        write_value(page, row, column, value, formats["percent1"])


def write_value(page: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """One cell; the type of the value alone decides what it becomes."""
    if value is None or value == "" or (not isinstance(value, str | date) and not math.isfinite(value)):
        page.write_blank(row, column, None, style)
    elif isinstance(value, str):
        page.write_string(row, column, cell_text(value), style)
    elif isinstance(value, datetime):
        local = value.astimezone(VIET_NAM) if value.tzinfo else value
        page.write_datetime(row, column, local, style)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
    else:
        page.write_number(row, column, float(value), style)


def cell_text(text: str) -> str:
    """What fits into a cell: clean, and cut with an ellipsis where Excel would refuse it."""
    text = clean(text)
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel accepts (at most 31 characters, none of []:*?/\\, not twice), added to `taken`.

    >>> taken = set()
    >>> sheet_name("Thôn 1/2: A", taken), sheet_name("thôn 1-2- a", taken), sheet_name("'", taken)
    ('Thôn 1-2- A', 'thôn 1-2- a (2)', 'Trang')
    """
    name = (
        clean(wanted).translate({ord(char): "-" for char in "[]:*?/\\\n\t"}).strip(" '")[:31].strip(" '")
        or "Trang"
    )
    if name.lower() == "history":  # Excel keeps this name for itself
        name += "_"
    number, unique = 1, name
    while unique.lower() in taken:
        number += 1
        tail = f" ({number})"
        unique = name[: 31 - len(tail)] + tail
    taken.add(unique.lower())
    return unique
