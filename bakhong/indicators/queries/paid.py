"""What our own payments say of the second No, beside what was published about it.

A day is answered by the last month that was over on it: what was owed for that month, as it was paid by the end of the day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakhong.accounts.ground import map_day
from bakhong.indicators.queries.shapes import Dashboard, Series, Value
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import Definition, Paid, registry
from bakhong.payments.queries.cashless import Rate, cashless, month_before, month_of, together
from bakhong.payments.rules.services import services
from bakhong.places.models import Unit


@dataclass(frozen=True)
class PaidReason:
    """Why our count and the published one need not agree. `code`: other_group, services_missing, unsaid, no_day, before."""

    code: str
    number: int = 0
    population: str = ""
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class PaidRow:
    """Paid by transfer of all paid, for `month`. `then` is our own count of the published figure's day; `difference` is ours − published.

    `rate` has the đồng too, and what is not paid.
    """

    code: str
    name: str
    on: date
    month: date
    rate: Rate
    value: Value
    published: Series | None
    published_on: date | None
    then: Value | None
    difference: Decimal | None
    reasons: tuple[PaidReason, ...]


def paid_definitions() -> Iterator[tuple[Definition, Paid]]:
    for each in registry():
        if each.paid is not None:
            yield each, each.paid


def services_of(paid: Paid) -> list[str]:
    if "essential" in paid.services:
        return [each.code for each in services().values() if each.is_essential]
    return list(paid.services)


def month_on(day: date) -> date:
    """The last month that was over on the day.

    >>> str(month_on(date(2026, 11, 22))), str(month_on(date(2026, 10, 31)))
    ('2026-10-01', '2026-09-01')
    """
    return month_before(month_of(day))


def paid_on(
    units: Sequence[Unit], paid: Paid, day: date, *, boundaries: date | None = None
) -> dict[int, Rate]:
    """Unit → what was paid for the last month over on the day, as of that day; left out where nothing was owed."""
    month = month_on(day)
    found = cashless(units, month, month, services=services_of(paid), until=day, on=boundaries or day)
    whole = {each.pk: [rate for rate in found if rate.unit.pk == each.pk] for each in units}
    return {each.pk: together(each, whole[each.pk], period=month) for each in units if whole[each.pk]}


def of_payments(unit: Unit, board: Dashboard, *, code: str = "") -> tuple[PaidRow, ...]:
    """Each indicator that is counted from payments, where anything was paid for the month; `code`: only that one.

    Four queries for the month, and for each published day.
    """
    ground = board.boundaries or map_day(unit, board.on)
    month = month_on(board.on)
    every = cashless([unit], month, month, until=board.on, on=ground)
    rows = []
    for definition, paid in paid_definitions():
        if code not in ("", definition.code):
            continue
        wanted = services_of(paid)
        rate = together(unit, [each for each in every if each.service in wanted], period=month)
        if rate.paid_count:
            rows.append(_row(unit, definition, paid, rate, board, ground))
    return tuple(rows)


def _row(
    unit: Unit, definition: Definition, paid: Paid, rate: Rate, board: Dashboard, ground: date
) -> PaidRow:
    series = _published(definition.code, board)
    day = series.when.end if series is not None else None
    then = paid_on([unit], paid, day, boundaries=ground).get(unit.pk) if day is not None else None
    before = value_of(then) if then is not None and then.paid_count else None
    difference = None
    if before is not None and series is not None and None not in (before.percent, series.value.percent):
        difference = (before.percent or Decimal(0)) - (series.value.percent or Decimal(0))
    return PaidRow(
        code=definition.code,
        name=indicator_name(definition.code),
        on=board.on,
        month=month_on(board.on),
        rate=rate,
        value=value_of(rate),
        published=series,
        published_on=day,
        then=before,
        difference=difference,
        reasons=_reasons(unit, paid, series, before, then, ground) if series is not None else (),
    )


def value_of(rate: Rate) -> Value:
    return Value(rate.transfer_count, rate.paid_count, rate.percent)


def _published(code: str, board: Dashboard) -> Series | None:
    """The unit's newest figure with a percentage, of whatever population: one that counts payments before the others."""
    series = next((row.series for row in board.rows if row.code == code), ())
    told = [each for each in series if each.value.percent is not None]
    own = [each for each in told if each.rule.population == "service_payments"]
    return next(iter([*own, *told]), None)


def _reasons(
    unit: Unit, paid: Paid, series: Series, before: Value | None, then: Rate | None, ground: date
) -> tuple[PaidReason, ...]:
    """What the rules can tell, the strongest first."""
    found = []
    if series.when.end is None:
        found.append(PaidReason("no_day"))
    elif before is None:
        found.append(PaidReason("before"))
    if series.rule.population != paid.population:
        found.append(PaidReason("other_group", population=series.rule.population))
    if before is not None and then is not None and series.when.end is not None:
        if then.unsaid_count:
            found.append(PaidReason("unsaid", then.unsaid_count))
        if missing := _missing(unit, paid, series.when.end, ground):
            found.append(PaidReason("services_missing", len(missing), services=missing))
    return tuple(found)


def _missing(unit: Unit, paid: Paid, day: date, ground: date) -> tuple[str, ...]:
    """Services of which nothing was owed that month as far as we know: their providers sent no list."""
    wanted = services_of(paid)
    if len(wanted) < 2:
        return ()
    month = month_on(day)
    known = {each.service for each in cashless([unit], month, month, services=wanted, until=day, on=ground)}
    return tuple(each for each in wanted if each not in known)
