"""What does not agree in a submission's grid, said while it can still be mended.

These are hints to whoever fills the grid, made anew at every look; the findings that are stored come from the checks of the report
after approval.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_int, format_percent, percent_of
from bakhong.indicators.models import Figure, ReportingPeriod, Role
from bakhong.indicators.rules.asks import Ask, Cell, parse_asks
from bakhong.places.models import Unit

ERROR, WARNING = "error", "warning"
# Below this share of the last period's count a stock that should only grow looks mistyped.
FALL = Decimal("0.95")
JUMP = Decimal(20)  # percent points


@dataclass(frozen=True)
class CellFinding:
    """A hint about one line. A blocking one must be mended before submitting (some by an explanation in the note)."""

    ask: str
    code: str
    severity: str
    message: str
    is_blocking: bool


@dataclass(frozen=True)
class Earlier:
    """The figure standing before this period under the same rule."""

    numerator: int | None
    denominator: int | None
    percent: Decimal | None
    on: date
    report: str


def lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def check_cells(
    period: ReportingPeriod, unit: Unit, cells: Mapping[str, Mapping[str, Any]], report_id: int | None
) -> list[CellFinding]:
    """Every hint about the grid, in the order of its lines. Two queries."""
    asks = parse_asks(period.indicators)
    filled = {ask.key: Cell.from_json(cells.get(ask.key, {})) for ask in asks}
    before = earlier_figures(unit, period.ends_on, asks, report_id)
    same_day = _on_the_day(unit, period.ends_on, asks, report_id)
    found: list[CellFinding] = []
    for ask in asks:
        cell = filled[ask.key]
        found.extend(_alone(ask, cell))
        found.extend(_beside(ask, cell, before.get(ask.key), period.ends_on))
        found.extend(_against(ask, cell, same_day.get(ask.key)))
    return found + list(_wholes(asks, filled, period.ends_on))


def earlier_figures(unit: Unit, ends_on: date, asks: list[Ask], report_id: int | None) -> dict[str, Earlier]:
    """The latest current figure of each rule from before the period's last day."""
    return _latest(unit, asks, report_id, effective_on__lt=ends_on)


def _on_the_day(unit: Unit, day: date, asks: list[Ask], report_id: int | None) -> dict[str, Earlier]:
    return _latest(unit, asks, report_id, counted_to=day)


def _latest(unit: Unit, asks: list[Ask], report_id: int | None, **when: date) -> dict[str, Earlier]:
    figures = (
        Figure.objects.current()
        .filter(unit=unit, scope="", role=Role.VALUE, indicator__in={ask.indicator for ask in asks}, **when)
        .exclude(report_id=report_id or 0)
        .select_related("report")
        .order_by("indicator", "stage", "population", "-effective_on", "-pk")
        .distinct("indicator", "stage", "population")
    )
    return {Ask(each.indicator, each.stage, each.population).key: _earlier(each) for each in figures}


def _earlier(figure: Figure) -> Earlier:
    percent = figure.percent
    if figure.numerator is not None and figure.denominator:
        percent = percent_of(figure.numerator, figure.denominator)
    assert figure.effective_on is not None  # asked for by day
    return Earlier(figure.numerator, figure.denominator, percent, figure.effective_on, figure.report.title)


def _finding(ask: Ask, code: str, severity: str, message: str, *, is_blocking: bool = False) -> CellFinding:
    return CellFinding(ask.key, code, severity, message, is_blocking)


def _alone(ask: Ask, cell: Cell) -> Iterator[CellFinding]:
    """The line by itself."""
    if cell.is_empty:
        if not cell.note:
            yield _finding(
                ask, "missing", WARNING, _("Chưa có số liệu. Nếu chưa thống kê được, hãy ghi lý do.")
            )
        return
    if not cell.is_complete(ask):
        yield _finding(ask, "incomplete", ERROR, _missing_half(ask, cell), is_blocking=True)
        return
    if cell.numerator is None or cell.denominator is None or ask.may_exceed_whole:
        return
    if cell.numerator > cell.denominator:
        yield _finding(
            ask,
            "part_exceeds_whole",
            ERROR,
            _(
                "Số đạt được %(part)s lớn hơn tổng số %(whole)s. Hãy xem có gõ nhầm hoặc đổi chỗ hai số; nếu đúng, hãy ghi giải thích."
            )
            % {"part": format_int(cell.numerator, lang()), "whole": format_int(cell.denominator, lang())},
            is_blocking=not cell.note,
        )


