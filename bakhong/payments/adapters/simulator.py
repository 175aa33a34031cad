"""A bank with books of its own and a bad network between it and us: for tests, the bench and the demo. Nothing here asks anybody outside.

`Bank` moves money and can tell of it truthfully, as a broker's notification, as a broker's list, as a statement. `Network` loses,
repeats, delays, shuffles and forges what it tells.
"""

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from bakhong.core.days import VIET_NAM, day_of
from bakhong.payments.adapters.port import Check, Missed
from bakhong.payments.rules.webhooks import sepay_listed

IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Movement:
    """What the bank did. `number` counts from 1; `balance` after it, in đồng."""

    number: int
    direction: str
    amount: int
    at: datetime
    note: str
    balance: int

    @property
    def reference(self) -> str:
        return f"FT{self.at.astimezone(VIET_NAM):%y%j}{self.number:08d}"

    @property
    def moment(self) -> datetime:
        return self.at.astimezone(VIET_NAM)


@dataclass
class Bank:
    """One account, as its bank knows it. `key` is what the broker and we share."""

    account: str
    key: str
    opening: int = 0
    book: list[Movement] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return self.book[-1].balance if self.book else self.opening

    def move(self, amount: int, note: str, at: datetime, direction: str = IN) -> Movement:
        after = self.balance + (amount if direction == IN else -amount)
        made = Movement(len(self.book) + 1, direction, amount, at, note, after)
        self.book.append(made)
        return made

    def body(self, movement: Movement, **changed: Any) -> bytes:
        """A notification in SePay's shape."""
        told = {
            "id": movement.number, "gateway": "Agribank", "transactionDate": f"{movement.moment:%Y-%m-%d %H:%M:%S}",
            "accountNumber": self.account, "subAccount": None, "code": None, "content": movement.note,
            "transferType": movement.direction, "transferAmount": movement.amount, "accumulated": movement.balance,
            "referenceCode": movement.reference, "description": "",
        }  # fmt: skip
        return json.dumps(told | changed).encode()

    def headers(self, body: bytes, now: datetime) -> dict[str, str]:
        """The broker's signature."""
        timestamp = str(int(now.timestamp()))
        signed = hmac.new(self.key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"X-SePay-Signature": f"sha256={signed}", "X-SePay-Timestamp": timestamp}

    def listed(self, movement: Movement) -> dict[str, Any]:
        """A row of the broker's list: numbers as text, money in and out in two fields."""
        return {
            "id": str(movement.number), "account_number": self.account, "transaction_date": f"{movement.moment:%Y-%m-%d %H:%M:%S}",
            "amount_in": f"{movement.amount if movement.direction == IN else 0}.00",
            "amount_out": f"{movement.amount if movement.direction == OUT else 0}.00",
            "accumulated": f"{movement.balance}.00", "transaction_content": movement.note,
            "reference_number": movement.reference, "sub_account": None,
        }  # fmt: skip

    def statement(self, movements: Sequence[Movement], *, has_reference: bool = True) -> bytes:
        """A .csv of these movements, with titles above and sums below."""
        target = io.StringIO()
        out = csv.writer(target)
        out.writerow(["SAO KÊ TÀI KHOẢN"])
        out.writerow([f"Số tài khoản: {self.account}"])
        out.writerow(
            [
                "STT",
                "Ngày giao dịch",
                "Ghi nợ",
                "Ghi có",
                "Số dư",
                "Nội dung",
                *(["Số tham chiếu"] if has_reference else []),
            ]
        )
        for turn, each in enumerate(movements, start=1):
            out.writerow(
                [
                    turn, f"{each.moment:%d/%m/%Y %H:%M:%S}", _written(each, OUT), _written(each, IN), f"{each.balance:,}", each.note,
                    *([each.reference] if has_reference else []),
                ]
            )  # fmt: skip
        came = sum(each.amount for each in movements if each.direction == IN)
        out.writerow(["", "Tổng cộng", "", f"{came:,}", "", ""])
        return target.getvalue().encode()


def _written(movement: Movement, direction: str) -> str:
    return f"{movement.amount:,}" if movement.direction == direction else ""


@dataclass(frozen=True)
class SimulatedFeed:
    """The port of a broker that answers from the bank's book."""

    bank: Bank

    def missed(self, number: str, *, cursor: str, since: date, until: date) -> Missed:
        after = int(cursor or 0)
        rows = [each for each in self.bank.book if each.number > after and since <= day_of(each.at) <= until]
        told = tuple(sepay_listed(self.bank.listed(each), number) for each in rows)
        return Missed(told, str(rows[-1].number) if rows else cursor)

    def check(self, number: str) -> Check:
        return Check(True, "ngân hàng thử nghiệm")


@dataclass(frozen=True)
class Sent:
    """One request as it arrives. `is_true`: the broker sent it."""

    body: bytes
    headers: dict[str, str]
    is_true: bool


@dataclass
class Network:
    """`lost`: of all movements, those never told of. `late` ones come after the statements. Some come many times at once."""

    random: Random
    lost: float = 0.1
    late: float = 0.1
    forged: float = 0.1

    def split(self, movements: Sequence[Movement]) -> tuple[list[Movement], list[Movement]]:
        """(told in time, told late); each at least once, some two or three times, in no order."""
        kept = [each for each in movements if self.random.random() >= self.lost]
        late = [each for each in kept if self.random.random() < self.late]
        is_late = set(late)
        soon = [each for each in kept if each not in is_late]
        return self._repeated(soon), self._repeated(late)

    def _repeated(self, movements: Sequence[Movement]) -> list[Movement]:
        told = [each for each in movements for _ in range(self.random.choice((1, 1, 1, 1, 2, 3)))]
        self.random.shuffle(told)
        return told

    def sent(self, bank: Bank, told: Sequence[Movement], now: datetime) -> list[Sent]:
        """Requests, with forged and changed ones among them."""
        found = []
        for each in told:
            body = bank.body(each)
            headers = bank.headers(body, now)
            found.append(Sent(body, headers, True))
            if self.random.random() < self.forged:
                found.append(self._forged(bank, each, headers))
        return found

    def _forged(self, bank: Bank, movement: Movement, headers: dict[str, str]) -> Sent:
        shapes: list[dict[str, Any]] = [
            {"transferAmount": movement.amount * 1000},
            {"transferType": IN, "id": movement.number + 10**6},
            {"content": bank.key},
            {"referenceCode": "FT99999999999", "id": 0},
            {"accountNumber": "0"},
        ]
        changed = self.random.choice(shapes)
        wrong = Bank(bank.account, bank.key + "x").headers(bank.body(movement), movement.at)
        return Sent(
            bank.body(movement, **changed),
            self.random.choice([headers, wrong, {}, {"Authorization": "Apikey x"}]),
            False,
        )


def mangled(reference: str, random: Random) -> str:
    """A note as it may arrive: in small letters, torn apart, glued to other words, with the bank's own before it.

    >>> mangled("BK777777777777S", Random(1)) != "BK777777777777S"
    True
    """
    at = random.randrange(3, 13)
    shapes = (
        f"{reference} tien nuoc",
        f"MBVCB.81234567.{reference}.CT tu 0123456 LE VAN AN toi 3500",
        f"ck {reference.lower()} cam on",
        f"{reference[:at]} {reference[at:]} le phi",
        f"{reference[:at]}-{reference[at:]}-LE PHI HO SO",
        f"THANHTOAN{reference}",
        " ".join(reference),
    )
    return random.choice(shapes)
