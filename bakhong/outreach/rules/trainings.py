"""Attendance of a training: when its code works, and whom an entry may mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bakhong.core.text import identity_key, name_key

OPENS_BEFORE = timedelta(minutes=30)
CLOSES_AFTER = timedelta(minutes=60)
EFFECT_DAYS = 14  # how long after a training somebody who was there may still owe a service to it
FORGET_AFTER = 30  # days; what people typed is not kept longer than somebody may still look at it
MOST_ENTRIES = 400  # of one training: no village hall holds more
MOST_A_MINUTE = 40  # a class that scans at once stays below


def is_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """True while the code on the wall takes entries: from half an hour before to an hour after.

    >>> start, end = datetime(2026, 11, 22, 8), datetime(2026, 11, 22, 10)
    >>> [is_open(start, end, datetime(2026, 11, 22, *now)) for now in ((7, 29), (7, 30), (11, 0), (11, 1))]
    [False, True, True, False]
    """
    return starts_at - OPENS_BEFORE <= now <= ends_at + CLOSES_AFTER


@dataclass(frozen=True)
class Candidate:
    """A resident; `tails` are the last four digits of the numbers they are reached under."""

    key: int
    name: str
    birth_year: int | None
    tails: frozenset[str]


@dataclass(frozen=True)
class Guess:
    """`is_sure`: name, year of birth and phone agree with exactly one resident. `keys`: whom it may mean, the likeliest first."""

    is_sure: bool
    keys: tuple[int, ...]


def guess(name: str, birth_year: int, tail: str, candidates: Iterable[Candidate]) -> Guess:
    """Whom an entry of the attendance page means. Old phones write no accents, so a name without them still counts.

    >>> an = Candidate(1, "Lê Văn An", 1960, frozenset({"5678"}))
    >>> ân = Candidate(2, "Lê Văn Ân", 1960, frozenset({"5678"}))
    >>> guess("le van an", 1960, "5678", [an]), guess("Lê Văn An", 1960, "9999", [an])
    (Guess(is_sure=True, keys=(1,)), Guess(is_sure=False, keys=(1,)))
    >>> guess("le van an", 1960, "5678", [ân, an]).is_sure, guess("Lê Văn An", 1960, "5678", [ân, an])
    (False, Guess(is_sure=True, keys=(1, 2)))
    """
    alike = [each for each in candidates if name_key(each.name) == name_key(name)]
    scored = sorted(((-_score(each, name, birth_year, tail), each.key) for each in alike), key=lambda e: e)
    likely = [(score, key) for score, key in scored if score < 0]
    best = [key for score, key in likely if score == likely[0][0]]
    is_sure = len(best) == 1 and bool(likely) and -likely[0][0] >= _SURE
    return Guess(is_sure, tuple(key for _, key in likely))


_SURE = 4  # year and phone agree


def _score(candidate: Candidate, name: str, birth_year: int, tail: str) -> int:
    """0 for somebody of that name of whom neither the year nor the phone agrees."""
    year = 2 if candidate.birth_year == birth_year else 0
    phone = 2 if tail and tail in candidate.tails else 0
    return year + phone + (identity_key(candidate.name) == identity_key(name)) if year + phone else 0
