"""What a bank tells is stored once, whoever tells of it; each line finds its charge or waits for somebody."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q

from bakhong.core.actor import Actor
from bakhong.payments.actions.lines import take_lines
from bakhong.payments.actions.matching import Matched, match_lines
from bakhong.payments.models import (
    BankAccount,
    BankLine,
    Biller,
    ChargeState,
    Entry,
    LineState,
    Sighting,
    SuspenseItem,
)
from bakhong.payments.rules.lines import Told
from bakhong.payments.tests.feed_world import (
    DAY,
    MakeFee,
    bank,
    biller,
    everybody,
    fee,
    in_the_bank,
    told,
    village,
    villages,
    waiting,
)
from bakhong.payments.tests.ledger_world import account_of, biller_of, check_deferred
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "fee", "village", "villages"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrive(bank: BankAccount, actor: Actor, at: datetime) -> Any:
    """`arrive(told(…), …)`: the bank tells, and the lines are matched."""

    def come(*movements: Told, source: str = "sepay", account: BankAccount = bank) -> Matched:
        taken = take_lines(account=account, told=movements, source=source, at=at)
        return match_lines(taken.new, by=actor, at=at)

    return come


def test_it_pays_a_charge_by_its_reference_and_amount(
    arrive: Any, fee: MakeFee, bank: BankAccount, biller: Biller
) -> None:
    charge = fee(200_000)
    assert arrive(told(200_000, f"MBVCB.812.{charge.reference} CK tu 0123")) == Matched(1, 0)
    check_deferred()
    charge.refresh_from_db()
    assert (charge.state, charge.method) == (ChargeState.PAID, "transfer")
    assert in_the_bank(bank) == 200_000
    assert waiting(biller) == []


@pytest.mark.parametrize(
    "mangle",
    [
        str.lower,
        " ".join,
        lambda text: f"{text[:5]}-{text[5:9]}.{text[9:]}",
        lambda text: f"THANHTOAN{text}LE PHI",
    ],
)
def test_it_finds_a_mangled_reference(arrive: Any, fee: MakeFee, mangle: Any) -> None:
    charge = fee(50_000)
    assert arrive(told(50_000, mangle(charge.reference))).matched == 1


def test_everything_else_waits_with_an_owner_and_a_step(
    arrive: Any, fee: MakeFee, biller: Biller, bank: BankAccount, at: datetime
) -> None:
    short, much, twice, gone = (
        fee(200_000),
        fee(200_000),
        fee(200_000),
        fee(200_000, state="withdrawn", withdrawn_at=at),
    )
    BankAccount.objects.filter(pk=bank.pk).update(services=["water"])
    bank.refresh_from_db()
    elsewhere, one, two = fee(200_000, account=account_of(biller, at)), fee(1000), fee(2000)
    found = arrive(
        told(200, short.reference),
        told(200_001, much.reference),
        told(200_000, twice.reference),
        told(200_000, twice.reference),
        told(200_000, gone.reference),
        told(200_000, elsewhere.reference),
        told(3000, f"{one.reference} {two.reference}"),
        told(7000, "tien nuoc thang 11"),
        told(8000, "BK0000000000001"[:-1] + "BK777777777777S"),
        told(9000, short.reference, direction="out"),
    )
    assert found == Matched(1, 9)
    assert waiting(biller) == [
        ("underpaid", 200), ("overpaid", 200_001), ("double", 200_000), ("closed", 200_000), ("wrong_account", 200_000),
        ("several", 3000), ("no_reference", 7000), ("unknown", 8000), ("out", 9000),
    ]  # fmt: skip
    assert not SuspenseItem.objects.filter(Q(owner="") | Q(next_step="")).exists()
    assert in_the_bank(bank) == 200 + 200_001 + 4 * 200_000 + 3000 + 7000 + 8000 - 9000
    short.refresh_from_db()
    assert short.state == ChargeState.OPEN
    assert not BankLine.objects.filter(state=LineState.NEW).exists()


def test_another_organisations_charge_is_not_shown(
    arrive: Any, fee: MakeFee, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    market = biller_of(thuong_xuan, at, kind="market", name="Ban quản lý chợ")
    theirs = fee(5000, biller=market, account=account_of(market, at))
    arrive(told(5000, theirs.reference))
    item = SuspenseItem.objects.get(biller=biller)
    assert (item.reason, item.charge) == ("wrong_account", None)


def test_the_same_told_again_is_one_line(arrive: Any, fee: MakeFee, bank: BankAccount) -> None:
    movement = told(200_000, fee(200_000).reference)
    for _ in range(3):
        arrive(movement)
    assert BankLine.objects.filter(account=bank).count() == 1
    assert Entry.objects.count() == 1
    assert in_the_bank(bank) == 200_000


def test_a_statement_without_references_finds_the_brokers_line(
    arrive: Any, fee: MakeFee, bank: BankAccount
) -> None:
    charge = fee(200_000)
    arrive(told(200_000, f"LE VAN AN CK {charge.reference}", external_id="7"))
    arrive(told(200_000, f"{charge.reference}", reference="", booked_at=None), source="statement")
    assert BankLine.objects.filter(account=bank).count() == 1
    assert set(Sighting.objects.values_list("source", flat=True)) == {"sepay", "statement"}


def test_two_real_payments_stay_two_whatever_tells_of_them(
    arrive: Any, fee: MakeFee, bank: BankAccount
) -> None:
    """One notification was lost; the statement has both rows, alike in every word."""
    charge = fee(200_000)
    arrive(told(200_000, charge.reference, external_id="7"))
    row = told(200_000, charge.reference, reference="", booked_at=None)
    for _ in range(2):
        arrive(row, row, source="statement")
    assert BankLine.objects.filter(account=bank).count() == 2
    late = told(200_000, charge.reference, external_id="8")  # the lost one comes a week later
    arrive(late)
    assert BankLine.objects.filter(account=bank).count() == 2
    assert in_the_bank(bank) == 400_000


def test_a_broker_that_tells_two_movements_alike_tells_two(arrive: Any, bank: BankAccount) -> None:
    arrive(told(5000, "an trua", reference="", external_id="1"))
    arrive(told(5000, "an trua", reference="", external_id="2"))
    assert BankLine.objects.filter(account=bank).count() == 2


def test_balances_tell_two_alike_apart(arrive: Any, bank: BankAccount) -> None:
    row = {"content": "tien nuoc", "reference": "", "booked_at": None}
    arrive(told(5000, balance_after=5000, **row), told(5000, balance_after=10_000, **row), source="statement")
    arrive(
        told(5000, balance_after=10_000, **row), told(5000, balance_after=15_000, **row), source="statement"
    )
    assert BankLine.objects.filter(account=bank).count() == 3


def test_a_night_that_the_bank_books_on_monday(arrive: Any, bank: BankAccount) -> None:
    """The broker's day is Saturday; the statement's is Monday, under another number, with the same balance after it."""
    arrive(told(5000, "tien nuoc thang 11", on=date(2026, 11, 21), balance_after=905_000))
    monday = told(
        5000, "tien nuoc thang 11", reference="", on=date(2026, 11, 23), booked_at=None, balance_after=905_000
    )
    arrive(monday, source="statement")
    assert BankLine.objects.filter(account=bank).count() == 1


def test_a_reference_used_again_next_year_is_another_movement(arrive: Any, bank: BankAccount) -> None:
    first = told(5000, "a", reference="12345678")
    arrive(first)
    later = told(5000, "a", reference="12345678", on=DAY + timedelta(days=300), booked_at=None)
    arrive(later)
    arrive(later)
    assert BankLine.objects.filter(account=bank).count() == 2


def test_the_rest_of_what_is_owed_pays_nothing_by_itself(arrive: Any, fee: MakeFee, biller: Biller) -> None:
    charge = fee(100_000)
    arrive(told(60_000, charge.reference))
    assert SuspenseItem.objects.get().next_step == "rest"
    arrive(told(40_000, charge.reference))
    assert set(SuspenseItem.objects.values_list("next_step", flat=True)) == {"add_up"}
    charge.refresh_from_db()
    assert charge.state == ChargeState.OPEN


def neighbours(fee: MakeFee) -> tuple[list[Any], list[Told]]:
    """Two charges of as much, paid in one batch of the bank: both movements bear its reference."""
    charges = [fee(30_000), fee(30_000)]
    shared = {"reference": "FT26326999999", "booked_at": None}
    return charges, [
        told(30_000, each.reference, external_id=str(turn), **shared) for turn, each in enumerate(charges, 1)
    ]


def states(charges: list[Any]) -> list[str]:
    for each in charges:
        each.refresh_from_db()
    return [each.state for each in charges]


@pytest.mark.parametrize("is_together", [True, False])
def test_two_movements_with_one_reference_of_the_bank_are_two(
    arrive: Any, fee: MakeFee, bank: BankAccount, is_together: bool
) -> None:
    charges, lines = neighbours(fee)
    for each in [lines] if is_together else [[line] for line in reversed(lines)]:
        arrive(*each)
    assert states(charges) == ["paid", "paid"]
    arrive(*reversed(lines), source="pull")  # each is met again under its own id
    statement = [replace(each, external_id="") for each in lines]
    for _ in range(2):
        arrive(*statement, source="statement")
    assert BankLine.objects.filter(account=bank).count() == 2
    assert in_the_bank(bank) == 60_000
    told_by = sorted(Sighting.objects.values_list("source", flat=True))
    assert told_by == ["pull", "pull", "sepay", "sepay", *["statement"] * 4]


def test_a_statement_first_and_the_broker_after_are_two_still(
    arrive: Any, fee: MakeFee, bank: BankAccount
) -> None:
    charges, lines = neighbours(fee)
    arrive(replace(lines[0], external_id=""), source="statement")
    arrive(lines[1])
    arrive(lines[0])
    assert states(charges) == ["paid", "paid"]
    assert BankLine.objects.filter(account=bank).count() == 2


def test_other_balances_after_them_tell_them_apart_and_the_same_id_never_does(
    arrive: Any, bank: BankAccount
) -> None:
    shared = {"reference": "FT26326999999", "booked_at": None}
    one = told(30_000, "ck", external_id="1", balance_after=130_000, **shared)
    arrive(one, told(30_000, "ck", external_id="2", balance_after=160_000, **shared))
    assert BankLine.objects.filter(account=bank).count() == 2
    arrive(replace(one, balance_after=None), replace(one, balance_after=999_000))
    arrive(told(30_000, "ck", external_id="3", **shared))  # nothing says that it is another one
    assert BankLine.objects.filter(account=bank).count() == 2
