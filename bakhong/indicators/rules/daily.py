"""The frozen content of a daily report: its canonical text, its hash, what a later count says otherwise, and the message to paste.

The content (schema 2) is JSON of texts, whole numbers, lists and null:
    schema, unit {code, name, level}, day, issue, made_at, made_by,
    figures [{indicator, stage, population, title, counted, numerator, denominator,
              before {day, numerator, denominator, recounted} | null}],
    undated (how many facts count from the day of their list, or on which they were told, for want of their own),
    visits {visits, households, met}, helped [{service, name, people}], obstacles [{reason, name, people}],
    tomorrow {come_back, sessions [text]}, plan, text
`recounted` is the numerator of the earlier day as it is known when the report is made. Schema 1 has neither it nor `undated`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = 2
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
class Moved:
    """How a number moved since the report before. `happened`: by what is true from the days since; `learned`: by what was true before
    and was told, or taken back, only since. `happened` None: schema 1, which knows only the sum, and has it in `learned`.
    """

    happened: int | None
    learned: int

    def __bool__(self) -> bool:
        return bool(self.happened or self.learned)


def moved(row: Mapping[str, Any]) -> Moved:
    """
    >>> before = {"day": "2026-11-21", "numerator": 5, "denominator": 200}
    >>> moved({"numerator": 120, "before": before | {"recounted": 117}})
    Moved(happened=3, learned=112)
    >>> moved({"numerator": 120, "before": before})
    Moved(happened=None, learned=115)
    """
    before = row["before"]
    if before is None:
        return Moved(None, 0)
    if "recounted" not in before:
        return Moved(None, row["numerator"] - before["numerator"])
    return Moved(row["numerator"] - before["recounted"], before["recounted"] - before["numerator"])


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
