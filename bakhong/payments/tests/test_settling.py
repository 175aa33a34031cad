"""A charge is paid by bank lines of exactly its amount, once."""

from datetime import date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.payments.actions.settling import NotExact, settle_by_lines, settle_matched
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    Biller,
    Charge,
    Entry,
    Receipt,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import account, balance
from bakhong.payments.signals import charge_paid, charge_reopened
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


def standing(biller: Biller, kind: AccountKind, **which: object) -> int:
    return balance(account(biller, kind, **which))  # type: ignore[arg-type]


def test_a_line_of_the_amount_pays_it(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    bank: BankAccount,
    actor: Actor,
    at: datetime,
) -> None:
    charge, line = make_charge(), make_line()
    (made,) = settle_by_lines(charge=charge, lines=[line], by=actor, at=at)
    check_deferred()
    charge.refresh_from_db()
    line.refresh_from_db()
    assert (charge.state, charge.method, line.state) == ("paid", "transfer", "matched")
    assert standing(biller, AccountKind.BANK, bank_account=bank) == 200_000
    assert standing(biller, AccountKind.PURPOSE, service="dossier_fee") == 200_000
    assert made.entry.key == f"line:{line.uuid}"
    receipt = Receipt.objects.get(charge=charge)
    assert (receipt.year, receipt.number, receipt.amount) == (2026, 1, 200_000)
    # Said again, it is the same.
    assert settle_by_lines(charge=charge, lines=[line], by=actor, at=at) == [made]
    assert Entry.objects.count() == 1
    assert Event.objects.filter(deed="payments.settle", object_id=str(charge.uuid)).count() == 1


