"""A day that is closed keeps what it said; nothing is written into it any more."""

from datetime import date, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.payments.actions.closing import close_day, close_days
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    BankLine,
    Biller,
    Close,
    Entry,
    Sighting,
    Statement,
)
from bakhong.payments.queries.ledger import account, all_sums, balance
from bakhong.payments.queries.reconciling import check, reconcile
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
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


DAY = date(2026, 11, 20)


@pytest.fixture
def paid(make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, at: datetime) -> Biller:
    """200.000 on each of three days, the last of which is today."""
    for days in (2, 1, 0):
        settle_by_lines(
            charge=make_charge(), lines=[make_line(on=DAY + timedelta(days=2 - days))], by=actor, at=at
        )
    return biller


def test_it_keeps_the_sums_and_balances_go_on_from_there(
    paid: Biller, bank: BankAccount, accountant: StaffActor, at: datetime
) -> None:
    before = all_sums(paid)
    made = close_day(biller=paid, on=DAY, note="", by=accountant, at=at)
    assert (made.feed_in, made.ledger_in, made.charges_paid, made.unexplained) == (
        200_000,
        200_000,
        200_000,
        0,
    )
    assert sorted(made.sums.values()) == [[0, 200_000], [200_000, 0]]
    assert close_day(biller=paid, on=DAY, note="", by=accountant, at=at) == made
    assert all_sums(paid) == before
    money = account(paid, AccountKind.BANK, bank_account=bank)
    assert [balance(money, DAY + timedelta(days=days)) for days in (-1, 0, 1, 2)] == [
        0,
        200_000,
        400_000,
        600_000,
    ]
    assert check([paid]).ok


def test_a_closed_day_takes_no_entry(paid: Biller, accountant: StaffActor, at: datetime) -> None:
    close_day(biller=paid, on=DAY, note="", by=accountant, at=at)
    row = {field: value for field, value in Entry.objects.filter(on=DAY).values()[0].items() if field != "id"}
    money = {"debit_id": row["credit_id"], "credit_id": account(paid, AccountKind.OTHER).pk, "line_id": None}
    with pytest.raises(Error, match="is closed"), transaction.atomic():
        Entry.objects.create(**(row | money | {"key": "x"}))
    assert Entry.objects.create(
        **(row | money | {"key": "x", "on": DAY + timedelta(days=1)})
    )  # negative control


def test_a_late_line_is_booked_on_the_first_open_day(
    paid: Biller,
    make_charge: MakeCharge,
    make_line: MakeLine,
    accountant: StaffActor,
    actor: Actor,
    at: datetime,
) -> None:
    close_day(biller=paid, on=DAY, note="", by=accountant, at=at)
    (made,) = settle_by_lines(
        charge=make_charge(), lines=[make_line(on=DAY - timedelta(days=7))], by=actor, at=at
    )
    assert made.entry.on == DAY + timedelta(days=1)
    assert reconcile(paid, DAY - timedelta(days=7)).problems == []
    assert check([paid]).ok


def test_unexplained_money_needs_a_note(
    paid: Biller, make_line: MakeLine, accountant: StaffActor, at: datetime
) -> None:
    make_line(5, on=DAY)
    with pytest.raises(Refusal, match="chưa giải thích"):
        close_day(biller=paid, on=DAY, note=" ", by=accountant, at=at)
    made = close_day(biller=paid, on=DAY, note="Ngân hàng báo sai", by=accountant, at=at)
    assert (made.unexplained, made.note) == (5, "Ngân hàng báo sai")


def test_days_close_in_order_when_they_are_over(
    paid: Biller, accountant: StaffActor, collector: StaffActor, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        close_day(biller=paid, on=DAY, note="", by=collector, at=at)
    with pytest.raises(Refusal, match="chưa hết"):
        close_day(biller=paid, on=date(2026, 11, 22), note="", by=accountant, at=at)
    assert (
        close_day(biller=paid, on=DAY + timedelta(days=1), note="", by=accountant, at=at).feed_in == 400_000
    )
    with pytest.raises(Conflict):
        close_day(biller=paid, on=DAY, note="", by=accountant, at=at)
    for change in ({"note": "x"}, {"unexplained": 0, "sums": {}}):
        with pytest.raises(Error, match="stays"), transaction.atomic():
            Close.objects.filter(biller=paid).update(**change)


def test_by_night_days_are_closed_as_far_as_the_banks_have_told(
    paid: Biller, bank: BankAccount, make_line: MakeLine, at: datetime
) -> None:
    assert close_days(billers=[paid], at=at) == 0  # no statement yet
    statement = Statement.objects.create(
        biller=paid,
        account=bank,
        file_name="a",
        sha256="a",
        first=DAY,
        last=DAY,
        taken_at=at,
        taken_by="x",
        taken_by_label="x",
    )
    assert close_days(billers=[paid], at=at) == 0  # and it does not have the line of that day
    line = BankLine.objects.get(on=DAY)
    Sighting.objects.create(
        line=line, biller=paid, account=bank, source="statement", statement=statement, at=at
    )
    assert close_days(billers=[paid], at=at) == 1
    bank.feed = "sepay"
    bank.save()
    assert close_days(billers=[paid], at=at) == 0  # nobody was asked since
    bank.pulled_at = at
    bank.save()
    assert close_days(billers=[paid], at=at) == 1  # today is not over
    make_line(5, on=DAY + timedelta(days=2))
    assert close_days(billers=[paid], at=at + timedelta(days=1)) == 0
    assert close_days(billers=[paid], at=at) == 0


def test_closing_waits_for_entries_under_way(paid: Biller) -> None:
    """The lock that entries share is the one a close takes alone (posting.DAYS and 0005 say the same number)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND pid = pg_backend_pid()",
            [0x1ED6, paid.pk],
        )
        assert cursor.fetchall() == [("ShareLock",)]
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'payments_open_day'")
        assert f"pg_advisory_xact_lock_shared({0x1ED6}, " in str(cursor.fetchone())
