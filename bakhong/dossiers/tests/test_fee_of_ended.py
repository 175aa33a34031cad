"""A dossier that ends without a result after its fee was paid: whoever keeps the books is told, and nothing goes back by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.ids import new_uuid
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.ending import ask_withdrawal, confirm_withdrawal, refuse, stop
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.fees import (
    charges_of,
    ended_without_result,
    open_charge,
    paid_for_nothing,
    standing,
)
from bakhong.dossiers.tests.conftest import MakeDossier
from bakhong.messaging.models import Message
from bakhong.payments.actions.refunding import approve_refund, ask_refund
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import Charge
from bakhong.payments.tests.ledger_world import account_of, line_of
from bakhong.places.models import Unit

Staff = Callable[[str, Unit], StaffActor]
End = Callable[[Dossier], Dossier]


@pytest.fixture
def accountant(staff: Staff, thuong_xuan: Unit) -> StaffActor:
    return staff("accountant", thuong_xuan)


@pytest.fixture
def with_fee(handmade: MakeDossier, officer: StaffActor, at: datetime) -> Dossier:
    made = handmade(fee_amount=20_000)
    ask_for_fee(dossier=made, by=officer, at=at)
    return made


@pytest.fixture
def paid(with_fee: Dossier, at: datetime) -> Charge:
    charge = open_charge(with_fee)
    assert charge is not None
    line = line_of(account_of(charge.biller, at), at, charge.amount)
    line.save(force_insert=True)
    settle_by_lines(charge=charge, lines=[line], by=OPERATOR, at=at)
    charge.refresh_from_db()
    return charge


def refused(dossier: Dossier, at: datetime) -> Dossier:
    return refuse(dossier=dossier, reason="other", note="Không thuộc thẩm quyền.", by=OPERATOR, at=at)


def stopped(dossier: Dossier, at: datetime) -> Dossier:
    receive(dossier=dossier, by=OPERATOR, at=at)
    dossier.refresh_from_db()
    return stop(dossier=dossier, reason="other", note="Ông An thôi làm.", by=OPERATOR, at=at)


def withdrawn(dossier: Dossier, at: datetime) -> Dossier:
    receive(dossier=dossier, by=OPERATOR, at=at)
    dossier.refresh_from_db()
    dossier = ask_withdrawal(dossier=dossier, by=OPERATOR, at=at)
    return confirm_withdrawal(dossier=dossier, by=OPERATOR, at=at)


def told(dossier: Dossier) -> list[str]:
    rows = Message.objects.filter(about=dossier.uuid, template="fee_of_ended")
    return list(rows.values_list("staff", flat=True))


@pytest.mark.parametrize("end", [refused, stopped, withdrawn])
def test_whoever_keeps_the_books_is_told_and_nothing_goes_back_by_itself(
    with_fee: Dossier, paid: Charge, accountant: StaffActor, at: datetime, end: Callable[..., Dossier]
) -> None:
    over = end(with_fee, at)
    assert set(told(over)) == {accountant.id}
    paid.refresh_from_db()
    assert (paid.state, paid.refunds.count()) == ("paid", 0)
    found = standing(over)
    assert (found.is_paid, found.may_go_back, found.is_owed) == (True, True, False)
    assert paid_for_nothing(paid.biller, since=at) == [(paid, day_of(at))]
    assert ended_without_result(paid) == day_of(at)


@pytest.mark.parametrize("end", [refused, stopped, withdrawn])
def test_where_nothing_was_paid_nobody_is_told(
    with_fee: Dossier, accountant: StaffActor, at: datetime, end: Callable[..., Dossier]
) -> None:
    charge = charges_of(with_fee).get()
    over = end(with_fee, at)
    assert told(over) == []
    found = standing(over)
    assert (found.is_paid, found.may_go_back, found.is_owed) == (False, False, False)
    assert paid_for_nothing(charge.biller, since=at) == []


def test_while_it_goes_on_nothing_is_brought_up(with_fee: Dossier, paid: Charge, at: datetime) -> None:
    assert not standing(with_fee).may_go_back
    assert paid_for_nothing(paid.biller, since=at) == []
    assert ended_without_result(paid) is None


def test_what_was_asked_back_or_is_long_past_is_considered(
    with_fee: Dossier, paid: Charge, accountant: StaffActor, chair: StaffActor, at: datetime
) -> None:
    over = refused(with_fee, at)
    assert paid_for_nothing(paid.biller, since=at + timedelta(seconds=1)) == []
    asked = ask_refund(
        charge=paid, amount=paid.amount, to_name="Lê Văn An", why="Hồ sơ bị từ chối", key=new_uuid(), by=accountant, at=at
    )  # fmt: skip
    assert paid_for_nothing(paid.biller, since=at) == []
    approve_refund(refund=asked, by=chair, at=at)
    over.refresh_from_db()
    found = standing(over)
    assert (found.is_owed, found.is_paid, found.may_go_back) == (False, False, False)
