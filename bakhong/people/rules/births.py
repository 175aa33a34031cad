"""Dates of birth of which perhaps only the year is known, as facts hold them: "1941", "1941-03", "1941-03-05"."""

import re
from calendar import monthrange
from datetime import date

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
OLDEST = 130  # nobody is older; a list that says so is wrong

Parts = tuple[int | None, int | None, int | None]


def birth_parts(text: str) -> Parts:
    """(year, month, day), None where it is not known.

    >>> birth_parts("1941-03"), birth_parts("")
    ((1941, 3, None), (None, None, None))
    """
    match = _FORM.fullmatch(text)
    if not match:
        return None, None, None
    year, month, day = (int(part) if part else None for part in match.groups())
    return year, month, day


def birth_text(year: int | None, month: int | None = None, day: int | None = None) -> str:
    """The other way round.

    >>> birth_text(1941, 3, 5), birth_text(1941)
    ('1941-03-05', '1941')
    """
    if year is None:
        return ""
    return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])


def is_possible_birth(text: str, on: date) -> bool:
    """A date of the calendar, not after the day and not further back than anybody lives.

    >>> today = date(2026, 11, 22)
    >>> [is_possible_birth(text, today) for text in ("1941", "1990-02-31", "2027", "1890", "2026-11-22")]
    [True, False, False, False, True]
    """
    year, month, day = birth_parts(text)
    if year is None:
        return False
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return False
    return first <= on and year >= on.year - OLDEST


def age_on(text: str, on: date) -> int | None:
    """Whole years somebody surely has on a day: of whom only the year or month is known, as if born on its last day. None: not known.

    The one rule for ages in the whole program: nobody is counted before they surely have the age.

    >>> age_on("2008-11-23", date(2026, 11, 22)), age_on("2008", date(2026, 11, 22)), age_on("2008-11", date(2026, 11, 30))
    (17, 17, 18)
    """
    return age_of(birth_parts(text), on)


def age_of(birth: Parts, on: date) -> int | None:
    """The same of a birth in parts (year, month, day).

    >>> age_of((2008, None, None), date(2026, 12, 31)), age_of((None, None, None), date(2026, 12, 31))
    (18, None)
    """
    born = last_possible(birth)
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def last_possible(birth: Parts) -> date | None:
    """The last day on which somebody with this birth can have been born; None where no year is known.

    >>> str(last_possible((2008, 2, None))), str(last_possible((2008, None, None))), last_possible((None, None, None))
    ('2008-02-29', '2008-12-31', None)
    """
    year, month, day = birth
    if year is None:
        return None
    month = month or 12
    end = monthrange(year, month)[1]
    return date(year, month, min(day or end, end))


def reaches_on(birth: Parts, age: int) -> date | None:
    """The first day on which somebody surely has an age in whole years; None where no year of birth is known.

    >>> str(reaches_on((2008, None, None), 14)), str(reaches_on((2008, 2, 29), 15))
    ('2022-12-31', '2023-03-01')
    """
    born = last_possible(birth)
    if born is None:
        return None
    year = born.year + age
    is_leap_day = (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28
    return date(year, 3, 1) if is_leap_day else born.replace(year=year)


def is_surely_under(birth: Parts, age: int, on: date) -> bool:
    """True when nobody with this birth can have the age on a day, even born on the first day possible.

    >>> is_surely_under((2012, None, None), 14, date(2026, 1, 1)), is_surely_under((2012, 3, None), 14, date(2026, 1, 1))
    (False, True)
    """
    year, month, day = birth
    if year is None:
        return False
    first = (year + age, month or 1, day or 1)
    return (on.year, on.month, on.day) < first
