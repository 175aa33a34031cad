"""What was approved to go back and did not go yet is called off: everything stands as before, and may be asked for anew."""

from datetime import datetime

import pytest
from django.db import Error, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.calling_off import call_off_refund
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.actions.refunding import approve_refund, ask_refund, refund_sent
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.suspense import split, suspend
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import Biller, Charge, LineState, Receipt, Refund, SuspenseItem
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
TO = {"to_name": "LE VAN AN", "to_bank_bin": "970436", "to_account": "0011002233", "why": "Trả nhầm"}


def holds(biller: Biller) -> None:
    check_deferred()
    assert [each.code for each in check([biller]).problems if each.code != "line_not_booked"] == []


def approved(by: Actor, chair: Actor, at: datetime, amount: int = 200_000, **about: object) -> Refund:
    asked = ask_refund(amount=amount, key=new_uuid(), by=by, at=at, **TO, **about)  # type: ignore[arg-type]
    return approve_refund(refund=asked, by=chair, at=at)


def test_an_item_waits_again_and_goes_to_the_right_account(
    make_line: MakeLine, biller: Biller, actor: Actor, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    item = suspend([(make_line(), "double", None)], by=actor, at=at)[0]
    refund = approved(accountant, chair, at, item=item)
    with pytest.raises(Refusal, match="lý do"):
        call_off_refund(refund=refund, why=" ", by=chair, at=at)
    for nobody in (accountant, actor):
        with pytest.raises(NotAllowed):
            call_off_refund(
                refund=Refund(pk=refund.pk, biller=biller, asked_by=actor.id), why="x", by=nobody, at=at
            )
    assert call_off_refund(refund=refund, why="Sai số", by=chair, at=at).state == "off"
    item.refresh_from_db()
    assert (item.amount, item.aside, item.reason, item.next_step) == (200_000, 0, "double", "return")
    holds(biller)
    with pytest.raises(Conflict):
        call_off_refund(refund=refund, why="Sai số", by=chair, at=at)
    with pytest.raises(Conflict):
        refund_sent(refund=refund, line=make_line(direction="out"), by=actor, at=at)
    again = approved(accountant, chair, at, item=item)
    refund_sent(refund=again, line=make_line(direction="out"), by=actor, at=at)
    with pytest.raises(Conflict):
        call_off_refund(refund=again, why="Sai số", by=chair, at=at)
    holds(biller)


@pytest.mark.parametrize("in_cash", [True, False])
def test_a_charge_paid_back_whole_is_paid_as_it_was(
    in_cash: bool, make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, accountant: StaffActor,
    chair: StaffActor, at: datetime,
) -> None:  # fmt: skip
    charge = make_charge()
    if in_cash:
        take_cash(charge=charge, key=new_uuid(), by=accountant, at=at)
    else:
        settle_by_lines(charge=charge, lines=[make_line(50_000), make_line(150_000)], by=actor, at=at)
    charge.refresh_from_db()
    before = (charge.state, charge.method, charge.paid_at)
    part = approved(accountant, chair, at, 30_000, charge=charge)
    whole = approved(accountant, chair, at, 170_000, charge=charge)
    with pytest.raises(Conflict, match="sau cùng"):
        call_off_refund(refund=part, why="Sai số", by=chair, at=at)
    call_off_refund(refund=whole, why="Sai số", by=chair, at=at)
    charge.refresh_from_db()
    assert (charge.state, charge.method, charge.withdrawn_why) == (*before[:2], "")
    assert [each.cancelled_at is None for each in Receipt.objects.order_by("number")] == [False, True]
    holds(biller)
    call_off_refund(refund=part, why="Sai số", by=chair, at=at)
    holds(biller)
    take_back(settlement=charge.settlements.get(taken_back=None) if in_cash else charge.settlements.last(), why="Nhầm", by=actor, at=at)  # type: ignore[arg-type]  # fmt: skip
    charge.refresh_from_db()
    assert charge.state == "open"
    holds(biller)


def test_one_of_several_charges_of_a_line_is_paid_again(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, accountant: StaffActor, chair: StaffActor,
    at: datetime,
) -> None:  # fmt: skip
    item = suspend([(make_line(300_000), "several", None)], by=actor, at=at)[0]
    first, second = make_charge(100_000), make_charge(150_000)
    split(item=item, charges=[first, second], by=actor, at=at)
    rest = approved(accountant, chair, at, 50_000, item=item)
    whole = approved(accountant, chair, at, 100_000, charge=first)
    call_off_refund(refund=whole, why="Sai số", by=chair, at=at)
    item.refresh_from_db()
    assert (item.amount, item.aside, item.line.state) == (0, 50_000, LineState.MATCHED)
    call_off_refund(refund=rest, why="Sai số", by=chair, at=at)
    assert set(Charge.objects.values_list("state", flat=True)) == {"paid"}
    holds(biller)


def test_the_database_knows_who_called_it_off(
    make_line: MakeLine, actor: Actor, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    item = suspend([(make_line(), "double", None)], by=actor, at=at)[0]
    rows = Refund.objects.filter(pk=approved(accountant, chair, at, item=item).pk)
    told = {"state": "off", "off_at": at, "off_why": "x"}
    for by in ("", accountant.id):
        with pytest.raises(Error, match="refund_off_by_another"), transaction.atomic():
            rows.update(**told, off_by=by)
    assert rows.update(**told, off_by=chair.id) == 1  # negative control


def test_money_that_the_bank_sends_back_waits_as_that(
    make_line: MakeLine, biller: Biller, actor: Actor, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    item = suspend([(make_line(), "double", None)], by=actor, at=at)[0]
    refund = approved(accountant, chair, at, item=item)
    refund_sent(refund=refund, line=make_line(direction="out"), by=actor, at=at)
    match_lines([make_line(content=f"HOAN TRA {refund.reference}")], by=actor, at=at)
    back = SuspenseItem.objects.get(closed_at=None)
    assert (back.reason, back.next_step) == ("bounced", "return")
    approved(accountant, chair, at, item=back)
    holds(biller)
