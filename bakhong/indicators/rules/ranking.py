"""Ranking that is fair to small places: shared ranks for equal percentages, marks and intervals where few are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

SMALL = 100  # below this, one person moves the percentage by more than a whole point
_Z = 1.959963984540054  # the 97.5th percentile of the normal distribution: a 95 % interval


@dataclass(frozen=True, slots=True)
class Place:
    """`rank` counts from 1; equal values share it and the next rank is skipped ("1, 2, 2, 4")."""

    rank: int
    is_tied: bool


def competition_ranks(values: Sequence[Decimal], *, is_higher_better: bool = True) -> list[Place]:
    """The places of the values, in their own order.

    >>> [(place.rank, place.is_tied) for place in competition_ranks([Decimal(80), Decimal(90), Decimal(80), Decimal(70)])]
    [(2, True), (1, False), (2, True), (4, False)]
    >>> [place.rank for place in competition_ranks([Decimal(30), Decimal(10)], is_higher_better=False)]
    [2, 1]
    """
    ordered = sorted(values, reverse=is_higher_better)
    first: dict[Decimal, int] = {}
    count: dict[Decimal, int] = {}
    for index, value in enumerate(ordered, start=1):
        first.setdefault(value, index)
        count[value] = count.get(value, 0) + 1
    return [Place(first[value], count[value] > 1) for value in values]


def wilson(numerator: int, denominator: int) -> tuple[Decimal, Decimal] | None:
    """The 95 % Wilson score interval of a share, in percent at one decimal; None where it is no share (over 100 %, nobody counted).

    Source: E. B. Wilson, 1927, "Probable inference, the law of succession, and statistical inference".

    >>> wilson(8, 10)
    (Decimal('49.0'), Decimal('94.3'))
    >>> wilson(0, 50)
    (Decimal('0.0'), Decimal('7.1'))
    """
    if denominator <= 0 or not 0 <= numerator <= denominator:
        return None
    share, square = numerator / denominator, _Z * _Z
    middle = share + square / (2 * denominator)
    reach = _Z * sqrt(share * (1 - share) / denominator + square / (4 * denominator * denominator))
    scale = 1 + square / denominator
    low, high = (middle - reach) / scale, (middle + reach) / scale
    return _percent(max(low, 0.0)), _percent(min(high, 1.0))


def _percent(share: float) -> Decimal:
    return Decimal(f"{share * 100:.1f}")
