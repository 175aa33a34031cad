"""Mobile sessions: who comes when, and what stands in each other's way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SLOT = timedelta(minutes=30)


def slots(starts_at: datetime, ends_at: datetime, people: int) -> list[datetime]:
    """When each of so many people is asked to come, so that nobody queues for hours: spread evenly over half hours, in their order.

    >>> [each.strftime("%H:%M") for each in slots(datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9, 30), 5)]
    ['08:00', '08:00', '08:30', '08:30', '09:00']
    """
    count = max(1, (ends_at - starts_at) // SLOT)
    return [starts_at + SLOT * (rank * count // people) for rank in range(people)]


@dataclass(frozen=True)
class Booking:
    """Something that takes place; `provider` is "" where nobody from outside comes."""

    key: str
    title: str
    place_id: int
    provider: str
    starts_at: datetime
    ends_at: datetime


def clashes(wanted: Booking, others: Iterable[Booking]) -> list[tuple[str, Booking]]:
    """("place" | "provider", what it clashes with): residents cannot be at two things in their village, nor a provider in two villages.

    >>> day = lambda hour: datetime(2026, 1, 1, hour)
    >>> police = Booking("a", "Công an", 1, "Công an xã", day(8), day(11))
    >>> same = Booking("b", "Tập huấn", 1, "", day(10), day(12))
    >>> away = Booking("c", "Công an", 2, "công an xã", day(9), day(10))
    >>> after = Booking("d", "Ngân hàng", 1, "", day(11), day(12))
    >>> [(kind, each.key) for kind, each in clashes(police, [police, same, away, after])]
    [('place', 'b'), ('provider', 'c')]
    """
    found = []
    for each in others:
        if each.key == wanted.key or each.starts_at >= wanted.ends_at or each.ends_at <= wanted.starts_at:
            continue
        if each.place_id == wanted.place_id:
            found.append(("place", each))
        elif wanted.provider and each.provider.casefold() == wanted.provider.casefold():
            found.append(("provider", each))
    return found


def free_slots(every: Iterable[datetime], taken: Iterable[datetime]) -> list[datetime]:
    """The hours nobody has yet. Who comes with their family at its first hour takes up the next one that is free.

    >>> eight, half, nine = (datetime(2026, 12, 1, *each) for each in ((8, 0), (8, 30), (9, 0)))
    >>> [str(each.time()) for each in free_slots([eight, half, nine], [eight, eight])]
    ['09:00:00']
    >>> [str(each.time()) for each in free_slots([eight, half, nine], [half, nine])]
    ['08:00:00']
    """
    free = sorted(every)
    for hour in sorted(taken):
        if free:
            free.remove(next((each for each in free if each >= hour), free[-1]))
    return free


@dataclass(frozen=True)
class Lacking:
    """Somebody who lacks `count` of what a session offers. `household` None: nobody knows theirs."""

    key: int
    household: int | None
    birth_year: int | None
    count: int


def invitation_order(people: Iterable[Lacking]) -> list[int]:
    """Households in which most is lacking first, then those with the oldest member; who lives together comes together, the oldest first.

    >>> old, young = Lacking(1, 10, 1940, 1), Lacking(2, 10, 1990, 1)
    >>> alone, elder = Lacking(3, None, 1985, 1), Lacking(4, 11, 1935, 1)
    >>> invitation_order([alone, young, elder, old])
    [1, 2, 4, 3]
    """
    homes: dict[tuple[str, int], list[Lacking]] = {}
    for each in people:
        home = ("home", each.household) if each.household is not None else ("alone", each.key)
        homes.setdefault(home, []).append(each)
    for members in homes.values():
        members.sort(key=_by_age)
    ordered = sorted(homes.values(), key=lambda home: (-sum(each.count for each in home), _by_age(home[0])))
    return [each.key for home in ordered for each in home]


def _by_age(person: Lacking) -> tuple[int, int]:
    return person.birth_year or 9999, person.key
