"""Amounts and days as banks write them into cells."""

import re
from datetime import date, datetime, time, timedelta

from bakhong.payments.rules.lines import LARGEST

Cell = str | int | float | date | None

# (?a): digits of other scripts (full width, Arabic) are no amount and no day here; whoever wrote them is asked.
_MONEY = re.compile(r"(?a)\(?([+-]?)\s*(\d[\d.,  \xa0']*)\)?")
_UNIT = re.compile(r"(?i)vn[dđ]|đồng|₫|đ")
_GROUPS = re.compile(r"(?a)\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_DAY = re.compile(
    r"(?a)(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)|(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)"
)
_TIME = re.compile(r"(?a)(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?!\d)")
_EXCEL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a day on paper has no zone
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


def filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def is_number_cell(cell: Cell) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and money_in(cell) is not None)


def money_in(cell: Cell) -> int | None:
    """Whole đồng, with its sign; None for anything else. A fraction of a đồng is not rounded away.

    >>> money_in("1.234.567"), money_in("1,234,567.00"), money_in("-50 000 VND"), money_in("(5,000)"), money_in(2000.0)
    (1234567, 1234567, -50000, -5000, 2000)
    >>> money_in("1.000,50"), money_in("12.5"), money_in("5213 - 12345"), money_in("１２３"), money_in(1e300)
    (None, None, None, None, None)
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, date):
        return None
    if isinstance(cell, int | float):
        return int(cell) if abs(cell) <= LARGEST and cell == int(cell) else None
    text = _UNIT.sub("", cell).strip()
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    whole = _whole(re.sub(r"[  \xa0']", "", match[2]))
    is_negative = match[1] == "-" or (text.startswith("(") and text.endswith(")"))
    return None if whole is None else -whole if is_negative else whole


def _whole(digits: str) -> int | None:
    """
    >>> _whole("1.000"), _whole("1000.00"), _whole("1,000.00"), _whole("1.000,0"), _whole("1.00.0")
    (1000, 1000, 1000, 1000, None)
    """
    if digits.isascii() and digits.isdigit():
        return _bounded(digits)
    if _GROUPS.fullmatch(digits):
        return _bounded(re.sub(r"[.,]", "", digits))
    head, point, tail = digits[: -1 - len(_tail(digits))], digits[-1 - len(_tail(digits))], _tail(digits)
    if len(tail) <= 2 and set(tail) <= {"0"} and point not in head:
        return _whole(head) if head else None
    return None


def _tail(digits: str) -> str:
    return re.split(r"[.,]", digits)[-1]


def _bounded(digits: str) -> int | None:
    return int(digits) if len(digits) <= 13 else None


def moment_in(cell: Cell) -> tuple[date, time | None] | None:
    """A day, with its time of day where one is said; anywhere in a cell's text. A number of Excel is a day too.

    >>> moment_in("05/06/2026 08:15:30"), moment_in("2026-06-05"), moment_in(46178.0), moment_in("31/02/2026")
    ((datetime.date(2026, 6, 5), datetime.time(8, 15, 30)), (datetime.date(2026, 6, 5), None), (datetime.date(2026, 6, 5), None), None)
    """
    if isinstance(cell, datetime):
        return _bounded_day(cell.date(), cell.time().replace(microsecond=0, tzinfo=None))
    if isinstance(cell, date):
        return _bounded_day(cell, None)
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _of_excel(float(cell))
    match = _DAY.search(cell)
    return _of_text(match, cell) if match else None


def _of_excel(number: float) -> tuple[date, time | None] | None:
    if not 36_000 <= number <= 74_000:
        return None
    found = _EXCEL_DAY + timedelta(seconds=round(number * 86_400))
    return _bounded_day(found.date(), found.time() if found.time() != time() else None)


def _of_text(match: re.Match[str], text: str) -> tuple[date, time | None] | None:
    day, month, year, *iso = match.groups()
    parts = (iso[0], iso[1], iso[2]) if iso[0] else (year, month, day)
    try:
        found = date(int(parts[0]) + (2000 if len(parts[0]) == 2 else 0), int(parts[1]), int(parts[2]))
    except ValueError:
        return None
    clock = _TIME.search(text[: match.start()] + " " + text[match.end() :])
    return _bounded_day(found, _clock(clock) if clock else None)


def _clock(match: re.Match[str]) -> time:
    hour, minute, second = (int(each or 0) for each in match.groups())
    return time(hour, minute, second)


def _bounded_day(day: date, clock: time | None) -> tuple[date, time | None] | None:
    return (day, clock) if _FIRST <= day <= _LAST else None


def time_in(cell: Cell) -> time | None:
    """The time of day in a cell of its own.

    >>> time_in("08:15"), time_in(0.5)
    (datetime.time(8, 15), datetime.time(12, 0))
    """
    if isinstance(cell, float) and 0 <= cell < 1:
        return (_EXCEL_DAY + timedelta(seconds=round(cell * 86_400))).time()
    found = _TIME.search(cell) if isinstance(cell, str) else None
    return _clock(found) if found else None


def after_the_day(cell: Cell) -> str:
    """What a cell says besides its day and time: some banks write the voucher's number below the day.

    >>> after_the_day("05/06/2026 5213 - 12345"), after_the_day("05/06/2026 08:15")
    ('5213 - 12345', '')
    """
    if not isinstance(cell, str):
        return ""
    return " ".join(_TIME.sub(" ", _DAY.sub(" ", cell)).split()).strip("-/ ")
