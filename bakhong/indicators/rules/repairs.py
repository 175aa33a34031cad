"""The smallest change of one printed number that would make the others fit: one digit, or two neighbours swapped."""

from collections.abc import Callable, Iterator
from decimal import Decimal

KINDS = ("transposition", "digit", "missing_digit", "extra_digit")


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
