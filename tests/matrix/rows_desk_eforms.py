"""Rows of the desk's pages about forms."""

from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.eforms.actions.publishing import publish
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

AUTHORS = holders_of("eforms.publish")
SPEC = {
    "code": "matrix",
    "title": "Thử",
    "pages": [{"code": "p", "title": "P", "questions": [{"code": "x", "label": "X", "type": "text"}]}],
}


def a_version(world: World) -> dict[str, Any]:
    made = publish(spec=SPEC, by=OPERATOR, at=AT, unit=None).version
    return {"unit": world.home["commune"].uuid, "version": made.uuid}


def an_own_version(world: World) -> dict[str, Any]:
    publish(spec=SPEC, by=OPERATOR, at=AT, unit=None)
    made = publish(spec=SPEC, by=OPERATOR, at=AT, unit=world.home["commune"]).version
    return {"unit": world.home["commune"].uuid, "version": made.uuid}


def no_version(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "version": UUID(int=0)}


ROWS = [
    Row("desk:forms", may=AUTHORS),
    Row("desk:form_new", may=AUTHORS),
    Row("desk:form_new", may=AUTHORS, method="post", data={"text": "{"}, ok={422}),
    Row("desk:form_version", may=AUTHORS, kwargs=a_version),
    Row("desk:form_version", may=AUTHORS, kwargs=no_version, ok={404}),
    Row("desk:form_preview", may=AUTHORS, kwargs=a_version),
    Row("desk:form_spec", may=AUTHORS, kwargs=a_version),
    Row("desk:form_again", may=AUTHORS, kwargs=a_version, method="post", ok={302}),
    Row("desk:form_end", may=AUTHORS, kwargs=an_own_version, method="post", ok={302}),
    Row("desk:form_end", may=AUTHORS, kwargs=a_version, method="post", ok={404}),
    Row("desk:form_schema", may=AUTHORS, kwargs=a_version),
]
