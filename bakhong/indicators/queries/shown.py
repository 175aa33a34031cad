"""Values of the queries as the figures that pages and exports show: percent, numerator/denominator, who is counted, the day."""

from bakhong.indicators.queries.shapes import FigureRow, RuleName, Series, Value, When
from bakhong.ui.figures import Figure


def figure_of(value: Value, name: RuleName, when: When, url: str = "") -> Figure:
    """Where the source does not say whom it counts, that is said beside the day; a bare count needs no such word."""
    is_share = value.denominator is not None or value.percent is not None
    said = name.population if name.is_population_said else ""
    day = when.text if said or not is_share else f"{name.population}; {when.text}"
    return Figure(
        numerator=value.numerator,
        denominator=value.denominator,
        percent=value.percent,
        qualifier=value.qualifier or None,
        counted=said,
        day_text=day,
        url=url,
    )


def figure_of_series(series: Series, url: str = "") -> Figure:
    return figure_of(series.value, series.name, series.when, url)


def figure_of_row(row: FigureRow, url: str = "") -> Figure:
    return figure_of(row.value, row.rule_name, row.when, url)
