"""Whether anything was said or changed about the people of an area since: by the versions of their rows, whoever wrote them."""

from collections.abc import Collection
from typing import Any

from django.db import connection

# All that taking in a list looks at. A row's `xmin` is the transaction that wrote its present version.
_TABLES = ("people_person", "people_fact", "people_household", "people_adoption", "people_holding")


def watermark(area: Collection[int]) -> list[list[int]]:
    """Equal to an earlier one only if no row about the people of these units, nor the units, came, went or changed in between.

    Of the rows this connection may see (`scope`). Three numbers a table: rows, their versions added up, the last key.
    """
    ids = sorted(area)
    with connection.cursor() as cursor:
        found = [_marks(cursor, table, "village_id", ids) for table in _TABLES]
        found.append(_marks(cursor, "places_unit", "id", ids))
    return [ids, *found]


def _marks(cursor: Any, table: str, column: str, ids: list[int]) -> list[int]:
    cursor.execute(
        f"SELECT count(*), coalesce(sum(xmin::text::bigint), 0), coalesce(max(id), 0) FROM {table}"  # noqa: S608 (tables of ours)
        f" WHERE {column} = ANY(%s)",
        [ids],
    )
    return [int(each) for each in cursor.fetchone()]


def snapshot() -> str:
    """What is committed at this moment, for `changed_by_others`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def changed_by_others(area: Collection[int], since: str) -> bool:
    """Whether another transaction that was not in the snapshot has committed rows about people of these units."""
    version = "((pg_current_xact_id()::text::bigint >> 32 << 32) + xmin::text::bigint)::text::xid8"
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM (SELECT DISTINCT {version} AS version FROM {table} WHERE village_id = ANY(%s)) written"  # noqa: S608
                " WHERE NOT pg_visible_in_snapshot(version, %s::pg_snapshot) AND pg_xact_status(version) = 'committed')",
                [sorted(area), since],
            )
            if cursor.fetchone()[0]:
                return True
    return False
