"""The layout of a table: where its header ends, which column names the rows, which hold counts and which percents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bakhong.core.errors import Refusal
from bakhong.indicators.rules.normalise import fold_words
from bakhong.indicators.rules.numbers import parse

Raw = str | int | float | Decimal | None
MAX_CELLS = 200_000
MAX_COLUMNS = 200


class TableTooLarge(Refusal):
    """The table is larger than an annex can be."""

    status = 413

    def __init__(self) -> None:
        super().__init__("Bảng quá lớn (hơn 200.000 ô hoặc hơn 200 cột). Hãy bỏ các ô trống rồi nộp lại.")


@dataclass(slots=True)
class Cell:
    """One cell. `value` is None for text; `percent` when a % sign is printed; `start`/`end` only in tables inside a text."""

    row: int
    column: int
    text: str
    value: Decimal | None = None
    places: int = 0
    percent: bool = False
    start: int | None = None
    end: int | None = None

    @property
    def ref(self) -> str:
        """
        >>> Cell(16, 3, "").ref, Cell(0, 27, "").ref
        ('D17', 'AB1')
        """
        letters, at = "", self.column + 1
        while at:
            at, rest = divmod(at - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row + 1}"

    @property
    def whole(self) -> int | None:
        return (
            int(self.value)
            if self.value is not None and self.value == int(self.value) and not self.percent
            else None
        )


_PRINTED = re.compile(r"\s*(\d[\d.,\s]*?)\s*(%)?\s*$")
_EMPTY = frozenset({"", "-", "–", "x", "…", "...", "0 "})


def cell(row: int, column: int, raw: Raw) -> Cell:
    """
    >>> cell(0, 0, "1.674").value, cell(0, 0, "92,1 %").percent, cell(0, 0, 0.5).value, cell(0, 0, "Thôn 1").value
    (Decimal('1674'), True, Decimal('0.5'), None)
    """
    if raw is None or isinstance(raw, bool):
        return Cell(row, column, "")
    if isinstance(raw, int | float | Decimal):
        try:
            value = Decimal(str(raw)).normalize()
        except InvalidOperation:
            return Cell(row, column, str(raw))
        if not value.is_finite() or abs(value) > Decimal(10) ** 15:
            return Cell(row, column, str(raw))
        places = max(0, -int(value.as_tuple().exponent))
        return Cell(row, column, str(raw), value, places)
    text = " ".join(str(raw)[:400].split())
    match = _PRINTED.match(text) if len(text) <= 24 else None
    if match:
        parsed = parse(match[1], match[2] is not None)
        if parsed and not re.fullmatch(r"0\d+", match[1]):
            return Cell(row, column, text, parsed[0], parsed[1], match[2] is not None)
    return Cell(row, column, text)


@dataclass(slots=True)
class Layout:
    """`label` is the column that names the rows; `headers` the whole heading of each column, from top to bottom."""

    rows: list[list[Cell]]
    first: int
    label: int
    headers: list[str]
    counts: list[int]
    percents: list[int]
    total_rows: list[int] = field(default_factory=list)
    data_rows: list[int] = field(default_factory=list)
    title: str = ""


_NUMBERING = re.compile(r"^(?:stt|tt|số tt|số thứ tự|no\.?|#)$")
_TOTAL_ROW = re.compile(r"^(?:tổng(?: cộng| số)?|cộng|toàn (?:xã|phường|huyện|tỉnh|thị trấn))(?!\w)")
_PERCENT_HEADER = re.compile(r"tỷ lệ|%|đạt tl|tl(?!\w)")
_ROMAN = re.compile(r"^[ivx]+\.?$")


def layout(table: Sequence[Sequence[Raw]]) -> Layout | None:
    """Reads the shape of a table; None when it has no rows of numbers under a heading.

    Raises: TableTooLarge.
    """
    width = max((len(row) for row in table), default=0)
    if width > MAX_COLUMNS or width * len(table) > MAX_CELLS:
        raise TableTooLarge
    rows = [
        [cell(at, column, row[column] if column < len(row) else None) for column in range(width)]
        for at, row in enumerate(table)
    ]
    return arrange(rows)


def arrange(rows: list[list[Cell]]) -> Layout | None:
    first = _first_data_row(rows)
    if first is None or first == 0:
        return None
    width = len(rows[0])
    top = _header_top(rows, first)
    headers = _headers(rows, top, first, width)
    body = [
        at
        for at in range(first, len(rows))
        if any(one.value is not None for one in rows[at]) and not _column_numbers(rows[at])
    ]
    numbered = _numbering_column(rows, headers, body)
    label = next((at for at in range(width) if at != numbered and _mostly_text(rows, body, at)), None)
    if label is None:
        return None
    shape = Layout(rows, first, label, headers, [], [], title=" ".join(_title(rows, top)))
    for at in body:
        name = fold_words(
            rows[at][label].text or next((one.text for one in rows[at] if one.value is None and one.text), "")
        )
        (shape.total_rows if _TOTAL_ROW.match(name.strip(" .:-")) else shape.data_rows).append(at)
    for column in range(width):
        if column in (label, numbered):
            continue
        values = [rows[at][column] for at in body if rows[at][column].value is not None]
        if len(values) * 3 < len(body) or not values:
            continue
        percent = (
            sum(one.percent for one in values) * 2 > len(values)
            or _PERCENT_HEADER.search(headers[column]) is not None
        )
        (shape.percents if percent else shape.counts).append(column)
    return shape if shape.data_rows and (shape.counts or shape.percents) else None


def _first_data_row(rows: list[list[Cell]]) -> int | None:
    for at, row in enumerate(rows):
        numbers = sum(one.value is not None for one in row)
        texts = sum(bool(one.text) and one.value is None for one in row)
        if (
            numbers >= 1
            and texts >= 1
            and texts <= numbers + 2
            and not _column_numbers(row)
            and any(one.value is not None for one in row[1:])
        ):
            return at
    return None


def _column_numbers(row: list[Cell]) -> bool:
    """The line "(1) (2) (3)" or "A B 1 2 3" under a heading."""
    texts = [re.sub(r"[()\s]", "", one.text) for one in row if one.text]
    texts = [text.split("=")[0] for text in texts]
    numbers = [int(text) for text in texts if text.isdigit() and len(text) <= 3]
    letters = [text for text in texts if not text.isdigit()]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] in (1, 2, 3)
        and all(len(text) == 1 for text in letters)
    )


def _header_top(rows: list[list[Cell]], first: int) -> int:
    """The first of up to four heading rows: titles above them fill one cell only."""
    top = first
    while top > 0 and first - top < 4 and sum(bool(one.text) for one in rows[top - 1]) >= 2:
        top -= 1
    return top if top < first else max(0, first - 1)


def _headers(rows: list[list[Cell]], top: int, first: int, width: int) -> list[str]:
    headers = [""] * width
    for at in range(top, first):
        if _column_numbers(rows[at]):
            continue
        last = ""
        for column in range(width):
            text = rows[at][column].text
            # A heading over several columns stands in the first of them.
            spread = (
                not text
                and at + 1 < first
                and any(rows[below][column].text for below in range(at + 1, first))
            )
            last = text or (last if spread else "")
            shown = text or last
            if shown:
                headers[column] = f"{headers[column]} {fold_words(shown)}".strip()
    return headers


def _title(rows: list[list[Cell]], top: int) -> list[str]:
    return [one.text for row in rows[:top] for one in row if one.text]


def _numbering_column(rows: list[list[Cell]], headers: list[str], body: list[int]) -> int | None:
    for column, header in enumerate(headers[:2]):
        if _NUMBERING.match(header):
            return column
    values = [rows[at][0].value for at in body if rows[at][0].value is not None]
    return 0 if len(values) >= 2 and values == [Decimal(at) for at in range(1, len(values) + 1)] else None


def _mostly_text(rows: list[list[Cell]], body: list[int], column: int) -> bool:
    texts = sum(bool(rows[at][column].text) and rows[at][column].value is None for at in body)
    return texts * 2 > len(body)


def is_roman(text: str) -> bool:
    return _ROMAN.match(text.strip().lower()) is not None


def percent_value(shape: Layout, column: int, at: int) -> tuple[Decimal, int] | None:
    """A percent as printed; a workbook keeps 92.1% as 0.921."""
    one = shape.rows[at][column]
    if one.value is None:
        return None
    if one.percent or not _fractions(shape, column):
        return one.value, min(one.places, 4)
    return (one.value * 100).quantize(Decimal("0.0001")).normalize(), 4


def _fractions(shape: Layout, column: int) -> bool:
    values = [shape.rows[at][column].value for at in (*shape.data_rows, *shape.total_rows)]
    known = [value for value in values if value is not None]
    return (
        bool(known)
        and all(value <= Decimal("1.5") for value in known)
        and any(value != int(value) for value in known)
    )
