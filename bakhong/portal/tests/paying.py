"""A charge of Thường Xuân with an account to pay it into, and what the bank says."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.actions.charging import Owed, raise_charge
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import match_lines
from bakhong.payments.models import BankAccount, BankLine, Charge
from bakhong.payments.rules.lines import Told
from bakhong.payments.tests.accounts import opened_account
from bakhong.people import scope
from bakhong.places.models import Unit

NOW = datetime.now(UTC)
HOLDER = "UBND XA THUONG XUAN"


def account_at(unit: Unit) -> BankAccount:
    """The commune's own account, opened where there is none."""
    with scope.seeing(OPERATOR):
        biller = commune_biller(unit, at=NOW)
        found = BankAccount.objects.filter(biller=biller, closed_on=None).first()
        return found or opened_account(
            biller=biller, bank_bin="970405", number="3500205111222", holder=HOLDER, by=OPERATOR, at=NOW
        )


def owed(unit: Unit, amount: int = 200_000, **values: Any) -> Charge:
    account = account_at(unit)
    told: dict[str, Any] = {
        "service": "water",
        "title": "Tiền nước tháng 11",
        "payer_name": "Lê Văn An",
        "village": unit,
    }
    with scope.seeing(OPERATOR):
        return raise_charge(
            owed=Owed(biller=account.biller, amount=amount, **(told | values)),
            key=uuid4(),
            by=OPERATOR,
            at=NOW,
        )


def bank_says(charge: Charge, amount: int | None = None, content: str = "") -> BankLine:
    """A line comes in and is judged."""
    assert charge.account is not None
    told = Told(
        "in",
        charge.amount if amount is None else amount,
        day_of(NOW),
        booked_at=NOW,
        content=content or f"MBVCB {charge.purpose}",
        external_id=uuid4().hex,
        reference=uuid4().hex[:12],
    )
    with scope.seeing(OPERATOR):
        taken = take_lines(account=charge.account, told=[told], source="sepay", at=NOW)
        match_lines(taken.new, by=OPERATOR, at=NOW)
        return taken.new[0]


def stands(charge: Charge) -> Charge:
    with scope.seeing(OPERATOR):
        return Charge.objects.get(pk=charge.pk)
