"""Cash is counted: taken whole, held by somebody, handed over against a count, and never more than there is."""

from datetime import datetime

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import hand_over, take_cash
from bakhong.payments.actions.depositing import deposit, deposit_arrived
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import AccountKind, BankAccount, Biller, Entry, Receipt
from bakhong.payments.queries.ledger import account, balance, held_by, sheet
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
    collector,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)

__all__ = [
    "accountant", "bank", "biller", "chair", "collector", "everybody", "make_charge", "make_line", "staff", "village", "villages",
]  # fmt: skip


def test_at_the_desk_it_pays_at_once(
    make_charge: MakeCharge, biller: Biller, accountant: StaffActor, at: datetime
) -> None:
    charge, key = make_charge(), new_uuid()
    cash = take_cash(
        charge=charge, key=key, by=accountant, at=at, helper_name="Trần Thị B", helper_relation="hàng xóm"
    )
    check_deferred()
    charge.refresh_from_db()
    assert (charge.state, charge.method, charge.paid_at) == ("paid", "cash", at)
    assert balance(account(biller, AccountKind.CASH)) == 200_000
    receipt = Receipt.objects.get()
    assert (receipt.method, receipt.by_label, receipt.paid_by) == ("cash", accountant.label, "Trần Thị B")
    # Pressed again, it is the same; of another charge it is a conflict; with another key it is paid already.
    assert take_cash(charge=charge, key=key, by=accountant, at=at) == cash
    with pytest.raises(Conflict):
        take_cash(charge=make_charge(), key=key, by=accountant, at=at)
    with pytest.raises(Conflict, match="đã được trả"):
        take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)
    assert Entry.objects.count() == 1


def test_a_collector_holds_it_until_it_is_counted(
    make_charge: MakeCharge, biller: Biller, accountant: StaffActor, collector: StaffActor, at: datetime
) -> None:
    taken = [
        take_cash(charge=make_charge(amount), key=new_uuid(), by=collector, at=at, collector=True)
        for amount in (200_000, 30_000)
    ]
    assert held_by(biller, collector.id) == 230_000
    assert sheet(biller, collector.id) == taken
    counted, key = {200_000: 1, 10_000: 3}, new_uuid()
    with pytest.raises(NotAllowed):
        hand_over(
            biller=biller, collector=collector.id, counted=counted, note="", key=key, by=collector, at=at
        )
    made = hand_over(
        biller=biller, collector=collector.id, counted=counted, note="", key=key, by=accountant, at=at
    )
    assert (made.expected, made.amount, made.counted) == (230_000, 230_000, {"200000": 1, "10000": 3})
    assert (
        hand_over(
            biller=biller, collector=collector.id, counted=counted, note="", key=key, by=accountant, at=at
        )
        == made
    )
    assert (held_by(biller, collector.id), sheet(biller, collector.id)) == (0, [])
    assert balance(account(biller, AccountKind.CASH)) == 230_000
    with pytest.raises(Conflict):
        hand_over(
            biller=biller, collector=collector.id, counted={500: 1}, note="", key=key, by=accountant, at=at
        )
    with pytest.raises(Refusal, match="không còn giữ"):
        hand_over(
            biller=biller, collector=collector.id, counted={}, note="", key=new_uuid(), by=accountant, at=at
        )


@pytest.mark.parametrize(
    ("counted", "cash", "difference"), [({100_000: 1}, 100_000, -100_000), ({500_000: 1}, 500_000, 300_000)]
)
def test_a_difference_is_told_and_stands(
    counted: dict[int, int], cash: int, difference: int, make_charge: MakeCharge, biller: Biller, accountant: StaffActor,
    collector: StaffActor, at: datetime,
) -> None:  # fmt: skip
    take_cash(charge=make_charge(), key=new_uuid(), by=collector, at=at, collector=True)
    with pytest.raises(Refusal, match="lý do chênh lệch"):
        hand_over(
            biller=biller,
            collector=collector.id,
            counted=counted,
            note=" ",
            key=new_uuid(),
            by=accountant,
            at=at,
        )
    hand_over(
        biller=biller,
        collector=collector.id,
        counted=counted,
        note="Thối nhầm",
        key=new_uuid(),
        by=accountant,
        at=at,
    )
    assert held_by(biller, collector.id) == 0
    assert balance(account(biller, AccountKind.CASH)) == cash
    assert balance(account(biller, AccountKind.DIFFERENCE)) == difference
    entry = Entry.objects.get(kind="difference")
    reverse(entry=entry, why="Đếm lại", by=accountant, at=at)
    reverse(entry=entry, why="Đếm lại", by=accountant, at=at)
    assert balance(account(biller, AccountKind.DIFFERENCE)) == 0


