"""Days are Vietnamese days; moments are UTC."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")

_DAY = re.compile(
    r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})|(\d{2})(\d{2})(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})"
)


def day_of(moment: datetime) -> date:
    """The day in Viet Nam of an aware moment.

    >>> from datetime import UTC
    >>> day_of(datetime(2026, 5, 6, 17, 30, tzinfo=UTC))
    datetime.date(2026, 5, 7)
    """
    return moment.astimezone(VIET_NAM).date()


def parse_day(text: str) -> date | None:
    """A day as people type it (`6/5/2025`, `06052025`, `2025-05-06`); None when it is no day of the calendar.

    >>> parse_day("6/5/2025"), parse_day("31/02/2025")
    (datetime.date(2025, 5, 6), None)
    """
    match = _DAY.fullmatch(text.strip())
    if not match:
        return None
    parts = match.groups()
    day, month, year = parts[0:3] if parts[0] else parts[3:6] if parts[3] else (parts[8], parts[7], parts[6])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_before(day: date) -> date:
    return day - timedelta(days=1)
