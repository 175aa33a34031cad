"""A NUL in any box of the money pages is answered with a sentence, never with a broken page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.money import a_biller, a_charge, a_line, an_account, told, waiting
from bakhong.desk.views.charges.billers import _DEEDS
from bakhong.payments.actions.refunding import ask_refund
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import BankAccount, Biller
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]
NUL = "tiền lãi\0 ngân hàng"
# Every box of every page at once: a page reads the ones it has.
BOXES = dict.fromkeys(
    ["why", "note", "reference", "charge", "owner", "to_name", "to_account", "q", "ten", "la_ai", "name", "number", "holder",
     "account", "member", "scanned", "amount", "title", "payer_name", "phone", "tax_code", "code", "owner_name", "address", "series"],
    NUL,
)  # fmt: skip


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return an_account(biller, at)


def addresses(unit: Unit, bank: BankAccount, at: datetime) -> dict[str, list[str]]:
    """address → the deeds it knows; one of each page where people type, with something there to do it to."""
    told(bank, at, ("20/11/2026", 5000, "nham"), ("20/11/2026", 6000, "nham nua"))
    first, second = waiting(bank)
    with scope.seeing(OPERATOR):
        refund = ask_refund(
            item=second, amount=6000, to_name="A", why="nhầm", key=new_uuid(), by=OPERATOR, at=at
        )
        paid, money = a_charge(bank.biller, at), a_line(bank, at)
        settle_by_lines(charge=paid, lines=[money], by=OPERATOR, at=at)
    owed = a_charge(bank.biller, at)

    def to(name: str, **more: object) -> str:
        return reverse(f"desk:{name}", kwargs={"unit": unit.uuid, **more})

    return {
        to("suspense_item", item=first.uuid): ["attribute", "step", "assign", "explain", "undo"],
        to("refund_of_item", item=first.uuid): [""],
        to("refund_of_charge", charge=paid.uuid): [""],
        to("refund", refund=refund.uuid): ["refuse"],
        to("day", biller=bank.biller.uuid, on="2026-11-20"): [""],
        to("charge", charge=owed.uuid): ["", "withdraw"],
        to("biller", biller=bank.biller.uuid): sorted(_DEEDS),
        to("billers"): ["open"],
        to("charge_new", biller=bank.biller.uuid): [""],
        to("statement"): [""],
        to("cash"): [""],
        to("cash_charge", charge=owed.uuid): [""],
        to("cash_collect"): [""],
        to("hand_over_count", biller=bank.biller.uuid, collector="staff:x"): [""],
    }  # fmt: skip


@pytest.mark.parametrize("role", ["accountant", "chair"])
def test_no_box_breaks_a_page(
    enter: Enter, thuong_xuan: Unit, bank: BankAccount, at: datetime, role: str
) -> None:
    client = enter(role, thuong_xuan)
    answers = {
        (address, deed): client.post(address, BOXES | {"deed": deed, "step": "call"}).status_code
        for address, deeds in addresses(thuong_xuan, bank, at).items()
        for deed in deeds
    }
    assert set(answers.values()) <= {200, 302, 400, 403, 404, 409, 422}, answers
    if role == "accountant":
        assert [status for (address, _deed), status in answers.items() if "/cho-xu-ly/" in address].count(
            422
        ) >= 3, answers
