"""The day or period a figure speaks of, as far as the text says so."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = re.compile(
    r"(?:(?:tính\s+)?(?:đến|tới)(?:\s+hết)?(?:\s+ngày)?|hết ngày|số liệu ngày)\s+(\d{1,2})(?:\s?[/.\-]\s?|\s+tháng\s+)(\d{1,2})"
    r"(?:(?:\s?[/.\-]\s?|\s+năm\s+)(\d{4}))?(?![\d%])"
)
_MONTHS = re.compile(r"(\d{1,2})\s+tháng(?:\s+đầu)?\s+năm\s+(\d{4})")
_QUARTER = re.compile(r"quý\s+(iv|iii|ii|i|[1-4])\s?(?:/|năm|,\s*năm)\s?(\d{4})")
_MONTH = re.compile(r"(?:tháng|hết tháng)\s+(\d{1,2})(?:\s?/\s?|\s+năm\s+)(\d{4})")
_YEAR = re.compile(r"(?:^|[\s,(])năm\s+((?:19|20)\d\d)(?!\d)")
_HINT = re.compile(r"năm\s|tháng|quý|đến|tới|ngày")
_FULL = re.compile(r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?((?:19|20)\d\d)(?!\d)|năm\s+((?:19|20)\d\d)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Period:
    """`as_of` is ISO with the precision the text has: a day, a month or a year; both ends of the period are included."""

    as_of: str
    first: date
    last: date


def period(low: str, start: int, end: int, years: list[tuple[int, int]], on: date | None) -> Period | None:
    """What the text between two offsets says; the last word on it wins, a day before a month before a year.

    >>> period("đến ngày 14/7, xã đã cấp", 0, 20, [(400, 2023)], None).as_of
    '2023-07-14'
    >>> period("năm 2024, bộ phận", 0, 17, [], None).last
    datetime.date(2024, 12, 31)
    """
    text = low[start:end]
    if not _HINT.search(text):
        return None
    for match in reversed(list(_DAY.finditer(text))):
        year = int(match[3]) if match[3] else _near_year(years, start, on, int(match[2]), int(match[1]))
        day = _day(year, int(match[2]), int(match[1]))
        if day:
            return Period(day.isoformat(), day, day)
    for match in _MONTHS.finditer(text):
        if 1 <= int(match[1]) <= 12:
            last = _month_end(int(match[2]), int(match[1]))
            return Period(last.strftime("%Y-%m"), date(int(match[2]), 1, 1), last)
    for match in _QUARTER.finditer(text):
        quarter, year = _ROMAN.get(match[1]) or int(match[1]), int(match[2])
        last = _month_end(year, 3 * quarter)
        return Period(last.strftime("%Y-%m"), date(year, 3 * quarter - 2, 1), last)
    for match in _MONTH.finditer(text):
        if 1 <= int(match[1]) <= 12:
            last = _month_end(int(match[2]), int(match[1]))
            return Period(last.strftime("%Y-%m"), last.replace(day=1), last)
    for match in reversed(list(_YEAR.finditer(text))):
        year = int(match[1])
        return Period(str(year), date(year, 1, 1), date(year, 12, 31))
    return None


def years_named(low: str) -> list[tuple[int, int]]:
    """(offset, year) of every full year in the text."""
    return [(match.start(), int(match[1] or match[2])) for match in _FULL.finditer(low)]


def _near_year(years: list[tuple[int, int]], at: int, on: date | None, month: int, day: int) -> int | None:
    """The year of a day printed without one: the nearest full date, else the latest such day not after `on`."""
    if years:
        return min(years, key=lambda found: abs(found[0] - at))[1]
    if on is None:
        return None
    this = _day(on.year, month, day)
    return on.year if this and this <= on else on.year - 1


def _day(year: int | None, month: int, day: int) -> date | None:
    if year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
