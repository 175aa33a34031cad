"""When somebody is likely to be at home: from past visits, else from who lives there.

Source: domain research 2.2: "visits at noon/evening because people are at work".
"""

from collections.abc import Sequence
from dataclasses import dataclass

MORNING, NOON, AFTERNOON, EVENING = PARTS = ("morning", "noon", "afternoon", "evening")
_USUAL = (NOON, EVENING)  # before anybody has tried, when those who work are out by day
_AT_HOME = (MORNING, AFTERNOON)  # where somebody is at home all day
_LEAST = 2  # visits at one part of the day before a share says anything


@dataclass(frozen=True)
class Attempt:
    part: str
    was_found: bool


@dataclass(frozen=True)
class BestTime:
    """`why`: "found" (they were met then), "not_yet" (tried elsewhere in vain), "at_work", "at_home" or "unknown".

    `met` of `tried` visits at that part of the day.
    """

    part: str
    second: str
    why: str
    met: int = 0
    tried: int = 0


def best_time(attempts: Sequence[Attempt], ages: Sequence[int | None]) -> BestTime:
    """The part of the day to try first, and the second best. `ages` of the members who are there; None: not known.

    The part with the best share of visits that met somebody, pulled to one half while tries are few. Where every try so far was in vain,
    a part not tried yet, those usual for people who work first.

    >>> best_time([Attempt("morning", False), Attempt("evening", True), Attempt("evening", True)], [40]).part
    'evening'
    >>> best_time([Attempt("noon", False)], [40, 38]).part
    'evening'
    >>> best_time([], [70, 72]).part, best_time([], [35, 8]).part, best_time([], []).why
    ('morning', 'noon', 'unknown')
    """
    first, why = _by_people(ages)
    order = [*first, *(part for part in PARTS if part not in first)]
    if not attempts:
        return BestTime(order[0], order[1], why)
    tried = {part: sum(each.part == part for each in attempts) for part in PARTS}
    met = {part: sum(each.part == part and each.was_found for each in attempts) for part in PARTS}

    def promise(part: str) -> float:
        return (met[part] + _LEAST / 2) / (tried[part] + _LEAST)

    ranked = sorted(order, key=lambda part: (-promise(part), order.index(part)))
    best = ranked[0]
    return BestTime(best, ranked[1], "found" if met[best] else "not_yet", met[best], tried[best])


def _by_people(ages: Sequence[int | None]) -> tuple[tuple[str, str], str]:
    known = [age for age in ages if age is not None]
    if not known:
        return _USUAL, "unknown"
    if any(age >= 60 for age in known):
        return _AT_HOME, "at_home"
    return _USUAL, "at_work"
