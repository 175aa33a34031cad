"""The frozen content of a daily report: its canonical text, its hash, what a later count says otherwise, and the message to paste.

The content (schema 1) is JSON of texts, whole numbers, lists and null:
    schema, unit {code, name, level}, day, issue, made_at, made_by,
    figures [{indicator, stage, population, title, counted, numerator, denominator, before {day, numerator, denominator} | null}],
    visits {visits, households, met}, helped [{service, name, people}], obstacles [{reason, name, people}],
    tomorrow {come_back, sessions [text]}, plan, text
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = 1
LONGEST_MESSAGE = 900  # characters: what a chat group shows without folding it away
LONGEST_PLAN = 300

Content = Mapping[str, Any]


def canonical(content: Content) -> bytes:
    """The same content is the same bytes, whatever order it was put together or stored in.

    >>> canonical({"b": 1, "a": "ở"}) == canonical({"a": "ở", "b": 1})
    True
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Content) -> str:
    """
    >>> digest({})[:12]
    '44136fa355b3'
    """
    return hashlib.sha256(canonical(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class Restated:
    """One number that would read differently today. `part`: figures, visits, helped, obstacles; None: it was not there."""

    part: str
    key: str
    name: str
    then: str | None
    now: str | None


def restated(frozen: Content, today: Content) -> tuple[Restated, ...]:
    """What a report made today of the same day would say otherwise, in the order of the report.

    >>> one = {"visits": {"visits": 3}}
    >>> restated(one, {"visits": {"visits": 4}})
    (Restated(part='visits', key='visits', name='', then='3', now='4'),)
    """
    then, now = dict(_numbers(frozen)), dict(_numbers(today))
    return tuple(
        Restated(
            *key,
            (then.get(key) or now[key])[0],
            then[key][1] if key in then else None,
            now[key][1] if key in now else None,
        )
        for key in dict.fromkeys([*then, *now])
        if then.get(key, ("", None))[1] != now.get(key, ("", None))[1]
    )


def _numbers(content: Content) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """((part, key), (name, number as text)) of every number of the day itself."""
    for row in content.get("figures", ()):
        key = f"{row['indicator']}/{row['stage']}/{row['population']}"
        yield ("figures", key), (row["title"], f"{row['numerator']}/{row['denominator']}")
    for key, number in content.get("visits", {}).items():
        yield ("visits", key), ("", str(number))
    for part, code in (("helped", "service"), ("obstacles", "reason")):
        for row in content.get(part, ()):
            yield (part, row[code]), (row["name"], str(row["people"]))


def fit(head: Sequence[str], figures: Sequence[str], tail: Sequence[str], more: str) -> str:
    """The lines as one message of at most `LONGEST_MESSAGE` characters; what does not fit is counted in `more` (one %d).

    >>> fit(["A"], ["b" * 500, "c" * 500], ["D"], "… và %d chỉ tiêu khác")[-22:]
    '… và 1 chỉ tiêu khác\\nD'
    """
    shown = list(figures)
    while True:
        left = len(figures) - len(shown)
        text = "\n".join([*head, *shown, *([more % left] if left else []), *tail])
        if len(text) <= LONGEST_MESSAGE or not shown:
            return text
        shown.pop()
