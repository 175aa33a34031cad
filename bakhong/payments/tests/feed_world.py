"""A bank that tells of movements: charges with real references, and notifications as brokers send them."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bakhong.core.days import VIET_NAM
from bakhong.core.ids import new_uuid
from bakhong.payments.models import BankAccount, Biller, Charge, Entry, SuspenseItem
from bakhong.payments.rules.lines import Told
from bakhong.payments.rules.references import new_reference
from bakhong.payments.rules.webhooks import payos_signature
from bakhong.payments.sealed import seal
from bakhong.payments.tests.ledger_world import (
    account_of,
    bank,
    biller,
    everybody,
    person,
    staff,
    village,
    villages,
)
from bakhong.places.models import Unit

__all__ = ["bank", "biller", "everybody", "fee", "listening", "person", "staff", "village", "villages"]

DAY = date(2026, 11, 22)
KEY = "a-key-that-only-the-broker-has"
MakeFee = Callable[..., Charge]
_TURN = count(1)


@pytest.fixture
def listening(biller: Biller, at: datetime) -> Callable[[str], BankAccount]:
    """`listening("sepay")`: an account whose movements that broker tells of."""

    def make(feed: str) -> BankAccount:
        account = account_of(biller, at)
        account.feed = feed
        account.feed_secret = seal(KEY, f"payments_bankaccount.feed:{account.uuid}")
        account.save()
        return account

    return make


@pytest.fixture
def fee(biller: Biller, village: Unit, bank: BankAccount, at: datetime) -> MakeFee:
    """`fee(200_000)`: an open charge with a reference that can be found in a note."""

    def make(amount: int = 200_000, **values: Any) -> Charge:
        reference = new_reference()
        told = {
            "biller": biller, "village": village, "account": bank, "service": "dossier_fee", "payer_name": "Lê Văn An",
            "title": "Lệ phí", "reference": reference, "purpose": reference, "client_key": new_uuid(), "digest": b"x",
            "made_at": at, "made_by": "test",
        }  # fmt: skip
        return Charge.objects.create(amount=amount, **(told | values))

    return make


def told(amount: int = 200_000, content: str = "", **values: Any) -> Told:
    """A movement with a reference of the bank that is no other's."""
    number = next(_TURN)
    kept: dict[str, Any] = {
        "direction": "in", "on": DAY, "booked_at": datetime(2026, 11, 22, 9, tzinfo=VIET_NAM) + timedelta(seconds=number),
        "reference": f"FT26326{number:06d}",
    }  # fmt: skip
    return Told(amount=amount, content=content, **(kept | values))


def sepay_body(
    account: BankAccount, amount: object = 200_000, content: str = "", **values: Any
) -> dict[str, Any]:
    number = next(_TURN)
    body = {
        "id": number, "gateway": "Agribank", "transactionDate": "2026-11-22 09:00:00", "accountNumber": account.number,
        "subAccount": None, "code": None, "content": content, "transferType": "in", "transferAmount": amount,
        "accumulated": 0, "referenceCode": f"FT26326{number:06d}", "description": "",
    }  # fmt: skip
    return body | values


def payos_body(
    account: BankAccount, amount: int = 200_000, content: str = "", **values: Any
) -> dict[str, Any]:
    number = next(_TURN)
    data = {
        "orderCode": number, "amount": amount, "description": content, "accountNumber": account.number,
        "reference": f"FT26326{number:06d}", "transactionDateTime": "2026-11-22 09:00:00", "currency": "VND",
        "paymentLinkId": f"link{number}", "code": "00", "desc": "success", "counterAccountBankId": None,
        "counterAccountName": "LE VAN AN", "virtualAccountNumber": "",
    } | values  # fmt: skip
    return {"code": "00", "desc": "success", "data": data, "signature": payos_signature(data, KEY)}


def signed(body: bytes, timestamp: int) -> dict[str, str]:
    """The headers of SePay's signature."""
    said = hmac.new(KEY.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-SePay-Signature": f"sha256={said}", "X-SePay-Timestamp": str(timestamp)}


def dumped(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def waiting(biller: Biller) -> list[tuple[str, int]]:
    """(reason, amount) of what waits for somebody, the earliest first."""
    rows = SuspenseItem.objects.filter(biller=biller, closed_at=None).order_by("pk")
    return list(rows.values_list("reason", "line__amount"))


def in_the_bank(account: BankAccount) -> int:
    """What the ledger says lies in the account."""
    code = f"bank:{account.uuid}"
    rows = Entry.objects.filter(biller=account.biller)
    came = sum(rows.filter(debit__code=code).values_list("amount", flat=True))
    return came - sum(rows.filter(credit__code=code).values_list("amount", flat=True))
