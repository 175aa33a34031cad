"""Form fields every room uses: a day typed as people write it, and a day of which only a part is known."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bakhong.core.days import parse_day
from bakhong.core.numbers import format_day

# Nothing the State counts here lies outside; a day more or a year more can then always be reckoned.
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
_PARTIAL = re.compile(r"(?:(\d{1,2})[/.\- ])?(\d{4})")


@dataclass(frozen=True)
class PartialDay:
    """A day, a month, or only a year: old people know no more of their birth.

    >>> PartialDay(1941).first, PartialDay(1941, 2).last
    (datetime.date(1941, 1, 1), datetime.date(1941, 2, 28))
    """

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.day:
            return format_day(self.first)
        return f"{self.month:02}/{self.year}" if self.month else str(self.year)


def parse_partial_day(text: str) -> PartialDay | None:
    """`1941`, `3/1941`, `01/03/1941`, `01031941`; None when it is none of these.

    >>> str(parse_partial_day("3/1941")), str(parse_partial_day("01031941")), parse_partial_day("13/1941")
    ('03/1941', '01/03/1941', None)
    """
    day = parse_day(text)
    if day:
        return PartialDay(day.year, day.month, day.day)
    match = _PARTIAL.fullmatch(text.strip())
    if not match or not 1 <= int(match[2]) <= 9999:
        return None
    month = int(match[1]) if match[1] else None
    return PartialDay(int(match[2]), month) if month is None or 1 <= month <= 12 else None


class DayInput(forms.TextInput):
    """One text box for a day; a phone shows its digits. Not type=date: old phones and old people stumble on it."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "class": "bk-day", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return format_day(value) if isinstance(value, date) else super().format_value(value)


class DayField(forms.Field):
    """A whole day from EARLIEST until before LATEST, given back as `datetime.date`; None when empty and not required."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Ngày này không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."),
        "required": _("Cần gõ ngày, ví dụ 06/05/2025."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Ví dụ: 06/05/2025"))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        day = value if isinstance(value, date) else parse_day(str(value))
        if day is None or not EARLIEST <= day < LATEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class PartialDayField(forms.Field):
    """A day of which the day or the month may be unknown, given back as `PartialDay`; its year from EARLIEST's until before LATEST's."""

    widget = DayInput
    default_error_messages = {
        "invalid": _("Ngày này không đọc được. Gõ 01/03/1941, hoặc 3/1941, hoặc chỉ năm 1941."),
        "required": _("Cần gõ ngày. Nếu chỉ nhớ năm thì gõ năm, ví dụ 1941."),
    }

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Ví dụ: 01/03/1941. Nếu chỉ nhớ năm thì gõ năm."))
        super().__init__(**options)

    def to_python(self, value: Any) -> PartialDay | None:
        if value in self.empty_values:
            return None
        day = value if isinstance(value, PartialDay) else parse_partial_day(str(value))
        if day is None or not EARLIEST.year <= day.year < LATEST.year:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day
