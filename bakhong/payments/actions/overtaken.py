"""Deeds that somebody else's deed was in the way of: the database ended one of the two, and nothing is wrong with it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError

DEADLOCK = "40P01"
_Done = TypeVar("_Done")


def is_overtaken(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def again_when_overtaken(deed: Callable[[], _Done]) -> _Done:
    """A deed that is a transaction of its own is done once more where it was overtaken."""
    try:
        return deed()
    except OperationalError as error:
        if not is_overtaken(error):
            raise
    return deed()
