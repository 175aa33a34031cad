"""The newest figure of each unit under one, however old: what is known at all."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Q

from bakhong.core.days import day_before
from bakhong.indicators.models import Figure, Medium, Role
from bakhong.indicators.queries.facts import ground_of
from bakhong.indicators.queries.rows import figure_row
from bakhong.indicators.queries.shapes import FigureRow
from bakhong.places.models import Level, Unit
from bakhong.places.queries import descendants

_LEVELS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
_MOST = 300


# What everybody may see: a shipped data set, or what a chair approved. A day of publication typed by a clerk approves nothing.
PUBLIC = Q(report__medium__in=[Medium.DATASET, Medium.PERIOD])


def newest_figures(
    unit: Unit, *, on: date, codes: Collection[str] | None = None, is_public: bool = False
) -> list[FigureRow]:
    """The newest current figure of each unit and indicator, the newest first and those without a day last.

    Counts the unit, what it was before, and the communes and districts below it, of the day and of the last day of
    those before. `is_public` leaves out what only staff have entered so far. About four queries.
    """
    rows = Figure.objects.current().filter(
        Q(effective_on=None) | Q(effective_on__lte=on), role=Role.VALUE, unit__in=_area(unit, on)
    )
    if codes is not None:
        rows = rows.filter(indicator__in=codes)
    if is_public:
        rows = rows.filter(PUBLIC)
    newest = rows.order_by(
        "unit_id", "indicator", F("effective_on").desc(nulls_last=True), "-entered_at", "-id"
    ).distinct("unit_id", "indicator")
    figures = (
        Figure.objects.filter(pk__in=newest.values("pk"))
        .select_related("unit", "report")
        .defer("report__text")
        .order_by(F("effective_on").desc(nulls_last=True), "-entered_at", "-id")
    )
    return [figure_row(figure) for figure in figures[:_MOST]]


def _area(unit: Unit, on: date) -> list[int]:
    area: list[int] = []
    for top in Unit.objects.filter(pk__in=ground_of([unit.pk]).all_units):
        day = on if top.valid_to is None else day_before(top.valid_to)
        below = descendants(top, day).filter(level__in=_LEVELS)
        area += [top.pk, *below.values_list("pk", flat=True)]
    return area
