"""A month of a market: what its stalls owe, what came by transfer and in cash, what is missing."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bakhong.payments.models import Charge, ChargeState, Market, Method, Stall

ABOUT = "stall"


@dataclass(frozen=True)
class Owing:
    """`due`: (stall, how many charges of the month were withdrawn); `kept`: stalls that have one; `free`: stalls without a fee;
    `let_off`: of `due`, those whose charge was withdrawn."""

    due: list[tuple[Stall, int]]
    kept: int
    free: int

    @property
    def new(self) -> list[tuple[Stall, int]]:
        return [(stall, times) for stall, times in self.due if not times]

    @property
    def let_off(self) -> int:
        return len(self.due) - len(self.new)


@dataclass(frozen=True)
class Sum:
    """How many charges, and đồng."""

    count: int = 0
    amount: int = 0


@dataclass(frozen=True)
class MarketMonth:
    """`rows`: (stall, its charge of the month or None), by the number over the stall. `free`: stalls from which no fee is collected;
    `not_raised`: those that should have a charge and never had one; `let_off`: those whose charge was withdrawn."""

    market: Market
    month: date
    rows: list[tuple[Stall, Charge | None]]
    due: Sum
    transfer: Sum
    cash: Sum
    missing: Sum
    free: int
    not_raised: int
    let_off: int


def stalls_owing(market: Market, month: date) -> Owing:
    """Who has no charge for the month: of those that stood there on any day of it. The connection sees the market's stalls and its
    biller's money."""
    stalls = [each for each in _all(market) if _stood(each, month)]
    charges = _charges(market, stalls, month)
    withdrawn = Counter(each.about for each in charges if each.state == ChargeState.WITHDRAWN)
    having = {each.about for each in charges if each.state != ChargeState.WITHDRAWN}
    paying = [each for each in stalls if each.monthly_fee]
    due = [(each, withdrawn[each.uuid]) for each in paying if each.uuid not in having]
    return Owing(due, len(paying) - len(due), len(stalls) - len(paying))


def market_month(market: Market, month: date) -> MarketMonth:
    """Of every stall that stood there in the month, and of any other whose month was charged."""
    stalls = _all(market)
    told = _charges(market, stalls, month)
    charges = {each.about: each for each in told if each.state != ChargeState.WITHDRAWN}
    let_off = {each.about for each in told} - charges.keys()
    rows = [(each, charges.get(each.uuid)) for each in stalls if _stood(each, month) or each.uuid in charges]
    lacking = [stall for stall, charge in rows if charge is None and stall.monthly_fee]
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
        not_raised=sum(1 for stall in lacking if stall.uuid not in let_off),
        let_off=sum(1 for stall in lacking if stall.uuid in let_off),
    )


def next_month(month: date) -> date:
    """
    >>> next_month(date(2026, 12, 9))
    datetime.date(2027, 1, 1)
    """
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _all(market: Market) -> list[Stall]:
    return list(market.stalls.select_related("village", "organisation").order_by("code", "pk"))


def _stood(stall: Stall, month: date) -> bool:
    """On any day of the month. Ours: the market's own rule on parts of a month is not known; a charge can be withdrawn."""
    has_begun = stall.valid_from < next_month(month)
    return has_begun and (stall.valid_to is None or stall.valid_to > month.replace(day=1))


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
