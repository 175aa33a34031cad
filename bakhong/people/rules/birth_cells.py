"""Birth dates out of cells, as lists keep them: days, texts, serial numbers, a month, or a year alone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bakhong.people.rules.births import OLDEST, birth_text

OLD_AGE = 115  # from here on an age is doubted: the oldest people of the country are about as old
_SERIALS = range(4_000, 60_000)  # Excel's day numbers of 1910 to 2064
_EPOCH = date(
    1899, 12, 30
)  # Source: ECMA-376 part 1, 18.17.4.1, the date system of 1900 with its false leap day

_DAY = re.compile(r"(\d{1,2})\s*[/.\-, ]\s*(\d{1,2})\s*[/.\-, ]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T]00:00(?::00)?)?")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
_BLANKED = re.compile(
    r"^(?:(?:0{1,2}|\?+|x{1,2}|-{1,2}|_+|\.{2,}|…)\s*[/.\-]\s*){1,2}(?=\d{4}$|\d{1,2}\s*[/.\-]\s*\d{4}$)",
    re.I,
)
_WORDS = re.compile(r"ngày|tháng|năm|sinh|sn|ns|khoảng|~|:", re.I)


@dataclass(frozen=True)
class Birth:
    """`month` and `day` are None where only the year (or month) is known. `code`: why it cannot be used; `notes`: what is doubtful."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    code: str = ""
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return birth_text(self.year, self.month, self.day)


def birth(value: object, *, today: date) -> Birth:
    """A birth date out of a cell. `today` is the day the list is of: nobody on it is born later.

    >>> on = date(2025, 5, 6)
    >>> [birth(value, today=on).text for value in ("5/3/1990", 1990, 32947, "03/1990", "00/00/1990", "1990-03-15", 15031990)]
    ['1990-03-05', '1990', '1990-03-15', '1990-03', '1990', '1990-03-15', '1990-03-15']
    >>> [birth(value, today=on).code for value in ("31/02/1990", "6/7/2027", "abc", 5)]
    ['birth_date_invalid', 'birth_date_future', 'birth_date_invalid', 'birth_date_invalid']
    >>> birth("5/3/90", today=on), birth("1905", today=on).notes
    (Birth(year=1990, month=3, day=5, code='', notes=('birth_two_digits',)), ('age_unlikely',))
    """
    if value is None or value == "":
        return Birth()
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return _checked(day.year, day.month, day.day, today)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, today)
    return _text(str(value).strip(), today)


def _number(value: int | float, today: date) -> Birth:
    if value != value or value in (float("inf"), float("-inf")) or value < 0:
        return Birth(code="birth_date_invalid")
    whole = int(value)
    if 1800 <= whole <= 2200 and whole == value:
        return _checked(whole, None, None, today)
    if whole in _SERIALS:
        day = _EPOCH + timedelta(days=whole)
        return _checked(day.year, day.month, day.day, today)
    text = str(whole)
    if whole == value and len(text) in (7, 8):
        return _text(text.zfill(8), today)
    return Birth(code="birth_date_invalid")


def _text(text: str, today: date) -> Birth:
    if not text:
        return Birth()
    is_about = re.search(r"(?i)khoảng|~|\?", text) and not _BLANKED.match(text)
    notes: tuple[str, ...] = ("birth_about",) if is_about else ()
    text = re.sub(r"\s+", " ", _WORDS.sub(" ", _BLANKED.sub("", text)).strip(" .,?'’"))
    text = _BLANKED.sub("", text)
    if text.isdecimal() and text.isascii():
        return _digits(text, today, notes)
    if match := _ISO.fullmatch(text):
        return _checked(int(match[1]), int(match[2]), int(match[3]), today, notes)
    if match := _DAY.fullmatch(text):
        year = int(match[3])
        if len(match[3]) == 2:
            century = 2000 if 2000 + year <= today.year else 1900
            year, notes = century + year, (*notes, "birth_two_digits")
        return _checked(year, int(match[2]), int(match[1]), today, notes)
    if match := _MONTH.fullmatch(text):
        return _checked(int(match[2]), int(match[1]), None, today, notes)
    return Birth(code="birth_date_invalid")


def _digits(text: str, today: date, notes: tuple[str, ...]) -> Birth:
    if len(text) == 4:
        return _checked(int(text), None, None, today, notes)
    if len(text) == 8:
        if 1 <= int(text[2:4]) <= 12 and 1800 <= int(text[4:]) <= 2200:
            return _checked(int(text[4:]), int(text[2:4]), int(text[:2]), today, notes)
        if 1800 <= int(text[:4]) <= 2200:
            return _checked(int(text[:4]), int(text[4:6]), int(text[6:]), today, notes)
    if len(text) == 5 and int(text) in _SERIALS:
        return _number(int(text), today)
    return Birth(code="birth_date_invalid")


def _checked(
    year: int, month: int | None, day: int | None, today: date, notes: tuple[str, ...] = ()
) -> Birth:
    if not today.year - OLDEST <= year <= 9999 or (month is not None and not 1 <= month <= 12):
        return Birth(code="birth_date_invalid")
    if day is not None and month is not None:
        try:
            date(year, month, day)
        except ValueError:
            return Birth(code="birth_date_invalid")
    if (year, month or 1, day or 1) > (today.year, today.month, today.day):
        return Birth(code="birth_date_future")
    if today.year - year >= OLD_AGE:
        notes = (*notes, "age_unlikely")
    return Birth(year, month, day, notes=notes)


def told_day(text: str) -> date | None:
    """The day a list says it is of, from its title.

    >>> told_day("DANH SÁCH NHÂN KHẨU tính đến ngày 06/5/2025"), told_day("Ngọc Phụng, ngày 6 tháng 5 năm 2025")
    (datetime.date(2025, 5, 6), datetime.date(2025, 5, 6))
    >>> told_day("Danh sách thôn 1")
    """
    for pattern in (
        r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})",
        r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})",
    ):
        for match in re.finditer(pattern, text):
            try:
                return date(int(match[3]), int(match[2]), int(match[1]))
            except ValueError:
                continue
    return None
