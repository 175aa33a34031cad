"""Rows of targets: giving, splitting, withdrawing, catching up."""

from datetime import date
from typing import Any

from bakhong.core.actor import OPERATOR
from bakhong.indicators.actions import PartEntry, TargetEntry, decide_and_cascade, set_target
from tests.matrix.rows import Row
from tests.matrix.rows_desk_periods import ALL, AT, OF_PROVINCE
from tests.matrix.world import World

SETS = {"chair", "dx_secretary", "province_admin"}
ENTRY = TargetEntry(
    indicator="eid_accounts",
    stage="activated",
    population="adults",
    value=90,
    by_date=date(2026, 12, 31),
    decision="CANARY NHÀ",
)


def a_target(world: World) -> dict[str, Any]:
    unit = world.home["commune"]
    return {"unit": unit.uuid, "target": set_target(unit=unit, entry=ENTRY, by=OPERATOR, at=AT).uuid}


def a_given_target(world: World) -> dict[str, Any]:
    """The province gave it to home's commune: only the province takes it back."""
    unit = world.home["commune"]
    whole = decide_and_cascade(
        unit=world.home["province"], entry=ENTRY, parts=[PartEntry(unit, 90)], by=OPERATOR, at=AT
    )
    return {"unit": unit.uuid, "target": whole.parts.get().uuid}


ROWS = [
    Row("desk:targets", may=ALL),
    Row("desk:targets", level="province", may=OF_PROVINCE),
    Row("desk:target_new", may=SETS),
    Row("desk:target_new", method="post", may=SETS, ok={422}),
    Row("desk:target_new", level="province", may={"province_admin"}),
    Row("desk:target", kwargs=a_target, may=ALL),
    Row("desk:target", kwargs=a_target, method="post", data={"deed": "withdraw"}, may=SETS, ok={422}),
    Row(
        "desk:target",
        kwargs=a_given_target,
        method="post",
        data={"deed": "withdraw"},
        may={"province_admin"},
        ok={422},
    ),
    Row("desk:catch_up", may=ALL),
    Row("desk:catch_up", level="province", may=OF_PROVINCE),
]
