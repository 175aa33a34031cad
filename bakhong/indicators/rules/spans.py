"""When somebody is counted where: a life becomes spans, spans become changes of what each place counts.

Between two days on which nothing about somebody changes, one span says whom they count among (populations) and what they have (havings),
as bits of the book. A day is counted from its beginning; ends are excluded.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

from bakhong.indicators.rules.measures import Group, Having, book
from bakhong.people.rules.births import Parts, reaches_on
from bakhong.people.rules.eligibility import AWAY, GONE
from bakhong.people.rules.services import reached

# Nothing is told of the days before: the programme is younger, and every birthday since 1900 would cost a row.
FIRST = date(2020, 1, 1)
# The day under which a database keeps what held already on the first one, or of which nobody knows since when.
ALWAYS = date(1900, 1, 1)
NOBODY = (0, 0)

Stay = tuple[int, str, str, date | None, date | None]  # place, presence, device, from, to
Holding = tuple[str, str, date | None, date | None]  # service, state, from, to


class Life(Protocol):
    """What is known of one subject through time; see `people.queries.adoption`."""

    @property
    def kind(self) -> str: ...
    @property
    def birth(self) -> Parts: ...
    @property
    def stays(self) -> Sequence[Stay]: ...
    @property
    def holdings(self) -> Sequence[Holding]: ...
    @property
    def is_known(self) -> bool: ...


class Span(NamedTuple):
    """From a day (None: always) until before another (None: for good) somebody counts at a place."""

    place: int
    valid_from: date | None
    valid_to: date | None
    populations: int
    havings: int


Bits = tuple[int, int]  # populations, havings


class Step(NamedTuple):
    """From a day on somebody at a place is counted under other bits; (0, 0): not at all."""

    place: int
    day: date
    before: Bits
    after: Bits


def spans_of(life: Life) -> list[Span]:
    """The spans of a life, in order, without gaps inside a stay; days on which they count nowhere have none."""
    if not life.is_known:
        return []
    birthdays = _birthdays(life.birth)
    # The roll does not say since when a child lives where it lives: not before it was born.
    earliest = max(FIRST, reaches_on(life.birth, 0) or FIRST)
    found: list[Span] = []
    for stay in life.stays:
        place, presence, device, start, end = stay
        start, end = max(start or date.min, earliest), end or date.max
        if presence in GONE or start >= end:
            continue
        for first, last in _pieces(start, end, birthdays, life.holdings):
            populations = _populations(life.kind, bisect_right(birthdays, first), presence, device)
            if populations:
                states = tuple(
                    (service, state)
                    for service, state, since, until in life.holdings
                    if (since is None or since <= first) and (until is None or until > first)
                )
                _add(found, Span(place, first, last, populations, _havings(states, device)))
    return [
        each._replace(
            valid_from=None if each.valid_from == FIRST else each.valid_from,
            valid_to=None if each.valid_to == date.max else each.valid_to,
        )
        for each in found
    ]


def changes(spans: Iterable[Span], by: int = 1) -> Counter[Step]:
    """How many take each step; `by` −1 takes the spans away. Neighbours that touch are one step, for most of what is counted stays.

    >>> [(step.day.year, step.before, step.after) for step in changes([Span(7, None, date(2026, 3, 1), 1, 0)])]
    [(1900, (0, 0), (1, 0)), (2026, (1, 0), (0, 0))]
    """
    found: Counter[Step] = Counter()
    place, end, bits = 0, None, NOBODY
    for span in spans:
        own = (span.populations, span.havings)
        if end is not None and end == span.valid_from and place == span.place:
            found[Step(place, end, bits, own)] += by
        else:
            if end is not None:
                found[Step(place, end, bits, NOBODY)] += by
            found[Step(span.place, span.valid_from or ALWAYS, NOBODY, own)] += by
        place, end, bits = span.place, span.valid_to, own
    if end is not None:
        found[Step(place, end, bits, NOBODY)] += by
    return found


def cell_changes(steps: Mapping[Step, int]) -> dict[tuple[int, int, date], int]:
    """(place, cell, day) → by how much what it counts changes that day; nothing where it does not."""
    found: Counter[tuple[int, int, date]] = Counter()
    for (place, day, before, after), number in steps.items():
        if number:
            left, entered = _crossed(before, after)
            for cell in entered:
                found[place, cell, day] += number
            for cell in left:
                found[place, cell, day] -= number
    return {key: number for key, number in found.items() if number}


@lru_cache(maxsize=1 << 16)
def _crossed(before: Bits, after: Bits) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The cells left and the cells entered."""
    old, new = set(cells_of(*before)), set(cells_of(*after))
    return tuple(old - new), tuple(new - old)


@lru_cache(maxsize=1 << 16)
def cells_of(populations: int, havings: int) -> tuple[int, ...]:
    """The cells that count somebody with these bits."""
    return tuple(
        number
        for number, cell in enumerate(book().cells)
        if populations >> cell.population & 1 and (cell.having is None or havings >> cell.having & 1)
    )


def _add(found: list[Span], span: Span) -> None:
    """Two spans that touch and say the same are one."""
    last = found[-1] if found else None
    if (
        last is not None
        and last.valid_to == span.valid_from
        and (last.place, *last[3:]) == (span.place, *span[3:])
    ):
        found[-1] = last._replace(valid_to=span.valid_to)
    else:
        found.append(span)


def _pieces(
    start: date, end: date, birthdays: Sequence[date], holdings: Sequence[Holding]
) -> Iterable[tuple[date, date]]:
    """The stretch cut where an age is reached or a service changes."""
    days = {start, end}
    days.update(day for day in birthdays if start < day < end)
    for _service, _state, since, until in holdings:
        days.update(day for day in (since, until) if day is not None and start < day < end)
    if len(days) == 2:
        return ((start, end),)
    cuts = sorted(days)
    return pairwise(cuts)


@lru_cache(maxsize=1 << 15)
def _birthdays(birth: Parts) -> tuple[date, ...]:
    """The days on which the ages of the book are surely reached; of whom no birth is known, none ever is."""
    days = (reaches_on(birth, age) for age in book().ages)
    return tuple(day for day in days if day is not None)


@cache
def _populations(kind: str, ages: int, presence: str, device: str) -> int:
    """Bits of the populations; `ages`: how many ages of the book somebody has reached."""
    reached_age = (0, *book().ages)[ages]
    return sum(
        1 << bit
        for bit, group in enumerate(book().groups)
        if _is_in(group, kind, reached_age, presence, device)
    )


def _is_in(group: Group, kind: str, age: int, presence: str, device: str) -> bool:
    if kind not in group.kinds:
        return False
    if kind == "person" and (age < group.age_min or (group.age_max is not None and age > group.age_max)):
        return False
    if kind == "person" and group.is_present and presence in AWAY:
        return False
    return group.has_smartphone is None or group.has_smartphone is (device == "smartphone")


@lru_cache(maxsize=1 << 16)
def _havings(states: tuple[tuple[str, str], ...], device: str) -> int:
    return sum(1 << bit for bit, having in enumerate(book().havings) if _has(having, states, device))


def _has(having: Having, states: tuple[tuple[str, str], ...], device: str) -> bool:
    if having.devices:
        return device in having.devices
    has = any(service in having.services and reached(state, having.at_least) for service, state in states)
    better = any(service in having.without and reached(state, having.at_least) for service, state in states)
    return has and not better


def forget() -> None:
    """For tests that read other rules: what was worked out from the book before is dropped."""
    for each in (cells_of, _crossed, _birthdays, _populations, _havings):
        each.cache_clear()
