"""Many rows of one table in few statements: what a list of fifty thousand people is stored by.

`bulk_create` asks every field of every row for its value in Python and writes a parameter each; here a column is one array. COPY would
be the usual way, but PostgreSQL refuses it on tables with row-level security.
"""

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import BooleanField, F, Func
from django.db.models.expressions import RawSQL

from bakhong.core.ids import new_uuids

BATCH = 5000

_Row = TypeVar("_Row", bound=models.Model)


def insert_many(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table and give each its key. Every column must have its value; no `save` runs and no signal is sent."""
    if not rows:
        return
    model = type(rows[0])
    fields = model._meta.concrete_fields
    give_keys(rows)
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        _insert(
            model, fields, zip(*map(attrgetter(*(field.attname for field in fields)), batch), strict=True)
        )
    for row in rows:
        row._state.adding = False
        row._state.db = "default"


def insert_new(rows: Sequence[_Row]) -> list[_Row]:
    """Insert the rows that no unique key refuses, and return them, in order; the others were there. As `insert_many` otherwise."""
    if not rows:
        return []
    model = type(rows[0])
    fields = model._meta.concrete_fields
    give_keys(rows)
    stored: set[int] = set()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        columns = zip(*map(attrgetter(*(field.attname for field in fields)), batch), strict=True)
        stored |= _insert(model, fields, columns, " ON CONFLICT DO NOTHING RETURNING id")
    made = [row for row in rows if row.pk in stored]
    for row in made:
        row._state.adding = False
        row._state.db = "default"
    return made


def insert_tuples(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert new rows nobody asks for again: tuples of the columns named: all but the key and (where a new one will do) the uuid.

    Making a model's instance for each would cost more than storing it.
    """
    fields = [model._meta.get_field(name) for name in names]
    missing = {field.attname for field in model._meta.concrete_fields} - {*names, "id"}
    assert missing <= {"uuid"}, missing
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        columns = list(zip(*batch, strict=True))
        if missing:
            _insert(model, [model._meta.get_field("uuid"), *fields], [new_uuids(len(batch)), *columns])
        else:
            _insert(model, fields, columns)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Many thousand rows in hand at once: looking through them for cycles again and again takes a quarter of the time, and finds none.

    What is not referred to any more goes all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def give_keys(rows: Sequence[models.Model]) -> None:
    """The next keys of the table's sequence for rows that have none, in order."""
    bare = [row for row in rows if row.pk is None]
    if not bare:
        return
    table = bare[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(named) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS named OFFSET 0) once,"
            " generate_series(1, %s)",
            [table, len(bare)],
        )
        for row, (key,) in zip(bare, sorted(cursor.fetchall()), strict=True):
            row.pk = key


def one_of(field: str, values: Iterable[int | str]) -> Func:
    """A condition for `filter()`: the field is one of thousands of keys, or of texts.

    They are one value. As `…__in` Django and the driver would take each to pieces, for a tenth of what a bank's statement costs.
    """
    # Without a type of its own the array is of the field's, also where it is empty.
    written = ",".join(_text(each) if isinstance(each, str) else str(each) for each in values)
    array = RawSQL("%s", [f"{{{written}}}"])
    return Func(F(field), array, template="%(expressions)s", arg_joiner=" = ANY", output_field=BooleanField())


def _insert(
    model: type[models.Model], fields: Sequence[Any], columns: Iterable[Sequence[Any]], then: str = ""
) -> set[int]:
    """The keys of what was stored, where `then` asks for them."""
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    values = [_column(field, column) for field, column in zip(fields, columns, strict=True)]
    statement = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT * FROM unnest({arrays}){then}'  # noqa: S608 - names of our columns
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {key for (key,) in cursor.fetchall()} if then else set()


def _type(field: Any) -> str:
    """The column's type as an element of an array. A text is not cast to its length, which would cut it instead of refusing it."""
    if field.get_internal_type() in ("CharField", "TextField"):
        return "text"
    kind: str = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return kind


def _column(field: Any, values: Sequence[Any]) -> str:
    """The values as one literal of an array. The database's driver would look at each of them several times over.

    >>> _column(models.CharField(), ['a "b"', None, "c\\\\d"])
    '{"a \\\\"b\\\\"",NULL,"c\\\\\\\\d"}'
    """
    written = _WRITTEN.get(field.get_internal_type(), _word)
    if field.get_internal_type() == "JSONField":
        written = partial(_json, field.encoder)
    return "{" + ",".join(["NULL" if each is None else written(each) for each in values]) + "}"


def _word(value: Any) -> str:
    """A number, a day, a uuid: nothing in it needs quotes."""
    return str(value)


def _text(value: Any) -> str:
    quoted = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _json(encoder: Any, value: Any) -> str:
    return _text(json.dumps(value, cls=encoder, ensure_ascii=False))


def _moment(value: datetime) -> str:
    assert value.tzinfo is not None, "a moment without its zone"
    return f'"{value.isoformat()}"'


def _bytes(value: bytes) -> str:
    return f'"\\\\x{bytes(value).hex()}"'


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "DateTimeField": _moment,
    "CharField": _text,  # a member of an enumeration is stored by its value
    "TextField": _text,
    "BinaryField": _bytes,
}
