"""Was it done in time, as the national index counts it.

Source: the formula text of Decision 766/QĐ-TTg, item 2.1 (unofficial copy): in time when the end is not after the appointed moment; the
end is that of the result, else of its return, else of stopping or refusing; time of supplements left out; more than one request for
supplements counts as late. A moment named anew counts where it was named before the old one had passed: an apology for being late makes
nothing timely.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Case:
    due_at: datetime | None
    finished_at: datetime | None
    supplements: int
    was_late: bool = False  # already when the moment was named anew


def in_time(case: Case) -> bool | None:
    """None where it cannot be said: not finished, or never received.

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 6, tzinfo=UTC)
    >>> in_time(Case(due, due, 0)), in_time(Case(due, due, 2)), in_time(Case(due, None, 0))
    (True, False, None)
    >>> in_time(Case(due, due, 0, was_late=True))
    False
    """
    if case.due_at is None or case.finished_at is None:
        return None
    return case.finished_at <= case.due_at and case.supplements <= 1 and not case.was_late
