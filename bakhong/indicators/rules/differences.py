"""Why a published number and our own count of the same thing need not agree: what the rules can tell, as codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CLOSE = 200  # one part in so many: two denominators this near are taken for the same group of people


@dataclass(frozen=True)
class Told:
    """What a published figure says; None where it does not say."""

    numerator: int | None
    denominator: int | None
    population: str
    stage: str
    on: date | None


@dataclass(frozen=True)
class Reason:
    """`code`: no_day, other_group, whole_differs, absent, counted_differs, no_stage. `number`: how many, `population`: who instead."""

    code: str
    number: int = 0
    population: str = ""


def why_different(
    told: Told, numerator: int, denominator: int, *, groups: Mapping[str, int], absent: int, stages: int = 1
) -> tuple[Reason, ...]:
    """What speaks for the difference, the strongest first; nothing where both numbers are equal.

    `groups`: population → how many of it we count on the same day, with the measure's own among them; `absent`: how many of the
    measure's population are away.

    >>> told = Told(4795, 5205, "adults", "activated", date(2025, 5, 6))
    >>> [each.code for each in why_different(told, 4790, 5648, groups={"adults": 5648, "aged_15_up": 5901}, absent=440)]
    ['absent', 'counted_differs']
    >>> why_different(told, 4795, 5205, groups={"adults": 5205}, absent=440)
    ()
    """
    found = []
    if told.denominator is not None and told.denominator != denominator:
        found.append(_whole(told, denominator, groups, absent))
    if told.numerator is not None and told.numerator != numerator:
        found.append(Reason("counted_differs", numerator - told.numerator))
    if found and stages > 1 and not told.stage:
        found.append(Reason("no_stage"))
    if found and told.on is None:
        found.append(Reason("no_day"))
    return tuple(found)


def _whole(told: Told, denominator: int, groups: Mapping[str, int], absent: int) -> Reason:
    """Another group of people fits the printed denominator, the absent do, or it is only said by how many it is off."""
    assert told.denominator is not None
    if absent and _is_close(told.denominator, denominator - absent):
        return Reason("absent", absent)
    for key, whole in groups.items():
        if (
            key != told.population
            and _is_close(told.denominator, whole)
            and not _is_close(whole, denominator)
        ):
            return Reason("other_group", whole, key)
    return Reason("whole_differs", denominator - told.denominator)


def _is_close(one: int, other: int) -> bool:
    return abs(one - other) * CLOSE <= max(one, other)
