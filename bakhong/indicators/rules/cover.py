"""Summing figures of former units into the unit they went to, saying what is covered and never guessing what is not.

A former unit that went there whole gives its numerator and denominator. One of which only a part went there gives nothing: nobody
knows which part. A percentage without a denominator cannot be summed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Origin:
    """A former unit of which the whole, or only a part, became a unit."""

    unit: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Count:
    """What a unit's own figure gives to a sum. `denominator` None: only a number or a percentage was printed."""

    key: int  # of the figure
    numerator: int | None
    denominator: int | None
    on: date | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Numerators and denominators of the `counts` together; `have` of `of` former units are in it."""

    numerator: int
    denominator: int
    counts: tuple[Count, ...]
    have: int
    of: int
    missing: tuple[int, ...]
    split: tuple[int, ...]
    percent_only: tuple[int, ...]

    @property
    def is_complete(self) -> bool:
        return self.have == self.of


def sum_of_origins(
    unit: int,
    origins: Mapping[int, Sequence[Origin]],
    counts: Mapping[int, Count],
    _seen: frozenset[int] = frozenset(),
) -> Sum | None:
    """The sum for `unit` over its former units (over theirs in turn, where they have no figure); None where nothing covers it at all.

    Unit 9 was made of 1 and 2 and a part of 3:

    >>> made_of = {9: [Origin(1, True), Origin(2, True), Origin(3, False)]}
    >>> known = {1: Count(11, 40, 50, None), 3: Count(13, 5, 10, None)}
    >>> found = sum_of_origins(9, made_of, known)
    >>> found.numerator, found.denominator, found.have, found.of, found.missing, found.split
    (40, 50, 1, 3, (2,), (3,))

    A unit with one former unit that went there whole is that unit under another name:

    >>> sum_of_origins(8, {8: [Origin(9, True)], **made_of}, known).of
    3
    """
    parts = origins.get(unit, ())
    if not parts or unit in _seen:
        return None
    seen = _seen | {unit}
    if len(parts) == 1 and parts[0].is_whole and parts[0].unit not in counts:
        return sum_of_origins(parts[0].unit, origins, counts, seen)
    taken: list[Count] = []
    missing, split, percent_only = [], [], []
    have = 0
    for part in parts:
        if not part.is_whole:
            split.append(part.unit)
            continue
        found = counts.get(part.unit)
        if found is not None and found.denominator is not None and found.numerator is not None:
            taken.append(found)
            have += 1
            continue
        if found is not None:
            percent_only.append(part.unit)
            continue
        below = sum_of_origins(part.unit, origins, counts, seen)
        if below is not None and below.is_complete and below.counts:
            taken.extend(below.counts)
            have += 1
        else:
            missing.append(part.unit)
    if not taken and not percent_only:
        return None
    return Sum(
        sum(count.numerator or 0 for count in taken),
        sum(count.denominator or 0 for count in taken),
        tuple(taken),
        have,
        len(parts),
        tuple(missing),
        tuple(split),
        tuple(percent_only),
    )
