"""The first No, measured: of what was known already, how much was asked for again.

A question is counted where it was answered. It is known where a source held it of that person that day; asked again where it was known and
somebody had to type it all the same. What was filled in and corrected was not asked again.

    rate = (known - asked again) / known
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counted:
    """One answered question. `was_offered`: it had been filled in."""

    path: str
    is_known: bool
    is_typed: bool
    was_offered: bool
    is_corrected: bool = False


@dataclass(frozen=True)
class OnceOnly:
    asked: int
    known: int
    re_asked: int
    typed: int
    corrected: int
    offending: tuple[str, ...] = ()

    @property
    def numerator(self) -> int:
        return self.known - self.re_asked

    @property
    def denominator(self) -> int:
        return self.known


def is_re_asked(line: Counted) -> bool:
    """Known, not filled in, and typed."""
    return line.is_known and line.is_typed and not line.was_offered


def count(lines: Iterable[Counted]) -> OnceOnly:
    """
    >>> said = [Counted("name", True, False, True), Counted("birth", True, True, False), Counted("why", False, True, False),
    ...         Counted("address", True, True, True, True)]
    >>> found = count(said)
    >>> (found.asked, found.known, found.re_asked, found.typed, found.corrected), found.offending, (found.numerator, found.denominator)
    ((4, 3, 1, 3, 1), ('birth',), (2, 3))
    """
    lines = list(lines)
    offending = tuple(line.path for line in lines if is_re_asked(line))
    return OnceOnly(
        asked=len(lines),
        known=sum(line.is_known for line in lines),
        re_asked=len(offending),
        typed=sum(line.is_typed for line in lines),
        corrected=sum(line.is_corrected for line in lines),
        offending=offending,
    )
