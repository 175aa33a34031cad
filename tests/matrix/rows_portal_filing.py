"""Rows of filing, tracking and checking: anybody may ask, and without the code's right there is nothing to see."""

from typing import Any
from uuid import UUID

from tests.matrix.rows import Row
from tests.matrix.world import World


def no_draft(world: World) -> dict[str, Any]:
    return {"draft": UUID(int=1)}


def no_page(world: World) -> dict[str, Any]:
    return {"draft": UUID(int=1), "page": "nobody"}


def no_answer(world: World) -> dict[str, Any]:
    return {"draft": UUID(int=1), "path": "name"}


def no_procedure(world: World) -> dict[str, Any]:
    return {"code": "0.000000"}


def no_dossier(world: World) -> dict[str, Any]:
    return {"dossier": UUID(int=1)}


def no_job(world: World) -> dict[str, Any]:
    return {"dossier": UUID(int=1), "job": UUID(int=2)}


def no_code(world: World) -> dict[str, Any]:
    return {"code": "7K3M-9QFW-2XHTA"}


# No draft, no dossier and no served commune of this world is the asker's: each answers as if it did not exist.
AWAY, NONE = {302}, {404, 503}
ROWS = [
    Row("portal:procedures", scope="public", ok={200, 503}),
    Row("portal:procedure", scope="public", kwargs=no_procedure, ok=NONE),
    Row("portal:file_start", scope="public", method="post", kwargs=no_procedure, ok=NONE),
    Row("portal:file_start", scope="public", kwargs=no_procedure, ok={405}),
    *[
        Row(f"portal:file_{name}", scope="public", method=method, kwargs=no_draft, ok=AWAY)
        for name in ("code", "known", "papers", "result", "review")
        for method in ("get", "post")
    ],
    *[
        Row(f"portal:file_{name}", scope="public", kwargs=no_draft, ok=AWAY)
        for name in ("receipt", "ready", "package")
    ],
    Row("portal:file_ready", scope="public", method="post", kwargs=no_draft, ok=AWAY),
    Row("portal:file_correct", scope="public", kwargs=no_answer, ok=AWAY),
    Row("portal:file_correct", scope="public", method="post", kwargs=no_answer, ok=AWAY),
    Row("portal:file_page", scope="public", kwargs=no_page, ok=AWAY),
    Row("portal:file_page", scope="public", method="post", kwargs=no_page, ok=AWAY),
    Row("portal:leave", scope="public", method="post", ok={200, 503}),
    Row("portal:resume", scope="public", ok={200, 503}),
    Row(
        "portal:resume",
        scope="public",
        method="post",
        data={"ma": "7K3M-9QFW-2XHT", "the": "1"},
        ok={422, 503},
    ),
    Row("portal:tracked", scope="public", kwargs=no_code, ok=NONE),
    Row("portal:tracked", scope="public", method="post", kwargs=no_code, ok=NONE),
    Row("portal:track", scope="public", method="post", ok={200, 503}),
    Row("portal:supplement", scope="public", kwargs=no_dossier, ok=AWAY),
    Row("portal:slip", scope="public", kwargs=no_dossier, ok=AWAY),
    *[
        Row(f"portal:{name}", scope="public", method="post", kwargs=no_dossier, ok=AWAY)
        for name in ("supplement", "withdraw", "take_result")
    ],
    *[
        Row(f"portal:{name}", scope="public", method=method, kwargs=no_dossier, ok=ok)
        for name in ("application", "application_file")
        for method, ok in (("get", AWAY), ("post", AWAY if name == "application" else {405}))
    ],
    Row("portal:application_signing", scope="public", kwargs=no_job, ok=AWAY),
    Row("portal:application_signing", scope="public", method="post", kwargs=no_job, ok=AWAY),
    Row("portal:verify", scope="public", ok={200, 503}),
    Row("portal:verify", scope="public", method="post", ok={422, 503}),
    Row("portal:verify_code", scope="public", kwargs=no_code, ok=NONE),
    Row("portal:verify_copy", scope="public", method="post", kwargs=no_code, ok=NONE),
]
