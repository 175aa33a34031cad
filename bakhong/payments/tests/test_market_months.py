"""A month's fee for a whole market in one deed, and what came of it."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.billers import open_biller
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import withdraw_charge
from bakhong.payments.actions.market_fees import raise_month
from bakhong.payments.models import Charge, Market
from bakhong.payments.queries.market_months import Sum, market_month
from bakhong.payments.tests.accounts import opened_account
from bakhong.payments.tests.stalls import a_market, a_stall
from bakhong.people.tests.conftest import everybody, staff, village, villages  # noqa: F401
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
MONTH, DUE = date(2026, 12, 1), date(2026, 12, 20)


@pytest.fixture
def market(village: Unit, thuong_xuan: Unit, at: datetime) -> Market:  # noqa: F811
    biller = open_biller(
        unit=thuong_xuan, kind="market", name="Ban quản lý chợ", services=["market"], by=OPERATOR, at=at
    )
    opened_account(
        biller=biller, bank_bin="970405", number="1500777788889", holder="BQL CHO", by=OPERATOR, at=at
    )
    found = a_market(thuong_xuan, at, biller=biller)
    for code, fee in (("A1", 60_000), ("A2", 80_000), ("A3", None)):
        a_stall(village, at, market=found, code=code, account="", fee=fee)
    return found


def raise_it(market: Market, at: datetime, by: object = OPERATOR, **more: bool) -> tuple[int, int, int]:
    told = raise_month(market=market, month=date(2026, 12, 9), due_on=DUE, by=by, at=at, **more)  # type: ignore[arg-type]
    return len(told.made), told.kept, told.free


def test_it_raises_the_month_of_every_stall_that_pays(market: Market, at: datetime) -> None:
    assert raise_it(market, at) == (2, 0, 1)
    first = Charge.objects.order_by("customer_code")[0]
    assert (first.amount, first.period, first.due_on, first.about_kind) == (60_000, MONTH, DUE, "stall")
    assert first.account is not None
    assert first.batch is not None
    assert (first.batch.rows, first.batch.amount) == (2, 140_000)
    assert len(first.purpose) <= 25


def test_again_it_raises_only_what_is_new_whatever_the_fee_is_now(
    market: Market,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    raise_it(market, at)
    market.stalls.filter(code="A1").update(monthly_fee=99_000)
    assert raise_it(market, at) == (0, 2, 1)
    a_stall(village, at, market=market, code="A4", account="")
    assert raise_it(market, at) == (1, 2, 1)
    assert Charge.objects.count() == 3


def test_a_withdrawn_charge_is_raised_again_only_when_asked_for(market: Market, at: datetime) -> None:
    raise_it(market, at)
    withdraw_charge(charge=Charge.objects.get(customer_code="A1"), why="được miễn", by=OPERATOR, at=at)
    assert raise_it(market, at) == (0, 1, 1)
    told = market_month(market, MONTH)
    assert (told.not_raised, told.let_off) == (0, 1)
    assert raise_it(market, at, with_withdrawn=True) == (1, 1, 1)
    assert Charge.objects.filter(customer_code="A1").count() == 2


def test_a_month_is_owed_by_whoever_stood_there_in_it(market: Market, at: datetime) -> None:
    market.stalls.filter(code="A1").update(valid_from=date(2026, 12, 1))
    market.stalls.filter(code="A2").update(valid_from=date(2026, 9, 1), valid_to=date(2026, 11, 2))
    october, november = (
        raise_month(market=market, month=date(2026, month, 1), due_on=DUE, by=OPERATOR, at=at).made
        for month in (10, 11)
    )
    assert [[each.customer_code for each in made] for made in (october, november)] == [["A2"], ["A2"]]
    told = raise_month(market=market, month=MONTH, due_on=DUE, by=OPERATOR, at=at)
    assert [each.customer_code for each in told.made] == ["A1"]
    with pytest.raises(Refusal, match="trước được một tháng"):
        raise_month(market=market, month=date(2027, 1, 1), due_on=date(2027, 1, 20), by=OPERATOR, at=at)


def test_it_says_what_is_due_what_came_how_and_what_is_missing(market: Market, at: datetime) -> None:
    raise_it(market, at)
    take_cash(charge=Charge.objects.get(customer_code="A1"), key=new_uuid(), by=OPERATOR, at=at)
    told = market_month(market, MONTH)
    assert (told.due, told.cash, told.transfer) == (Sum(2, 140_000), Sum(1, 60_000), Sum())
    assert (told.missing, told.free, told.not_raised) == (Sum(1, 80_000), 1, 0)
    assert [(stall.code, charge is not None) for stall, charge in told.rows] == [
        ("A1", True),
        ("A2", True),
        ("A3", False),
    ]
    assert market_month(market, date(2026, 11, 1)).not_raised == 2


def test_it_refuses_where_nobody_collects_or_the_day_is_wrong(
    market: Market, thuong_xuan: Unit, at: datetime
) -> None:
    with pytest.raises(Refusal):
        raise_month(market=market, month=MONTH, due_on=date(2026, 11, 30), by=OPERATOR, at=at)
    alone = a_market(thuong_xuan, at, name="Chợ Chiều")
    with pytest.raises(Refusal):
        raise_month(market=alone, month=MONTH, due_on=DUE, by=OPERATOR, at=at)


def test_it_refuses_who_does_not_work_for_the_board(
    market: Market,
    staff: Staff,  # noqa: F811
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    with pytest.raises(NotAllowed):
        raise_it(market, at, by=staff("accountant", thuong_xuan))
    assert not Charge.objects.exists()
