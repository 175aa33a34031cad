"""What was read of the map, the calendar and the catalogue is kept while one request lasts: a page asks the same of it many times.

Once the request changes one of them, nothing is kept any more. Outside of `reading_the_map_once` every question is asked anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("map_read", default=None)


@contextmanager
def reading_the_map_once() -> Iterator[None]:
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def remembered(key: Hashable, read: Callable[[], T]) -> T:
    """The answer as it was read before in this request, else `read()`. Whoever gets it must not change it."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def forget() -> None:
    """What is kept was changed: from now on this request reads it each time."""
    _kept.set(None)
