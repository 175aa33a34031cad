"""What storing costs at least: COPY of the same rows, in the same run, into tables with the same indexes that are not kept."""

import io
import os
import time
from collections.abc import Iterable, Mapping

import psycopg
from django.db import connection


def last_keys(tables: Iterable[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
        return found


def bare_copy(last: Mapping[str, int]) -> float:
    """Seconds that COPY takes for the rows stored since (`last_keys`)."""
    took = 0.0
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, connection.cursor() as cursor:
        for table, key in last.items():
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")
            names = ", ".join(f'"{column.name}"' for column in cursor.description)
            kept = io.BytesIO()
            with cursor.copy(f"COPY (SELECT {names} FROM {table} WHERE id > {key}) TO STDOUT") as copy:
                for chunk in copy:
                    kept.write(chunk)
            owner.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
            start = time.perf_counter()
            with owner.cursor().copy(f"COPY copied_{table} ({names}) FROM STDIN") as copy:
                copy.write(kept.getvalue())
            took += time.perf_counter() - start
        owner.rollback()
    return took
