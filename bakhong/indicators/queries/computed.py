"""Values measured from records we hold, shown beside what was published, with what the rules can tell about the difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakhong.accounts.ground import map_day
from bakhong.accounts.queries import roster_on
from bakhong.core.numbers import percent_of
from bakhong.indicators.queries.counted import Count, Counts, counted, counted_on_days
from bakhong.indicators.queries.shapes import Dashboard, Series, Value
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import Definition, registry
from bakhong.indicators.rules.differences import Reason, Told, why_different
from bakhong.indicators.rules.measures import MeasureKey, measure_key, measures
from bakhong.indicators.rules.spans import FIRST
from bakhong.places.models import Unit

CERTIFICATES = "officials_with_certificate"  # criterion G2


@dataclass(frozen=True)
class ComputedRow:
    """A computed value and the published one under the same population; `difference` in percent points, computed − published."""

    code: str
    name: str
    on: date
    value: Value
    published: Series | None
    difference: Decimal | None


@dataclass(frozen=True)
class RollRow:
    """A measure of the roll today, and beside it a published figure of the same stage and population.

    `then` is our own count on the published day and of the published ground (`about`: the former units a sum was made of, where those are
    not all), which `difference` (ours − published, in percent points) and `reasons` are about; None where that is not known or not counted.
    """

    key: MeasureKey
    on: date
    count: Count
    value: Value
    published: Series | None
    published_on: date | None
    then: Count | None
    difference: Decimal | None
    reasons: tuple[Reason, ...]
    about: tuple[str, ...] = ()


def computed(unit: Unit, board: Dashboard) -> tuple[ComputedRow, ...]:
    """What the roster says on the dashboard's day; nothing where the unit has no roster. Three queries, as `roster_on`.

    Source: criterion G2, denominator = headcount of leaders and officials (domain research, unverified).
    """
    roster = roster_on(unit, board.on)
    if not roster.headcount:
        return ()
    definition = registry().version(CERTIFICATES, board.on)
    numerator, denominator = len(roster.certified), roster.headcount
    value = Value(numerator, denominator, percent_of(numerator, denominator, definition.decimals))
    published = _published(board)
    difference = None
    if published is not None and published.value.percent is not None and value.percent is not None:
        difference = value.percent - published.value.percent
    return (ComputedRow(CERTIFICATES, indicator_name(CERTIFICATES), board.on, value, published, difference),)


def _published(board: Dashboard) -> Series | None:
    """The unit's own newest figure of officials who hold a certificate, not merely asked for one."""
    series = next((row.series for row in board.rows if row.code == CERTIFICATES), ())
    return next(
        (each for each in series if each.rule.population == "officials" and each.rule.stage != "registered"),
        None,
    )


def row_of(code: str, population: str, above: int, below: int, board: Dashboard) -> ComputedRow:
    """`above` of `below` counted from our own records, beside the unit's newest figure that says it counts that population."""
    decimals = registry().version(code, board.on).decimals
    value = Value(above, below, percent_of(above, below, decimals))
    series = next((row.series for row in board.rows if row.code == code), ())
    published = next((each for each in series if each.rule.population == population), None)
    difference = None
    if published is not None and None not in (published.value.percent, value.percent):
        difference = (value.percent or Decimal(0)) - (published.value.percent or Decimal(0))
    return ComputedRow(code, indicator_name(code), board.on, value, published, difference)


def of_the_roll(unit: Unit, board: Dashboard, *, code: str = "") -> tuple[RollRow, ...]:
    """What the roll counts on the dashboard's day in its boundaries: of each indicator the measures somebody published, else the usual one.

    `code`: of that indicator only, every measure. Five queries, and one for each day on which something was published.
    """
    ground = board.boundaries or map_day(unit, board.on)
    beside = _beside(board)
    days = {board.on} | {day for series in beside.values() if (day := _day(series)) is not None}
    found = counted_on_days(unit, days, boundaries=ground)
    today = found.get(board.on, {})
    wanted = [key for key in measures() if _is_wanted(key, beside, code)]
    return tuple(
        _roll_row(key, board.on, today[key], beside.get(key), found) for key in wanted if key in today
    )


def shown_measures(board: Dashboard) -> list[MeasureKey]:
    """The measures that stand on this dashboard, for who tells the same numbers elsewhere."""
    beside = _beside(board)
    return [key for key in measures() if _is_wanted(key, beside, "")]


def _is_wanted(key: MeasureKey, beside: Mapping[MeasureKey, Series], code: str) -> bool:
    if code:
        return key.indicator == code
    has_published = any(other.indicator == key.indicator for other in beside)
    return key in beside if has_published else key == measure_key(key.indicator)


def _beside(board: Dashboard) -> dict[MeasureKey, Series]:
    """Measure → the newest published series it may be compared with: one that says whom it counts."""
    found: dict[MeasureKey, Series] = {}
    for row in board.rows:
        for series in row.series:
            rule = series.rule
            key = measure_key(rule.indicator, rule.stage, rule.population) if rule.population else None
            if key is not None and key not in found and series.value.percent is not None:
                found[key] = series
    return found


def _day(series: Series) -> date | None:
    return series.when.end if series.when.end is not None and series.when.end >= FIRST else None


def _roll_row(
    key: MeasureKey, on: date, count: Count, series: Series | None, found: Mapping[date, Counts]
) -> RollRow:
    definition = registry().version(key.indicator, on)
    value = Value(count.numerator, count.denominator, count.percent(definition.decimals))
    if series is None:
        return RollRow(key, on, count, value, None, None, None, None, ())
    day = _day(series)
    counts: Counts = {}
    about = _former(series)
    if day is not None:
        counts = _together(counted(list(about), day)) if about else found.get(day, {})
    then = counts.get(key)
    difference = None
    if then is not None and series.value.percent is not None:
        difference = then.percent(definition.decimals) - series.value.percent
    reasons = _reasons(definition, key, series, then, counts) if then is not None else ()
    return RollRow(key, on, count, value, series, day, then, difference, reasons, tuple(about.values()))


def _former(series: Series) -> dict[int, str]:
    """The former units whose figures a sum is made of, where some are missing: only their ground can be compared."""
    if series.cover is None or series.cover.kind != "former" or series.cover.is_complete:
        return {}
    return {figure.unit.id: figure.unit.name for figure in series.figures}


def _together(found: Mapping[tuple[int, MeasureKey], Count]) -> Counts:
    """The counts of several units as one."""
    whole: dict[MeasureKey, Count] = {}
    for (_unit, key), each in found.items():
        before = whole.get(key, Count(0, 0))
        whole[key] = Count(
            before.numerator + each.numerator,
            before.denominator + each.denominator,
            before.absent + each.absent,
        )
    return whole


def _reasons(
    definition: Definition, key: MeasureKey, series: Series, then: Count, counts: Counts
) -> tuple[Reason, ...]:
    groups = {
        other.population: each.denominator
        for other, each in counts.items()
        if other.population != key.population
    }
    told = Told(
        series.value.numerator,
        series.value.denominator,
        series.rule.population,
        series.rule.stage,
        _day(series),
    )
    return why_different(
        told,
        then.numerator,
        then.denominator,
        groups={key.population: then.denominator, **groups},
        absent=then.absent,
        stages=len(definition.stages),
    )
