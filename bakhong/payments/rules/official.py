"""Numbers of tax receipts and invoices, from the workbook of the system that makes them or from ours filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bakhong.core.text import name_key
from bakhong.payments.rules.cells import moment_in, money_in
from bakhong.payments.rules.references import CHARGE, find_references

_COLUMNS = {
    "series": re.compile(r"ky hieu|serial"),
    "number": re.compile(r"^so (bien lai|hoa don|bl|hd)\b|^so$"),
    "on": re.compile(r"ngay (bien lai|hoa don|lap|phat hanh|xuat|ky|bl|hd)\b"),
    "amount": re.compile(r"so tien|thanh tien|tong tien|tong cong|thanh toan"),
}
_HEADERS = 30  # rows in which the names of the columns are looked for


@dataclass(frozen=True)
class Numbered:
    """A row with a number: of which charge (`reference`), in what words. `amount` None where the file says none.

    `problem`: "no_reference", "several", "amount_unclear", "day_unclear" or "". `row`: as Excel counts.
    """

    row: int
    reference: str
    series: str
    number: str
    on: date | None
    amount: int | None
    problem: str = ""


def read_numbers(cells: Sequence[Sequence[object]]) -> list[Numbered] | None:
    """The rows of a sheet that hold a number, whatever else it says; None where no column is named as one of numbers.

    The charge is told by its reference, in whichever cell it stands.

    >>> sheet = [["Ký hiệu", "Số biên lai", "Nội dung"], ["AA/26E", 12, "phi bk 777777777777s"], ["AA/26E", None, "x"]]
    >>> [(each.row, each.reference, each.series, each.number, each.problem) for each in read_numbers(sheet)]
    [(2, 'BK777777777777S', 'AA/26E', '12', '')]
    >>> read_numbers([["Chưa có số biên lai"], ["Họ tên", "Số tiền"]]) is None
    True
    """
    for index, row in enumerate(cells[:_HEADERS]):
        columns = columns_of(row)
        if "number" in columns and len(columns) > 1:  # a title may say "Số biên lai" too
            told = ((at, each) for at, each in enumerate(cells[index + 1 :], index + 2))
            return [_numbered(at, each, columns) for at, each in told if _text(each, columns["number"])]
    return None


def columns_of(row: Sequence[object]) -> dict[str, int]:
    """
    >>> columns_of(["STT", "Ngày lập", "Ký hiệu", "Số hoá đơn", "Tổng tiền"])
    {'on': 1, 'series': 2, 'number': 3, 'amount': 4}
    """
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = name_key(cell) if isinstance(cell, str) else ""
        what = next((name for name, told in _COLUMNS.items() if key and told.search(key)), None)
        if what is not None:
            found.setdefault(what, place)
    return found


def _numbered(at: int, row: Sequence[object], columns: Mapping[str, int]) -> Numbered:
    named = {
        each
        for cell in row
        if isinstance(cell, str)
        for each in find_references(cell)
        if each.startswith(CHARGE)
    }
    amount, amount_wrong = _amount(row, columns)
    on, day_wrong = _day(row, columns)
    problem = "" if len(named) == 1 else "several" if named else "no_reference"
    return Numbered(
        at,
        next(iter(sorted(named)), ""),
        _text(row, columns.get("series")),
        _text(row, columns["number"]),
        on,
        amount,
        problem or amount_wrong or day_wrong,
    )


def _text(row: Sequence[object], place: int | None) -> str:
    cell = row[place] if place is not None and place < len(row) else None
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split()) if cell is not None else ""


def _amount(row: Sequence[object], columns: Mapping[str, int]) -> tuple[int | None, str]:
    if not _text(row, columns.get("amount")):
        return None, ""
    told = money_in(row[columns["amount"]])  # type: ignore[arg-type]
    return told, "" if told is not None else "amount_unclear"


def _day(row: Sequence[object], columns: Mapping[str, int]) -> tuple[date | None, str]:
    if not _text(row, columns.get("on")):
        return None, ""
    told = moment_in(row[columns["on"]])  # type: ignore[arg-type]
    return (told[0], "") if told else (None, "day_unclear")
