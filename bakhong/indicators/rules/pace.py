"""How fast a number grows, when it will arrive at that speed, and how fast it would have to grow."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

LONGEST = timedelta(days=3650)  # a forecast further away says nothing but "not at this speed"


def per_week(gained: int, days: int) -> Decimal | None:
    """People a week; None where nothing was measured.

    >>> per_week(30, 30), per_week(-7, 14), per_week(5, 0)
    (Decimal('7.0'), Decimal('-3.5'), None)
    """
    if days <= 0:
        return None
    return (Decimal(gained) * 7 / days).quantize(Decimal("0.1"), ROUND_HALF_UP)


def forecast(missing: int, gained: int, days: int, on: date) -> date | None:
    """The day on which the last one missing is counted, at the pace of `gained` in `days`; None: never at this pace.

    >>> forecast(60, 30, 30, date(2025, 5, 6))
    datetime.date(2025, 7, 5)
    >>> forecast(60, 0, 30, date(2025, 5, 6)) is None
    True
    """
    if missing <= 0:
        return on
    if gained <= 0 or days <= 0:
        return None
    ahead = timedelta(days=-(-missing * days // gained))
    return on + ahead if ahead <= LONGEST else None


def needed_per_week(missing: int, days_left: int) -> int | None:
    """Whole people a week from tomorrow on, the last day included; None when the day has come.

    >>> needed_per_week(60, 21), needed_per_week(1, 3), needed_per_week(0, 5), needed_per_week(4, 0)
    (20, 1, 0, None)
    """
    if missing <= 0:
        return 0
    if days_left <= 0:
        return None
    if days_left < 7:
        return missing
    return -(-missing * 7 // days_left)
