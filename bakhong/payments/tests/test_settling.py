"""A charge is paid by bank lines of exactly its amount, once."""

from datetime import datetime

from bakhong.core.actor import Actor
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    Biller,
    Entry,
    Receipt,
)
from bakhong.payments.queries.ledger import account, balance
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    bank,
    biller,
    check_deferred,
    everybody,
    make_charge,
    make_line,
    village,
    villages,
)

__all__ = ["bank", "biller", "everybody", "make_charge", "make_line", "village", "villages"]


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
    assert balance(account(biller, AccountKind.BANK, bank_account=bank)) == 200_000
    assert balance(account(biller, AccountKind.PURPOSE, service="dossier_fee")) == 200_000
    assert made.entry.key == f"line:{line.uuid}"
    receipt = Receipt.objects.get(charge=charge)
    assert (receipt.year, receipt.number, receipt.amount) == (2026, 1, 200_000)
    # Said again, it is the same.
    assert settle_by_lines(charge=charge, lines=[line], by=actor, at=at) == [made]
    assert Entry.objects.count() == 1
