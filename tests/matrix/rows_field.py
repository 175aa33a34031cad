from typing import Any
from uuid import UUID

from bakhong.accounts.rules.roles import ROLES
from tests.matrix.rows import Row
from tests.matrix.world import World

VISITS = {code for code, role in ROLES.items() if "outreach.visit" in role.permissions}

_NOTHING = UUID(
    int=0
)  # that a foreign house, village or visit is not there either is tested in the door's own tests


def a_house(world: World) -> dict[str, Any]:
    return {"kind": "ho", "uuid": _NOTHING}


def a_member(world: World) -> dict[str, Any]:
    return {**a_house(world), "person": _NOTHING}


def a_village(world: World) -> dict[str, Any]:
    return {"village": _NOTHING}


def a_visit(world: World) -> dict[str, Any]:
    return {"visit": _NOTHING}


ROWS = [
    Row("field:enter", scope="public", ok={200, 302}),
    Row("field:enter", scope="public", method="post", data={"code": "x"}, ok={422}),
    Row("field:card", scope="public", kwargs=lambda world: {"code": "NO-SUCH-CARD"}, ok={404}),
    Row("field:home", scope="signed_in", ok={200, 302}),  # who has no page in the field is led to the desk
    Row("field:search", scope="anywhere", may=VISITS),
    Row("field:absent", scope="anywhere", may=VISITS),
    Row("field:log", scope="anywhere", may=VISITS),
    Row("field:village", scope="anywhere", may=VISITS, kwargs=a_village, ok={404}),
    Row("field:door", scope="anywhere", may=VISITS, kwargs=a_house, ok={404}),
    Row("field:assist", scope="anywhere", may=VISITS, kwargs=a_member, ok={404}),
    Row("field:assist", scope="anywhere", may=VISITS, kwargs=a_member, method="post", ok={404}),
    Row("field:visit", scope="anywhere", may=VISITS, kwargs=a_house, ok={404}),
    Row("field:visit", scope="anywhere", may=VISITS, kwargs=a_house, method="post", ok={404}),
    Row("field:receipt", scope="anywhere", may=VISITS, kwargs=a_visit, ok={404}),
    Row("field:undo", scope="anywhere", may=VISITS, kwargs=a_visit, method="post", ok={404}),
]
