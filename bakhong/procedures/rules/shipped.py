"""The calendar that ships with the program: `data/calendar.toml`, one entry a day, each with the document it comes from."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bakhong.procedures.rules.calendar import SpecialDay, WorkCalendar

_DATA = Path(__file__).resolve().parent.parent / "data" / "calendar.toml"


@cache
def shipped_days() -> Mapping[date, SpecialDay]:
    """
    >>> shipped_days()[date(2026, 8, 22)].is_worked, shipped_days()[date(2026, 11, 24)].is_verified
    (True, False)
    """
    document = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    sources = document["sources"]
    found: dict[date, SpecialDay] = {}
    for row in document["day"]:
        assert row["on"] not in found, row["on"]
        found[row["on"]] = SpecialDay(
            on=row["on"],
            is_worked=row.get("is_worked", False),
            name=row["name"],
            source=sources[row["source"]],
            is_verified=row.get("is_verified", True),
        )
    return MappingProxyType(found)


@cache
def shipped_years() -> frozenset[int]:
    return frozenset(tomllib.loads(_DATA.read_text(encoding="utf-8"))["years"])


@cache
def shipped_calendar() -> WorkCalendar:
    """The days of the whole country with the default office hours."""
    return WorkCalendar(days=shipped_days(), years=shipped_years())


@cache
def version() -> str:
    """Changes whenever the file does."""
    return hashlib.sha256(_DATA.read_bytes()).hexdigest()[:16]