@pytest.mark.parametrize(
    "amounts", [[199_999], [200_001], [100_000], [200], [100_000, 99_999], [200_000, 200_000], []]
)
def test_any_other_amount_pays_nothing(
    amounts: list[int], make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    charge, lines = make_charge(), [make_line(amount) for amount in amounts]
    with pytest.raises(NotExact):
        settle_by_lines(charge=charge, lines=lines, by=actor, at=at)
    charge.refresh_from_db()
    assert charge.state == "open"
    assert not Entry.objects.exists()


def test_two_lines_make_up_the_amount(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    charge = make_charge()
    lines = [make_line(150_000), make_line(50_000)]
    assert len(settle_by_lines(charge=charge, lines=lines, by=actor, at=at)) == 2
    check_deferred()
    assert Receipt.objects.count() == 1


def test_a_line_pays_one_charge_and_a_charge_is_paid_once(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    first, second, line = make_charge(), make_charge(), make_line()
    settle_by_lines(charge=first, lines=[line], by=actor, at=at)
    with pytest.raises(Conflict, match="dòng tiền"):
        settle_by_lines(charge=second, lines=[line], by=actor, at=at)
    with pytest.raises(Conflict, match="đã được trả"):
        settle_by_lines(charge=first, lines=[make_line()], by=actor, at=at)


def test_money_out_or_of_another_biller_pays_nothing(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, at: datetime
) -> None:
    from bakhong.payments.tests.ledger_world import account_of, biller_of

    charge = make_charge()
    with pytest.raises(Conflict, match="Chỉ tiền vào"):
        settle_by_lines(charge=charge, lines=[make_line(direction="out")], by=actor, at=at)
    other = account_of(biller_of(biller.unit, at, kind="market", name="Chợ"), at)
    with pytest.raises(Conflict, match="Chỉ tiền vào"):
        settle_by_lines(charge=charge, lines=[make_line(account=other)], by=actor, at=at)


def test_of_many_pairs_those_that_are_not_free_are_left_out(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    charges = [make_charge() for _ in range(3)]
    lines = [make_line() for _ in range(4)]
    settle_by_lines(charge=charges[2], lines=[lines[3]], by=actor, at=at)
    heard: list[Charge] = []
    charge_paid.connect(lambda charge, **_: heard.append(charge), weak=False, dispatch_uid="test")
    try:
        pairs = [
            (charges[0], lines[0]),
            (charges[0], lines[1]),
            (charges[1], make_line(1)),
            (charges[2], lines[2]),
        ]
        made = settle_matched(pairs, by=actor, at=at)
    finally:
        charge_paid.disconnect(dispatch_uid="test")
    check_deferred()
    assert [(each.charge_id, each.line_id) for each in made] == [(charges[0].pk, lines[0].pk)]
    assert [(each.pk, each.state) for each in heard] == [(charges[0].pk, "paid")]
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]


def test_the_money_came_when_the_bank_says(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    told = at - timedelta(days=3)
    first, second, third = make_charge(), make_charge(), make_charge()
    settle_by_lines(charge=first, lines=[make_line(booked_at=told)], by=actor, at=at)
    settle_by_lines(charge=second, lines=[make_line(on=date(2026, 11, 20))], by=actor, at=at)
    settle_by_lines(charge=third, lines=[make_line()], by=actor, at=at)
    moments = list(Charge.objects.order_by("id").values_list("paid_at", flat=True))
    assert moments == [told, datetime.fromisoformat("2026-11-20T00:00:00+07:00"), at]


def test_taken_back_the_charge_is_owed_again_and_the_line_waits(
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    bank: BankAccount,
    accountant: StaffActor,
    actor: Actor,
    at: datetime,
) -> None:
    charge, line = make_charge(), make_line()
    (made,) = settle_by_lines(charge=charge, lines=[line], by=actor, at=at)
    heard: list[str] = []
    charge_reopened.connect(lambda charge, **_: heard.append(charge.state), weak=False, dispatch_uid="test")
    try:
        with pytest.raises(Refusal, match="lý do"):
            take_back(settlement=made, why=" ", by=accountant, at=at)
        take_back(settlement=made, why="Nhầm hộ", by=accountant, at=at)
        take_back(settlement=made, why="Nhầm hộ", by=accountant, at=at)
    finally:
        charge_reopened.disconnect(dispatch_uid="test")
    check_deferred()
    assert heard == ["open"]
    charge.refresh_from_db()
    line.refresh_from_db()
    assert (charge.state, charge.method, charge.paid_at, line.state) == ("open", "", None, "suspense")
    item = SuspenseItem.objects.get(line=line)
    assert (item.reason, item.next_step, item.owner, item.closed_at) == (
        "taken_back",
        "find",
        accountant.id,
        None,
    )
    # The bank's money never moved.
    assert standing(biller, AccountKind.BANK, bank_account=bank) == 200_000
    assert standing(biller, AccountKind.PURPOSE, service="dossier_fee") == 0
    assert standing(biller, AccountKind.SUSPENSE) == 200_000
    receipt = Receipt.objects.get()
    assert receipt.cancelled_why == "Nhầm hộ"
    # The same line pays another charge, and later this one is paid by another line.
    other = make_charge()
    settle_by_lines(charge=other, lines=[line], by=actor, at=at)
    settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    check_deferred()
    item.refresh_from_db()
    assert item.outcome == "attributed"
    assert standing(biller, AccountKind.SUSPENSE) == 0
    assert standing(biller, AccountKind.PURPOSE, service="dossier_fee") == 400_000
    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_only_who_reconciles_settles_by_hand(
    make_charge: MakeCharge, make_line: MakeLine, collector: StaffActor, actor: Actor, at: datetime
) -> None:
    charge, line = make_charge(), make_line()
    with pytest.raises(NotAllowed):
        settle_by_lines(charge=charge, lines=[line], by=collector, at=at)
    with pytest.raises(NotAllowed):
        settle_matched([(charge, line)], by=collector, at=at)
    (made,) = settle_by_lines(charge=charge, lines=[line], by=actor, at=at)
    with pytest.raises(NotAllowed):
        take_back(settlement=made, why="Nhầm", by=collector, at=at)
