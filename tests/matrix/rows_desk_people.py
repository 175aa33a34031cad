"""Rows of the desk's pages about residents."""

from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.actions import add_organisation, add_person, make_household, record_subscription
from bakhong.people.models import Person
from tests.matrix.rows import Row, holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

__all__ = ["ROWS", "holders_of"]


VIEWS, EDITS, REVEALS, IMPORTS, MERGES, ERASES = (
    holders_of(f"people.{verb}") for verb in ("view", "edit", "reveal", "import", "merge", "erase")
)
_NOBODY = UUID(int=0)


def _made(world: World) -> Person:
    """A resident of home's village."""
    with scope.seeing(OPERATOR):
        return add_person(
            village=world.home["village"],
            values={"name": "CANARY NHÀ", "phone": "0912345678", "national_id": "038190001234"},
            source="list",
            by=OPERATOR,
            at=AT,
        )


def a_count(world: World) -> dict[str, Any]:
    return {"unit": _made(world).village.uuid, "measure": "smartphone----residents"}


def a_person(world: World) -> dict[str, Any]:
    return {"unit": world.home["village"].uuid, "person": _made(world).uuid}


def a_household(world: World) -> dict[str, Any]:
    person = _made(world)
    with scope.seeing(OPERATOR):
        made = make_household(village=world.home["village"], members={person: "head"}, by=OPERATOR, at=AT)
    return {"unit": world.home["village"].uuid, "household": made.uuid}


def a_household_s_place(world: World) -> dict[str, Any]:
    return {"unit": a_household(world)["unit"]}


def a_list(world: World) -> dict[str, Any]:
    return {"unit": a_person(world)["unit"]}


def no_fact(world: World) -> dict[str, Any]:
    return {**a_person(world), "fact": _NOBODY}


def no_double(world: World) -> dict[str, Any]:
    return {**a_person(world), "double": _NOBODY}


def a_pair(world: World) -> dict[str, Any]:
    home = world.home["village"]
    with scope.seeing(OPERATOR):
        pair = [
            add_person(village=home, values={"name": "CANARY ĐÔI"}, source="list", by=OPERATOR, at=AT)
            for _each in range(2)
        ]
    return {"unit": home.uuid, "one": pair[0].uuid, "other": pair[1].uuid}


def a_shop(world: World) -> dict[str, Any]:
    home = world.home["village"]
    with scope.seeing(OPERATOR):
        made = add_organisation(
            village=home, kind="household_business", name="CANARY QUÁN", by=OPERATOR, at=AT
        )
    return {"unit": home.uuid, "organisation": made.uuid}


def a_shop_s_place(world: World) -> dict[str, Any]:
    return {"unit": a_shop(world)["unit"]}


def a_number(world: World) -> dict[str, Any]:
    home = world.home["village"]
    with scope.seeing(OPERATOR):
        made = record_subscription(village=home, number="0912345678", by=OPERATOR, at=AT)
    return {"unit": home.uuid, "subscription": made.uuid}


def no_consent(world: World) -> dict[str, Any]:
    return {**a_person(world), "consent": _NOBODY}


def a_service(world: World) -> dict[str, Any]:
    made = a_person(world)
    return {"unit": made["unit"], "service": "e_wallet", "subject": made["person"]}


def no_adoption(world: World) -> dict[str, Any]:
    return {**a_service(world), "fact": _NOBODY}


def _row(name: str, may: set[str], **more: Any) -> Row:
    return Row(f"desk:{name}", may=may, level="village", **more)


def no_upload(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "upload": _NOBODY}


def no_import(world: World) -> dict[str, Any]:
    return {**no_upload(world), "done": _NOBODY}


def no_undo(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "done": _NOBODY}


WHY = {"what": "phone", "reason": "call"}
ROWS = [
    _row("residents", VIEWS, kwargs=a_list),
    _row("people_find", VIEWS, kwargs=a_list, method="post", data={"number": "0912345678"}, ok={302}),
    _row("people_list", VIEWS, kwargs=a_list, ok={302}),
    _row("people_list", VIEWS, kwargs=a_list, method="post", ok={302}),
    _row("person_new", EDITS),
    _row("person_new", EDITS, method="post", ok={422}),
    _row("person", VIEWS, kwargs=a_person),
    _row("counted", VIEWS, kwargs=a_count),
    _row("person_change", EDITS, kwargs=a_person),
    _row("person_change", EDITS, kwargs=a_person, method="post", ok={422}),
    _row("person_reveal", REVEALS & VIEWS, kwargs=a_person, method="post", data=WHY),
    _row("person_retract", EDITS, kwargs=no_fact, method="post", ok={404}),
    _row("person_consent", EDITS, kwargs=a_person),
    Row("desk:people_import", may=IMPORTS),
    Row("desk:people_import", may=IMPORTS, method="post", ok={422}),
    Row("desk:people_import_check", may=IMPORTS, kwargs=no_upload, ok={404}),
    Row("desk:people_import_check", may=IMPORTS, kwargs=no_upload, method="post", ok={404}),
    Row("desk:people_import_rejected", may=IMPORTS, kwargs=no_upload, ok={404}),
    Row("desk:people_import_done", may=IMPORTS, kwargs=no_import, ok={404}),
    Row("desk:people_import_undo", may=IMPORTS, kwargs=no_undo, method="post", ok={404}),
    _row("person_withdraw", EDITS, kwargs=no_consent, method="post", ok={404}),
    _row("person_household", EDITS, kwargs=a_person),
    _row("household", VIEWS, kwargs=a_household),
    _row("services", VIEWS, kwargs=a_list),
    _row("service_record", VIEWS, kwargs=a_service),
    _row("service_record", EDITS, kwargs=a_service, method="post", ok={422}),
    _row("service_retract", EDITS, kwargs=no_adoption, method="post", ok={404}),
    _row("households", VIEWS, kwargs=a_household_s_place),
    _row("organisations", VIEWS, kwargs=a_shop_s_place),
    _row("organisation_new", EDITS),
    _row("organisation_new", EDITS, method="post", ok={422}),
    _row("organisation", VIEWS, kwargs=a_shop),
    _row("organisation", EDITS, kwargs=a_shop, method="post", ok={422}),
    _row("subscriptions", VIEWS, kwargs=a_list),
    _row("subscription_new", EDITS),
    _row("subscription_new", EDITS, method="post", ok={422}),
    _row("subscription", VIEWS, kwargs=a_number),
    _row("subscription", EDITS, kwargs=a_number, method="post", ok={422}),
    _row("doubles", MERGES, kwargs=a_list),
    _row("double", MERGES, kwargs=a_pair),
    _row("double", MERGES, kwargs=a_pair, method="post", ok={422}),
    _row("person_unmerge", MERGES, kwargs=no_double, method="post", ok={404}),
    _row("person_erase", ERASES & VIEWS, kwargs=a_person),
    _row("person_erase", ERASES & VIEWS, kwargs=a_person, method="post", ok={422}),
    _row("household_members", EDITS, kwargs=a_household),
    _row("household_members", EDITS, kwargs=a_household, method="post", ok={422}),
]
