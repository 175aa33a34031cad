"""Rows of the desk's lane for certified copies."""

from uuid import UUID

from tests.matrix.rows_desk_dossiers import RECEIVES, VIEWS, _row, a_dossier, a_unit

ROWS = [
    _row("copies", RECEIVES, kwargs=a_unit),
    _row("copies", RECEIVES, kwargs=a_unit, method="post", data={"deed": "receive"}, ok={422}),
    _row("copies_finish", VIEWS, kwargs=a_unit, ok={302}),
    _row("copies_finish", VIEWS, kwargs=a_unit, method="post", data={"dossier": str(UUID(int=0))}, ok={404}),
    _row("copies_book", VIEWS, kwargs=a_unit),
    _row("copies_book", VIEWS, kwargs=a_unit, method="post"),
    _row("copies_stamps", VIEWS, kwargs=a_dossier, ok={404}),
]
