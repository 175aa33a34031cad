"""Rows of the desk's pages about markets, stalls and their codes, and of the public check."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bakhong.core.actor import OPERATOR
from bakhong.payments.actions.stall_accounts import ask_account_change
from bakhong.payments.actions.stickers import check_sticker, issue_sticker
from bakhong.payments.models import Stall
from bakhong.payments.tests.stalls import BIN, HOLDER, OTHER, a_market, a_stall
from bakhong.people import scope
from tests.matrix.rows import Row, holders_of
from tests.matrix.rows_desk_periods import AT
from tests.matrix.world import World

VIEWS, KEEPS, CHECKS, CHARGES = (
    holders_of(each) for each in ("stalls.view", "stalls.manage", "stalls.check", "payments.charge")
)
APPROVES = holders_of("payments.approve")


def _made(world: World) -> Stall:
    market = a_market(world.home["commune"], AT, name="Chợ CANARY NHÀ")
    made = a_stall(world.home["village"], AT, market=market, owner="CANARY NHÀ")
    issue_sticker(stall=made, by=OPERATOR, at=AT)
    return made


def a_stall_there(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        return {"unit": world.home["commune"].uuid, "stall": _made(world).uuid}


def a_market_there(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        made = _made(world)
    assert made.market is not None
    return {"unit": world.home["commune"].uuid, "market": made.market.uuid}


def a_unit(world: World) -> dict[str, Any]:
    return {"unit": a_stall_there(world)["unit"]}


def a_wish(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        made = _made(world)
        change = ask_account_change(
            stall=made, bank_bin=BIN, account=OTHER, holder=HOLDER, why="nhờ", by=OPERATOR, at=AT
        )
    return {"unit": world.home["commune"].uuid, "stall": made.uuid, "change": change.uuid}


def a_look(world: World) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        made = _made(world)
        look = check_sticker(
            stall=made,
            unit=world.home["commune"],
            scanned="000201",
            among=Stall.objects.all(),
            key=UUID(int=9),
            by=OPERATOR,
            at=AT,
        )
    return {"unit": world.home["commune"].uuid, "check": look.uuid}


def _row(name: str, may: set[str], kwargs: Callable[[World], dict[str, Any]], **more: Any) -> Row:
    return Row(f"desk:{name}", may=may, kwargs=kwargs, **more)


ROWS = [
    _row("markets", VIEWS, a_unit),
    _row("market_new", KEEPS, a_unit),
    _row("market_new", KEEPS, a_unit, method="post", ok={422}),
    _row("market", VIEWS, a_market_there),
    _row("market_change", KEEPS, a_market_there),
    _row("market_change", KEEPS, a_market_there, method="post", data={"close": "1"}, ok={422}),
    _row("market_raise", VIEWS, a_market_there, ok={302}),
    _row("market_raise", VIEWS & CHARGES, a_market_there, method="post", ok={422}),
    _row("market_issue", VIEWS, a_market_there, ok={302}),
    _row("market_issue", VIEWS & KEEPS, a_market_there, method="post", ok={302}),
    _row("market_cards", VIEWS, a_market_there),
    _row("market_sheet", VIEWS, a_market_there),
    _row("market_list", KEEPS, a_market_there),
    _row("market_list", KEEPS, a_market_there, method="post", ok={422}),
    _row("stall_template", KEEPS, a_unit),
    _row("stalls", VIEWS, a_unit),
    _row("stall_new", KEEPS, a_unit),
    _row("stall_new", KEEPS, a_unit, method="post", ok={422}),
    _row("stall", VIEWS, a_stall_there),
    _row("stall_change", KEEPS, a_stall_there),
    _row("stall_change", KEEPS, a_stall_there, method="post", ok={422}),
    _row("stall_tie", KEEPS, a_stall_there),
    _row("stall_tie", KEEPS, a_stall_there, method="post", data={"deed": "tie"}, ok={422}),
    _row("stall_close", VIEWS, a_stall_there, ok={302}),
    _row("stall_close", VIEWS & KEEPS, a_stall_there, method="post", ok={422}),
    _row("stall_issue", VIEWS, a_stall_there, ok={302}),
    _row("stall_issue", VIEWS & KEEPS, a_stall_there, method="post", ok={422}),
    _row("stall_card", VIEWS, a_stall_there),
    _row("stall_account", KEEPS, a_stall_there),
    _row("stall_account", KEEPS, a_stall_there, method="post", ok={422}),
    _row("stall_account_decide", VIEWS, a_wish, ok={302}),
    _row(
        "stall_account_decide",
        KEEPS | APPROVES,
        a_wish,
        method="post",
        data={"deed": "refuse", "note": "đã hỏi"},
        ok={302},
    ),
    _row("sticker_check", CHECKS, a_unit),
    _row("sticker_check", CHECKS, a_unit, method="post", ok={422}),
    _row("sticker_found", CHECKS, a_look),
    _row("sticker_checks", VIEWS, a_unit),
    _row("sticker_settle", VIEWS, a_look, ok={302}),
    _row("sticker_settle", VIEWS & KEEPS, a_look, method="post", ok={422}),
    Row("portal:sticker_check", scope="public", ok={200, 503, 404}),
    Row("portal:sticker_check", scope="public", method="post", ok={422, 503, 404}),
]
