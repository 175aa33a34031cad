"""Background work by name, in the deed's own transaction, so that actions never import tasks.

A thin façade over procrastinate: another queue could stand behind it.
"""

from typing import Any

from procrastinate.contrib.django import app


def enqueue(name: str, **arguments: Any) -> None:
    """Ask for the task `name` ("audit.seal") to be done soon; nothing is asked if the transaction rolls back."""
    app.configure_task(name).defer(**arguments)
