"""What the database itself refuses, whatever the code above says. Each refusal has beside it what is let through."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import Error, connection, transaction

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.posting import post
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.actions.suspense import split, suspend
from bakhong.payments.actions.waiting import stop_waiting
from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    BankLine,
    Biller,
    Charge,
    Entry,
    LedgerAccount,
    Settlement,
    Sighting,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import account
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    account_of,
    bank,
    biller,
    biller_of,
    check_deferred,
    everybody,
    line_of,
    make_charge,
    make_line,
    refused,
    village,
    villages,
)

__all__ = ["bank", "biller", "everybody", "make_charge", "make_line", "village", "villages"]


@pytest.fixture
def paid(make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime) -> Settlement:
    (made,) = settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    check_deferred()
    return made


def entry(biller: Biller, at: datetime, **values: object) -> Entry:
    told: dict[str, object] = {
        "kind": "explained",
        "debit": account(biller, AccountKind.SUSPENSE),
        "credit": account(biller, AccountKind.OTHER),
        "amount": 1,
        "on": at.date(),
        "at": at,
        "by": "x",
        "key": str(new_uuid()),
    }
    return Entry.objects.create(biller=biller, **(told | values))


def test_an_entry_is_balanced_by_its_shape(biller: Biller, at: datetime) -> None:
    elsewhere = account(biller_of(biller.unit, at, kind="market", name="Chợ"), AccountKind.OTHER)
    for change in ({"credit": elsewhere}, {"debit": elsewhere}, {"amount": 0}, {"kind": "reversal"}):
        with pytest.raises(Error), transaction.atomic():
            entry(biller, at, **change)
    with refused("entry_two_accounts"):
        entry(biller, at, credit=account(biller, AccountKind.SUSPENSE))
    assert entry(biller, at).pk


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_entry SET amount = 1",
        'UPDATE payments_entry SET "on" = "on" - 1',
        "DELETE FROM payments_entry",
        "UPDATE payments_bankline SET amount = 1",
        "DELETE FROM payments_bankline",
        "UPDATE payments_settlement SET amount = 1",
        "DELETE FROM payments_settlement",
        "DELETE FROM payments_charge",
        "UPDATE payments_charge SET amount = 1",
        "UPDATE payments_ledgeraccount SET kind = 'other'",
        "DELETE FROM payments_ledgeraccount",
    ],
)
def test_what_was_booked_stays(sql: str, paid: Settlement) -> None:
    with pytest.raises(Error, match="stays"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_bankline SET state = 'matched'")
        assert cursor.rowcount == 1


@pytest.mark.parametrize("table", ["entry", "close", "receipt", "ledgeraccount", "receiptyear", "refund"])
def test_nothing_is_emptied(table: str, db: None) -> None:
    """Tests that commit turn the trigger off to clean up (conftest); it is there, and says no."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE payments_{table} ENABLE TRIGGER payments_stay")
    with pytest.raises(Error, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE payments_{table} CASCADE")


def test_the_banks_account_moves_by_its_lines_alone(
    make_line: MakeLine, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    money, line = account(biller, AccountKind.BANK, bank_account=bank), make_line(500)
    told = {"debit": money, "amount": 500, "line": line, "key": f"line:{line.uuid}", "kind": "suspended"}
    told["credit"] = account(biller, AccountKind.SUSPENSE)
    out = make_line(500, direction="out")
    for change in (
        {"line": None},
        {"amount": 499},
        {"key": "another"},
        {"debit": told["credit"], "credit": money},
        {"line": out, "key": f"line:{out.uuid}"},
    ):
        with refused("no line of it"):
            entry(biller, at, **(told | change))
    assert entry(biller, at, **told).pk
    with refused("payments_entry_key"):
        entry(biller, at, **told)


def test_a_bank_account_is_one_of_the_bank(biller: Biller, bank: BankAccount) -> None:
    for values in ({"kind": "bank"}, {"kind": "cash", "bank_account": bank}):
        with refused("ledger_account_of_bank"):
            LedgerAccount.objects.create(biller=biller, code="x", **values)


def test_no_charge_is_paid_by_saying_so(make_charge: MakeCharge, at: datetime) -> None:
    charge = make_charge()
    with refused("paid by settlements of 0"):
        Charge.objects.filter(pk=charge.pk).update(state="paid", method="transfer", paid_at=at)
    with refused("charge_paid_how"):
        Charge.objects.filter(pk=charge.pk).update(state="paid")
    with refused("paid by settlements of 0"):
        make_charge(state="paid", method="cash", paid_at=at)


def test_a_paid_charge_is_not_quietly_opened(paid: Settlement) -> None:
    with refused("not paid has settlements"):
        Charge.objects.filter(pk=paid.charge_id).update(state="open", method="", paid_at=None)
        Settlement.objects.filter(pk=paid.pk).update(taken_back_at=paid.at)


def test_a_paid_charge_is_not_opened_beside_its_settlement(paid: Settlement) -> None:
    with refused("not paid has settlements"):
        Charge.objects.filter(pk=paid.charge_id).update(state="open", method="", paid_at=None)
    Charge.objects.filter(pk=paid.charge_id).update(paid_at=paid.at)
    check_deferred()


def test_what_waits_to_be_asked_cannot_be_called_off(make_charge: MakeCharge, at: datetime) -> None:
    """Statements leave their charges in a row until the end; who deletes the row is asked all the same."""
    charge = make_charge()
    with refused("paid by settlements of 0"):
        Charge.objects.filter(pk=charge.pk).update(state="paid", method="transfer", paid_at=at)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM payments_asked")
            assert cursor.rowcount == 1


def test_one_wrong_row_among_many_is_found(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, at: datetime
) -> None:
    """The guards look at all rows of a statement, not at its first."""
    charges = [make_charge() for _ in range(3)]
    lines = [make_line() for _ in range(3)]
    made = [entry(biller, at, amount=200_000, line=line) for line in lines]
    rows = [
        Settlement(biller=biller, charge=charge, line=line, amount=200_000, entry=each, at=at)
        for charge, line, each in zip(charges, lines, made, strict=True)
    ]
    rows[2].amount = 100_000
    with refused("A settlement of 100000"):
        Settlement.objects.bulk_create(rows)
    rows[2].amount = 200_000
    with refused("paid by settlements of 0|not paid has settlements of 200000"):
        Settlement.objects.bulk_create(rows[:2])
        Charge.objects.filter(pk__in=[each.pk for each in charges]).update(
            state="paid", method="transfer", paid_at=at
        )
    Settlement.objects.bulk_create(rows)
    Charge.objects.filter(pk__in=[each.pk for each in charges]).update(
        state="paid", method="transfer", paid_at=at
    )
    check_deferred()


def test_half_the_amount_pays_nothing(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, actor: Actor, at: datetime
) -> None:
    charge, line = make_charge(), make_line(100_000)
    suspend([(line, "underpaid", charge.pk)], by=actor, at=at)
    half = entry(biller, at, amount=100_000, kind="attributed", line=line, charge=charge)
    stop_waiting([line.pk], outcome="attributed", by=actor, at=at)
    with refused("paid by settlements of 100000"):
        Settlement.objects.create(biller=biller, charge=charge, line=line, amount=100_000, entry=half, at=at)
        Charge.objects.filter(pk=charge.pk).update(state="paid", method="transfer", paid_at=at)
    with refused("of 100000 is spoken for with 200000"):
        Settlement.objects.create(biller=biller, charge=charge, line=line, amount=200_000, entry=half, at=at)


def test_a_line_settles_once_at_a_time(paid: Settlement, make_charge: MakeCharge, at: datetime) -> None:
    line = BankLine.objects.get()
    other = entry(paid.biller, at, amount=200_000, kind="attributed", line=line)
    with refused("spoken for with 400000"):
        Settlement.objects.create(
            biller=paid.biller, charge=make_charge(), line=line, amount=200_000, entry=other, at=at
        )
    with refused("settlement_line_once"):
        Settlement.objects.create(
            biller=paid.biller, charge=paid.charge, line=line, amount=200_000, entry=other, at=at
        )


def test_a_line_is_spoken_for_once_in_all(
    bank: BankAccount,
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    actor: Actor,
    at: datetime,
) -> None:
    """Of 250.000, 150.000 pays and 100.000 waits; with the guard off the same is stored."""
    line = make_line(250_000)
    item = suspend([(line, "several", None)], by=actor, at=at)[0]
    split(item=item, charges=[make_charge(150_000)], by=actor, at=at)
    more = entry(biller, at, amount=100_000, kind="attributed", line=line)
    harm = partial(
        Settlement.objects.create, biller=biller, charge=make_charge(100_000), line=line, amount=100_000, entry=more, at=at
    )  # fmt: skip
    with refused("A line of 250000 is spoken for with 350000"):
        harm()
    rows = SuspenseItem.objects.filter(pk=item.pk)
    for change in ({"amount": 100_001}, {"aside": 1}):
        with refused("spoken for with 250001"):
            rows.update(**change)
    with refused("suspense_waits_for_something"):
        rows.update(amount=0)
    # Negative controls: the whole line is let through, and with the guard off anything.
    assert rows.update(amount=50_000, aside=50_000) == 1
    check_deferred()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_settlement DISABLE TRIGGER payments_parts_made")
    with transaction.atomic():
        harm()
        transaction.set_rollback(True)


def test_what_money_names_is_there_and_the_billers(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    """Where no foreign key says so (0020) a trigger does; with the trigger off the same is stored."""
    line, charge = make_line(), make_charge()
    other = biller_of(biller.unit, at, kind="market", name="Chợ")
    foreign = account_of(other, at)
    theirs = make_line(account=foreign)
    for account_id in (foreign.pk, 0):
        made = line_of(bank, at)
        made.account_id = account_id
        with refused("line_account_of_biller"):
            made.save(force_insert=True)
    said = {"source": "sepay", "at": at, "line": line, "biller": biller, "account": bank}
    names: list[dict[str, Any]] = [
        {"line": theirs},
        {"biller": other},
        {"account": foreign},
        {"line": None, "line_id": 0},
    ]
    for wrong in names:
        with refused("no line of its account"):
            Sighting.objects.create(**_with(said, wrong))
    booked = entry(biller, at, amount=200_000, line=line)
    for wrong in ({"line": theirs}, {"line_id": 0}):
        with refused("no line of it"):
            entry(biller, at, **wrong)
    paying = {"charge": charge, "line": line, "entry": booked, "amount": 200_000, "biller": biller, "at": at}
    for wrong in (
        {"biller": other},
        {"line": theirs},
        {"line": None, "line_id": 0},
        {"entry": None, "entry_id": 0},
    ):
        with refused("A settlement of 200000"):
            Settlement.objects.create(**_with(paying, wrong))
    # Negative controls: what is right is let through, and with the guards off anything.
    Sighting.objects.create(**said)
    check_deferred()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_sighting DISABLE TRIGGER payments_sighted")
        cursor.execute("ALTER TABLE payments_entry DISABLE TRIGGER payments_of_the_bank")
        cursor.execute("ALTER TABLE payments_settlement DISABLE TRIGGER payments_settle")
    with transaction.atomic():
        for wrong in names:
            Sighting.objects.create(**_with(said, wrong))
        entry(biller, at, line_id=0)
        Settlement.objects.create(**_with(paying, {"entry": None, "entry_id": 0}))
        transaction.set_rollback(True)


def _with(told: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (told | other).items() if value is not None}


def test_one_key_is_one_entry(biller: Biller, actor: Actor, at: datetime) -> None:
    told = {
        "biller": biller,
        "kind": "explained",
        "debit": account(biller, AccountKind.SUSPENSE),
        "credit": account(biller, AccountKind.OTHER),
        "on": at.date(),
        "by": actor,
        "at": at,
        "key": "once",
    }
    first = post(amount=5, **told)  # type: ignore[arg-type]
    assert post(amount=5, **told) == first  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        post(amount=6, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"method": "cash"},
        {"state": "withdrawn", "method": "", "paid_at": None},
        {"state": "open", "method": "", "paid_at": None},
    ],
)
def test_a_paid_charge_is_not_quietly_changed(change: dict[str, object], paid: Settlement) -> None:
    with refused("settlements of 200000"):
        Charge.objects.filter(pk=paid.charge_id).update(**change)
    assert Charge.objects.filter(pk=paid.charge_id).update(state="paid", method="transfer") == 1
    check_deferred()  # negative control
