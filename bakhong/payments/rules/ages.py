"""How long something may wait before it is late, in working days: nobody works off a queue at the week-end."""

from datetime import date, timedelta

LATE, GRAVE = 3, 7  # working days: after these it is late; the chair is shown it


def working_days(since: date, on: date) -> int:
    """Mondays to Fridays after the day `since`, the day `on` among them. Holidays count: money waits on them too.

    >>> working_days(date(2026, 11, 20), date(2026, 11, 23)), working_days(date(2026, 11, 23), date(2026, 11, 23))
    (1, 0)
    """
    days = (since + timedelta(days=turn) for turn in range(1, (on - since).days + 1))
    return sum(day.weekday() < 5 for day in days)


def is_late(since: date, on: date, most: int = LATE) -> bool:
    """
    >>> friday = date(2026, 11, 20)
    >>> is_late(friday, date(2026, 11, 25)), is_late(friday, date(2026, 11, 26))
    (False, True)
    """
    return working_days(since, on) > most


def last_late(on: date, most: int = LATE) -> date:
    """The last day since which what waits is late.

    >>> last_late(date(2026, 11, 26))
    datetime.date(2026, 11, 22)
    """
    day = on
    while not is_late(day, on, most):
        day -= timedelta(days=1)
    return day
