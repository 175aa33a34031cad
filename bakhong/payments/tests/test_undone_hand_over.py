"""A hand-over that was counted wrong is the collector's cash again, on the same day, while none of it has gone."""

from datetime import datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import hand_over, take_cash, undo_cash
from bakhong.payments.actions.depositing import deposit
from bakhong.payments.actions.handing_back import undo_hand_over
from bakhong.payments.models import AccountKind, BankAccount, Biller, CashPayment, HandOver
from bakhong.payments.queries.ledger import account, balance, held_by, sheet
from bakhong.payments.queries.reconciling import check
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    accountant,
    bank,
    biller,
    chair,
    collector,
    everybody,
    make_charge,
    staff,
    village,
    villages,
)

__all__ = ["accountant", "bank", "biller", "chair", "collector", "everybody", "make_charge", "staff", "village", "villages"]  # fmt: skip


@pytest.fixture
def taken(make_charge: MakeCharge, collector: StaffActor, at: datetime) -> CashPayment:
    return take_cash(charge=make_charge(), key=new_uuid(), by=collector, at=at, collector=True)


@pytest.fixture
def brought(taken: CashPayment, biller: Biller, accountant: StaffActor, at: datetime) -> HandOver:
    """150.000 counted of 200.000."""
    return hand_over(
        biller=biller, collector=taken.collector, counted={50_000: 3}, note="Thiếu một tờ", key=new_uuid(), by=accountant, at=at
    )  # fmt: skip


def test_the_cash_is_the_collectors_again(
    brought: HandOver, taken: CashPayment, biller: Biller, accountant: StaffActor, collector: StaffActor, chair: StaffActor, at: datetime
) -> None:  # fmt: skip
    for who, why, refusal in (
        (accountant, " ", Refusal),
        (collector, "Nhầm", NotAllowed),
        (chair, "Nhầm", NotAllowed),
    ):
        with pytest.raises(refusal):
            undo_hand_over(hand_over=brought, why=why, by=who, at=at)
    with pytest.raises(Refusal, match="trong ngày"):
        undo_hand_over(hand_over=brought, why="Nhầm", by=accountant, at=at + timedelta(days=1))
    for _twice in range(2):
        undone = undo_hand_over(hand_over=brought, why="Đếm sót một tờ", by=accountant, at=at)
    assert undone.undone_why == "Đếm sót một tờ"
    assert held_by(biller, collector.id) == 200_000
    for kind in (AccountKind.CASH, AccountKind.DIFFERENCE):
        assert balance(account(biller, kind)) == 0
    assert sheet(biller, collector.id) == [taken]
    assert Event.objects.filter(deed="payments.undo_hand_over").count() == 1
    again = hand_over(
        biller=biller, collector=collector.id, counted={50_000: 4}, note="", key=new_uuid(), by=accountant, at=at
    )  # fmt: skip
    assert again.expected == again.amount
    assert check([biller]).problems == []
    with pytest.raises(Refusal):
        undo_cash(cash=taken, by=collector, at=at)  # it is handed over


def test_what_has_gone_on_is_not_undone(
    brought: HandOver, bank: BankAccount, biller: Biller, accountant: StaffActor, at: datetime
) -> None:
    deposit(biller=biller, account=bank, amount=50_000, key=new_uuid(), by=accountant, at=at)
    with pytest.raises(Conflict):
        undo_hand_over(hand_over=brought, why="Nhầm", by=accountant, at=at)


def test_only_the_last_one_is_undone(
    brought: HandOver, make_charge: MakeCharge, biller: Biller, accountant: StaffActor, collector: StaffActor, at: datetime
) -> None:  # fmt: skip
    take_cash(charge=make_charge(), key=new_uuid(), by=collector, at=at, collector=True)
    later = hand_over(
        biller=biller, collector=collector.id, counted={200_000: 1}, note="", key=new_uuid(), by=accountant, at=at
    )  # fmt: skip
    with pytest.raises(Conflict):
        undo_hand_over(hand_over=brought, why="Nhầm", by=accountant, at=at)
    undo_hand_over(hand_over=later, why="Nhầm", by=accountant, at=at)
    undo_hand_over(
        hand_over=brought, why="Nhầm", by=accountant, at=at
    )  # negative control: now it is the last
    assert held_by(biller, collector.id) == 400_000
