"""Rows of the public pages: anybody, and nothing that is for staff."""

from typing import Any

from tests.matrix.rows import Row
from tests.matrix.world import World


def no_training(world: World) -> dict[str, Any]:
    return {"token": "nothing-of-that-name"}


def served_commune(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid}


ROWS = [
    Row("portal:front", scope="public", ok={200, 503}),
    Row("portal:track", scope="public", ok={200, 503}),
    Row("portal:papers", scope="public", ok={200, 503}),
    Row("portal:communes", scope="public", ok={200, 503}),
    Row("portal:figures", scope="public", ok={200, 503}),
    Row("portal:schedule", scope="public", ok={200, 503}),
    Row("portal:attend", scope="public", kwargs=no_training, ok={404}),
    Row("portal:attend", scope="public", kwargs=no_training, method="post", ok={404}),
    # No unit of this world is the one served: to the public it does not exist.
    Row("portal:commune", scope="public", kwargs=served_commune, ok={404, 503}),
]
