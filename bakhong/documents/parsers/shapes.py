"""What a parser gives back over the pipe, and how it says no.

Everything is plain JSON except days, which travel as `["d", "2025-05-06"]`, and moments,
`["t", "2025-05-06T07:30:00"]`.
"""

from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

MAX_TEXT = 3_000_000  # characters: a 1,000-page report
MAX_CELLS = 1_000_000  # of all sheets together

Cell = str | int | float | date | None


class RawTable(TypedDict):
    """One table of a document or one sheet of a workbook; rows and columns count from 0."""

    name: str
    cells: list[list[Any]]
    start: int
    end: int
    hidden: bool
    hidden_rows: list[int]
    hidden_columns: list[int]
    merged: list[tuple[int, int, int, int]]
    percents: list[tuple[int, int, int]]  # row, column, decimals shown


class RawSignature(TypedDict):
    intact: bool
    whole_file: bool
    signers: list[str]


class RawExtract(TypedDict):
    kind: str
    text: str
    tables: list[RawTable]
    pages: int | None
    warnings: list[tuple[str, dict[str, Any]]]
    is_signed: NotRequired[bool]


class Bad(Exception):
    """The file cannot be read; `code` names the sentence (see `refusals.py`), `values` fill it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def pack(value: Cell) -> Any:
    """A cell as JSON.

    >>> pack(date(2025, 5, 6)), pack(datetime(2025, 5, 6)), pack(datetime(2025, 5, 6, 7, 30)), pack(3)
    (['d', '2025-05-06'], ['d', '2025-05-06'], ['t', '2025-05-06T07:30:00'], 3)
    """
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return ["d", value.date().isoformat()] if is_day else ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return value


def unpack(value: Any) -> Cell:
    """The inverse of `pack`.

    >>> unpack(["d", "2025-05-06"]), unpack("a")
    (datetime.date(2025, 5, 6), 'a')
    """
    if isinstance(value, list):
        kind, text = value
        return date.fromisoformat(text) if kind == "d" else datetime.fromisoformat(text)
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError(f"not a cell: {value!r}")
