"""Comparing what is stored with what it should be: spans with lives, deltas with spans, balances with deltas. Nothing is written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from bakhong.core.actor import Actor
from bakhong.indicators.actions.recompute import (
    BALANCES,
    KINDS,
    LOCK,
    SUBJECTS,
    everybody,
    expected_deltas,
    lives,
    subjects_in_batches,
)
from bakhong.indicators.rules.measures import book
from bakhong.indicators.rules.spans import FIRST, spans_of

MOST_DIFFERENCES = 200


@dataclass(frozen=True)
class Difference:
    """What is stored and what should be; `what` is "span" (of a subject) or "delta", "balance" (of a place)."""

    what: str
    subject: str
    day: date | None
    stored: int
    expected: int


@dataclass(frozen=True)
class Verification:
    """How many spans and cells were compared, and the first differences."""

    cells: int
    differences: tuple[Difference, ...]

    @property
    def is_ok(self) -> bool:
        return not self.differences


def verify(*, by: Actor) -> Verification:
    """Compares spans with lives, deltas with spans and balances with deltas, and changes nothing.

    Raises: NotAllowed for anybody but the operator.
    """
    with transaction.atomic(), everybody(by), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        compared, found = _verify_spans(cursor)
        cells, wrong = _verify_deltas(cursor)
        balances, off = _verify_balances(cursor)
    return Verification(compared + cells + balances, tuple([*found, *wrong, *off][:MOST_DIFFERENCES]))


def _verify_spans(cursor: Any) -> tuple[int, list[Difference]]:
    compared, found = 0, []
    for kind in SUBJECTS:
        last = 0
        for batch in subjects_in_batches(kind):
            stored = _stored(cursor, kind, last, batch[-1])
            expected = Counter(
                (life.id, life.village_id, *span) for life in lives(kind, batch) for span in spans_of(life)
            )
            compared += len(expected)
            found += _span_differences(kind, stored, expected)
            last = batch[-1]
        found += _span_differences(kind, _stored(cursor, kind, last, None), Counter())
    return compared, found


def _stored(cursor: Any, kind: str, after: int, upto: int | None) -> Counter[Any]:
    """The stored spans of subjects in (after, upto]: also of those who do not exist."""
    cursor.execute(
        "SELECT subject, village_id, place_id, valid_from, valid_to, populations, havings FROM indicators_countspan"
        " WHERE kind = %s AND subject > %s AND (%s::bigint IS NULL OR subject <= %s)",
        [KINDS[kind], after, upto, upto],
    )
    return Counter(cursor.fetchall())


def _span_differences(kind: str, stored: Counter[Any], expected: Counter[Any]) -> list[Difference]:
    return [
        Difference("span", f"{kind} {span[0]}", span[3], stored[span], expected[span])
        for span in stored.keys() | expected.keys()
        if stored[span] != expected[span]
    ]


def _verify_deltas(cursor: Any) -> tuple[int, list[Difference]]:
    return _compared(
        cursor,
        "delta",
        "SELECT place_id, cell, day, sum(change) AS number FROM indicators_delta, unnest(cells, changes) AS each(cell, change)"
        " GROUP BY 1, 2, 3 HAVING sum(change) <> 0",
        f"SELECT place_id, cell, day, change AS number FROM ({expected_deltas()}) e, unnest(cells, changes) AS each(cell, change)",  # noqa: S608
        {},
    )


def _verify_balances(cursor: Any) -> tuple[int, list[Difference]]:
    cursor.execute("SELECT folded_to, (SELECT max(day) + 1 FROM indicators_balance) FROM indicators_build")
    upto, last = cursor.fetchone() or (0, None)
    if last is None:
        return 0, []
    return _compared(
        cursor,
        "balance",
        "SELECT place_id, cell, day, total AS number FROM indicators_balance",
        f"SELECT place_id, cell, day, total AS number FROM ({BALANCES}) expected",  # noqa: S608
        {"first": FIRST, "last": last, "upto": upto},
    )


def _compared(
    cursor: Any, what: str, stored: str, expected: str, values: Mapping[str, Any]
) -> tuple[int, list[Difference]]:
    """How many rows there should be, and those that differ."""
    cursor.execute(
        f"WITH compared AS MATERIALIZED (SELECT place_id, cell, day, coalesce(s.number, 0) AS stored,"  # noqa: S608
        f" coalesce(e.number, 0) AS expected FROM ({stored}) s FULL JOIN ({expected}) e USING (place_id, cell, day))"
        " SELECT (SELECT count(*) FROM compared), wrong.* FROM (SELECT) one LEFT JOIN (SELECT * FROM compared"
        " WHERE stored <> expected ORDER BY place_id, cell, day LIMIT %(most)s) wrong ON true",
        {**values, "most": MOST_DIFFERENCES},
    )
    rows = cursor.fetchall()
    found = [
        Difference(what, f"{place} {name_of_cell(cell)}", day, stored_number, expected_number)
        for _cells, place, cell, day, stored_number, expected_number in rows
        if place is not None
    ]
    return int(rows[0][0]), found


def name_of_cell(cell: int) -> str:
    """A measure that counts the cell, as it stands in addresses; its denominator where it is nobody's numerator."""
    for measure in book().measures.values():
        if cell == measure.numerator:
            return measure.key.slug
    return next(
        (f"/{measure.key.slug}" for measure in book().measures.values() if cell == measure.denominator),
        str(cell),
    )
