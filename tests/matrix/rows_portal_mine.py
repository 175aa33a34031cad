"""Rows of residents' own pages: staff and strangers are sent to the residents' door. Whose is whose: portal/tests/test_mine.py."""

from collections.abc import Callable
from typing import Any

from bakhong.core.ids import new_uuid
from tests.matrix.rows import Row
from tests.matrix.world import World


def one(name: str) -> Callable[[World], dict[str, Any]]:
    return lambda _world: {name: new_uuid()}


def _own(name: str, kwargs: Callable[[World], dict[str, Any]] | None = None, method: str = "get") -> Row:
    return Row(f"portal:{name}", scope="public", kwargs=kwargs, method=method, ok={302})


ROWS = [
    Row("portal:mine_sign_in", scope="public", ok={200, 503}),
    Row("portal:mine_set_out", scope="public", method="post", ok={302}),
    Row("portal:mine_set_out", scope="public", ok={405}),
    Row("portal:mine_come_back", scope="public", ok={302}),
    Row("portal:mine_sign_out", scope="public", ok={405}),
    *map(
        _own,
        (
            "mine",
            "mine_charges",
            "mine_dossiers",
            "mine_documents",
            "mine_known",
            "mine_looks",
            "mine_consents",
        ),
    ),
    *map(_own, ("mine_corrections", "mine_mandates", "mine_data")),
    _own("mine_mandates", method="post"),
    _own("mine_dossier", one("dossier")),
    _own("mine_open_dossier", one("dossier"), "post"),
    _own("mine_go_on", one("draft"), "post"),
    _own("mine_document", one("file")),
    _own("mine_consent", lambda _world: {"purpose": "reminder"}, "post"),
    _own("mine_correct", lambda _world: {"key": "person.birth"}),
    _own("mine_correct", lambda _world: {"key": "person.birth"}, "post"),
    _own("mine_withdraw", one("correction"), "post"),
    _own("mine_end_mandate", one("mandate"), "post"),
    _own("mine_principal", one("mandate")),
]
