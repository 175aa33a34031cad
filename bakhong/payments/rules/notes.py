"""Counting cash note by note."""

from collections.abc import Mapping

# Notes in circulation that anybody still brings, in đồng.
NOTES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
_MOST = 100_000  # of one kind


class BadCount(ValueError):
    """No such note, or no such number of them."""


def total(counted: Mapping[int, int]) -> int:
    """What so many notes of each kind are together, in đồng.

    >>> total({500_000: 3, 20_000: 2}), total({})
    (1540000, 0)
    >>> total({3_000: 1})
    Traceback (most recent call last):
    bakhong.payments.rules.notes.BadCount: 3000
    """
    for note, count in counted.items():
        if note not in NOTES or not 0 <= count <= _MOST:
            raise BadCount(str(note))
    return sum(note * count for note, count in counted.items())
