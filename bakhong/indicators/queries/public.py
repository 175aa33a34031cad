"""What everybody may see: figures of communes and above, without findings, without counts that point at persons."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bakhong.indicators.queries.newest import newest_figures
from bakhong.indicators.queries.shapes import FigureRow, UnitRef
from bakhong.indicators.queries.shown import figure_of_row
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.disclosure import is_disclosing
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

_COUNTS_PERSONS = {"person", "household", "subscription", "official", "merchant"}


@dataclass(frozen=True)
class PublicFigure:
    """One line of a public page; `figure` is None where the count is too small to be published."""

    unit: UnitRef
    indicator: str
    scope: str
    figure: Figure | None


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
    rows = newest_figures(unit, on=on, codes=_serving_codes(), is_public=True)
    return tuple(
        PublicNo(number, name, tuple(_from_row(row) for row in _serving(rows, number))[:limit])
        for number, name in enumerate(names, start=1)
    )


def public_figures(unit: Unit, *, on: date) -> tuple[PublicFigure, ...]:
    """The newest public figures of a unit and of its former units, in the registry's order."""
    order = {definition.code: place for place, definition in enumerate(registry())}
    rows = newest_figures(unit, on=on, is_public=True)
    return tuple(
        _from_row(row) for row in sorted(rows, key=lambda row: order.get(row.rule.indicator, len(order)))
    )


def _serving_codes() -> list[str]:
    return [definition.code for definition in registry() if definition.no]


def _serving(rows: list[FigureRow], number: int) -> list[FigureRow]:
    return [row for row in rows if registry().get(row.rule.indicator).no == number]


def _from_row(row: FigureRow) -> PublicFigure:
    hidden = _is_hidden(row.rule.indicator, row.value.numerator, row.value.denominator)
    return PublicFigure(row.unit, row.rule_name.title, row.scope, None if hidden else figure_of_row(row))


def _is_hidden(code: str, numerator: int | None, denominator: int | None) -> bool:
    return registry().get(code).counted in _COUNTS_PERSONS and is_disclosing(numerator, denominator)
