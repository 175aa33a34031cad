"""Noting that somebody looked, after the page is made: the view itself only reads.

A view calls `note(request, person)`; the middleware writes what was noted before the answer leaves. If that fails, nobody gets the page.
"""

from dataclasses import dataclass
from typing import Any

from bakhong.people.models import Person, Reason, Seen


@dataclass(frozen=True)
class Noted:
    person: Person
    what: str
    reason: str


def note(request: Any, person: Person, *, what: str = Seen.RECORD, reason: str = Reason.DUTY) -> None:
    """The page being made shows this person's record."""
    request.people_seen = [*noted(request), Noted(person, what, reason)]


def noted(request: Any) -> list[Noted]:
    return getattr(request, "people_seen", [])
