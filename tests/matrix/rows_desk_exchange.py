"""Rows of the desk's pages about other systems."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.rows_desk_dossiers import a_dossier
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.world import World

VIEWS, ASSISTS = holders_of("dossiers.view"), holders_of("dossiers.assist")
MANAGES = holders_of("exchange.manage")
_NOBODY = UUID(int=0)


def _one(name: str) -> Any:
    return lambda world: {"unit": world.home["commune"].uuid, name: _NOBODY}


def a_copy(world: World) -> dict[str, Any]:
    return {**a_dossier(world), "target": "provincial"}


ROWS = [
    Row("desk:exchange", may=VIEWS),
    Row("desk:exchange_again", may=VIEWS, kwargs=_one("sending"), ok={404}),
    Row("desk:exchange_again", may=VIEWS & MANAGES, kwargs=_one("sending"), method="post", ok={404}),
    Row("desk:exchange_take_again", may=VIEWS, kwargs=_one("pulled"), ok={404}),
    Row("desk:exchange_take_again", may=VIEWS & MANAGES, kwargs=_one("pulled"), method="post", ok={404}),
    Row("desk:exchange_looked", may=VIEWS, kwargs=_one("pulled"), ok={404}),
    Row("desk:exchange_looked", may=VIEWS & MANAGES, kwargs=_one("pulled"), method="post", ok={404}),
    Row("desk:dossier_codes", may=VIEWS, kwargs=a_dossier, ok={302}),
    Row("desk:dossier_codes", may=VIEWS & ASSISTS, kwargs=a_dossier, method="post", ok={422}),
    Row("desk:exchange_lists", may=MANAGES),
    Row("desk:exchange_lists", may=MANAGES, method="post", ok={422}),
    Row("desk:exchange_list_check", may=MANAGES, kwargs=_one("upload"), ok={404}),
    Row("desk:exchange_list_check", may=MANAGES, kwargs=_one("upload"), method="post", ok={404}),
    Row("desk:exchange_list_undo", may=MANAGES, kwargs=_one("done"), ok={404}),
    Row("desk:exchange_list_undo", may=MANAGES, kwargs=_one("done"), method="post", ok={404}),
    Row("desk:exchange_measures", may=VIEWS),
    Row("desk:exchange_measures", may=VIEWS, method="post", ok={404}),
    Row("desk:exchange_copied", may=VIEWS),
    Row("desk:exchange_copied", may=VIEWS, method="post"),
    Row("desk:dossier_copy", may=VIEWS, kwargs=a_copy),
    Row("desk:dossier_copy", may=VIEWS & ASSISTS, kwargs=a_copy, method="post", ok={422}),
]
