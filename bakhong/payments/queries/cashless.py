"""Paid by transfer, in cash, or not yet: per place, service and month, over charges of every biller and providers' lists.

The month of a charge is the one it is for (`period`), else the one it was made in; of a provider's bill that of its list, and only the
list that counts (queries/providers.py). Withdrawn charges are left out. Only totals leave `cashless`; the lists behind them are what the
database shows the actor.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from bakhong.accounts.ground import places_of
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import percent_of
from bakhong.payments import scope
from bakhong.payments.models import Charge, ChargeState, ProviderBill
from bakhong.payments.queries.providers import current_lists
from bakhong.places.models import Unit

TRANSFER, CASH, UNSAID, UNPAID = "transfer", "cash", "unsaid", "unpaid"
OUTCOMES = (TRANSFER, CASH, UNSAID, UNPAID)
PAID = (TRANSFER, CASH, UNSAID)


@dataclass(frozen=True)
class Rate:
    """What was owed at a place for a service in a month (`period`, its first day), by how it was paid; đồng.

    `service` "" and `period` None: of several together. `unsaid`: paid, nobody said how; it counts as paid, not as transfer.
    """

    unit: Unit
    service: str
    period: date | None
    transfer_count: int = 0
    cash_count: int = 0
    unsaid_count: int = 0
    unpaid_count: int = 0
    transfer_amount: int = 0
    cash_amount: int = 0
    unsaid_amount: int = 0
    unpaid_amount: int = 0

    @property
    def unpaid(self) -> int:
        return self.unpaid_count

    @property
    def paid_count(self) -> int:
        return self.transfer_count + self.cash_count + self.unsaid_count

    @property
    def paid_amount(self) -> int:
        return self.transfer_amount + self.cash_amount + self.unsaid_amount

    @property
    def due_count(self) -> int:
        return self.paid_count + self.unpaid_count

    @property
    def due_amount(self) -> int:
        return self.paid_amount + self.unpaid_amount

    @property
    def percent(self) -> Decimal | None:
        """Paid by transfer of all paid, by count; None where nothing was paid."""
        return percent_of(self.transfer_count, self.paid_count)

    @property
    def percent_of_amount(self) -> Decimal | None:
        return percent_of(self.transfer_amount, self.paid_amount)

    def count_of(self, outcome: str) -> int:
        return int(getattr(self, f"{outcome}_count"))

    def amount_of(self, outcome: str) -> int:
        return int(getattr(self, f"{outcome}_amount"))


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_after(month: date) -> date:
    return month_of(month.replace(day=28) + timedelta(7))


def month_before(month: date) -> date:
    return month_of(month_of(month) - timedelta(1))


# Row-level security lets an index be asked only with comparisons of plain columns (anything else might tell of rows it hides), hence one
# half for charges that say their month and one for those that do not (indexes of migration 0008).
_MONTH = "date_trunc('month', coalesce(c.period::timestamp, c.made_at AT TIME ZONE 'Asia/Ho_Chi_Minh'))::date"
_OF_MONTHS = (
    "c.period >= %(first)s AND c.period < %(after)s",
    "c.period IS NULL AND c.made_at >= %(start)s AND c.made_at < %(end)s",
)
_CHARGES = " UNION ALL ".join(
    f"""
    SELECT c.village_id AS place, c.service, {_MONTH} AS month,
           CASE WHEN c.state = 'paid' AND c.paid_at < %(until)s THEN c.method ELSE 'unpaid' END AS outcome,
           count(*) AS number, sum(c.amount) AS amount
      FROM payments_charge c
     WHERE c.village_id = ANY (%(near)s) AND {of_months} AND c.state <> 'withdrawn' AND c.made_at < %(until)s
       AND (%(services)s::text[] IS NULL OR c.service = ANY (%(services)s))
     GROUP BY 1, 2, 3, 4"""  # noqa: S608 (made of constants; values are bound)
    for of_months in _OF_MONTHS
)
_SUMS = f"""
WITH ground AS (SELECT * FROM unnest(%(tops)s::bigint[], %(places)s::bigint[]) AS ground(top, place)),
lists AS (
    SELECT DISTINCT ON (biller_id, service, period) id, service, period, taken_at
      FROM payments_providerlist WHERE undone_at IS NULL AND period BETWEEN %(first)s AND %(last)s
     ORDER BY biller_id, service, period, id DESC
), sums AS ({_CHARGES}
    UNION ALL
    SELECT b.village_id, l.service, l.period,
           CASE WHEN b.state <> 'unpaid' AND coalesce(b.paid_on, (l.taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) <= %(day)s
                THEN b.state ELSE 'unpaid' END,
           count(*), sum(b.amount)
      FROM payments_providerbill b JOIN lists l ON l.id = b.batch_id
     WHERE b.village_id = ANY (%(near)s) AND (%(services)s::text[] IS NULL OR l.service = ANY (%(services)s))
     GROUP BY 1, 2, 3, 4
)
SELECT top, service, month, outcome, sum(number)::bigint, sum(amount)::bigint
  FROM sums JOIN ground USING (place) GROUP BY 1, 2, 3, 4"""  # noqa: S608 (made of constants; values are bound)


def _span(first: date, last: date) -> dict[str, Any]:
    """The months from `first` to `last` as days and as moments, both ends excluded at the end."""
    after = month_after(last)
    start, end = (datetime.combine(each, time(), VIET_NAM) for each in (first, after))
    return {"first": first, "last": last, "after": after, "start": start, "end": end}


def cashless(
    units: Sequence[Unit],
    first: date,
    last: date,
    *,
    service: str | None = None,
    services: Collection[str] | None = None,
    until: date | None = None,
    on: date | None = None,
) -> list[Rate]:
    """One rate for each unit, service and month from `first` to `last` with anything owed, in the order of the units, services, months.

    `services` (or one `service`): only those. `until`: as it was at the end of that
    day. `on`: the day whose map says what lies in a unit (else `until`, else the last month's end). Four queries.
    """
    chosen = [service] if service else sorted(services) if services is not None else None
    first, last = month_of(first), month_of(last)
    day = until or date.max
    map_on = on or until or month_after(last) - timedelta(1)
    with scope.counting():
        pairs = places_of(units, map_on, used=_used)
        rows = _rows(
            pairs,
            {
                **_span(first, last),
                "services": chosen,
                "day": day,
                "until": _after(until),
            },
        )
    return _rates(units, rows)


def _after(until: date | None) -> datetime:
    """The moment the day is over."""
    if until is None:
        return datetime(9999, 1, 1, tzinfo=VIET_NAM)
    return datetime.combine(until + timedelta(1), time(), VIET_NAM)


_USED = """
SELECT place FROM unnest(%(places)s::bigint[]) place
 WHERE EXISTS (SELECT FROM payments_charge WHERE village_id = place)
    OR EXISTS (SELECT FROM payments_providerbill WHERE village_id = place)"""


def _used(places: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_USED, {"places": list(places)})
        return {row[0] for row in cursor.fetchall()}


def _rows(pairs: Iterable[tuple[int, int]], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    pairs = list(pairs)
    if not pairs:
        return []
    ground = {"tops": [top for top, _ in pairs], "places": [place for _, place in pairs]}
    near = sorted({place for _, place in pairs})
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {**values, **ground, "near": near})
        return list(cursor.fetchall())


def _rates(units: Sequence[Unit], rows: Iterable[tuple[Any, ...]]) -> list[Rate]:
    known = {each.pk: each for each in units}
    place = {each.pk: number for number, each in enumerate(units)}
    found: dict[tuple[int, str, date], Rate] = {}
    for top, service, month, outcome, number, amount in rows:
        before = found.get((top, service, month), Rate(known[top], service, month))
        told = {f"{outcome}_count": number, f"{outcome}_amount": amount}
        found[top, service, month] = replace(before, **told)
    return [found[key] for key in sorted(found, key=lambda key: (place[key[0]], key[1], key[2]))]


def together(unit: Unit, rates: Iterable[Rate], *, service: str = "", period: date | None = None) -> Rate:
    """Several rates as one."""
    every = list(rates)
    sums = {
        f"{outcome}_{what}": sum(getattr(each, f"{outcome}_{what}") for each in every)
        for outcome in OUTCOMES
        for what in ("count", "amount")
    }
    return Rate(unit, service, period, **sums)


# --- the rows behind -------------------------------------------------------------------------------------------------


def ground_ids(unit: Unit, on: date) -> list[int]:
    """The places whose rows count for the unit."""
    with scope.counting():
        return sorted({place for _top, place in places_of([unit], on, used=_used)})


def charges_behind(
    places: Collection[int], month: date, *, services: Collection[str] | None = None, outcome: str = ""
) -> QuerySet[Charge]:
    """What `cashless` counted of charges in a month, as far as the database shows it to this connection."""
    after = month_after(month)
    start, end = (datetime.combine(each, time(), VIET_NAM) for each in (month, after))
    of_month = Q(period__gte=month, period__lt=after) | Q(period=None, made_at__gte=start, made_at__lt=end)
    found = Charge.objects.filter(of_month, village__in=places).exclude(state=ChargeState.WITHDRAWN)
    if services is not None:
        found = found.filter(service__in=services)
    if outcome == UNPAID:
        found = found.filter(state=ChargeState.OPEN)
    elif outcome:
        found = found.filter(state=ChargeState.PAID, method=outcome)
    return found.select_related("village", "biller").order_by("village__sort_key", "payer_name", "pk")


def bills_behind(
    places: Collection[int], month: date, *, services: Collection[str] | None = None, outcome: str = ""
) -> QuerySet[ProviderBill]:
    """The same of providers' lists."""
    found = ProviderBill.objects.filter(batch__in=current_lists().filter(period=month), village__in=places)
    if services is not None:
        found = found.filter(batch__service__in=services)
    if outcome:
        found = found.filter(state=outcome)
    return found.select_related("village", "biller", "batch", "customer").order_by(
        "village__sort_key", "code", "pk"
    )


@dataclass(frozen=True)
class Helped:
    """How many paid charges somebody else paid: in all, and of them staff. Source: who was named on the receipt."""

    paid: int
    helped: int
    by_staff: int


_HELPED = f"""
SELECT count(*), count(h.charge_id), count(*) FILTER (WHERE h.is_staff)
  FROM payments_charge c
  LEFT JOIN LATERAL (SELECT charge_id, is_staff FROM payments_helper WHERE charge_id = c.id ORDER BY id DESC LIMIT 1) h ON true
 WHERE c.village_id = ANY (%(places)s) AND (({_OF_MONTHS[0]}) OR ({_OF_MONTHS[1]})) AND c.state = 'paid'
   AND (%(services)s::text[] IS NULL OR c.service = ANY (%(services)s))"""  # noqa: S608


def helped(
    unit: Unit, first: date, last: date, *, services: Collection[str] | None = None, on: date | None = None
) -> Helped:
    """Charges of these months that a neighbour, a relative or an officer paid for somebody. Providers' lists do not say."""
    told = {"services": None if services is None else list(services)}
    places = ground_ids(unit, on or month_after(last) - timedelta(1))
    with scope.counting(), connection.cursor() as cursor:
        cursor.execute(_HELPED, {"places": places, **told, **_span(month_of(first), month_of(last))})
        return Helped(*(cursor.fetchone() or (0, 0, 0)))


_NEWEST = """
SELECT max(month) FROM unnest(%(places)s::bigint[]) place, LATERAL (
    (SELECT period AS month FROM payments_charge
      WHERE village_id = place AND period < %(after)s AND state <> 'withdrawn' ORDER BY period DESC LIMIT 1)
    UNION ALL
    (SELECT (made_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM payments_charge
      WHERE village_id = place AND period IS NULL AND made_at < %(end)s AND state <> 'withdrawn' ORDER BY made_at DESC LIMIT 1)
    UNION ALL
    (SELECT l.period FROM payments_providerlist l
      WHERE l.undone_at IS NULL AND l.period < %(after)s
        AND EXISTS (SELECT FROM payments_providerbill b WHERE b.batch_id = l.id AND b.village_id = place)
      ORDER BY l.period DESC LIMIT 1)
) newest"""


def newest_month(unit: Unit, *, by: datetime) -> date:
    """The last month up to now with anything owed at the unit; this month where there is none."""
    today = day_of(by)
    places = ground_ids(unit, today)
    with scope.counting(), connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"places": places, **_span(month_of(today), month_of(today))})
        (found,) = cursor.fetchone() or (None,)
    return month_of(found or today)
