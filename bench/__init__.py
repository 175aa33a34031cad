"""The speed promises, measured: `./dev bench [name …]`. Never part of the tests, for a busy machine would fail them.

A module here gives `scenarios()`, a list of `Scenario`; with `NEEDS_DATABASE = True` it is called with Django set up on a database
of its own (var/bench, kept between runs, so filling it must be safe to repeat).
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """`run` is timed as a whole; `promise` is the p95 we promise, in milliseconds."""

    name: str
    run: Callable[[], object]
    promise: float
    clients: int = 1
    repeats: int = 40
    detail: str = ""
