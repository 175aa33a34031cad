"""A figure as it must always be shown: percent, numerator/denominator, who is counted, and the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from bakhong.core.numbers import format_day, format_int, format_percent, percent_of


class FigureLike(Protocol):
    """What a figure has; a model or a row of a query may serve as well as `Figure`."""

    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...
    @property
    def percent(self) -> Decimal | None: ...
    @property
    def qualifier(self) -> str | None: ...
    @property
    def counted(self) -> str: ...
    @property
    def on(self) -> date | None: ...
    @property
    def is_day_of_count(self) -> bool: ...
    @property
    def day_text(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number.

    `percent` is the printed one; where it is missing it is computed, half-up at one decimal. `qualifier` is
    None, "about", "more_than", "at_least" or "less_than". `counted` says who or what the denominator counts
    ("người trưởng thành"). `on` is the day of the count (`is_day_of_count`) or else of the publication;
    `day_text` says the day in other words where it is a period or unknown ("năm 2024").
    """

    numerator: int | None = None
    denominator: int | None = None
    percent: Decimal | None = None
    qualifier: str | None = None
    counted: str = ""
    on: date | None = None
    is_day_of_count: bool = False
    day_text: str = ""
    url: str = ""


def language() -> str:
    """The language numbers are written in: "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def figure_text(figure: FigureLike | None, *, is_short: bool = False) -> str:
    """The figure in one line of plain text.

    `is_short` leaves out who is counted and the day: only where a caption or column head says them.

    >>> figure_text(Figure(numerator=4795, denominator=5205, counted="người trưởng thành", on=date(2025, 5, 6)))
    '92,1% (4.795/5.205 người trưởng thành; đăng ngày 06/05/2025)'
    >>> figure_text(Figure(percent=Decimal("53.7"), qualifier="about"), is_short=True)
    'khoảng 53,7%'
    >>> figure_text(None)
    'chưa có số liệu'
    """
    lead, rest = _parts(figure, is_short)
    return f"{lead} ({rest})" if rest else lead


def figure_html(figure: FigureLike | None, *, is_short: bool = False) -> SafeString:
    """The same as HTML; the number links to the list behind it when the figure has an address."""
    lead, rest = _parts(figure, is_short)
    if figure is None or (figure.percent is None and figure.numerator is None):
        return format_html('<span class="bk-muted">{}</span>', lead)
    number = format_html("<b>{}</b>", lead)
    if figure.url:
        number = format_html('<a href="{}">{}</a>', figure.url, number)
    tail = format_html(" ({})", rest) if rest else SafeString("")
    return format_html('<span class="bk-figure">{}{}</span>', number, tail)


def shown_percent(figure: FigureLike) -> Decimal | None:
    """The printed percent, else the computed one; None where neither is known."""
    if figure.percent is not None or figure.numerator is None or figure.denominator is None:
        return figure.percent
    return percent_of(figure.numerator, figure.denominator)


def _parts(figure: FigureLike | None, is_short: bool) -> tuple[str, str]:
    """What stands before the brackets, and what inside."""
    if figure is None:
        return gettext("chưa có số liệu"), ""
    percent = shown_percent(figure)
    count = _count(figure, is_short=is_short)
    day = "" if is_short else _day(figure)
    if percent is not None:
        return _qualified(format_percent(percent, language()), figure.qualifier), _joined(count, day)
    if count and figure.numerator is not None:
        return _qualified(count, figure.qualifier), day
    return gettext("chưa có số liệu"), ""


def _count(figure: FigureLike, *, is_short: bool) -> str:
    if figure.numerator is None:
        return "" if is_short else figure.counted
    count = format_int(figure.numerator, language())
    if figure.denominator is not None:
        count += "/" + format_int(figure.denominator, language())
    return count if is_short or not figure.counted else f"{count} {figure.counted}"


def _day(figure: FigureLike) -> str:
    if figure.day_text or figure.on is None:
        return figure.day_text
    if figure.is_day_of_count:
        return gettext("số liệu đến ngày %(day)s") % {"day": format_day(figure.on)}
    return gettext("đăng ngày %(day)s") % {"day": format_day(figure.on)}


_QUALIFIED: dict[str, Callable[[], str]] = {
    "about": lambda: gettext("khoảng %(number)s"),
    "more_than": lambda: gettext("hơn %(number)s"),
    "at_least": lambda: gettext("ít nhất %(number)s"),
    "less_than": lambda: gettext("dưới %(number)s"),
}


def _qualified(number: str, qualifier: str | None) -> str:
    return _QUALIFIED[qualifier]() % {"number": number} if qualifier else number


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