def test_there_is_no_such_note(biller: Biller, accountant: StaffActor, at: datetime) -> None:
    for counted in ({3_000: 1}, {500: -1}):
        with pytest.raises(Refusal, match="mệnh giá"):
            hand_over(
                biller=biller,
                collector="staff:x",
                counted=counted,
                note="",
                key=new_uuid(),
                by=accountant,
                at=at,
            )


def test_a_collector_goes_their_round(
    make_charge: MakeCharge, villages: list[object], biller: Biller, collector: StaffActor, at: datetime
) -> None:
    with pytest.raises(NotAllowed, match="thôn khác"):
        take_cash(
            charge=make_charge(village=villages[1]), key=new_uuid(), by=collector, at=at, collector=True
        )
    with pytest.raises(NotAllowed, match="tại quầy"):
        take_cash(charge=make_charge(), key=new_uuid(), by=collector, at=at)
    # Who lives where nobody knows may pay anybody.
    assert take_cash(
        charge=make_charge(village=biller.unit), key=new_uuid(), by=collector, at=at, collector=True
    )


def test_taken_back_it_is_given_back_from_where_it_lies(
    make_charge: MakeCharge,
    biller: Biller,
    bank: BankAccount,
    accountant: StaffActor,
    collector: StaffActor,
    at: datetime,
) -> None:
    held, handed = [
        take_cash(charge=make_charge(), key=new_uuid(), by=collector, at=at, collector=True) for _ in range(2)
    ]
    take_back(settlement=held.settlements.get(), why="Nhầm người", by=accountant, at=at)
    check_deferred()
    assert sheet(biller, collector.id) == [handed]
    hand_over(
        biller=biller,
        collector=collector.id,
        counted={200_000: 1},
        note="",
        key=new_uuid(),
        by=accountant,
        at=at,
    )
    deposit(biller=biller, account=bank, amount=150_000, key=new_uuid(), by=accountant, at=at)
    with pytest.raises(Refusal, match="chỉ có"):
        take_back(settlement=handed.settlements.get(), why="Nhầm người", by=accountant, at=at)
    take_cash(charge=make_charge(150_000), key=new_uuid(), by=accountant, at=at)
    take_back(settlement=handed.settlements.get(), why="Nhầm người", by=accountant, at=at)
    assert balance(account(biller, AccountKind.CASH)) == 0
    assert held_by(biller, collector.id) == 0


def test_cash_on_its_way_to_the_bank(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    bank: BankAccount,
    accountant: StaffActor,
    actor: Actor,
    at: datetime,
) -> None:
    take_cash(charge=make_charge(), key=new_uuid(), by=accountant, at=at)
    key = new_uuid()
    with pytest.raises(Refusal, match="chỉ có"):
        deposit(biller=biller, account=bank, amount=200_001, key=key, by=accountant, at=at)
    made = deposit(biller=biller, account=bank, amount=200_000, key=key, by=accountant, at=at)
    assert deposit(biller=biller, account=bank, amount=200_000, key=key, by=accountant, at=at) == made
    assert made.reference.startswith("BN")
    assert balance(account(biller, AccountKind.TRANSIT)) == 200_000
    with pytest.raises(Refusal):
        deposit_arrived(deposit=made, line=make_line(100_000), by=actor, at=at)
    line = make_line()
    for _ in range(2):
        deposit_arrived(deposit=made, line=line, by=actor, at=at)
    with pytest.raises(Conflict):
        deposit_arrived(deposit=made, line=make_line(), by=actor, at=at)
    assert balance(account(biller, AccountKind.TRANSIT)) == 0
    assert balance(account(biller, AccountKind.BANK, bank_account=bank)) == 200_000


def test_a_deposit_whose_note_was_lost_is_found_in_suspense(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    bank: BankAccount,
    accountant: StaffActor,
    actor: Actor,
    at: datetime,
) -> None:
    take_cash(charge=make_charge(), key=new_uuid(), by=accountant, at=at)
    made = deposit(biller=biller, account=bank, amount=200_000, key=new_uuid(), by=accountant, at=at)
    line = make_line()
    (item,) = suspend([(line, "no_reference", None)], by=actor, at=at)
    deposit_arrived(deposit=made, line=line, by=accountant, at=at)
    item.refresh_from_db()
    assert item.closed_at == at
    assert (
        balance(account(biller, AccountKind.SUSPENSE)) == balance(account(biller, AccountKind.TRANSIT)) == 0
    )
