"""What everybody may see: figures of communes and above, without findings, without counts that point at persons."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bakhong.core.days import day_before
from bakhong.core.numbers import format_int, format_percent
from bakhong.indicators.models import Figure as FigureModel
from bakhong.indicators.models import Role
from bakhong.indicators.queries.dashboards import dashboard
from bakhong.indicators.queries.facts import ground_of
from bakhong.indicators.queries.rows import figure_row, unit_ref
from bakhong.indicators.queries.shapes import FigureRow, Series, TargetRow, UnitRef
from bakhong.indicators.queries.shown import figure_of, figure_of_row
from bakhong.indicators.queries.words import indicator_name, is_english, stage_name
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.disclosure import is_disclosing
from bakhong.places.models import Level, Unit
from bakhong.places.queries import descendants
from bakhong.ui.figures import Figure

_PUBLIC_LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
_COUNTS_PERSONS = {"person", "household", "subscription", "official", "merchant"}


@dataclass(frozen=True)
class PublicFigure:
    """One line of a public page; `figure` is None where the count is too small to be published."""

    unit: UnitRef
    indicator: str
    scope: str
    cover: str
    figure: Figure | None
    target: str


@dataclass(frozen=True)
class PublicNo:
    number: int
    name: str
    figures: tuple[PublicFigure, ...]


def three_noes(unit: Unit, *, on: date, limit: int | None = 3) -> tuple[PublicNo, ...]:
    """Each No with the newest public figures of the unit and of the units below it, of today and before. About five queries."""
    names = (
        _("Không phải khai báo nhiều lần"),
        _("Không dùng tiền mặt"),
        _("Không cần tiếp xúc trực tiếp"),
    )
    rows = _newest(unit, on)
    return tuple(
        PublicNo(number, name, tuple(_from_row(row) for row in _serving(rows, number))[:limit])
        for number, name in enumerate(names, start=1)
    )


def public_figures(unit: Unit, *, on: date) -> tuple[PublicFigure, ...]:
    """A unit's own figures and those of its former units, one line each."""
    return tuple(
        _from_series(unit, series) for row in dashboard(unit, on=on).with_figures for series in row.series
    )


def _newest(unit: Unit, on: date) -> list[FigureRow]:
    """The newest figure of each unit and indicator, the newest first."""
    found: dict[tuple[int, str], FigureRow] = {}
    figures = (
        FigureModel.objects.current()
        .filter(Q(effective_on=None) | Q(effective_on__lte=on))
        .filter(role=Role.VALUE, unit__in=_area(unit, on), indicator__in=_serving_codes())
        .select_related("unit", "report")
        .defer("report__text")
        .order_by(F("effective_on").desc(nulls_last=True), "-entered_at")
    )
    for figure in figures[:500]:
        found.setdefault((figure.unit_id, figure.indicator), figure_row(figure))
    return list(found.values())


def _area(unit: Unit, on: date) -> list[int]:
    """The unit, what it was before, and the units below, of today and of the last day of those before."""
    area: list[int] = []
    for top in Unit.objects.filter(pk__in=ground_of([unit.pk]).all_units):
        day = on if top.valid_to is None else day_before(top.valid_to)
        below = [child.pk for child in descendants(top, day) if child.level in _PUBLIC_LEVELS]
        area += [top.pk, *below]
    return area


def _serving_codes() -> list[str]:
    return [definition.code for definition in registry() if definition.no]


def _serving(rows: list[FigureRow], number: int) -> list[FigureRow]:
    return [row for row in rows if registry().get(row.rule.indicator).no == number]


def _from_row(row: FigureRow) -> PublicFigure:
    hidden = _is_hidden(row.rule.indicator, row.value.numerator, row.value.denominator)
    name = _named(row.rule.indicator, row.rule.stage)
    return PublicFigure(row.unit, name, row.scope, "", None if hidden else figure_of_row(row), "")


def _from_series(unit: Unit, series: Series) -> PublicFigure:
    hidden = _is_hidden(series.rule.indicator, series.value.numerator, series.value.denominator)
    return PublicFigure(
        unit=unit_ref(unit),
        indicator=_named(series.rule.indicator, series.rule.stage),
        scope="",
        cover=series.cover.text if series.cover else "",
        figure=None if hidden else figure_of(series.value, series.name, series.when),
        target=_target(series.target),
    )


def _named(code: str, stage: str) -> str:
    return f"{indicator_name(code)} ({stage_name(stage)})" if stage else indicator_name(code)


def _is_hidden(code: str, numerator: int | None, denominator: int | None) -> bool:
    return registry().get(code).counted in _COUNTS_PERSONS and is_disclosing(numerator, denominator)


def _target(target: TargetRow | None) -> str:
    lang = "en" if is_english() else "vi"
    if target is None:
        return ""
    if target.percent is not None:
        return format_percent(target.percent, lang)
    return format_int(target.value, lang) if target.value is not None else ""
