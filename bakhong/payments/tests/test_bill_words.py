"""What a payer reads about money that does not fit: never to send more for what is over, and what becomes of money that goes back."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.charging import withdraw_charge
from bakhong.payments.actions.refunding import approve_refund, ask_refund, refund_sent
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.suspense import suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import BankAccount, Charge, SuspenseItem
from bakhong.payments.queries.bill_words import explained
from bakhong.payments.queries.bills import Bill, bill_of, own_bills
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
from bakhong.people.tests.conftest import MakePerson, person

__all__ = [
    "accountant", "bank", "biller", "chair", "everybody", "make_charge", "make_line", "person", "staff", "village", "villages",
]  # fmt: skip
TODAY = date(2026, 11, 22)
TO = {"to_name": "LE VAN AN", "to_bank_bin": "970436", "to_account": "0011002233", "why": "Trả thiếu"}


@pytest.fixture
def charge(bank: BankAccount, make_charge: MakeCharge) -> Charge:
    return make_charge()


def now_of(charge: Charge) -> Bill:
    charge.refresh_from_db()
    return bill_of(charge, on=TODAY)


def waits(make_line: MakeLine, charge: Charge, amount: int, reason: str, by: Actor, at: datetime) -> Any:
    return suspend([(make_line(amount), reason, charge.pk)], by=by, at=at)[0]


def test_what_could_not_be_written_down_is_said_to_have_come(
    charge: Charge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    waits(make_line, charge, charge.amount, "fault", actor, at)
    found = now_of(charge)
    head, words = explained(found, "")
    assert head == "Tiền đã tới, đang chờ ghi nhận"
    assert "Đừng chuyển lại" in words
    assert found.to_pay == 0


@pytest.mark.parametrize("reason", ["underpaid", "overpaid", "double", "closed", "wrong_account"])
@pytest.mark.parametrize("state", ["open", "paid", "withdrawn"])
def test_the_state_goes_before_the_reason(
    state: str, reason: str, charge: Charge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    amount = 250_000 if reason == "overpaid" else 150_000
    waits(make_line, charge, amount, reason, actor, at)
    if state == "paid":
        settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    elif state == "withdrawn":
        withdraw_charge(charge=charge, why="Ghi nhầm hộ", by=actor, at=at)
    found = now_of(charge)
    assert found.trouble is not None
    asks_for_more = (state, reason) == ("open", "underpaid")
    assert found.has_code is asks_for_more
    assert ("Chuyển nốt" in explained(found, "")[1]) is asks_for_more
    assert found.to_pay == (50_000 if asks_for_more else 0)
    of_state = {"paid": "twice", "withdrawn": "late"}
    of_reason = {"underpaid": "short", "overpaid": "over", "double": "twice", "closed": "late"}
    assert found.trouble.kind == of_state.get(state, of_reason.get(reason, "elsewhere"))


def test_without_a_code_nobody_is_sent_to_one(
    charge: Charge, bank: BankAccount, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    waits(make_line, charge, 150_000, "underpaid", actor, at)
    BankAccount.objects.filter(pk=bank.pk).update(closed_on=TODAY)
    assert "mã dưới đây" not in explained(now_of(charge), "")[1]


def test_money_that_goes_back_pays_nothing(
    charge: Charge, make_line: MakeLine, actor: Actor, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    item = waits(make_line, charge, 150_000, "underpaid", actor, at)
    asked = ask_refund(item=item, amount=150_000, key=new_uuid(), by=accountant, at=at, **TO)
    found = now_of(charge)
    assert found.trouble is not None
    assert (found.trouble.kind, found.to_pay, found.returned) == ("returning", 200_000, ())
    assert "Chuyển nốt" not in explained(found, "")[1]
    approve_refund(refund=asked, by=chair, at=at)
    found = now_of(charge)
    assert (found.trouble, found.to_pay) == (None, 200_000)
    assert [(each.amount, each.is_sent, each.tail) for each in found.returned] == [(150_000, False, "2233")]
    before = found.mark
    refund_sent(refund=asked, line=make_line(150_000, direction="out"), by=actor, at=at)
    found = now_of(charge)
    assert [(each.is_sent, each.on) for each in found.returned] == [(True, TODAY)]
    assert found.mark != before


def test_cash_is_not_taken_unseen_while_money_waits(
    charge: Charge, make_line: MakeLine, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    item = waits(make_line, charge, 150_000, "underpaid", actor, at)
    with pytest.raises(Refusal, match="150"):
        take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)
    ask_refund(item=item, amount=150_000, key=new_uuid(), by=accountant, at=at, **TO)
    take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)  # it goes back


def test_who_saw_it_may_take_cash(
    charge: Charge, make_line: MakeLine, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    waits(make_line, charge, 150_000, "underpaid", actor, at)
    take_cash(charge=charge, key=new_uuid(), by=accountant, at=at, despite_waiting=True)
    assert now_of(charge).is_paid


def test_what_was_taken_back_is_no_trouble_and_its_confirmation_is_told_as_cancelled(
    charge: Charge, make_line: MakeLine, actor: Actor, accountant: StaffActor, at: datetime
) -> None:
    settlement = settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)[0]
    assert now_of(charge).cancelled is None
    take_back(settlement=settlement, why="Nhầm người", by=actor, at=at)
    found = now_of(charge)
    assert found.cancelled is not None
    assert (found.trouble, found.cancelled.number) == (None, 1)
    take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)
    assert now_of(charge).cancelled is None
    assert SuspenseItem.objects.filter(closed_at=None).count() == 1


def test_whoever_was_paid_back_still_finds_it_among_theirs(
    make_charge: MakeCharge, make_line: MakeLine, person: MakePerson, accountant: StaffActor, chair: StaffActor,
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    an = person("Lê Văn An")
    paid, withdrawn = make_charge(person=an), make_charge(person=an)
    withdraw_charge(charge=withdrawn, why="Ghi nhầm hộ", by=actor, at=at)
    settle_by_lines(charge=paid, lines=[make_line()], by=actor, at=at)
    asked = ask_refund(charge=paid, amount=200_000, key=new_uuid(), by=accountant, at=at, **TO)
    approve_refund(refund=asked, by=chair, at=at)
    assert [(each.charge, each.returned) for each in own_bills(an, on=TODAY)] == [(paid, 200_000)]
    assert now_of(paid).charge.state == "withdrawn"
    assert now_of(paid).returned
