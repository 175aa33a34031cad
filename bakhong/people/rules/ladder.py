"""From what was said about one service of one person, household, subscription or organisation to the periods of its states.

What holds, day by day:

- Saying the same again, or something lower than what stands, is agreement: who stands at "activated" is "registered" too.
- A higher state of the ladder stands from its day. Of the same day, what was learned last.
- "lapsed" ends what stands; a certificate with a day of expiry lapses on it by itself. Afterwards any state begins anew.
- "refused" ends an application. Of who stands at "activated" or "in_use" it is kept as a doubt, unless it was verified.
- "none" said of who stands anywhere on the ladder is kept as a doubt: a neighbour's "chưa có" does not take an account away.
  Verified, it ends what stands from its day. Where it was wrong all along that somebody had it, the fact is retracted instead.
- A fact whose day nobody knows holds from the day it was learned (the caller puts that day in).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bakhong.people.rules.services import LADDER, NONE

_SURE = frozenset({"activated", "in_use"})
# Of one day and one moment: what ends something comes after what begins it.
_ORDER = {NONE: 0, **{state: 1 + at for at, state in enumerate(LADDER)}, "refused": 2, "lapsed": 9}


@dataclass(frozen=True)
class Told:
    """One fact about one service: `number` grows in the order of storing, `day` is the first on which it holds.

    `retracts`: the number of the fact it takes back. `expires_on`: the first day on which it no longer holds.
    """

    number: int
    state: str
    day: date
    learned_at: datetime
    is_verified: bool = False
    retracts: int | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Period:
    """A state that stands from a day until before another (None: until further notice)."""

    state: str
    valid_from: date
    valid_to: date | None
    number: int  # the fact that began it


@dataclass(frozen=True)
class Standing:
    """The periods in order without overlap, and the numbers of the facts that do not fit them."""

    periods: tuple[Period, ...]
    doubts: tuple[int, ...]

    def on(self, day: date) -> Period | None:
        """The period in which a day lies."""
        return next((each for each in self.periods if _holds(each, day)), None)


def standing_on_ladder(told: Iterable[Told]) -> Standing:
    """What follows from all that was said.

    >>> at = datetime(2025, 6, 1)
    >>> said = [Told(1, "registered", date(2025, 5, 1), at), Told(2, "activated", date(2025, 5, 6), at, expires_on=date(2026, 5, 6)),
    ...         Told(3, "activated", date(2025, 5, 20), at), Told(4, "none", date(2025, 5, 21), at)]
    >>> found = standing_on_ladder(said)
    >>> [(each.state, str(each.valid_from), each.valid_to and str(each.valid_to)) for each in found.periods], found.doubts
    ([('registered', '2025-05-01', '2025-05-06'), ('activated', '2025-05-06', '2026-05-06'), ('lapsed', '2026-05-06', None)], (4,))
    """
    climb = _Climb()
    for each in sorted(_live(told), key=lambda one: (one.day, one.learned_at, _ORDER[one.state], one.number)):
        climb.hear(each)
    return climb.finished()


class _Climb:
    def __init__(self) -> None:
        self.state = ""
        self.expires: tuple[date, int] | None = None  # the day, and the fact that said so
        self.begun: list[tuple[str, date, int]] = []
        self.doubts: list[int] = []

    def hear(self, told: Told) -> None:
        self._expire(told.day)
        state = _step(self.state, told)
        if state is None:
            self.doubts.append(told.number)
            return
        if state != self.state:
            self._begin(state, told.day, told.number)
        if state not in LADDER:
            self.expires = None
        elif told.expires_on is not None:
            self.expires = (told.expires_on, told.number)

    def finished(self) -> Standing:
        self._expire(None)
        # One end too many where nothing began.
        ends: Sequence[date | None] = [*(day for _state, day, _number in self.begun[1:]), None]
        periods = [
            Period(state, day, end, number)
            for (state, day, number), end in zip(self.begun, ends, strict=False)
            if end is None or end > day
        ]
        return Standing(_joined(periods), tuple(self.doubts))

    def _expire(self, until: date | None) -> None:
        """What expires before or on a day has lapsed by then."""
        if self.expires is not None and (until is None or self.expires[0] <= until):
            day, number = self.expires
            self._begin("lapsed", max(day, self.begun[-1][1]), number)
            self.expires = None

    def _begin(self, state: str, day: date, number: int) -> None:
        self.state = state
        self.begun.append((state, day, number))


def _step(state: str, told: Told) -> str | None:
    """The state after hearing a fact; None: it does not fit, and nothing changes."""
    if told.state == NONE:
        return _after_none(state, told)
    if told.state == "refused":
        return None if state in _SURE and not told.is_verified else "refused"
    if told.state == "lapsed" or state not in LADDER:
        return told.state
    return max(state, told.state, key=LADDER.index)


def _after_none(state: str, told: Told) -> str | None:
    if told.is_verified or state in ("", NONE):
        return NONE
    # Refused or lapsed: not having it is what stands already.
    return None if state in LADDER else state


def _live(told: Iterable[Told]) -> list[Told]:
    """Without what was taken back; taking back a retraction restores."""
    gone: set[int] = set()
    kept = []
    for each in sorted(told, key=lambda one: -one.number):
        if each.number in gone:
            continue
        if each.retracts is not None:
            gone.add(each.retracts)
        else:
            kept.append(each)
    return kept


def _joined(periods: Sequence[Period]) -> tuple[Period, ...]:
    """Neighbours of one state (what lay between them began and ended on one day) are one period."""
    found: list[Period] = []
    for each in periods:
        if found and found[-1].state == each.state:
            found[-1] = Period(each.state, found[-1].valid_from, each.valid_to, found[-1].number)
        else:
            found.append(each)
    return tuple(found)


def _holds(period: Period, day: date) -> bool:
    return period.valid_from <= day and (period.valid_to is None or day < period.valid_to)
