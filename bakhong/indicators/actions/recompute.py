"""What the roll counts, kept in step with the facts: after every deed, from scratch, and compared.

Spans are made of lives (`people.queries.adoption`), deltas of spans. A deed about some people takes their old spans away and puts the new
ones in; what that changes in a place is added as deltas, summed. Deeds wait for a rebuild and a rebuild for them (an advisory lock), and
two deeds about one person wait for each other (its row).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor, Operator
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed
from bakhong.indicators.models import Kind
from bakhong.indicators.rules.measures import Cell, book
from bakhong.indicators.rules.spans import (
    ALWAYS,
    FIRST,
    Span,
    Step,
    cell_changes,
    changes,
    spans_of,
)
from bakhong.people.models import Household, Organisation, Person, PhoneSubscription
from bakhong.people.queries.adoption import Life, lives_of, lives_of_subjects
from bakhong.people.scope import seeing

BATCH = 5000
SUBJECTS = {
    "person": Person,
    "household": Household,
    "subscription": PhoneSubscription,
    "organisation": Organisation,
}
KINDS = {label: int(Kind(value)) for value, label in Kind.choices}
LOCK = "hashtext('bakhong.counts')"
_COLUMNS = "kind, subject, village_id, place_id, valid_from, valid_to, populations, havings"


def count_again(*, kind: str, ids: Collection[int]) -> None:
    """These subjects may count otherwise now. Called in the transaction of the deed that changed them; nothing is committed here.

    Where the tables still follow other rules nothing is done: the rebuild to come reads all.
    """
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK})")
        if not _is_current(cursor):
            return
        _hold(cursor, kind, ids)
        steps = changes(_taken(cursor, kind, ids), -1)
        for batch in _batches(sorted(ids)):
            steps.update(_put(cursor, kind, lives(kind, batch)))
        _add_deltas(cursor, steps)


def those_shown_for(person_ids: Collection[int]) -> list[int]:
    """These people and those they turned out to be: what is said of a double changes who stands for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE shown(id) AS (SELECT unnest(%s::bigint[]) UNION SELECT p.merged_into_id FROM shown"
            " JOIN people_person p ON p.id = shown.id WHERE p.merged_into_id IS NOT NULL) SELECT id FROM shown",
            [list(person_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def households_ever_of(person_ids: Collection[int]) -> list[int]:
    """Every household that was ever said of these people or of their doubles: what is said now may have emptied or filled it."""
    with connection.cursor() as cursor:
        # One table a statement: a join over rows that no ANALYZE has seen yet is planned for an empty table, and takes hours.
        cursor.execute(
            "SELECT id FROM people_person WHERE merged_into_id = ANY(%(ids)s)", {"ids": list(person_ids)}
        )
        ids = [*person_ids, *(row[0] for row in cursor.fetchall())]
        cursor.execute(
            "SELECT DISTINCT values ->> 'household' FROM people_fact WHERE person_id = ANY(%s) AND values ->> 'household' <> ''",
            [ids],
        )
        uuids = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT id FROM people_household WHERE uuid = ANY(%s::uuid[])", [uuids])
        return [row[0] for row in cursor.fetchall()]


def rebuild(*, by: Actor, at: datetime) -> int:
    """Spans and deltas of everybody anew; returns how many spans there are. Deeds wait until it is done.

    Raises: NotAllowed for anybody but the operator, for it reads people everywhere.
    """
    with transaction.atomic(), everybody(by), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute("SET LOCAL app.rebuilding = 'on'")
        cursor.execute("DELETE FROM indicators_countspan")
        for kind in SUBJECTS:
            for batch in subjects_in_batches(kind):
                _put(cursor, kind, lives(kind, batch))
        cursor.execute("SELECT count(*) FROM indicators_countspan")
        (spans,) = cursor.fetchone() or (0,)
        rebuild_deltas(at=at)
        fold(at=at)
        cursor.execute("SET LOCAL app.rebuilding = 'off'")
        audit.record(
            by=by,
            at=at,
            deed="indicators.recompute",
            object_kind="build",
            object_id=None,
            place_id=None,
            spans=spans,
            fingerprint=book().fingerprint,
        )
    return int(spans)


def rebuild_deltas(*, at: datetime) -> None:
    """Deltas of the spans that are there; balances are to be made after. The caller holds the lock, sees every span and may delete."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_delta")
        cursor.execute("DELETE FROM indicators_balance")
        cursor.execute("SET LOCAL work_mem = '256MB'")  # a province sorts ten million boundaries
        cursor.execute(
            "SET LOCAL max_parallel_workers_per_gather = 0"
        )  # handing the sums over costs more than it saves
        cursor.execute(f"INSERT INTO indicators_delta (place_id, day, cells, changes) {expected_deltas()}")
        cursor.execute(
            "INSERT INTO indicators_build (id, fingerprint, built_at, folded_to) VALUES (1, %(rules)s, %(at)s, 0)"
            " ON CONFLICT (id) DO UPDATE SET fingerprint = %(rules)s, built_at = %(at)s, folded_to = 0",
            {"rules": book().fingerprint, "at": at},
        )


def fold(*, at: datetime) -> None:
    """Balances of all deltas there are, up to the last quarter that has ended. No answer changes, only how soon it comes.

    For a province, now and then; deeds wait meanwhile.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute("SELECT coalesce(max(id), 0) FROM indicators_delta")
        (upto,) = cursor.fetchone() or (0,)
        cursor.execute("DELETE FROM indicators_balance")
        cursor.execute(
            f"INSERT INTO indicators_balance (place_id, cell, day, total) {BALANCES}",
            {"first": FIRST, "last": day_of(at), "upto": upto},
        )
        cursor.execute("UPDATE indicators_build SET folded_to = %s", [upto])


# --- steps -----------------------------------------------------------------------------------------------------------


def _is_current(cursor: Any) -> bool:
    """True under the rules of this program. An empty database begins under them."""
    cursor.execute(
        "INSERT INTO indicators_build (id, fingerprint, built_at, folded_to) SELECT 1, %s, now(), 0"
        " WHERE NOT EXISTS (SELECT FROM indicators_build) ON CONFLICT DO NOTHING",
        [book().fingerprint],
    )
    cursor.execute("SELECT fingerprint FROM indicators_build")
    row = cursor.fetchone()
    return row is not None and row[0] == book().fingerprint


def everybody(by: Actor) -> Any:
    if not isinstance(by, Operator):
        raise NotAllowed(_("Chỉ người vận hành hệ thống tính lại được toàn bộ số liệu."))
    return seeing(by)


def _hold(cursor: Any, kind: str, ids: Collection[int]) -> None:
    """Another deed about one of them waits."""
    table = SUBJECTS[kind]._meta.db_table
    cursor.execute(
        f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",  # noqa: S608 (a table of ours)
        [list(ids)],
    )


def _taken(cursor: Any, kind: str, ids: Collection[int]) -> list[Span]:
    cursor.execute(
        "DELETE FROM indicators_countspan WHERE kind = %s AND subject = ANY(%s)"
        " RETURNING place_id, valid_from, valid_to, populations, havings",
        [KINDS[kind], list(ids)],
    )
    return [Span(*row) for row in cursor.fetchall()]


def _put(cursor: Any, kind: str, lives: Iterable[Life]) -> Counter[Step]:
    """Stores the spans of lives; returns what they add. One statement: rows under row-level security cannot be copied in."""
    subjects, villages, spans = [], [], []
    for life in lives:
        for span in spans_of(life):
            subjects.append(life.id)
            villages.append(life.village_id)
            spans.append(span)
    if spans:
        columns = [_array(column) for column in (subjects, villages, *zip(*spans, strict=True))]
        cursor.execute(
            f"INSERT INTO indicators_countspan ({_COLUMNS}) SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[],"  # noqa: S608
            " %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::bigint[])",
            [KINDS[kind], *columns],
        )
    return changes(spans)


def _add_deltas(cursor: Any, steps: Mapping[Step, int]) -> None:
    """One row for a place and day."""
    rows: dict[tuple[int, date], dict[int, int]] = defaultdict(dict)
    for (place, cell, day), change in sorted(cell_changes(steps).items()):
        rows[place, day][cell] = change
    if rows:
        columns = [
            (*key, _array(cells), _array(cells.values())) for key, cells in rows.items()
        ]  # arrays in arrays would have to be of one length: they go as text
        cursor.execute(
            "INSERT INTO indicators_delta (place_id, day, cells, changes) SELECT place, day, cells::smallint[], changes::int[]"
            " FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[]) AS given(place, day, cells, changes)",
            [list(column) for column in zip(*columns, strict=True)],
        )


def _array(values: Iterable[int | date | None]) -> str:
    """As one literal: the database's driver would look at each value several times over."""
    return "{" + ",".join(["NULL" if each is None else str(each) for each in values]) + "}"


def lives(kind: str, ids: Sequence[int]) -> Iterator[Life]:
    return lives_of(ids) if kind == "person" else lives_of_subjects(kind, ids)


def subjects_in_batches(kind: str) -> Iterator[list[int]]:
    """Every id, in batches."""
    last = 0
    while ids := list(
        SUBJECTS[kind].objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield ids
        last = ids[-1]


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


# The days on which spans begin and end, each with its bits.
_BOUNDARIES = f"""
SELECT place_id, coalesce(valid_from, '{ALWAYS}') AS day, populations, havings, 1 AS change FROM indicators_countspan
UNION ALL
SELECT place_id, valid_to, populations, havings, -1 FROM indicators_countspan WHERE valid_to IS NOT NULL"""  # noqa: S608


def expected_deltas() -> str:
    """What the spans say that deltas must add up to: (place, day, cells, changes). Every cell is summed in one pass, for a join with the
    cells of each bit made ten times the rows."""
    sums = ", ".join(_sum_of(cell) for cell in book().cells)
    return f"""
SELECT place_id, day, found.cells, found.changes
  FROM (SELECT place_id, day, ARRAY[{sums}]::int[] AS every FROM ({_BOUNDARIES}) boundary GROUP BY place_id, day) summed,
       LATERAL (SELECT array_agg((cell - 1)::smallint) AS cells, array_agg(change) AS changes
                  FROM unnest(every) WITH ORDINALITY AS each(change, cell) WHERE change <> 0) found
 WHERE found.cells IS NOT NULL"""  # noqa: S608 (made of numbers)


def _sum_of(cell: Cell) -> str:
    having = "" if cell.having is None else f" AND havings & {1 << cell.having} <> 0"
    return f"coalesce(sum(change) FILTER (WHERE populations & {1 << cell.population} <> 0{having}), 0)"


_QUARTERS = """
quarters AS (
    SELECT step::date - 1 AS day FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, '3 months') AS step
     WHERE step > %(first)s
)"""
# Running totals at the end of every quarter, those of nothing left out.
BALANCES = f"""
WITH {_QUARTERS}, changed AS (
    SELECT place_id, cell, greatest((date_trunc('quarter', day) + interval '3 months')::date - 1, (SELECT min(day) FROM quarters)) AS day,
           sum(change) AS change
      FROM indicators_delta, unnest(cells, changes) AS each(cell, change)
     WHERE id <= %(upto)s AND day <= (SELECT max(day) FROM quarters) GROUP BY 1, 2, 3
), grid AS (
    SELECT place_id, cell, quarters.day FROM (SELECT DISTINCT place_id, cell FROM changed) pair, quarters
)
SELECT * FROM (
    SELECT place_id, cell, day, sum(coalesce(change, 0)) OVER (PARTITION BY place_id, cell ORDER BY day)::int AS total
      FROM grid LEFT JOIN changed USING (place_id, cell, day)
) running WHERE total <> 0"""  # noqa: S608
