"""Splitting a target over the units below: in proportion to who is still missing, in whole numbers that sum exactly.

A target's number says how many are to be counted in the end, those counted already included. What is split is the rest: each unit
keeps what it has done and gets its share of what is still to do. Who has the most people missing gets the most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

NO_DATA = "no_data"  # nobody knows how many are missing there: it gets the mean of the others
NOTHING_MISSING = "nothing_missing"
OVER_ELIGIBLE = "over_eligible"  # more than there are people to count
REACHED = "reached"  # the whole target is reached already: nothing is added anywhere


@dataclass(frozen=True, slots=True)
class Part:
    """`value` is the unit's target, `add` how many of it are still to be counted (negative where less is asked than is done)."""

    key: int
    value: int
    add: int
    flags: tuple[str, ...] = ()

    @property
    def is_feasible(self) -> bool:
        return OVER_ELIGIBLE not in self.flags


def cascade(
    total: int, missing: Mapping[int, int | None], eligible: Mapping[int, int | None]
) -> tuple[Part, ...]:
    """The target `total` over the keys of `missing`, in their order; the values sum to `total` exactly.

    `missing` and `eligible` count people (households, subscriptions …) by unit; None where nobody knows.

    Village 1 has 60 of 100, village 2 has 80 of 100, and 180 are asked: 40 more, two thirds of them in village 1.

    >>> [(part.key, part.value, part.add) for part in cascade(180, {1: 40, 2: 20}, {1: 100, 2: 100})]
    [(1, 87, 27), (2, 93, 13)]
    >>> [part.value for part in cascade(7, {1: None, 2: None, 3: None}, {})]
    [3, 2, 2]

    Raises: ValueError when there is no unit, or a number is negative.
    """
    if not missing or total < 0 or any(number is not None and number < 0 for number in missing.values()):
        raise ValueError("nothing to split, or a negative number")
    done = {key: _done(missing[key], eligible.get(key)) for key in missing}
    rest = total - sum(done.values())
    if rest >= 0:
        shares = apportion(rest, _weights(missing, eligible))
        values = {key: done[key] + shares[key] for key in missing}
    else:
        values = apportion(total, done)
    return tuple(
        Part(
            key,
            values[key],
            values[key] - done[key],
            _flags(values[key], missing[key], eligible.get(key), rest),
        )
        for key in missing
    )


def apportion(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Whole shares of `total` in proportion to the weights, by the largest remainder; ties go to the smaller key.

    >>> apportion(10, {1: 1, 2: 1, 3: 1})
    {1: 4, 2: 3, 3: 3}

    Raises: ValueError when all weights are 0 and there is something to give.
    """
    whole = sum(weights.values())
    if not whole:
        if total:
            raise ValueError("nobody to give to")
        return dict.fromkeys(weights, 0)
    shares = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(shares.values())
    first = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in first[:left]:
        shares[key] += 1
    return shares


def number_of(percent: Decimal, eligible: int) -> int:
    """How many a percentage asks for: rounded up, as 80 % is not reached by one person less.

    >>> number_of(Decimal(80), 5311)
    4249
    """
    return int((percent * eligible / 100).to_integral_value(ROUND_CEILING))


def _done(missing: int | None, eligible: int | None) -> int:
    return 0 if missing is None or eligible is None else max(eligible - missing, 0)


def _weights(missing: Mapping[int, int | None], eligible: Mapping[int, int | None]) -> dict[int, int]:
    """Those missing; where everybody is done, those eligible; the same for all where nothing is known.

    Who sent no figures gets the mean of the others: silence is no way out of a target.
    """
    for counts in (missing, {key: eligible.get(key) for key in missing}):
        known = [count for count in counts.values() if count is not None]
        if any(known):
            mean = -(-sum(known) // len(known))
            return {key: mean if count is None else count for key, count in counts.items()}
    return dict.fromkeys(missing, 1)


def _flags(value: int, missing: int | None, eligible: int | None, rest: int) -> tuple[str, ...]:
    flags = []
    if missing is None:
        flags.append(NO_DATA)
    elif not missing:
        flags.append(NOTHING_MISSING)
    if eligible is not None and value > eligible:
        flags.append(OVER_ELIGIBLE)
    if rest <= 0:
        flags.append(REACHED)
    return tuple(flags)
