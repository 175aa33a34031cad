"""The three sides agree to the đồng, or what they do not agree on is named and counted."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.depositing import deposit, deposit_arrived
from bakhong.payments.actions.refunding import approve_refund, ask_refund, refund_sent
from bakhong.payments.actions.settling import settle_by_lines, settle_matched
from bakhong.payments.actions.suspense import explain, suspend
from bakhong.payments.models import BankAccount, BankLine, Biller
from bakhong.payments.queries.reconciling import check, reconcile, standing
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
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


DAY = date(2026, 11, 22)


@pytest.fixture
def busy(
    make_charge: MakeCharge, make_line: MakeLine, biller: Biller, bank: BankAccount, accountant: StaffActor, chair: StaffActor,
    actor: Actor, at: datetime,
) -> Biller:  # fmt: skip
    """One of everything on one day."""
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    take_cash(charge=make_charge(70_000), key=new_uuid(), by=accountant, at=at)
    brought = deposit(biller=biller, account=bank, amount=70_000, key=new_uuid(), by=accountant, at=at)
    deposit_arrived(deposit=brought, line=make_line(70_000), by=actor, at=at)
    waiting = [
        (make_line(11), "unknown", None),
        (make_line(5_000), "unknown", None),
        (make_line(900), "double", None),
    ]
    _kept, explained, back = suspend(waiting, by=actor, at=at)
    explain(item=explained, why="Lãi tiền gửi", by=accountant, at=at)
    refund = ask_refund(
        item=back, amount=900, to_name="An", to_bank_bin="970436", to_account="0011002233", why="Trả hai lần",
        key=new_uuid(), by=accountant, at=at,
    )  # fmt: skip
    approve_refund(refund=refund, by=chair, at=at)
    refund_sent(refund=refund, line=make_line(900, direction="out"), by=actor, at=at)
    suspend([(make_line(3_300, direction="out"), "out", None)], by=actor, at=at)
    return biller


def test_a_day_of_everything_agrees(busy: Biller, at: datetime) -> None:
    day = reconcile(busy, DAY)
    assert (day.feed_in, day.feed_out) == (275_911, 4_200) == (day.ledger_in, day.ledger_out)
    assert (day.charges_paid, day.deposited, day.set_aside, day.suspense) == (200_000, 70_000, 5_900, 11)
    assert (day.refunded, day.set_aside_out, day.suspense_out, day.cash_taken) == (900, 0, 3_300, 70_000)
    assert (day.unexplained, day.problems) == (0, [])
    assert check([busy]).ok
    now = standing(busy, at=at)
    assert (now.unexplained, now.suspense_count, now.suspense_amount, now.oldest) == (0, 2, 3_311, DAY)
    assert (now.desk_cash, now.collectors, now.in_transit, now.to_refund) == (0, [], 0, 0)
    check_deferred()


def test_the_first_screen_adds_the_ledger_up_once(busy: Biller, at: datetime) -> None:
    with CaptureQueriesContext(connection) as asked:
        standing(busy, at=at)
    assert len([each for each in asked if "debits_since" in each["sql"]]) == 1


def test_a_line_that_nobody_booked_is_unexplained(busy: Biller, make_line: MakeLine, at: datetime) -> None:
    line = make_line(123_456)
    for found in (reconcile(busy, DAY).problems, standing(busy, at=at).problems, check([busy]).problems):
        assert [(each.code, each.amount, each.object) for each in found] == [
            ("line_not_booked", 123_456, f"line:{line.uuid}")
        ]
    assert not check([busy]).ok
    assert check([busy]).unexplained_amount == 123_456
    assert json.dumps(check([busy]).unexplained_amount) == "123456"
    assert reconcile(busy, DAY - timedelta(days=1)).problems == []


def running(make_line: MakeLine, amounts: list[int], missing: set[int], **values: object) -> list[BankLine]:
    """Lines with the bank's running balance, from 1.000.000; those in `missing` (positions) nobody told us of."""
    balance, lines = 1_000_000, []
    for turn, amount in enumerate(amounts):
        balance += amount
        if turn not in missing:
            told = {"direction": "in" if amount > 0 else "out", "balance_after": balance} | values
            lines.append(make_line(abs(amount), **told))
    return lines


@pytest.mark.parametrize(
    ("missing", "found"),
    [(set(), []), ({1}, [50]), ({2}, [30]), ({1, 2}, [20]), ({1, 3}, [50, 70]), ({0}, []), ({4}, [])],
)
def test_a_balance_that_does_not_follow_tells_of_a_missing_line(
    missing: set[int],
    found: list[int],
    make_charge: MakeCharge,
    make_line: MakeLine,
    biller: Biller,
    actor: Actor,
    at: datetime,
) -> None:
    lines = running(make_line, [100, 50, -30, 70, 10], missing)
    ins = [line for line in lines if line.direction == "in"]
    settle_matched([(make_charge(line.amount), line) for line in ins], by=actor, at=at)
    suspend([(line, "out", None) for line in lines if line.direction == "out"], by=actor, at=at)
    problems = check([biller]).problems
    assert [(each.code, each.amount) for each in problems] == [("gap", amount) for amount in found]


def test_lines_may_be_told_in_any_order(make_line: MakeLine, bank: BankAccount, biller: Biller) -> None:
    from bakhong.payments.queries.gaps import gaps_of

    for amount, balance in ((70, 190), (50, 150), (100, 100), (-30, 120), (10, 200)):
        make_line(abs(amount), direction="in" if amount > 0 else "out", balance_after=balance)
    assert gaps_of(bank, date.min, date.max) == []


