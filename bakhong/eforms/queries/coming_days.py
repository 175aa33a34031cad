"""The days somebody may choose, as a list with the days of the week: nothing to type, and no calendar that some phones cannot show."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bakhong.core.days import parse_day
from bakhong.core.numbers import format_day
from bakhong.eforms.rules.answers import first_day
from bakhong.eforms.rules.spec import Question

SPAN = 180  # days offered; a later one is agreed on at the desk

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def is_to_come(question: Question) -> bool:
    """A whole day from today or some days after it, without an end."""
    rules = question.rules
    return (
        question.type == "date"
        and rules.is_whole_day
        and is_from_today(rules.not_before)
        and not rules.not_after
    )


def is_from_today(bound: str | None) -> bool:
    return (bound or "").startswith("today")


def days_to_choose(question: Question, on: date, stands: Iterable[str]) -> Choices:
    """By month; what stands there already stays a choice, whatever it is."""
    first = parse_day(first_day(question, on)) or on
    days = [first + timedelta(days=each) for each in range(SPAN)]
    offered = {format_day(day) for day in days}
    kept = [(text, text) for text in stands if text and text not in offered]
    months = [
        (
            _("Tháng %(month)s") % {"month": f"{month:%m/%Y}"},
            [(format_day(day), date_format(day, "l, d/m/Y")) for day in group],
        )
        for month, group in groupby(days, key=lambda day: day.replace(day=1))
    ]
    return [("", _("Chọn ngày")), *kept, *months]
