"""Choosing exactly so many, and splitting whole numbers exactly: what makes the margins of the demo hold to the last person."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def allot(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts in proportion to the weights that sum to the total (largest remainder, ties by place).

    >>> allot(10, [1, 1, 1]), allot(7, [3, 0, 1])
    ([4, 3, 3], [5, 0, 2])
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(each) for each in exact]
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def pick(
    rng: random.Random, among: Iterable[T], count: int, weight: Callable[[T], float] = lambda _each: 1.0
) -> list[T]:
    """Exactly `count` of them, heavier ones more often, in the order given. A weight of 0 is taken last.

    Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).

    >>> pick(random.Random(1), range(100), 3) == pick(random.Random(1), range(100), 3)
    True
    """
    items = list(among)
    if count > len(items):
        raise ValueError(f"{count} of {len(items)} cannot be chosen")
    drawn = [
        (math.log(rng.random() or 1e-12) / max(weight(each), 1e-9), index) for index, each in enumerate(items)
    ]
    chosen = {index for _key, index in sorted(drawn, reverse=True)[:count]}
    return [each for index, each in enumerate(items) if index in chosen]


def draw(rng: random.Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of (value, weight)."""
    return rng.choices([value for value, _w in choices], [weight for _v, weight in choices])[0]
