"""Cash that was said to go to the bank and did not is at the desk again."""

from datetime import datetime

import pytest
from django.db import Error, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.depositing import deposit, deposit_arrived, undo_deposit
from bakhong.payments.models import AccountKind, BankAccount, Biller, Deposit
from bakhong.payments.queries.ledger import account, balance
from bakhong.payments.queries.reconciling import check
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)

__all__ = ["accountant", "bank", "biller", "chair", "everybody", "make_charge", "make_line", "staff", "village", "villages"]  # fmt: skip


@pytest.fixture
def brought(
    biller: Biller, bank: BankAccount, make_charge: MakeCharge, accountant: StaffActor, at: datetime
) -> Deposit:
    take_cash(charge=make_charge(), key=new_uuid(), by=accountant, at=at)
    return deposit(biller=biller, account=bank, amount=200_000, key=new_uuid(), by=accountant, at=at)


def test_it_is_at_the_desk_again(
    brought: Deposit, biller: Biller, make_line: MakeLine, accountant: StaffActor, chair: StaffActor, actor: Actor, at: datetime
) -> None:  # fmt: skip
    with pytest.raises(Refusal, match="lý do"):
        undo_deposit(deposit=brought, why="", by=accountant, at=at)
    with pytest.raises(NotAllowed):
        undo_deposit(deposit=brought, why="Ngân hàng đóng cửa", by=chair, at=at)
    for _twice in range(2):
        undo_deposit(deposit=brought, why="Ngân hàng đóng cửa", by=accountant, at=at)
    assert balance(account(biller, AccountKind.CASH)) == 200_000
    assert balance(account(biller, AccountKind.TRANSIT)) == 0
    with pytest.raises(Conflict):
        deposit_arrived(deposit=brought, line=make_line(), by=actor, at=at)
    odd = [each.code for each in check([biller]).problems]
    assert odd == ["line_not_booked"]  # the line that was only made


def test_what_came_is_not_undone(
    brought: Deposit, make_line: MakeLine, accountant: StaffActor, actor: Actor, at: datetime
) -> None:
    deposit_arrived(deposit=brought, line=make_line(), by=actor, at=at)
    with pytest.raises(Conflict):
        undo_deposit(deposit=brought, why="Nhầm", by=accountant, at=at)
    told = {"undone_at": at, "undone_by": "x", "undone_why": "x"}
    with pytest.raises(Error, match="deposit_undone_before_it_came"), transaction.atomic():
        Deposit.objects.update(**told)
