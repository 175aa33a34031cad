"""One transfer for several charges, or more than was owed: each charge gets exactly its own amount, the rest waits or goes back."""

from datetime import datetime

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.charging import withdraw_charge
from bakhong.payments.actions.refunding import approve_refund, ask_refund
from bakhong.payments.actions.settling import NotExact
from bakhong.payments.actions.suspense import attribute, explain, split, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.actions.waiting import reverse
from bakhong.payments.models import Biller, Charge, EntryKind, LineState, Receipt, Settlement, SuspenseItem
from bakhong.payments.queries.bill_words import explained
from bakhong.payments.queries.bills import bill_of
from bakhong.payments.queries.reconciling import check
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)

__all__ = ["accountant", "bank", "biller", "chair", "everybody", "make_charge", "make_line", "staff", "village", "villages"]  # fmt: skip
TO = {"to_name": "LE VAN AN", "to_bank_bin": "970436", "to_account": "0011002233", "why": "Trả thừa"}


def stands(item: SuspenseItem) -> tuple[int, int, str, str]:
    item.refresh_from_db()
    item.line.refresh_from_db()
    return item.amount, item.aside, item.outcome, item.line.state


@pytest.fixture
def item(make_line: MakeLine, actor: Actor, at: datetime) -> SuspenseItem:
    return suspend([(make_line(350_000), "several", None)], by=actor, at=at)[0]


def holds(biller: Biller) -> None:
    check_deferred()
    assert check([biller]).problems == []


def test_one_transfer_pays_two_children(
    item: SuspenseItem, make_charge: MakeCharge, biller: Biller, actor: Actor, at: datetime
) -> None:
    both = [make_charge(150_000), make_charge(200_000)]
    done = split(item=item, charges=both, by=actor, at=at)
    assert split(item=item, charges=both, by=actor, at=at) == done
    assert [each.amount for each in done] == [150_000, 200_000]
    assert set(Charge.objects.values_list("state", "method")) == {("paid", "transfer")}
    assert Receipt.objects.count() == 2
    assert stands(item) == (0, 0, "attributed", LineState.MATCHED)
    holds(biller)


def test_too_much_pays_and_the_rest_goes_back(
    make_line: MakeLine, make_charge: MakeCharge, biller: Biller, accountant: StaffActor, chair: StaffActor,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    charge = make_charge(200_000)
    item = suspend([(make_line(250_000), "overpaid", charge.pk)], by=actor, at=at)[0]
    split(item=item, charges=[charge], by=accountant, at=at)
    assert stands(item) == (50_000, 0, "", LineState.SUSPENSE)
    assert item.next_step == "return"
    charge.refresh_from_db()
    found = bill_of(charge, on=at.date())
    assert "Khoản này đã trả đủ" in explained(found, "")[1]
    holds(biller)
    told = {"item": item, "key": new_uuid(), "by": accountant, "at": at, **TO}
    with pytest.raises(Refusal, match="đang chờ"):
        ask_refund(amount=250_000, **told)
    asked = ask_refund(amount=50_000, **told)
    approve_refund(refund=asked, by=chair, at=at)
    assert stands(item) == (0, 50_000, "refunded", LineState.MATCHED)
    holds(biller)


def test_each_is_taken_back_by_itself(
    item: SuspenseItem, make_charge: MakeCharge, biller: Biller, actor: Actor, at: datetime
) -> None:
    first, second = make_charge(100_000), make_charge(200_000)
    split(item=item, charges=[first, second], by=actor, at=at)
    explain(item=item, why="Lãi tiền gửi", by=actor, at=at)
    assert stands(item) == (0, 50_000, "explained", LineState.MATCHED)
    take_back(settlement=first.settlements.get(), why="Nhầm con", by=actor, at=at)
    assert stands(item) == (100_000, 50_000, "", LineState.SUSPENSE)
    second.refresh_from_db()
    assert second.state == "paid"
    holds(biller)
    reverse(entry=item.line.entries.get(kind=EntryKind.EXPLAINED), why="Không phải lãi", by=actor, at=at)
    take_back(settlement=second.settlements.get(), why="Nhầm con", by=actor, at=at)
    assert stands(item) == (350_000, 0, "", LineState.SUSPENSE)
    holds(biller)
    third = make_charge(350_000)
    attribute(items=[item], charge=third, by=actor, at=at)
    assert stands(item) == (0, 0, "attributed", LineState.MATCHED)
    holds(biller)


def test_one_of_them_paid_back_leaves_the_other_paid(
    item: SuspenseItem, make_charge: MakeCharge, biller: Biller, accountant: StaffActor, chair: StaffActor,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    first, second = make_charge(150_000), make_charge(200_000)
    split(item=item, charges=[first, second], by=actor, at=at)
    asked = ask_refund(charge=first, amount=150_000, key=new_uuid(), by=accountant, at=at, **TO)
    approve_refund(refund=asked, by=chair, at=at)
    assert stands(item) == (0, 150_000, "refunded", LineState.MATCHED)
    second.refresh_from_db()
    assert second.state == "paid"
    holds(biller)


def test_it_refuses_what_does_not_fit(
    item: SuspenseItem, make_charge: MakeCharge, make_line: MakeLine, staff: object, chair: StaffActor,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    first, second = make_charge(150_000), make_charge(250_000)
    with pytest.raises(NotExact):
        split(item=item, charges=[first, second], by=actor, at=at)
    with pytest.raises(Refusal):
        split(item=item, charges=[], by=actor, at=at)
    with pytest.raises(NotAllowed):
        split(item=item, charges=[first], by=chair, at=at)
    withdraw_charge(charge=second, why="Ghi nhầm", by=actor, at=at)
    with pytest.raises(Conflict):
        split(item=item, charges=[second], by=actor, at=at)
    out = suspend([(make_line(500_000, direction="out"), "out", None)], by=actor, at=at)[0]
    with pytest.raises(Conflict):
        split(item=out, charges=[first], by=actor, at=at)
    assert not Settlement.objects.exists()


def test_a_refund_asked_of_the_whole_is_not_approved_of_the_rest(
    item: SuspenseItem, make_charge: MakeCharge, accountant: StaffActor, chair: StaffActor, actor: Actor, at: datetime
) -> None:  # fmt: skip
    asked = ask_refund(item=item, amount=350_000, key=new_uuid(), by=accountant, at=at, **TO)
    split(item=item, charges=[make_charge(300_000)], by=actor, at=at)
    with pytest.raises(Conflict, match="cách khác"):
        approve_refund(refund=asked, by=chair, at=at)
    assert stands(item) == (50_000, 0, "", LineState.SUSPENSE)
