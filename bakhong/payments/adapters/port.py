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
class Missed:
    """Movements after the cursor asked with, oldest first, and the cursor to ask with next time."""

    told: tuple[Told, ...]
    cursor: str
    unreadable: int = 0  # movements whose words we did not understand


class Feed(Protocol):
    """`cursor` is what the last answer gave (empty at first); `since`: the day to begin with where there is none."""

    def missed(self, number: str, *, cursor: str, since: date) -> Missed:
        """Raises: Silent."""
        ...

    def check(self, number: str) -> Check: ...
