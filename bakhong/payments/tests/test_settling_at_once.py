"""Many hands settle at the very same moment: one of them does, numbers follow each other. These tests commit."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import Error, connection

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions import settling
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.closing import close_day
from bakhong.payments.actions.settling import settle_by_lines, settle_matched
from bakhong.payments.models import (
    BankAccount,
    BankLine,
    Biller,
    Charge,
    Entry,
    Receipt,
    Settlement,
)
from bakhong.payments.queries.reconciling import check
from bakhong.payments.tests.ledger_world import account_of, biller_of, charge_of, line_of
from bakhong.people import scope
from bakhong.places.models import Unit

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HANDS = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank(thuong_xuan: Unit) -> Iterator[BankAccount]:
    scope.open_to(None)
    yield account_of(biller_of(thuong_xuan, AT), AT)
    scope.close()


def charge(bank: BankAccount) -> Charge:
    made = charge_of(bank.biller, bank.biller.unit, AT)
    made.save(force_insert=True)
    return made


def line(bank: BankAccount) -> BankLine:
    made = line_of(bank, AT)
    made.save(force_insert=True)
    return made


def at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """Each deed in a thread of its own: what came of it ("done", or the name of its refusal)."""
    told: list[str] = []
    barrier = Barrier(len(deeds))

    def work(deed: Callable[[], object]) -> None:
        scope.open_to(None)
        barrier.wait()
        try:
            deed()
            told.append("done")
        except (Refusal, Error) as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def by_line(owed: Charge, money: BankLine) -> Callable[[], object]:
    return lambda: settle_by_lines(charge=owed, lines=[money], by=OPERATOR, at=AT)


def in_cash(owed: Charge) -> Callable[[], object]:
    return lambda: take_cash(charge=owed, key=new_uuid(), by=OPERATOR, at=AT)


def test_one_line_and_one_charge_at_once_is_one_settlement(bank: BankAccount) -> None:
    told = at_once([by_line(charge(bank), line(bank))] * HANDS)
    assert told == ["done"] * HANDS  # all but one were told of the first
    assert (Settlement.objects.count(), Entry.objects.count(), Receipt.objects.count()) == (1, 1, 1)


def test_one_line_pays_one_of_many_charges(bank: BankAccount) -> None:
    money = line(bank)
    assert at_once([by_line(charge(bank), money) for _ in range(HANDS)]) == ["Conflict"] * (HANDS - 1) + [
        "done"
    ]
    assert Charge.objects.filter(state="paid").count() == Settlement.objects.count() == 1


def test_one_charge_is_paid_by_one_line_or_one_sum_of_cash(bank: BankAccount) -> None:
    owed = charge(bank)
    deeds = [by_line(owed, line(bank)) for _ in range(HANDS // 2)] + [in_cash(owed)] * (HANDS // 2)
    assert at_once(deeds) == ["Conflict"] * (HANDS - 1) + ["done"]
    assert Settlement.objects.count() == Receipt.objects.count() == 1


def test_numbers_of_receipts_follow_each_other(bank: BankAccount) -> None:
    assert at_once([in_cash(charge(bank)) for _ in range(HANDS)]) == ["done"] * HANDS
    assert sorted(Receipt.objects.values_list("number", flat=True)) == list(range(1, HANDS + 1))


def test_batches_in_other_orders_do_not_lock_each_other_out(bank: BankAccount) -> None:
    pairs = [(charge(bank), line(bank)) for _ in range(20)]
    halves = [pairs, pairs[::-1]] * 2
    told = at_once([lambda half=half: settle_matched(half, by=OPERATOR, at=AT) for half in halves])  # type: ignore[misc]
    assert told == ["done"] * 4
    assert Settlement.objects.count() == 20
    assert check(Biller.objects.all()).ok


def test_a_day_is_closed_before_or_after_a_line_of_it(bank: BankAccount) -> None:
    """Whoever comes second sees the first: the line is in the sums of the close, or is booked on the next day."""
    settle_by_lines(charge=charge(bank), lines=[line(bank)], by=OPERATOR, at=AT)
    late = AT.replace(day=23)
    deeds = [by_line(charge(bank), line(bank)) for _ in range(HANDS - 1)]
    at_once([*deeds, lambda: close_day(biller=bank.biller, on=AT.date(), note="x", by=OPERATOR, at=late)])
    assert Settlement.objects.count() == HANDS
    assert [each.code for each in check(Biller.objects.all()).problems] == []


def test_without_locks_and_keys_money_counts_twice(
    bank: BankAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: looking first is no promise."""
    monkeypatch.setattr(settling, "held_charges", lambda keys: list(Charge.objects.filter(pk__in=list(keys))))
    monkeypatch.setattr(settling, "held_lines", lambda keys: list(BankLine.objects.filter(pk__in=list(keys))))
    keys = (
        ("payments_entry", "payments_entry_key_key", "UNIQUE (key)"),
        ("payments_settlement", "payments_settlement_entry_id_key", "UNIQUE (entry_id)"),
        ("payments_settlement", "settlement_line_once", "(line_id, charge_id) WHERE taken_back_id IS NULL"),
        ("payments_receipt", "receipt_charge_once", "(charge_id) WHERE cancelled_at IS NULL"),
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_entry DROP CONSTRAINT payments_entry_key_key")
        cursor.execute("ALTER TABLE payments_settlement DROP CONSTRAINT payments_settlement_entry_id_key")
        cursor.execute("DROP INDEX settlement_line_once")
        cursor.execute("DROP INDEX receipt_charge_once")
        for table in ("charge", "settlement"):
            cursor.execute(f"ALTER TABLE payments_{table} DISABLE TRIGGER USER")
    try:
        assert any(_doubles(bank) for _ in range(5))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE payments_settlement, payments_entry, payments_receipt CASCADE")
            for table, name, what in keys:
                if "WHERE" in what:
                    cursor.execute(f"CREATE UNIQUE INDEX {name} ON {table} {what}")
                else:
                    cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {what}")
            for table in ("charge", "settlement"):
                cursor.execute(f"ALTER TABLE payments_{table} ENABLE TRIGGER USER")
                cursor.execute(f"ALTER TABLE payments_{table} DISABLE TRIGGER payments_stay")


def _doubles(bank: BankAccount) -> bool:
    money = line(bank)
    at_once([by_line(charge(bank), money) for _ in range(HANDS)])
    return Settlement.objects.filter(line=money).count() > 1
