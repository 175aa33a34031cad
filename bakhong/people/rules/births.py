"""Dates of birth of which perhaps only the year is known, as facts hold them: "1941", "1941-03", "1941-03-05"."""

import re
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
    """Whole years on a day; of somebody of whom only the year is known, as if born on its last day. None: not known.

    >>> age_on("2008-11-23", date(2026, 11, 22)), age_on("2008", date(2026, 11, 22)), age_on("2008-11", date(2026, 11, 30))
    (17, 17, 18)
    """
    year, month, day = birth_parts(text)
    if year is None:
        return None
    born = (month or 12, day or 31)
    if month and not day:
        born = (month, 28 if month == 2 else 30)
    return on.year - year - ((on.month, on.day) < born)
