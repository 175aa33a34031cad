"""Rows of the desk's pages about what residents asked for themselves."""

from datetime import timedelta
from typing import Any

from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.actions.correcting import ask_correction
from bakhong.people.actions.residents import give_mandate
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import EDITS, VIEWS, a_person
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World


def _person(world: World) -> Any:
    from bakhong.people.models import Person

    found = a_person(world)
    with scope.seeing(OPERATOR):
        return Person.objects.select_related("village").get(uuid=found["person"])


def a_list(world: World) -> dict[str, Any]:
    return {"unit": a_correction(world)["unit"]}


def a_correction(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        person = _person(world)
        made = ask_correction(
            person=person,
            key="person.address",
            current="",
            wanted="CANARY NHÀ",
            reason="",
            about=None,
            by=OPERATOR,
            at=AT,
        )
    return {"unit": world.home["village"].uuid, "correction": made.uuid}


def a_mandate(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        person = _person(world)
        made = give_mandate(
            principal=person,
            agent_name="CANARY NHÀ",
            agent_number="038190005678",
            scope="all",
            procedures=[],
            valid_to=AT.date() + timedelta(days=30),
            how="desk",
            by=OPERATOR,
            at=AT,
        )
    return {"unit": world.home["village"].uuid, "person": person.uuid, "mandate": made.uuid}


_VILLAGE: dict[str, Any] = {"level": "village"}

ROWS = [
    Row("desk:corrections", may=VIEWS, kwargs=a_list, **_VILLAGE),
    Row("desk:correction", may=VIEWS, kwargs=a_correction, **_VILLAGE),
    Row(
        "desk:correction",
        method="post",
        data={"do": "acknowledge"},
        ok={302},
        may=EDITS,
        kwargs=a_correction,
        **_VILLAGE,
    ),
    Row("desk:person_mandates", may=EDITS, kwargs=a_person, **_VILLAGE),
    Row("desk:person_mandates", method="post", ok={422}, may=EDITS, kwargs=a_person, **_VILLAGE),
    Row("desk:person_mandate_end", method="post", ok={302}, may=EDITS, kwargs=a_mandate, **_VILLAGE),
]
