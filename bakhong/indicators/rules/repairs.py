"""The smallest change of one printed number that would make the others fit: one digit, or two neighbours swapped."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from bakhong.indicators.rules import arithmetic

KINDS = ("transposition", "digit", "missing_digit", "extra_digit")
MAX_REPAIRS = 3


class Slip(NamedTuple):
    """One printed number, the number that would fit in its place, and the slip of the keyboard between them."""

    field: str  # "numerator", "denominator", "percent" or "remainder"
    printed: Decimal
    fits: Decimal
    kind: str


def smallest(repairs: Iterable[Slip]) -> list[Slip]:
    """Swapped and single wrong digits before digits too few or too many; three at most."""
    every = list(repairs)
    near = [one for one in every if one.kind in ("transposition", "digit")]
    return sorted(near or every, key=lambda one: one.kind != "transposition")[:MAX_REPAIRS]


def of_percent(n: int, d: int, printed: Decimal, places: int) -> list[Slip]:
    """What would make n/d and its printed percent agree.

    >>> [(slip.field, int(slip.fits)) for slip in of_percent(2660, 3798, Decimal("70.2"), 1)]
    [('denominator', 3789), ('percent', 70), ('numerator', 2665)]
    """

    def fits(top: int, bottom: int) -> bool:
        return (
            top >= 0
            and bottom > 0
            and arithmetic.judge(top, bottom, printed, places, None) != arithmetic.MISMATCH
        )

    out: list[Slip] = []
    right = arithmetic.rounded(n, d, places)
    if kind := one_slip(scaled(printed, places), scaled(right, places)):
        out.append(Slip("percent", printed, right, kind))
    if found := closest(n, lambda number: number <= d and fits(number, d)):
        out.append(Slip("numerator", Decimal(n), Decimal(found[1]), found[0]))
    if found := closest(d, lambda number: number >= n and fits(n, number)):
        out.append(Slip("denominator", Decimal(d), Decimal(found[1]), found[0]))
    return smallest(out)


def of_remainder(whole: int, part: int, rest: int) -> list[Slip]:
    """What would make `whole` less `part` leave `rest`; "numerator" is the part, "denominator" the whole.

    >>> [(slip.field, int(slip.fits)) for slip in of_remainder(2002, 1674, 355)]
    [('numerator', 1647)]
    """
    wanted = (
        ("remainder", rest, whole - part),
        ("numerator", part, whole - rest),
        ("denominator", whole, part + rest),
    )
    return smallest(
        Slip(name, Decimal(printed), Decimal(right), kind)
        for name, printed, right in wanted
        if (kind := one_slip(printed, right))
    )


def of_sum(parts: list[int], whole: int) -> list[tuple[int | None, Slip]]:
    """What would make the parts add up to the whole: (place of the part, or None for the whole; the slip).

    >>> [(at, int(slip.fits)) for at, slip in of_sum([1403, 31], 2434)]
    [(0, 2403), (None, 1434)]
    """
    total = sum(parts)
    wanted = [*((at, part, whole - (total - part)) for at, part in enumerate(parts)), (None, whole, total)]
    found = [
        (at, Slip("numerator", Decimal(printed), Decimal(right), kind))
        for at, printed, right in wanted
        if (kind := one_slip(printed, right)) in ("transposition", "digit")
    ]
    return sorted(found, key=lambda each: each[1].kind != "transposition")[:MAX_REPAIRS]


def variants(printed: int) -> Iterator[tuple[str, int]]:
    """Every number one slip of the keyboard away, swapped digits first.

    >>> ("transposition", 1647) in set(variants(1674)), ("digit", 2403) in set(variants(1403))
    (True, True)
    """
    digits = str(printed)
    for at in range(len(digits) - 1):
        if digits[at] != digits[at + 1]:
            yield from _kept("transposition", digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
    for at, old in enumerate(digits):
        for new in "0123456789":
            if new != old:
                yield from _kept("digit", digits[:at] + new + digits[at + 1 :])
    for at in range(len(digits) + 1):
        for new in "0123456789":
            yield from _kept("missing_digit", digits[:at] + new + digits[at:])
    for at in range(len(digits)):
        yield from _kept("extra_digit", digits[:at] + digits[at + 1 :])


def _kept(kind: str, digits: str) -> Iterator[tuple[str, int]]:
    if digits and (digits[0] != "0" or len(digits) == 1):
        yield kind, int(digits)


def closest(printed: int, fits: Callable[[int], bool]) -> tuple[str, int] | None:
    """The likeliest slip that fits: swapped digits, then one wrong digit, then a digit too few or too many; nearest first.

    >>> closest(1674, lambda number: number == 1647)
    ('transposition', 1647)
    """
    found = [
        (KINDS.index(kind), abs(number - printed), kind, number)
        for kind, number in variants(printed)
        if fits(number)
    ]
    if not found:
        return None
    _, _, kind, number = min(found)
    return kind, number


def one_slip(printed: int, wanted: int) -> str | None:
    """How `wanted` could have become `printed`, or None.

    >>> one_slip(2434, 1434), one_slip(355, 328)
    ('digit', None)
    """
    if wanted < 0:
        return None
    return next((kind for kind, number in variants(printed) if number == wanted), None)


def scaled(value: Decimal, places: int) -> int:
    """A percent as the whole number its digits spell: 70.2 with one decimal is 702."""
    return int(value.scaleb(places))
