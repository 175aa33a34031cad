"""One deed that fails stops nobody else's money: the line waits with an owner, other lines and other accounts go on."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Conflict
from bakhong.payments import tasks
from bakhong.payments.actions import closing, matching
from bakhong.payments.actions.closing import close_days
from bakhong.payments.actions.deliveries import accept_delivery, take_deliveries
from bakhong.payments.actions.matching import match_waiting
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.models import BankAccount, BankLine, Biller, Charge, Delivery, FeedAlarm, SuspenseItem
from bakhong.payments.queries.reconciling import check
from bakhong.payments.signals import charge_paid
from bakhong.payments.tests.feed_world import (
    MakeFee,
    bank,
    biller,
    dumped,
    everybody,
    fee,
    listening,
    sepay_body,
    staff,
    village,
    villages,
    waiting,
)
from bakhong.payments.tests.statements import comma

__all__ = ["bank", "biller", "everybody", "fee", "listening", "staff", "village", "villages"]

pytestmark = pytest.mark.django_db
Listening = Callable[[str], BankAccount]
Break = Callable[..., None]


@pytest.fixture
def breaks() -> Iterator[Break]:
    """`breaks(charge, error)`: whoever hears that this charge is paid fails."""
    held: list[Any] = []

    def make(broken: Charge, error: Exception) -> None:
        def hear(sender: Any, charge: Charge, **_more: Any) -> None:
            if charge.pk == broken.pk:
                raise error

        held.append(hear)
        charge_paid.connect(hear)

    yield make
    for each in held:
        charge_paid.disconnect(each)


def tell(account: BankAccount, at: datetime, *charges: Charge) -> None:
    for each in charges:
        body = sepay_body(account, each.amount, each.reference)
        accept_delivery(
            account=account, source="sepay", external_id=str(body["id"]), body=dumped(body).decode(), at=at
        )


def states(*charges: Charge) -> list[str]:
    return [Charge.objects.get(pk=each.pk).state for each in charges]


@pytest.mark.parametrize("error", [KeyError("a hole of a template"), Conflict("Hồ sơ vừa đổi.")])
def test_the_one_line_waits_and_all_others_are_paid(
    listening: Listening, fee: MakeFee, breaks: Break, biller: Biller, at: datetime, error: Exception
) -> None:
    one, other = listening("sepay"), listening("sepay")
    good = [fee(amount, account=one) for amount in (10_000, 20_000, 30_000)]
    bad, elsewhere = fee(40_000, account=one), fee(50_000, account=other)
    breaks(bad, error)
    tell(one, at, good[0], bad, *good[1:])
    tell(other, at, elsewhere)
    take_deliveries(at=at)
    assert states(*good, elsewhere, bad) == ["paid"] * 4 + ["open"]
    assert waiting(biller) == [("fault", 40_000)]
    item = SuspenseItem.objects.get()
    assert (item.charge, bool(item.owner), item.next_step) == (bad, True, "find")
    assert FeedAlarm.objects.get().kind == "fault"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}
    assert check([biller]).ok


def test_a_statement_is_taken_all_the_same(
    bank: BankAccount, fee: MakeFee, breaks: Break, actor: Any, at: datetime
) -> None:
    good, bad = fee(10_000), fee(20_000)
    breaks(bad, KeyError("x"))
    rows = [["21/11/2026", each.amount, each.reference] for each in (bad, good)]
    content = comma([["Ngày giao dịch", "Ghi có", "Nội dung"], *rows])
    taken = take_statement(account=bank, content=content, name="a.csv", by=actor, at=at)
    assert (taken.new, taken.matched, taken.suspense) == (2, 1, 1)
    assert states(good, bad) == ["paid", "open"]


def test_an_account_that_fails_holds_up_no_other_and_loses_nothing(
    listening: Listening, fee: MakeFee, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = listening("sepay"), listening("sepay")
    first, second = fee(10_000, account=one), fee(20_000, account=other)
    tell(one, at, first)
    tell(other, at, second)
    true = matching._match

    def fails(lines: Any, *more: Any) -> Any:
        if any(line.account_id == one.pk for line in lines):
            raise OperationalError("the connection is gone")
        return true(lines, *more)

    monkeypatch.setattr(matching, "_match", fails)
    take_deliveries(at=at)
    assert states(first, second) == ["open", "paid"]
    assert BankLine.objects.filter(account=one, state="new").count() == 1  # told is kept
    assert FeedAlarm.objects.get().account == one
    monkeypatch.undo()
    match_waiting(at=at, by=OPERATOR)
    assert states(first) == ["paid"]


def test_a_line_ends_once_more_where_somebody_was_in_its_way(
    listening: Listening, fee: MakeFee, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = listening("sepay")
    charge = fee(10_000, account=account)
    tell(account, at, charge)
    true, turns = matching._match, []

    def overtaken(*words: Any) -> Any:
        turns.append(1)
        if len(turns) == 1:
            raise overtaken_error()
        return true(*words)

    monkeypatch.setattr(matching, "_match", overtaken)
    take_deliveries(at=at)
    assert (states(charge), len(turns)) == (["paid"], 2)


def overtaken_error() -> OperationalError:
    cause = Exception()
    cause.sqlstate = "40P01"  # type: ignore[attr-defined]
    error = OperationalError("deadlock detected")
    error.__cause__ = cause
    return error


def test_an_account_that_cannot_be_asked_holds_up_no_other(
    listening: Listening, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = listening("sepay"), listening("sepay")
    asked = []

    def ask(*, account: BankAccount, feed: Any, at: datetime) -> int:
        asked.append(account)
        if account == one:
            raise KeyError("x")
        return 0

    monkeypatch.setattr(tasks, "pull", ask)
    tasks.pull_missed.func(0)
    assert asked == [one, other]
    assert [each.account for each in FeedAlarm.objects.all()] == [one]


def test_a_biller_whose_night_fails_holds_up_no_other(
    biller: Biller, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(each: Biller, at: datetime) -> int:
        if each == biller:
            raise KeyError("x")
        return 3

    monkeypatch.setattr(closing, "_close_quiet_days", close)
    assert close_days(billers=[biller, Biller(pk=0)], at=at) == 3
