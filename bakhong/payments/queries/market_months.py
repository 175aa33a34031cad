"""A month of a market: what its stalls owe, what came by transfer and in cash, what is missing."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bakhong.payments.models import Charge, ChargeState, Market, Method, Stall

ABOUT = "stall"


@dataclass(frozen=True)
class Owing:
    """`due`: (stall, how many charges of the month were withdrawn); `kept`: stalls that have one; `free`: stalls without a fee."""

    due: list[tuple[Stall, int]]
    kept: int
    free: int


@dataclass(frozen=True)
class Sum:
    """How many charges, and đồng."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True)
class MarketMonth:
    """`rows`: (stall, its charge of the month or None), by the number over the stall. `free`: stalls from which no fee is collected."""

    market: Market
    month: date
    rows: list[tuple[Stall, Charge | None]]
    due: Sum
    transfer: Sum
    cash: Sum
    missing: Sum
    free: int
    not_raised: int


def stalls_owing(market: Market, month: date) -> Owing:
    """Who has no charge for the month yet. The connection sees the market's stalls and its biller's money."""
    stalls = _standing(market)
    charges = _charges(market, stalls, month)
    withdrawn = Counter(each.about for each in charges if each.state == ChargeState.WITHDRAWN)
    having = {each.about for each in charges if each.state != ChargeState.WITHDRAWN}
    paying = [each for each in stalls if each.monthly_fee]
    due = [(each, withdrawn[each.uuid]) for each in paying if each.uuid not in having]
    return Owing(due, len(paying) - len(due), len(stalls) - len(paying))


def market_month(market: Market, month: date) -> MarketMonth:
    """Of every stall that stands there, and of those that have gone whose month was charged."""
    stalls = list(market.stalls.select_related("village", "organisation").order_by("code", "pk"))
    charges = {
        each.about: each for each in _charges(market, stalls, month) if each.state != ChargeState.WITHDRAWN
    }
    rows = [
        (each, charges.get(each.uuid)) for each in stalls if each.valid_to is None or each.uuid in charges
    ]
    by_way = defaultdict(list)
    for charge in charges.values():
        by_way[charge.method].append(charge)
    return MarketMonth(
        market=market,
        month=month,
        rows=rows,
        due=_sum(list(charges.values())),
        transfer=_sum(by_way[Method.TRANSFER]),
        cash=_sum(by_way[Method.CASH]),
        missing=_sum(by_way[""]),
        free=sum(1 for stall, charge in rows if charge is None and not stall.monthly_fee),
        not_raised=sum(1 for stall, charge in rows if charge is None and stall.monthly_fee),
    )


def _standing(market: Market) -> Sequence[Stall]:
    rows = market.stalls.filter(valid_to=None).select_related("village", "organisation")
    return list(rows.order_by("code", "pk"))


def _charges(market: Market, stalls: Sequence[Stall], month: date) -> list[Charge]:
    return list(
        Charge.objects.filter(
            about_kind=ABOUT,
            about__in=[each.uuid for each in stalls],
            period=month.replace(day=1),
            service="market",
        )
    )


def _sum(charges: Sequence[Charge]) -> Sum:
    return Sum(len(charges), sum(each.amount for each in charges))
