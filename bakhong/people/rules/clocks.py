"""The clock of what residents ask about their own data."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bakhong.core.days import VIET_NAM, day_of

WORKING_DAYS = 2
_CLOSING = time(17, 30)
_LOOK_AHEAD = 60  # no run of days off is longer


def acknowledge_by(asked_at: datetime, is_worked: Callable[[date], bool]) -> datetime:
    """The moment by which a request has to be acknowledged: the end of the second working day after the day it was made.

    Source: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP on personal data, two working days (domain research 10, from secondary sources).

    >>> from datetime import UTC
    >>> friday = datetime(2026, 11, 20, 3, tzinfo=UTC)
    >>> acknowledge_by(friday, lambda day: day.weekday() < 5).isoformat()
    '2026-11-24T17:30:00+07:00'
    >>> acknowledge_by(friday, lambda day: day.weekday() < 5 and day != date(2026, 11, 24)).isoformat()
    '2026-11-25T17:30:00+07:00'
    """
    day, left = day_of(asked_at), WORKING_DAYS
    for _ahead in range(_LOOK_AHEAD):
        day += timedelta(days=1)
        left -= is_worked(day)
        if left == 0:
            break
    return datetime.combine(day, _CLOSING, VIET_NAM)


def is_weekday(day: date) -> bool:
    """The working days where nobody knows the calendar: Monday to Friday."""
    return day.weekday() < 5
