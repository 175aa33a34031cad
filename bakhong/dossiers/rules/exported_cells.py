"""The cells of a list exported from another one-stop system: days and moments, states, channels, yes and no, counts."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from bakhong.core.days import VIET_NAM, parse_day
from bakhong.core.text import name_key, squeeze
from bakhong.dossiers.rules.exported_states import state_of
from bakhong.people.rules.marks import Mark, mark

_CHANNELS = (
    ("post", re.compile(r"buu chinh|buu dien|bcci")),
    ("online", re.compile(r"truc tuyen|online|dvc|qua mang|cong dich vu")),
    ("direct", re.compile(r"truc tiep|tai (noi|mot cua|quay|bo phan)")),
)
_CHANNEL_NUMBERS = {"1": "direct", "2": "online", "3": "post"}  # KenhThucHien
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})?(?::\d{2}(?:\.\d+)?)?\s*(sa|ch|am|pm)?", re.I)
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ngay|gio|h|phut|d)?")
_SPAN = re.compile(rf"{_PART.pattern}|(?:\d+(?:[.,]\d+)?\s*(?:ngay|gio|h|phut|d)[\s,]*){{1,3}}")
_MINUTES = {"gio": 60, "h": 60, "phut": 1}
_EXCEL_DAY = date(1899, 12, 30)
_DAYS = frozenset({"filed", "received", "due", "finished", "returned", "refused", "asked", "answered"})
_FLAGS = frozenset({"digitised", "reused", "from_store", "population"})


def moment_of(cell: object) -> datetime:
    """
    >>> [f"{moment_of(each):%d/%m/%Y %H:%M}" for each in ("06/05/2026 14:30", "2026-05-06T07:30:00", "14:30 06/05/2026", date(2026, 5, 6))]
    ['06/05/2026 14:30', '06/05/2026 07:30', '06/05/2026 14:30', '06/05/2026 00:00']

    Raises: ValueError.
    """
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VIET_NAM) if cell.tzinfo is None else cell
    if isinstance(cell, date):
        return datetime.combine(cell, time(), VIET_NAM)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not 36_526 <= cell < 73_050:  # 2000 to 2099, as Excel counts days
            raise ValueError(cell)
        minutes = round((cell % 1) * 1440)
        return datetime.combine(_EXCEL_DAY + timedelta(int(cell)), time(), VIET_NAM) + timedelta(
            minutes=minutes
        )
    return _moment_of_text(squeeze(str(cell)))


def _moment_of_text(text: str) -> datetime:
    hours, minutes = 0, 0
    found = _TIME.search(text)
    if found:
        hours, minutes = int(found[1]), int(found[2] or 0)
        half = (found[3] or "").lower()
        hours = hours + 12 if half in ("ch", "pm") and hours < 12 else hours
        hours = 0 if half in ("sa", "am") and hours == 12 else hours
        text = text[: found.start()] + text[found.end() :]
    day = parse_day(re.sub(r"^ngày\s+|[,Tt]\s*$", "", text.strip(" ,-–;")).strip(" ,"))
    if day is None or not 2000 <= day.year < 2100:
        raise ValueError(text)
    return datetime.combine(day, time(hours, minutes), VIET_NAM)


def _due(cell: object) -> datetime:
    moment = moment_of(cell)
    is_day = (moment.hour, moment.minute) == (0, 0)
    return moment.replace(hour=23, minute=59) if is_day else moment


def channel_of(cell: object) -> str:
    """
    >>> channel_of(2), channel_of("Trực tiếp"), channel_of("Bưu chính công ích")
    ('online', 'direct', 'post')

    Raises: ValueError.
    """
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else squeeze(str(cell))
    if text in _CHANNEL_NUMBERS:
        return _CHANNEL_NUMBERS[text]
    key = name_key(text)
    for code, pattern in _CHANNELS:
        if pattern.search(key):
            return code
    raise ValueError(text)


def _flag(cell: object) -> bool:
    found = mark(cell)
    if found not in (Mark.YES, Mark.NO):
        if isinstance(cell, int | float):
            return cell > 0  # a number of papers
        raise ValueError(cell)
    return found == Mark.YES


def _count(cell: object) -> int:
    number = float(str(cell).replace(",", "."))
    if not (0 <= number < 1000 and number.is_integer()):
        raise ValueError(cell)
    return int(number)


def _waited(cell: object) -> int:
    """Minutes of "3", "3 ngày", "1,5 ngày", "1 ngày 4 giờ", "12 giờ"; a day ("06/05/2026") is none."""
    text = name_key(str(cell)).replace(" lam viec", "")
    if not _SPAN.fullmatch(text):
        raise ValueError(cell)
    parts = [(float(number.replace(",", ".")), unit) for number, unit in _PART.findall(text)]
    minutes = round(sum(number * _MINUTES.get(unit, 1440) for number, unit in parts))
    if minutes > 1440 * 3650:
        raise ValueError(cell)
    return minutes


def _code(cell: object) -> str:
    """Kept as it is written: offices use more forms than one."""
    text = squeeze(str(cell))
    return text[:80] if re.search(r"\d", text) else ""


def _text(most: int) -> Callable[[object], str]:
    return lambda cell: squeeze(str(cell))[:most]


READ: Mapping[str, Callable[[object], Any]] = {
    **dict.fromkeys(_DAYS, moment_of),
    **dict.fromkeys(_FLAGS, _flag),
    "due": _due,
    "code": _code,
    "procedure": _text(40),
    "procedure_name": _text(300),
    "sector": _text(150),
    "channel": channel_of,
    "state": state_of,
    "supplements": _count,
    "waited": _waited,
}
KIND = {
    **dict.fromkeys(READ, "text"),
    **dict.fromkeys(_DAYS, "day"),
    **dict.fromkeys(_FLAGS, "flag"),
    "state": "state",
    "channel": "channel",
    "supplements": "count",
    "waited": "count",
}
