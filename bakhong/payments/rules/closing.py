"""Where a bank's running balance does not follow: lines that nobody told us of.

Each line leads from one balance to another. Told in any order, lines of an account that are all there make one way, of which only the
first balance is never reached and only the last never left; every further pair of loose ends is money that moved unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class End:
    """A balance at one side of a line (`line` is its key) that no other line goes on from, or leads to."""

    line: int
    on: date
    at: datetime | None
    balance: int


@dataclass(frozen=True)
class Gap:
    """Between a line and the next one that is known, `amount` đồng moved unseen (negative: went out). Found on the day `on`."""

    after: int
    before: int
    since: date
    on: date
    amount: int


def gaps(left: Iterable[End], reached: Iterable[End], loose: Sequence[tuple[date, int]] = ()) -> list[Gap]:
    """`left`: balances after a line from which nothing goes on; `reached`: balances before a line to which nothing leads.

    `loose`: (day, amount, negative when it went out) of lines whose balance nobody told; each fills one gap at most.

    >>> day = date(2026, 11, 22)
    >>> gaps([End(1, day, None, 100), End(2, day, None, 170)], [End(1, day, None, 0), End(2, day, None, 150)])
    [Gap(after=1, before=2, since=datetime.date(2026, 11, 22), on=datetime.date(2026, 11, 22), amount=50)]
    >>> gaps([End(1, day, None, 100), End(2, day, None, 170)], [End(1, day, None, 0), End(2, day, None, 150)], [(day, 50)])
    []
    """
    ends = sorted(left, key=_turn)[:-1]
    starts = sorted(reached, key=_turn)[1:]
    rest = sorted(loose)
    found = []
    for end, start in zip(ends, starts, strict=False):
        inside = [each for each in rest if end.on <= each[0] <= start.on]
        rest = [each for each in rest if each not in inside]
        amount = start.balance - end.balance - sum(each[1] for each in inside)
        if amount:
            found.append(Gap(end.line, start.line, end.on, start.on, amount))
    return found


def _turn(end: End) -> tuple[date, bool, float, int]:
    return (end.on, end.at is None, end.at.timestamp() if end.at else 0.0, end.line)
