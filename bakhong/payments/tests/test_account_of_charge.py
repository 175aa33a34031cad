"""A charge outlives its account: it is shown the biller's of today, and money is taken in any account kept for its service."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.payments.actions.bank_accounts import close_account
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import Matched, match_lines
from bakhong.payments.models import BankAccount, Biller, Charge, ChargeState
from bakhong.payments.queries.bills import bill_of
from bakhong.payments.queries.charges import payload_of
from bakhong.payments.rules.matching import Into, Named, judge
from bakhong.payments.rules.vietqr import decode
from bakhong.payments.tests.accounts import opened_account
from bakhong.payments.tests.feed_world import (
    MakeFee,
    bank,
    biller,
    everybody,
    fee,
    person,
    staff,
    told,
    village,
    villages,
    waiting,
)
from bakhong.payments.tests.ledger_world import biller_of
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "fee", "person", "staff", "village", "villages"]
TODAY = date(2026, 11, 22)


@pytest.fixture
def opened(biller: Biller, actor: Actor, at: datetime) -> Any:
    """`opened("19001", "water")`: an account of the biller, for all it collects where nothing is named."""

    def make(number: str, *services: str, of: Biller = biller) -> BankAccount:
        return opened_account(
            biller=of, bank_bin="970436", number=number, holder="UBND XA", services=services, by=actor, at=at
        )

    return make


@pytest.fixture
def early(fee: MakeFee, bank: BankAccount) -> Charge:
    """Raised before its biller had any account for it."""
    BankAccount.objects.filter(pk=bank.pk).update(services=["market"])
    return fee(200_000, account=None)


def arrives(account: BankAccount, charge: Charge, by: Actor, at: datetime) -> Matched:
    new = take_lines(account=account, told=[told(charge.amount, charge.reference)], source="sepay", at=at).new
    return match_lines(new, by=by, at=at)


def shown(charge: Charge) -> str:
    """The account that a paper's square leads to."""
    fresh = Charge.objects.select_related("account", "biller").get(pk=charge.pk)
    payload = payload_of(fresh)
    assert bill_of(fresh, on=TODAY).account == (decode(payload).account if payload else "")
    return decode(payload).account if payload else ""


def test_one_raised_before_there_was_an_account_is_paid_by_transfer(
    early: Charge, opened: Any, actor: Actor, at: datetime
) -> None:
    assert shown(early) == ""
    account = opened("19001")
    assert shown(early) == "19001"
    assert arrives(account, early, actor, at) == Matched(1, 0)
    early.refresh_from_db()
    assert early.state == ChargeState.PAID
    assert early.account is None


def test_one_whose_account_was_closed_is_paid_into_the_next(
    fee: MakeFee, bank: BankAccount, opened: Any, actor: Actor, at: datetime
) -> None:
    first, second = fee(200_000), fee(200_000)
    close_account(account=bank, by=actor, at=at)
    assert shown(first) == ""
    account = opened("19001")
    assert shown(first) == "19001"
    assert arrives(account, first, actor, at) == Matched(1, 0)
    # The old paper still leads to the old account; what comes there is known.
    bank.refresh_from_db()
    assert arrives(bank, second, actor, at) == Matched(1, 0)


def test_while_its_own_account_is_open_it_is_shown_that(
    fee: MakeFee, bank: BankAccount, opened: Any, actor: Actor, at: datetime
) -> None:
    charge = fee(200_000)
    newer = opened("19001", "dossier_fee")
    assert shown(charge) == bank.number
    assert arrives(newer, charge, actor, at) == Matched(1, 0)


def test_another_services_account_is_a_wrong_one(
    early: Charge, biller: Biller, opened: Any, actor: Actor, at: datetime
) -> None:
    water = opened("19002", "water")
    assert shown(early) == ""
    assert arrives(water, early, actor, at) == Matched(0, 1)
    assert waiting(biller) == [("wrong_account", 200_000)]


def test_a_closed_account_that_it_was_not_made_with_is_a_wrong_one(
    early: Charge, biller: Biller, opened: Any, actor: Actor, at: datetime
) -> None:
    gone = opened("19003")
    close_account(account=gone, by=actor, at=at)
    gone.refresh_from_db()
    assert arrives(gone, early, actor, at) == Matched(0, 1)
    assert waiting(biller) == [("wrong_account", 200_000)]


def test_another_billers_account_is_a_wrong_one(
    early: Charge, thuong_xuan: Unit, opened: Any, actor: Actor, at: datetime
) -> None:
    market = biller_of(thuong_xuan, at, kind="market", name="Ban quản lý chợ")
    theirs = opened("19004", of=market)
    assert shown(early) == ""
    assert arrives(theirs, early, actor, at) == Matched(0, 1)
    assert waiting(market) == [("wrong_account", 200_000)]


@pytest.mark.parametrize(
    ("account", "into", "reason"),
    [
        (1, Into(1, ["market"], is_open=False), ""),
        (1, Into(2), ""),
        (1, Into(2, ["water"]), ""),
        (1, Into(2, ["market"]), "wrong_account"),
        (1, Into(2, is_open=False), "wrong_account"),
        (None, Into(2), ""),
        (None, Into(2, ["market"]), "wrong_account"),
    ],
)
def test_the_rule(account: int | None, into: Into, reason: str) -> None:
    water = Named("charge", 1, 1, account, 86_000, True, service="water")
    found = judge(direction="in", amount=86_000, biller=1, into=into, named=[water], has_reference=True)
    assert found.reason == reason


def test_a_deposit_keeps_to_its_own_account() -> None:
    deposit = Named("deposit", 1, 1, 1, 86_000, True)
    told = [
        judge(direction="in", amount=86_000, biller=1, into=Into(pk), named=[deposit], has_reference=True)
        for pk in (1, 2)
    ]
    assert [each.reason for each in told] == ["", "wrong_account"]
