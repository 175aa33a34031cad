"""Rows of the catalogue of procedures and of the working calendar."""

from datetime import date
from typing import Any

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.procedures.actions.calendar import set_day, set_hours
from bakhong.procedures.actions.defining import define_procedure
from bakhong.procedures.actions.offering import set_offer
from bakhong.procedures.models import LocalProcedure
from bakhong.procedures.queries.local import latest_of
from bakhong.procedures.rules.catalogue import procedure
from bakhong.procedures.rules.writing import spec_of
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.rows_desk_periods import ALL, AT, OF_PROVINCE
from tests.matrix.world import World

MANAGES = {"dx_secretary", "system_admin", "province_admin"}
SEE = holders_of("dossiers.view")
MANAGES_PROVINCE = {"system_admin", "province_admin"}
CODE = "1.004873"


def a_procedure(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "code": CODE}


def a_procedure_of_the_province(world: World) -> dict[str, Any]:
    return {"unit": world.home["province"].uuid, "code": CODE}


def a_day(world: World) -> dict[str, Any]:
    unit = world.home["commune"]
    row = set_day(
        unit=unit,
        on=date(2026, 12, 1),
        kind="off",
        name="CANARY NHÀ",
        source="Thông báo 1",
        by=OPERATOR,
        at=AT,
    )
    return {"unit": unit.uuid, "day": row.uuid}


def some_hours(world: World) -> dict[str, Any]:
    unit = world.home["commune"]
    row = set_hours(
        unit=unit,
        weekday=5,
        spans="07:30-11:30",
        is_counted=False,
        valid_from=date(2026, 12, 1),
        source="Thông báo 1",
        by=OPERATOR,
        at=AT,
    )
    return {"unit": unit.uuid, "hours": row.uuid}


def an_offer(world: World) -> dict[str, Any]:
    unit = world.home["commune"]
    row = set_offer(
        unit=unit,
        code=CODE,
        is_offered=True,
        valid_from=date(2026, 1, 1),
        source="Nghị quyết 1",
        by=OPERATOR,
        at=AT,
    )
    return {"unit": unit.uuid, "offer": row.uuid}


def a_text(world: World) -> LocalProcedure:
    unit = world.home["commune"]
    shipped = procedure(CODE, date(2026, 11, 22))
    assert shipped is not None
    publish_shipped(AT)
    latest = latest_of(unit, CODE)
    return define_procedure(
        unit=unit,
        code=CODE,
        spec=spec_of(shipped),
        valid_from=date(2026, 12, 1),
        source="CANARY NHÀ",
        by=OPERATOR,
        at=AT,
        seen=latest.uuid if latest else None,
    )


def a_definition(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "definition": a_text(world).uuid}


def an_own_text(world: World) -> dict[str, Any]:
    a_text(world)
    return a_procedure(world)


NEW_DAY = {
    "client_key": str(new_uuid()),
    "on": "01/12/2026",
    "kind": "off",
    "name": "Ngày hội",
    "source": "Thông báo 1",
}

ROWS = [
    Row("desk:calendar", may=ALL),
    Row("desk:calendar", level="province", may=OF_PROVINCE),
    Row("desk:calendar_explain", may=ALL),
    Row("desk:new_days", may=SEE),
    Row("desk:new_days", method="post", may=MANAGES & SEE, ok={302}),
    Row("desk:calendar_day_new", may=MANAGES),
    Row("desk:calendar_day_new", method="post", may=MANAGES, ok={422}),
    Row("desk:calendar_day_new", method="post", data=NEW_DAY, may=MANAGES, ok={302, 409}),
    Row("desk:calendar_day_new", level="province", may=MANAGES_PROVINCE),
    Row("desk:calendar_day_undo", kwargs=a_day, method="post", may=MANAGES, ok={302}),
    Row("desk:calendar_hours_new", may=MANAGES),
    Row("desk:calendar_hours_new", method="post", may=MANAGES, ok={422}),
    Row("desk:calendar_hours_undo", kwargs=some_hours, method="post", may=MANAGES, ok={302}),
    Row("desk:catalogue", may=ALL),
    Row("desk:catalogue", level="province", may=OF_PROVINCE),
    Row("desk:catalogue_procedure", kwargs=a_procedure, may=ALL),
    Row("desk:office_code", may=MANAGES),
    Row("desk:office_code", method="post", may=MANAGES, ok={422}),
    Row("desk:catalogue_change", kwargs=a_procedure, may=MANAGES),
    Row("desk:catalogue_change", kwargs=a_procedure, method="post", may=MANAGES, ok={422}),
    Row(
        "desk:catalogue_change",
        kwargs=a_procedure_of_the_province,
        method="post",
        level="province",
        may=MANAGES_PROVINCE,
        ok={422},
    ),
    Row("desk:procedure_new", may=MANAGES),
    Row("desk:procedure_new", method="post", may=MANAGES, ok={422}),
    Row("desk:procedure_text", kwargs=a_procedure, may=MANAGES),
    Row("desk:procedure_text", kwargs=a_procedure, method="post", may=MANAGES, ok={422}),
    Row("desk:procedure_end", kwargs=a_procedure, may=MANAGES, ok={404}),
    Row("desk:procedure_end", kwargs=an_own_text, method="post", may=MANAGES, ok={422}),
    Row("desk:procedure_undo", kwargs=a_definition, method="post", may=MANAGES, ok={302}),
    Row("desk:catalogue_undo", kwargs=an_offer, method="post", may=MANAGES, ok={302}),
]
