"""Rows of paying: anybody may ask, and without the charge's code there is nothing to see."""

from typing import Any

from tests.matrix.rows import Row
from tests.matrix.world import World


def no_charge(world: World) -> dict[str, Any]:
    return {"reference": "BK777777777777S"}


ROWS = [
    Row("portal:pay_find", scope="public", ok={200, 503}),
    Row("portal:pay_find", scope="public", method="post", ok={422, 503}),
    Row("portal:pay", scope="public", kwargs=no_charge, ok={404, 503}),
    Row("portal:pay_status", scope="public", kwargs=no_charge, ok={404}),
    Row("portal:pay_code_png", scope="public", kwargs=no_charge, ok={404}),
    Row("portal:pay_help", scope="public", kwargs=no_charge, ok={404}),
    Row("portal:pay_help", scope="public", kwargs=no_charge, method="post", ok={404}),
    Row("portal:pay_confirmation", scope="public", kwargs=no_charge, ok={404}),
    Row("portal:pay_confirmation", scope="public", kwargs=no_charge, method="post", ok={404}),
]
