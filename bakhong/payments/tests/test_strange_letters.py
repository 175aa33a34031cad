"""What is typed as a reason or a note is refused with a sentence where the database cannot hold it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import Error, transaction

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions import words
from bakhong.payments.actions.cash import hand_over, take_cash
from bakhong.payments.actions.charging import withdraw_charge
from bakhong.payments.actions.closing import close_day
from bakhong.payments.actions.refunding import ask_refund, refuse_refund
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.stickers import issue_sticker
from bakhong.payments.actions.suspense import explain, set_step, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import Biller, Entry, EntryKind, SuspenseItem
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)
from bakhong.payments.tests.stalls import a_stall
from bakhong.places.models import Unit

__all__ = [
    "accountant", "bank", "biller", "everybody", "make_charge", "make_line", "staff", "village", "villages",
]  # fmt: skip
pytestmark = pytest.mark.django_db
STRANGE = ["tiền lãi\0 tháng", "tiền lãi\ud800 tháng"]

Say = Callable[[str], object]


@pytest.fixture
def deeds(
    make_line: MakeLine, make_charge: MakeCharge, biller: Biller, village: Unit, accountant: Actor, actor: Actor, at: datetime
) -> dict[str, Say]:  # fmt: skip
    """Every deed that keeps what somebody says, ready to be done."""

    def waits() -> SuspenseItem:
        return suspend([(make_line(), "double", None)], by=actor, at=at)[0]

    paid = settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)[0]
    said = explain(item=waits(), why="lãi tiền gửi", by=actor, at=at)
    entry = Entry.objects.get(line=said.line, kind=EntryKind.EXPLAINED)
    take_cash(charge=make_charge(), key=new_uuid(), by=actor, at=at)
    to: dict[str, Any] = {"to_name": "LE VAN AN", "amount": 200_000, "key": new_uuid()}
    asked = ask_refund(item=waits(), why="nhầm", by=accountant, at=at, **to)
    stall = a_stall(village, at)
    more: dict[str, Any] = {"by": actor, "at": at}
    return {
        "withdraw": lambda why: withdraw_charge(charge=make_charge(), why=why, **more),
        "explain": lambda why: explain(item=waits(), why=why, **more),
        "step": lambda why: set_step(item=waits(), step="call", note=why, **more),
        "take back": lambda why: take_back(settlement=paid, why=why, **more),
        "reverse": lambda why: reverse(entry=entry, why=why, **more),
        "refuse": lambda why: refuse_refund(refund=asked, why=why, **more),
        "ask": lambda why: ask_refund(item=waits(), why=why, **(more | to)),
        "close": lambda why: close_day(biller=biller, on=at.date().replace(day=1), note=why, **more),
        "hand over": lambda why: hand_over(
            biller=biller, collector="staff:x", counted={}, note=why, key=new_uuid(), **more
        ),
        "sticker": lambda why: issue_sticker(stall=stall, why=why, **more),
    }


NAMES = [
    "withdraw", "explain", "step", "take back", "reverse", "refuse", "ask", "close", "hand over", "sticker",
]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE, ids=["nul", "surrogate"])
@pytest.mark.parametrize("name", NAMES)
def test_letters_no_database_holds_are_refused(deeds: dict[str, Say], name: str, strange: str) -> None:
    assert set(deeds) == set(NAMES)
    with pytest.raises(Refusal, match=r"ký tự|lý do"):
        deeds[name](strange)


@pytest.mark.parametrize("strange", STRANGE, ids=["nul", "surrogate"])
def test_without_looking_the_database_breaks(
    deeds: dict[str, Say], strange: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    monkeypatch.setattr(words, "is_storable", lambda text: True)
    with pytest.raises((ValueError, Error)), transaction.atomic():
        deeds["explain"](strange)
