"""Asking a broker for the movements that its notifications left out."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bakhong.payments.rules.lines import Told


class Silent(Exception):
    """It did not answer, or not in words we know; `problem` is a code."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Check:
    ok: bool
    detail: str


@dataclass(frozen=True)
class UnreadRow:
    """A movement whose words we did not understand: its id there, the row as it came (JSON), and why (a code)."""

    external_id: str
    body: str
    problem: str


@dataclass(frozen=True)
class Missed:
    """Movements after the cursor asked with, oldest first, and the cursor to ask with next time."""

    told: tuple[Told, ...]
    cursor: str
    unread: tuple[UnreadRow, ...] = ()
    is_full: bool = False  # as many as are given at once: there may be more that nobody will be told of again


class Feed(Protocol):
    """`cursor` is what the last answer gave (empty at first); `since`: the day to begin with where there is none; none is after `until`."""

    def missed(self, number: str, *, cursor: str, since: date, until: date) -> Missed:
        """Raises: Silent."""
        ...

    def check(self, number: str) -> Check: ...
