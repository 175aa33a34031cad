"""Which rows of this room the database shows: the settings of the connection that row-level security reads.

The rooms above open a connection to an area or to keys (`people/scope.py`). Here are the openings nobody above can make: a
worker's or a provider's call, which is nobody's request, and a verification code or the content itself, which opens the one file it is of.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

VIEW = "dossiers.view"  # the files of a commune are those of its dossiers
_EVERYTHING = "app.nationwide"
_CODE = "app.verify_code"
_CONTENT = "app.verify_content"


@contextmanager
def everything() -> Iterator[None]:
    """For a worker, or for a provider's answer about a job it knows the secret number of."""
    with _set(_EVERYTHING, "on", closed="off"):
        yield


@contextmanager
def code(value: str) -> Iterator[None]:
    """The one file that bears this verification code."""
    with _set(_CODE, value, closed=""):
        yield


@contextmanager
def content(sha256: str) -> Iterator[None]:
    """The one paper of ours with this content: whoever has the content may know whose it is."""
    with _set(_CONTENT, sha256, closed=""):
        yield


@contextmanager
def _set(name: str, value: str, *, closed: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true), set_config(%s, %s, false)", [name, name, value])
        row = cursor.fetchone()
    before = row[0] if row else None
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, false)", [name, before or closed])
