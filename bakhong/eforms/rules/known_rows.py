"""Rows that a source knows: which of them is the applicant, and which row of the form each of them stands in."""

from collections.abc import Mapping, Sequence
from typing import Any

from bakhong.core.text import identity_key

Row = Mapping[str, Any]


def without_self(rows: Sequence[Row], own: Row) -> list[Row]:
    """The others of a list. `own`: what is known of the applicant, under the list's own names.

    >>> home = [{"full_name": "Lê Hoá", "birth": "1990-02-01"}, {"full_name": "Lê Hoà", "birth": "1990-02-01"},
    ...         {"full_name": "Lê Hóa", "birth": "2012"}]
    >>> [row["birth"] for row in without_self(home, {"full_name": "Lê Hóa", "birth": "1990", "national_id": "038190000123"})]
    ['1990-02-01', '2012']
    """
    return [row for row in rows if not _is_of(row, own)]


def _is_of(row: Row, own: Row) -> bool:
    if row.get("national_id") and own.get("national_id"):
        return bool(row["national_id"] == own["national_id"])
    birth, own_birth = str(row.get("birth", "")), str(own.get("birth", ""))
    same_name = identity_key(str(row.get("full_name", ""))) == identity_key(str(own.get("full_name", "")))
    return (
        bool(own.get("full_name"))
        and same_name
        and (birth.startswith(own_birth) or own_birth.startswith(birth))
    )


def aligned(held: Mapping[int, Row], said: Mapping[int, Row]) -> dict[int, int]:
    """Row of the source → row of the form that was filled in from it, wherever that stands now: the first that says all the same.

    >>> aligned({0: {"name": "B"}, 1: {"name": "C"}}, {0: {"name": "A"}, 1: {"name": "B", "sex": "male"}, 2: {"name": "C"}})
    {1: 0, 2: 1}
    """
    found: dict[int, int] = {}
    for number, row in sorted(held.items()):
        same = (
            each
            for each, theirs in sorted(said.items())
            if each not in found and row and all(theirs.get(name) == value for name, value in row.items())
        )
        if (source := next(same, None)) is not None:
            found[source] = number
    return found
