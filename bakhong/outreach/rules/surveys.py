"""How many people to ask, whom, and how sure the answer is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from math import ceil, sqrt

Z95 = 1.959964  # 95 of 100 such samples hold the true share


def sample_size(population: int, margin: int) -> int:
    """How many of `population` people to ask so that the answer is right within ± `margin` percentage points, 95 times of 100, whatever
    the share is (p = 0,5 is the worst case); with the finite population correction.

    Source: W. G. Cochran, Sampling Techniques, 3rd edition (1977), section 4.4: n0 = z²p(1-p)/d², n = n0 / (1 + (n0 - 1)/N).

    >>> sample_size(5205, 5), sample_size(100, 5), sample_size(0, 5), sample_size(10**7, 5)
    (358, 80, 0, 385)
    """
    if population <= 0:
        return 0
    first = Z95**2 * 0.25 / (margin / 100) ** 2
    return min(population, ceil(first / (1 + (first - 1) / population)))


def shares(total: int, sizes: Mapping[int, int]) -> dict[int, int]:
    """`total` split in proportion to the sizes of the strata, in whole numbers that sum exactly, at least one from each stratum that has
    anybody where the total allows it, never more than a stratum has.

    Source: proportional allocation (Cochran, section 5.5); remainders go to the largest fractions, ties to the lower key.

    >>> shares(10, {1: 500, 2: 300, 3: 200}), shares(3, {1: 1000, 2: 1, 3: 1})
    ({1: 5, 2: 3, 3: 2}, {1: 1, 2: 1, 3: 1})
    """
    everybody = sum(sizes.values())
    total = min(total, everybody)
    if not total:
        return dict.fromkeys(sizes, 0)
    least = 1 if total >= sum(size > 0 for size in sizes.values()) else 0
    parts = {
        key: min(size, max(least if size else 0, total * size // everybody)) for key, size in sizes.items()
    }
    order = sorted(sizes, key=lambda key: (-(total * sizes[key] % everybody), key))
    while (gap := total - sum(parts.values())) != 0:
        for key in order if gap > 0 else sorted(sizes, key=lambda key: (-parts[key], key)):
            if gap > 0 and parts[key] < sizes[key]:
                parts[key] += 1
                gap -= 1
            elif gap < 0 and parts[key] > least:
                parts[key] -= 1
                gap += 1
            if not gap:
                break
    return parts


def draw(keys: Sequence[str], count: int, seed: str) -> list[str]:
    """`count` of the keys at random: those whose SHA-256 with the seed is smallest. The same seed and keys give the same people on any
    machine, so that anybody can check that nobody was hand-picked.

    >>> draw(["a", "b", "c", "d"], 2, "2026") == draw(["d", "c", "b", "a"], 2, "2026"), len(draw(["a"], 5, "x"))
    (True, 1)
    """
    return sorted(keys, key=lambda key: (sha256(f"{seed}:{key}".encode()).digest(), key))[:count]


@dataclass(frozen=True)
class Share:
    """`count` of `asked` answered so; `low` and `high` bound the true share, in percent with one decimal."""

    count: int
    asked: int
    percent: Decimal
    low: Decimal
    high: Decimal


def share(count: int, asked: int, population: int) -> Share | None:
    """A share with its 95 % interval, None when nobody answered: no percent without its n.

    Wilson's interval, which stays within 0–100 and holds for small samples, at the effective size n(N-1)/(N-n) that the finite population
    correction gives; a full count has no width. Strata drawn in proportion weigh alike, and the interval is then slightly too wide.

    Source: E. B. Wilson, JASA 22 (1927) 209–212; Cochran (1977), section 2.6 (correction).

    >>> share(35, 100, 10**9)
    Share(count=35, asked=100, percent=Decimal('35.0'), low=Decimal('26.4'), high=Decimal('44.7'))
    >>> share(9, 10, 10), share(0, 0, 500) is None, share(0, 20, 10**9).high
    (Share(count=9, asked=10, percent=Decimal('90.0'), low=Decimal('90.0'), high=Decimal('90.0')), True, Decimal('16.1'))
    """
    if asked <= 0:
        return None
    low, high = _wilson(count, asked, population)
    return Share(count, asked, *(_percent(each) for each in (count / asked, low, high)))


@dataclass(frozen=True)
class Change:
    """After minus before, in percentage points. `is_sure`: the interval leaves out 0."""

    points: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


def change(before: tuple[int, int, int], after: tuple[int, int, int]) -> Change | None:
    """The difference of two shares, each (count, asked, population), with its 95 % interval; None when either has no answers.

    Two samples drawn apart; where the same people happen to be in both, the interval is a little too wide.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10 (from the two Wilson intervals).

    >>> change((48, 80, 10**9), (56, 70, 10**9))  # the first example of that paper: 5,24 to 33,39
    Change(points=Decimal('20.0'), low=Decimal('5.2'), high=Decimal('33.4'))
    >>> change((50, 100, 10**9), (53, 100, 10**9)).is_sure
    False
    """
    if before[1] <= 0 or after[1] <= 0:
        return None
    old, new = before[0] / before[1], after[0] / after[1]
    (old_low, old_high), (new_low, new_high) = _wilson(*before), _wilson(*after)
    low = new - old - sqrt((new - new_low) ** 2 + (old_high - old) ** 2)
    high = new - old + sqrt((new_high - new) ** 2 + (old - old_low) ** 2)
    return Change(*(_percent(each) for each in (new - old, low, high)))


def _wilson(count: int, asked: int, population: int) -> tuple[float, float]:
    p = count / asked
    if population <= asked:
        return p, p
    size = asked * (population - 1) / (population - asked)
    spread = Z95 * sqrt(p * (1 - p) / size + Z95**2 / (4 * size**2))
    middle, scale = p + Z95**2 / (2 * size), 1 + Z95**2 / size
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _percent(value: float) -> Decimal:
    return (Decimal(repr(value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
