"""Rows of the desk's pages for calling people."""

from typing import Any
from uuid import UUID

from bakhong.accounts.rules.roles import ROLES
from bakhong.core.actor import OPERATOR
from bakhong.messaging.actions import Recipient, send
from bakhong.messaging.models import Message
from bakhong.people import scope
from tests.matrix.rows import Row
from tests.matrix.rows_desk_people import holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

VIEWS = holders_of("dossiers.view")
REVEALS = VIEWS & holders_of("people.reveal")
_ABOUT = UUID(int=77)


def _made(world: World) -> Message:
    with scope.seeing(OPERATOR):
        return send(
            key=UUID(int=78),
            template="result_ready",
            to=Recipient(holder_uuid=_ABOUT, name="CANARY NHÀ", phone="0912345678"),
            values={"code": "CANARY-1"},
            about=("dossier", _ABOUT),
            unit=world.home["commune"],
            by=OPERATOR,
            at=AT,
        )


def a_call(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        call = _made(world).deliveries.get(channel="call")
    return {"unit": world.home["commune"].uuid, "call": call.uuid}


def no_call(world: World) -> dict[str, Any]:
    return {"unit": world.home["commune"].uuid, "call": UUID(int=0)}


def a_dossier(world: World) -> dict[str, Any]:
    _made(world)
    return {"unit": world.home["commune"].uuid, "about": _ABOUT}


ROWS = [
    Row("desk:calls", may=VIEWS),
    Row("desk:calls_unreached", may=VIEWS),
    Row("desk:call_number", may=VIEWS, kwargs=no_call, ok={302}),
    Row("desk:call_number", may=REVEALS, kwargs=no_call, method="post", ok={404}),
    Row("desk:call_number", may=REVEALS, kwargs=a_call, method="post"),
    Row("desk:call_record", may=VIEWS, kwargs=no_call, ok={302}),
    Row("desk:call_record", may=VIEWS, kwargs=no_call, method="post", ok={404}),
    Row("desk:call_reopen", may=VIEWS, kwargs=no_call, ok={302}),
    Row("desk:call_reopen", may=VIEWS, kwargs=no_call, method="post", ok={404}),
    Row("desk:my_messages", may=set(ROLES)),
    Row("desk:my_messages", may=set(ROLES), method="post", ok={302}),
    Row("desk:told", may=VIEWS, kwargs=a_dossier),
]