def _missing_half(ask: Ask, cell: Cell) -> str:
    if ask.is_percent_only:
        return _("Hãy nhập tỷ lệ phần trăm, hoặc nhập đủ cả số đạt được và tổng số.")
    if cell.numerator is None:
        return _("Thiếu số đạt được.")
    return _("Thiếu tổng số. Tỷ lệ được tính từ số đạt được và tổng số.")


def percent_in(ask: Ask, cell: Cell, on: date) -> Decimal | None:
    """The percent a line shows: computed at the definition's rounding, else the one told."""
    if cell.numerator is not None and cell.denominator:
        return percent_of(cell.numerator, cell.denominator, ask.definition(on).decimals)
    return cell.percent


def _beside(ask: Ask, cell: Cell, before: Earlier | None, on: date) -> Iterator[CellFinding]:
    """The line beside the figure that stood before."""
    if before is None or not cell.is_complete(ask) or cell.note:
        return
    percent = percent_in(ask, cell, on)
    is_stock = not ask.is_flow(on) and ask.definition(on).direction == "higher"
    if (
        is_stock
        and cell.numerator is not None
        and before.numerator
        and cell.numerator < before.numerator * FALL
    ):
        yield _finding(
            ask,
            "fell",
            WARNING,
            _("Giảm từ %(was)s (ngày %(day)s) xuống %(now)s. Nếu đúng, hãy ghi lý do.")
            % {
                "was": format_int(before.numerator, lang()),
                "day": format_day(before.on),
                "now": format_int(cell.numerator, lang()),
            },
        )
    elif percent is not None and before.percent is not None and abs(percent - before.percent) > JUMP:
        yield _finding(
            ask,
            "jumped",
            WARNING,
            _("Thay đổi nhiều: từ %(was)s (ngày %(day)s) thành %(now)s. Nếu đúng, hãy ghi lý do.")
            % {
                "was": format_percent(before.percent, lang()),
                "day": format_day(before.on),
                "now": format_percent(percent, lang()),
            },
        )


def _against(ask: Ask, cell: Cell, other: Earlier | None) -> Iterator[CellFinding]:
    """The line against another report about the same day."""
    if other is None or cell.numerator is None or cell.denominator is None or other.denominator is None:
        return
    if (cell.numerator, cell.denominator) != (other.numerator, other.denominator):
        yield _finding(
            ask,
            "contradicts_earlier",
            WARNING,
            _("“%(report)s” ghi %(part)s/%(whole)s cho cùng ngày. Hãy xem số nào đúng.")
            % {
                "report": other.report,
                "part": format_int(other.numerator or 0, lang()),
                "whole": format_int(other.denominator, lang()),
            },
        )


def _wholes(asks: list[Ask], filled: Mapping[str, Cell], on: date) -> Iterator[CellFinding]:
    """The same people counted on the same day are the same number, whichever line they stand in."""
    first: dict[str, tuple[Ask, int]] = {}
    for ask in asks:
        whole = filled[ask.key].denominator
        if whole is None or ask.may_exceed_whole or ask.is_flow(on):
            continue
        known, number = first.setdefault(ask.population, (ask, whole))
        if number != whole:
            population = ask.population_rule(on)
            yield _finding(
                ask,
                "denominators_differ",
                WARNING,
                _("Cùng đếm %(people)s nhưng dòng “%(line)s” ghi tổng số %(other)s, dòng này ghi %(own)s.")
                % {
                    "people": population.name_en if lang() == "en" else population.name_vi,
                    "line": name_of(known, on),
                    "other": format_int(number, lang()),
                    "own": format_int(whole, lang()),
                },
            )


def name_of(ask: Ask, on: date) -> str:
    definition = ask.definition(on)
    return definition.name_en if lang() == "en" else definition.name_vi
