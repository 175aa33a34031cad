"""Whose money the database shows: row-level security reads `app.billers` of the connection, besides what `people/scope.py` sets.

Accountants see no resident of the roll, only charges, bank lines and papers of the billers they work for.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg.pq import TransactionStatus

_NAME = "app.billers"


def open_to(billers: Collection[int]) -> None:
    """From now on this connection sees the money of these billers. Ends with `close`, or with the transaction rolled back."""
    _set("{" + ",".join(map(str, sorted(billers))) + "}")


def close() -> None:
    """No biller's any more. Safe on a connection that is closed or whose transaction failed."""
    if connection.connection is not None and not connection.needs_rollback:
        _set("{}")


@contextmanager
def seeing(billers: Collection[int]) -> Iterator[None]:
    """See the money of these billers, then what was seen before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(nullif(current_setting(%s, true), ''), '{}')", [_NAME])
        (before,) = cursor.fetchone() or ("{}",)
    open_to(billers)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _set(before)


@contextmanager
def counting() -> Iterator[None]:
    """For a query that sums everybody's money by place and month: no row leaves it, only totals. Then what was seen before.

    The lists behind such totals are asked for outside, where the database shows what the actor may see.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, set_config('app.nationwide', 'on', false)"
            " FROM (SELECT coalesce(nullif(current_setting('app.nationwide', true), ''), 'off') AS before OFFSET 0) held"
        )
        before, _now = cursor.fetchone() or ("off", "on")
    try:
        yield
    finally:
        # A transaction that failed takes the setting back itself, and answers no more.
        held = connection.connection
        if held is not None and held.info.transaction_status != TransactionStatus.INERROR:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.nationwide', %s, false)", [before])


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [_NAME, value])
