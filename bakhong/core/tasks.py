"""Background work by name, in the deed's own transaction, so that actions never import tasks.

A thin façade over procrastinate: another queue could stand behind it.
"""

from contextlib import suppress
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def enqueue(name: str, **arguments: Any) -> None:
    """Ask for the task `name` ("audit.seal") to be done soon; nothing is asked if the transaction rolls back."""
    app.configure_task(name).defer(**arguments)


def enqueue_once(name: str) -> None:
    """Ask for a task that takes whatever waits, unless one that has not begun yet will see it too; its queueing lock has its name.

    Called outside a transaction, after what it is to see was stored: a burst then asks once, and nothing is left lying.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo'", [name]
        )
        if cursor.fetchone() is not None:
            return
    with suppress(AlreadyEnqueued):
        app.configure_task(name).defer()
