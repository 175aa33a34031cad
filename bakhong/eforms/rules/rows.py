"""Buttons that add or take away a row of a repeating group; they work without any script."""

from collections.abc import Mapping
from dataclasses import dataclass

from bakhong.eforms.rules.spec import FormSpec, Group

ADD, REMOVE = "_add", "_remove"


@dataclass(frozen=True)
class Changed:
    """The group has `count` rows now; `removed` is the row that goes (from 0), None where one was added."""

    group: str
    count: int
    removed: int | None = None


def changed_rows(spec: FormSpec, rows: Mapping[str, int], posted: Mapping[str, list[str]]) -> Changed | None:
    """What a pressed button asks for; None where none was pressed, or it asks for what cannot be."""
    groups = {item.code: item for _page, item in spec.items() if isinstance(item, Group)}
    for name in posted.get(ADD, [])[:1]:
        if name in rows and name in groups and rows[name] < groups[name].max:
            return Changed(name, rows[name] + 1)
    for text in posted.get(REMOVE, [])[:1]:
        name, _dot, number = text.partition(".")
        if (
            name not in rows
            or name not in groups
            or not (number.isascii() and number.isdigit())
            or len(number) > 3
        ):
            continue
        if int(number) < rows[name] and rows[name] > groups[name].min:
            return Changed(name, rows[name] - 1, int(number))
    return None
