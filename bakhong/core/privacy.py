"""How private a column is. Every model says so for every one of its columns, in a class attribute `privacy`.

    class Official(models.Model):
        privacy = {"name": Privacy.PERSONAL, "position": Privacy.PUBLIC}

Keys, foreign keys, periods and opaque ids need no mark unless one is given: they are INTERNAL. Masking, export, retention and the
"who looked at me" page read the marks.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Privacy(StrEnum):
    PUBLIC = "public"  # may stand on the public page
    INTERNAL = "internal"  # for staff; tells nothing about a person
    PERSONAL = "personal"  # tells something about a person: a name, an address, a phone number
    SENSITIVE = "sensitive"  # harms when it leaks: a secret, a national id, health, a bank account


def mark_of(model: Any, column: str) -> Privacy | None:
    """The mark of a column, None when the model gives it none."""
    marks: Mapping[str, Privacy] = getattr(model, "privacy", {})
    return marks.get(column)


def unmarked(model: Any, columns: Iterable[str]) -> list[str]:
    """The columns that a model leaves without a mark."""
    return [column for column in columns if mark_of(model, column) is None]
