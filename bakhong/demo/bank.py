"""A bank that does not exist: what moves on an account of the demo, as a broker tells of it, and as its statement has it."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.numbers import format_day
from bakhong.payments.actions.deliveries import accept_delivery, take_deliveries
from bakhong.payments.models import BankAccount

_LATER = timedelta(seconds=4)


@dataclass(frozen=True)
class Movement:
    """`amount` in đồng; below zero where money went out. `balance`: what lies in the account after it."""

    number: int
    at: datetime
    amount: int
    note: str
    balance: int

    @property
    def reference(self) -> str:
        return f"FT{self.at.astimezone(VIET_NAM):%y%j}{self.number:06d}"


@dataclass
class Bank:
    """The movements of one account, in the order in which they happen."""

    account: BankAccount
    opening: int
    moved: list[Movement] = field(default_factory=list)

    def move(self, amount: int, note: str, at: datetime) -> Movement:
        before = self.moved[-1].balance if self.moved else self.opening
        made = Movement(len(self.moved) + 1, at, amount, note, before + amount)
        self.moved.append(made)
        return made

    def tell(self, movement: Movement, *, times: int = 1) -> None:
        """The broker's notification; `work` looks at all that came."""
        for again in range(times):
            at = movement.at + (again + 1) * _LATER
            body = json.dumps(self._body(movement), ensure_ascii=False)
            accept_delivery(
                account=self.account, source="sepay", external_id=str(movement.number), body=body, at=at
            )

    def work(self, at: datetime) -> None:
        take_deliveries(at=at)

    def statement(self, first: date, last: date) -> tuple[bytes, str]:
        """(content, file name) of the statement of these days, both included."""
        rows = [each for each in self.moved if first <= day_of(each.at) <= last]
        target = io.StringIO()
        csv.writer(target).writerows([
            ["Ngày giao dịch", "Số bút toán", "Số tiền ghi nợ", "Số tiền ghi có", "Số dư", "Nội dung"],
            *map(_row, rows),
        ])  # fmt: skip
        return target.getvalue().encode(), f"sao-ke-{last:%Y-%m}.csv"

    def _body(self, movement: Movement) -> dict[str, object]:
        return {
            "id": movement.number, "gateway": "Ngân hàng mẫu", "transactionDate": f"{movement.at.astimezone(VIET_NAM):%Y-%m-%d %H:%M:%S}",
            "accountNumber": self.account.number, "subAccount": None, "code": None, "content": movement.note,
            "transferType": "in" if movement.amount > 0 else "out", "transferAmount": abs(movement.amount),
            "accumulated": movement.balance, "referenceCode": movement.reference, "description": "",
        }  # fmt: skip


def _row(movement: Movement) -> Sequence[str]:
    out, came = ("", str(movement.amount)) if movement.amount > 0 else (str(-movement.amount), "")
    day = f"{format_day(day_of(movement.at))} {movement.at.astimezone(VIET_NAM):%H:%M:%S}"
    return [day, movement.reference, out, came, str(movement.balance), movement.note]
