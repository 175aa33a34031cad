"""The statement is the truth: what a broker told and it does not have is unexplained money until somebody answers for it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Refusal
from bakhong.payments.actions.closing import close_day, close_days
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.suspense import explain
from bakhong.payments.actions.taking import take_statement
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import BankAccount, Biller, Charge, Statement, SuspenseItem
from bakhong.payments.queries.reconciling import check, reconcile, standing
from bakhong.payments.tests.feed_world import MakeFee, fee, listening, told
from bakhong.payments.tests.ledger_world import (
    accountant,
    bank,
    biller,
    everybody,
    staff,
    village,
    villages,
)
from bakhong.payments.tests.statements import comma

__all__ = [
    "accountant", "bank", "biller", "everybody", "fee", "listening", "staff", "village", "villages",
]  # fmt: skip

pytestmark = pytest.mark.django_db
Listening = Callable[[str], BankAccount]
BARE = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Nội dung"]
FALSE = date(2026, 11, 11)
ROWS = [[f"{day}/11/2026", "", "1.000", f"khach {day}"] for day in (10, 11, 12)]


@pytest.fixture
def account(listening: Listening) -> BankAccount:
    return listening("sepay")


@pytest.fixture
def charge(account: BankAccount, fee: MakeFee, at: datetime) -> Charge:
    """Paid by a notification of money that never came."""
    made = fee(900_000, account=account)
    false = told(900_000, made.reference, on=FALSE, external_id="1", booked_at=None, balance_after=5_000_000)
    hear(account, at, false)
    made.refresh_from_db()
    assert made.state == "paid"
    return made


def hear(account: BankAccount, at: datetime, *lines: Any) -> None:
    match_lines(take_lines(account=account, told=lines, source="sepay", at=at).new, by=OPERATOR, at=at)


def state(account: BankAccount, rows: Any, actor: Actor, at: datetime) -> Statement:
    return take_statement(
        account=account, content=comma([BARE, *rows]), name="a.csv", by=actor, at=at
    ).statement


def codes(biller: Biller, at: datetime) -> list[tuple[str, int]]:
    return [(each.code, each.amount) for each in standing(biller, at=at).problems]


def test_money_that_no_statement_has_is_unexplained(
    account: BankAccount, biller: Biller, charge: Charge, actor: Actor, at: datetime
) -> None:
    assert codes(biller, at) == []  # the broker's word alone
    state(account, ROWS, actor, at)
    assert codes(biller, at) == [("unconfirmed", 900_000)]
    assert standing(biller, at=at).unexplained == 900_000
    assert not check([biller]).ok
    assert [each.code for each in reconcile(biller, FALSE).problems] == ["unconfirmed"]
    assert reconcile(biller, FALSE + timedelta(days=1)).problems == []


def test_the_night_closes_no_day_with_it(
    account: BankAccount, biller: Biller, charge: Charge, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    BankAccount.objects.exclude(pk=account.pk).update(closed_on=date(2026, 11, 1))
    state(account, ROWS, actor, at)
    assert close_days(billers=[biller], at=at + timedelta(hours=12)) == 1  # the day before it
    with pytest.raises(Refusal, match="chưa giải thích"):
        close_day(biller=biller, on=FALSE, note="", by=accountant, at=at)
    made = close_day(biller=biller, on=FALSE, note="Ngân hàng đang tra soát", by=accountant, at=at)
    assert made.unexplained == 900_000
    assert codes(biller, at) == []  # answered for


def test_a_statement_that_comes_after_the_close_is_heard(
    account: BankAccount, biller: Biller, charge: Charge, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    close_day(biller=biller, on=date(2026, 11, 15), note="", by=accountant, at=at)
    assert codes(biller, at) == []
    later = at + timedelta(hours=3)
    state(account, ROWS, actor, later)
    assert codes(biller, later) == [("unconfirmed", 900_000)]
    with pytest.raises(Refusal, match="chưa giải thích"):
        close_day(biller=biller, on=date(2026, 11, 16), note="", by=accountant, at=later)
    close_day(
        biller=biller,
        on=date(2026, 11, 16),
        note="Đã hỏi ngân hàng",
        by=accountant,
        at=later + timedelta(minutes=1),
    )
    assert codes(biller, later) == []


def test_a_late_false_word_on_a_closed_day_is_heard(
    account: BankAccount, biller: Biller, actor: Actor, accountant: StaffActor, fee: MakeFee, at: datetime
) -> None:
    state(account, ROWS, actor, at)
    close_day(biller=biller, on=date(2026, 11, 15), note="", by=accountant, at=at)
    hear(account, at + timedelta(hours=1), told(70_000, "khong co that", on=FALSE, external_id="9"))
    assert codes(biller, at) == [("unconfirmed", 70_000)]


def test_a_later_statement_that_has_it_confirms_it(
    account: BankAccount, biller: Biller, charge: Charge, actor: Actor, at: datetime
) -> None:
    state(account, ROWS, actor, at)
    state(account, [["11/11/2026", "", "900.000", charge.reference]], actor, at + timedelta(minutes=5))
    assert codes(biller, at) == []


def test_who_takes_it_off_the_charge_and_says_why_has_explained_it(
    account: BankAccount, biller: Biller, charge: Charge, actor: Actor, at: datetime
) -> None:
    state(account, ROWS, actor, at)
    take_back(settlement=charge.settlements.get(), why="Ngân hàng không có dòng này", by=actor, at=at)
    assert codes(biller, at) == [("unconfirmed", 900_000)]
    item = SuspenseItem.objects.get(line__amount=900_000)
    explain(item=item, why="Tin báo sai, ngân hàng xác nhận không có", by=actor, at=at)
    assert codes(biller, at) == []
    assert check([biller]).ok


def test_the_day_a_statement_was_drawn_on_may_go_on(
    account: BankAccount, biller: Biller, actor: Actor, at: datetime
) -> None:
    hear(account, at, told(5000, "hom nay", on=date(2026, 11, 22), external_id="5"))
    rows = [["20/11/2026", "", "1.000", "a"], ["22/11/2026", "", "2.000", "b"]]
    state(account, rows, actor, datetime.fromisoformat("2026-11-22T15:00:00+07:00"))
    assert codes(biller, at) == []


FULL = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Nội dung"]


def test_balances_that_say_more_than_the_lines_are_unexplained_once(
    bank: BankAccount, biller: Biller, actor: Actor, at: datetime
) -> None:
    """The missing row shows as a gap and in the sums: it is one sum of money."""
    rows = [
        ["Số dư đầu kỳ", "", "", "0", ""],
        FULL,
        ["10/11/2026", "", "5.000", "5.000", "a"],
        ["11/11/2026", "", "5.000", "17.000", "b"],
        ["Số dư cuối kỳ", "", "", "17.000", ""],
    ]
    made = take_statement(account=bank, content=comma(rows), name="a.csv", by=actor, at=at).statement
    assert made.off == 7000
    assert codes(biller, at) == [("gap", 7000)]


def test_a_missing_row_at_its_edge_is_unexplained_until_another_statement_has_it(
    bank: BankAccount, biller: Biller, actor: Actor, at: datetime
) -> None:
    rows = [FULL, ["10/11/2026", "", "5.000", "", "a"], ["11/11/2026", "", "6.000", "", "b"]]
    edges = [["Số dư đầu kỳ", "", "", "0", ""]], [["Số dư cuối kỳ", "", "", "18.000", ""]]
    take_statement(account=bank, content=comma([*edges[0], *rows, *edges[1]]), name="a.csv", by=actor, at=at)
    assert codes(biller, at) == [("statement_differs", 7000)]
    take_statement(
        account=bank,
        content=comma([FULL, ["11/11/2026", "", "7.000", "", "c"]]),
        name="b.csv",
        by=actor,
        at=at,
    )
    assert codes(biller, at) == []


@pytest.mark.parametrize(("feed", "closed"), [("sepay", 1), ("payos", 0), ("statement", 0)])
def test_only_days_that_somebody_can_vouch_for_are_closed_at_night(
    listening: Listening, biller: Biller, at: datetime, feed: str, closed: int
) -> None:
    """SePay was asked two days later; payOS and a bank without a broker have their statements alone."""
    account = listening(feed)
    day = date(2026, 11, 18)
    hear(account, at, told(5000, "a", on=day, external_id="1"))
    BankAccount.objects.filter(pk=account.pk).update(pulled_at=datetime(2026, 11, 19, 3, tzinfo=at.tzinfo))
    assert close_days(billers=[biller], at=at) == closed
    Statement.objects.create(
        biller=biller, account=account, file_name="a", sha256="x", first=day, last=day, taken_at=at, taken_by="t", taken_by_label="t",
    )  # fmt: skip
    assert (
        close_days(billers=[biller], at=at) == 0
    )  # nothing more: the line is on no statement, or the days after it are nobody's word
