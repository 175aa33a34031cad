"""A commune's ledger by hand: a biller, its account, charges and bank lines, as the other parts of the room would make them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from django.db import Error, connection, transaction

from bakhong.accounts.permissions import StaffActor
from bakhong.core.ids import new_uuid
from bakhong.payments.models import BankAccount, BankLine, Biller, BillerKind, BillerMember, Charge
from bakhong.payments.tests.accounts import DECIDED
from bakhong.people.tests.conftest import everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = [
    "bank",
    "biller",
    "everybody",
    "make_charge",
    "make_line",
    "person",
    "staff",
    "village",
    "villages",
]

MakeCharge = Callable[..., Charge]
MakeLine = Callable[..., BankLine]
_NUMBERS = count(1)
SINCE = date(2025, 7, 1)


def biller_of(unit: Unit, at: datetime, **values: Any) -> Biller:
    told = {"kind": BillerKind.COMMUNE, "name": "UBND xã", "services": ["dossier_fee"], "valid_from": SINCE}
    return Biller.objects.create(unit=unit, made_at=at, made_by="test", **(told | values))


def account_of(biller: Biller, at: datetime, number: str = "") -> BankAccount:
    return BankAccount.objects.create(
        biller=biller,
        bank_bin="970405",
        number=number or f"3500{next(_NUMBERS):08d}",
        holder="UBND XA",
        opened_on=SINCE,
        made_at=at,
        made_by="test",
        decided_at=at,
        **DECIDED,
    )


def charge_of(biller: Biller, village: Unit, at: datetime, amount: int = 200_000, **values: Any) -> Charge:
    number = next(_NUMBERS)
    told = {
        "service": "dossier_fee",
        "payer_name": "Lê Văn An",
        "title": "Lệ phí",
        "reference": f"BKTEST{number:09d}",
        "purpose": f"BKTEST{number:09d}",
        "client_key": new_uuid(),
        "digest": b"x",
        "made_by": "test",
    }
    return Charge(biller=biller, village=village, amount=amount, made_at=at, **(told | values))


def line_of(
    account: BankAccount, at: datetime, amount: int = 200_000, on: date | None = None, **values: Any
) -> BankLine:
    told = {"direction": "in", "content": "CK", "identity": f"ref:{next(_NUMBERS)}"}
    day = on or date(2026, 11, 22)
    return BankLine(
        biller=account.biller, account=account, amount=amount, on=day, learned_at=at, **(told | values)
    )


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime, everybody: None) -> Biller:
    return biller_of(thuong_xuan, at)


@pytest.fixture
def bank(biller: Biller, at: datetime) -> BankAccount:
    return account_of(biller, at)


@pytest.fixture
def accountant(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("accountant", thuong_xuan)


@pytest.fixture
def chair(staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit) -> StaffActor:
    return staff("chair", thuong_xuan)


@pytest.fixture
def collector(
    staff: Callable[[str, Unit], StaffActor], thuong_xuan: Unit, biller: Biller, village: Unit
) -> StaffActor:
    """Goes round in the first village only."""
    who = staff("collector", thuong_xuan)
    BillerMember.objects.create(
        biller=biller,
        staff=who.id,
        label=who.label,
        duty="collector",
        villages=[village.pk],
        valid_from=SINCE,
    )
    return who


@pytest.fixture
def make_charge(biller: Biller, village: Unit, at: datetime) -> MakeCharge:
    """`make_charge(30_000, service="market")`."""

    def make(amount: int = 200_000, **values: Any) -> Charge:
        charge = charge_of(values.pop("biller", biller), values.pop("village", village), at, amount, **values)
        charge.save(force_insert=True)
        return charge

    return make


@pytest.fixture
def make_line(bank: BankAccount, at: datetime) -> MakeLine:
    """`make_line(200_000, direction="out", state="suspense")`."""

    def make(amount: int = 200_000, **values: Any) -> BankLine:
        line = line_of(values.pop("account", bank), at, amount, **values)
        line.save(force_insert=True)
        return line

    return make


def check_deferred() -> None:
    """Ask now what the database would ask at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def refused(words: str) -> Iterator[None]:
    """The database says no to what is done inside, at the latest when the transaction would end."""
    with pytest.raises(Error, match=words), transaction.atomic():  # noqa: PT012
        yield
        check_deferred()
