"""Whether a pattern that an author wrote can keep the server busy: counted from the pattern, before any text is held against it.

A matcher that goes back tries at most as many ways as the pattern's choices multiply to: how often each part repeats, which branch is
taken. The count looks at no letters, so it refuses some harmless patterns too; whoever writes bounds ("{1,20}") instead of "+" is always
understood.
"""

from collections.abc import Iterable
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST_WAYS = 1_000_000  # two open repeats in a text of 1,000 letters, one in any; a tenth of a second or so
_PLAIN = {names.LITERAL, names.NOT_LITERAL, names.IN, names.ANY, names.AT}
_REPEATS = {names.MAX_REPEAT, names.MIN_REPEAT}


def is_quick(pattern: str, longest: int) -> bool:
    """Whether a text of at most `longest` letters is read in no time. False also for look-arounds and references back.

    Raises: re.error and what else `re.compile` raises for what is no pattern.

    >>> is_quick(r"[A-Z]{2}\\d{4,8}(-[A-Z]+)?", 500), is_quick("((a+))+", 500), is_quick("(a|a)*", 500), is_quick("a*a*a*", 500)
    (True, False, False, False)
    """
    return _ways(parser.parse(pattern), longest) <= MOST_WAYS


def _ways(parts: Iterable[Any], longest: int) -> int:
    """At most `MOST_WAYS` + 1: beyond it nobody counts on."""
    found = 1
    for name, given in parts:
        found = _capped(found * _of_part(name, given, longest))
    return found


def _of_part(name: Any, given: Any, longest: int) -> int:
    if name in _PLAIN:
        return 1
    if name is names.SUBPATTERN:
        return _ways(given[-1], longest)
    if name is names.BRANCH:
        return _capped(sum(_ways(each, longest) for each in given[1]))
    if name in _REPEATS:
        least, most, inner = given
        return _of_repeat(int(least), min(int(most), longest), _ways(inner, longest))
    return MOST_WAYS + 1


def _of_repeat(least: int, most: int, inner: int) -> int:
    """Each number of rounds is a way of its own, and in each round the inner ways are open again."""
    if inner == 1:
        return max(most - least, 0) + 1
    found, rounds = 0, 1
    for count in range(most + 1):
        found += rounds if count >= least else 0
        if max(found, rounds) > MOST_WAYS:
            return MOST_WAYS + 1
        rounds *= inner
    return max(found, rounds if least > most else 1)


def _capped(number: int) -> int:
    return min(number, MOST_WAYS + 1)
