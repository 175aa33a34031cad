"""A line that waits, is booked, is undone and is booked again: each time is an entry of its own, and suspense ends empty."""

from datetime import datetime

import pytest

from bakhong.core.actor import Actor
from bakhong.payments.actions.posting import post_reversal
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.actions.waiting import move_waiting, wait_again
from bakhong.payments.models import AccountKind, Biller, EntryKind, LineState, SuspenseItem
from bakhong.payments.queries.ledger import account, balance
from bakhong.payments.tests.ledger_world import (
    MakeLine,
    bank,
    biller,
    check_deferred,
    everybody,
    make_line,
    person,
    staff,
    village,
    villages,
)

__all__ = ["bank", "biller", "everybody", "make_line", "person", "staff", "village", "villages"]


@pytest.mark.parametrize(
    ("kind", "to", "direction"),
    [
        (EntryKind.DEPOSITED, AccountKind.TRANSIT, "in"),
        (EntryKind.REFUNDED, AccountKind.REFUND, "out"),
    ],
)
def test_what_was_undone_is_booked_again(
    biller: Biller,
    make_line: MakeLine,
    actor: Actor,
    at: datetime,
    kind: EntryKind,
    to: AccountKind,
    direction: str,
) -> None:
    line = make_line(200_000, direction=direction)
    suspend([(line, "out" if direction == "out" else "unknown", None)], by=actor, at=at)
    suspense, other = account(biller, AccountKind.SUSPENSE), account(biller, to)
    waits = balance(suspense)
    first = move_waiting(line, kind=kind, to=other, by=actor, at=at)
    assert balance(suspense) == 0
    post_reversal(first, why="ghép nhầm", by=actor, at=at)
    wait_again(line, line.amount, charge=None, at=at)
    assert balance(suspense) == waits != 0

    second = move_waiting(line, kind=kind, to=other, by=actor, at=at)
    check_deferred()
    line.refresh_from_db()
    assert second.pk != first.pk
    assert (balance(suspense), abs(balance(other)), line.state) == (0, 200_000, LineState.MATCHED)
    assert not SuspenseItem.objects.filter(line=line, closed_at=None).exists()
