"""Months as lists and their titles say them."""

import re
from datetime import date, timedelta


def month_after(day: date) -> date:
    """The first day of the next month.

    >>> month_after(date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def same_day_next_month(day: date) -> date:
    """The same day of the next month, its last day where it is shorter.

    >>> same_day_next_month(date(2027, 1, 31)), same_day_next_month(date(2026, 12, 10))
    (datetime.date(2027, 2, 28), datetime.date(2027, 1, 10))
    """
    first = month_after(day)
    last = month_after(first) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def in_month(words: str, before: date, after: date) -> str:
    """Words of one month told of another; what names no month, or another one, stays.

    >>> in_month("Tiền rác tháng 11/2026", date(2026, 11, 1), date(2026, 12, 1))
    'Tiền rác tháng 12/2026'
    >>> in_month("Tiền nước T9.2026, tổ 9", date(2026, 9, 1), date(2026, 10, 1))
    'Tiền nước T10.2026, tổ 9'
    >>> in_month("Học phí tháng 12", date(2026, 12, 1), date(2027, 1, 1))
    'Học phí tháng 1'
    >>> in_month("Quỹ khuyến học", date(2026, 12, 1), date(2027, 1, 1))
    'Quỹ khuyến học'
    """
    whole = rf"(?<!\d)0?{before.month}(\s*[./-]\s*){before.year}(?!\d)"
    told = re.sub(whole, lambda found: f"{after.month:02d}{found[1]}{after.year}", words)
    return re.sub(
        rf"\b(tháng\s+)0?{before.month}(?![\d./-])",
        lambda found: f"{found[1]}{after.month}",
        told,
        flags=re.IGNORECASE,
    )
