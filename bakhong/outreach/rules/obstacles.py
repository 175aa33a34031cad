"""Which few reasons stand behind most of what was not done."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Obstacle:
    """`times` of `total`; `running` is the sum of this and of all before it."""

    code: str
    times: int
    running: int
    total: int


def pareto(counts: Mapping[str, int]) -> tuple[Obstacle, ...]:
    """The most frequent first, equal ones by their code; nothing for zeros.

    >>> [(each.code, each.times, each.running) for each in pareto({"a": 1, "b": 5, "c": 0, "d": 1})]
    [('b', 5, 5), ('a', 1, 6), ('d', 1, 7)]
    """
    total = sum(counts.values())
    rows, running = [], 0
    for code, times in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if times:
            running += times
            rows.append(Obstacle(code, times, running, total))
    return tuple(rows)