def test_a_line_without_a_balance_fills_its_gap(make_line: MakeLine, bank: BankAccount) -> None:
    from bakhong.payments.queries.gaps import gaps_of

    make_line(100, balance_after=100)
    make_line(70, balance_after=220)
    assert [each.amount for each in gaps_of(bank, date.min, date.max)] == [50]
    make_line(50)
    assert gaps_of(bank, date.min, date.max) == []


def test_the_check_sees_what_no_deed_does(busy: Biller, make_charge: MakeCharge) -> None:
    """Negative controls: with the guards off, each kind of harm is found."""
    harms = {
        "purpose_differs": "UPDATE payments_charge SET state = 'open', method = '', paid_at = NULL WHERE method = 'cash'",
        "in_differs": "UPDATE payments_settlement SET taken_back_id = (SELECT max(id) FROM payments_entry) WHERE line_id IS NOT NULL",
        "suspense_differs": "UPDATE payments_suspenseitem SET closed_at = now(), outcome = 'x', amount = 0 WHERE closed_at IS NULL",
        "receipt_gap": "DELETE FROM payments_receipt WHERE number = 1",
        "receipt_missing": "UPDATE payments_receipt SET cancelled_at = now()",
        "transit_differs": "UPDATE payments_deposit SET line_id = NULL",
        "line_not_booked": "DELETE FROM payments_entry WHERE kind = 'paid_out'",
    }
    check_deferred()
    for code, harm in harms.items():
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT whole")
            for table in ("charge", "settlement", "receipt", "deposit", "entry"):
                cursor.execute(f"ALTER TABLE payments_{table} DISABLE TRIGGER USER")
            cursor.execute(harm)
            assert cursor.rowcount, code
            found = {each.code for each in check([busy]).problems}
            cursor.execute("ROLLBACK TO SAVEPOINT whole")
        assert code in found
    assert check([busy]).ok


HARMS = {
    "the bank's amount": (
        "UPDATE payments_bankline SET amount = amount + 1 WHERE direction = 'in' AND state = 'matched'", "line_booked_otherwise",
    ),
    "an entry's amount": ("UPDATE payments_entry SET amount = amount + 1 WHERE kind = 'received'", "line_booked_otherwise"),
    "an entry of another account": (
        "UPDATE payments_entry SET debit_id = (SELECT id FROM payments_ledgeraccount WHERE kind = 'cash') WHERE kind = 'received'",
        "line_not_booked",
    ),
    "an entry of a day before its line": ("UPDATE payments_entry SET \"on\" = \"on\" - 1 WHERE kind = 'received'", "line_not_booked"),
    "in is out": (
        "UPDATE payments_bankline SET direction = CASE direction WHEN 'in' THEN 'out' ELSE 'in' END WHERE amount = 11",
        "line_booked_otherwise",
    ),
    "a payment, charge, entry and confirmation alike": (
        "UPDATE payments_settlement SET amount = amount + 1; UPDATE payments_charge SET amount = amount + 1 WHERE state = 'paid';"
        "UPDATE payments_receipt SET amount = amount + 1; UPDATE payments_entry SET amount = amount + 1 WHERE kind IN ('received', 'cash')",
        "payment_differs",
    ),
    "the cash that was counted": ("UPDATE payments_cashpayment SET amount = amount + 1", "payment_differs"),
    "a charge's amount": ("UPDATE payments_charge SET amount = amount + 1 WHERE state = 'paid' AND method = 'cash'", "charge_differs"),
    "a charge's way": ("UPDATE payments_charge SET method = 'transfer' WHERE method = 'cash'", "charge_differs"),
    "a charge that is withdrawn": (
        "UPDATE payments_charge SET state = 'withdrawn', method = '', paid_at = NULL WHERE method = 'transfer'", "charge_differs",
    ),
    "a confirmation's amount": ("UPDATE payments_receipt SET amount = amount + 1", "receipt_differs"),
    "a confirmation's way": ("UPDATE payments_receipt SET method = 'cash' WHERE method = 'transfer'", "receipt_differs"),
    "a booked line that is new": ("UPDATE payments_bankline SET state = 'new' WHERE state = 'suspense'", "line_state_differs"),
    "a paid line that waits": ("UPDATE payments_bankline SET state = 'suspense' WHERE state = 'matched'", "line_state_differs"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_amounts_are_compared_one_by_one(harm: str, busy: Biller) -> None:
    """Negative controls: what was changed behind the guards is found by the check, and is unexplained money of its day."""
    check_deferred()
    sql, code = HARMS[harm]
    with connection.cursor() as cursor:
        for table in ("charge", "settlement", "receipt", "bankline", "cashpayment", "entry"):
            cursor.execute(f"ALTER TABLE payments_{table} DISABLE TRIGGER USER")
        cursor.execute(sql)
    for problems in (check([busy]).problems, reconcile(busy, DAY).problems):
        assert code in {each.code for each in problems}
        assert sum(each.amount for each in problems if each.code == code) > 0
    assert reconcile(busy, DAY).unexplained > 0


def test_a_charge_paid_by_nothing_is_found(busy: Biller, make_charge: MakeCharge, at: datetime) -> None:
    charge = make_charge(31_000)
    check_deferred()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_charge DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE payments_charge SET state = 'paid', method = 'cash', paid_at = %s WHERE id = %s",
            [at, charge.pk],
        )
    found = {(each.code, each.amount, each.object) for each in check([busy]).problems}
    assert ("charge_differs", 31_000, f"charge:{charge.uuid}") in found
