"""An account of the demo at the bank of `payments/adapters/simulator.py`: it moves, its broker tells of it, its statement is taken in."""

from datetime import date, datetime, timedelta

from bakhong.core.days import day_of
from bakhong.payments.actions.deliveries import accept_delivery, take_deliveries
from bakhong.payments.adapters import simulator
from bakhong.payments.adapters.simulator import IN, OUT, Movement
from bakhong.payments.models import BankAccount

_LATER = timedelta(seconds=4)


class Bank:
    """The movements of one account, in the order in which they happen."""

    def __init__(self, account: BankAccount, opening: int) -> None:
        self.account, self.book = account, simulator.Bank(account.number, "", opening)

    def move(self, amount: int, note: str, at: datetime) -> Movement:
        """`amount` in đồng, below zero where money goes out."""
        return self.book.move(abs(amount), note, at, IN if amount > 0 else OUT)

    def tell(self, movement: Movement, *, times: int = 1) -> None:
        """The broker's notification; `work` looks at all that came."""
        body = self.book.body(movement).decode()
        for again in range(times):
            at = movement.at + (again + 1) * _LATER
            accept_delivery(
                account=self.account, source="sepay", external_id=str(movement.number), body=body, at=at
            )

    def work(self, at: datetime) -> None:
        take_deliveries(at=at)

    def statement(self, first: date, last: date) -> tuple[bytes, str]:
        """(content, file name) of the statement of these days, both included."""
        rows = [each for each in self.book.book if first <= day_of(each.at) <= last]
        return self.book.statement(rows), f"sao-ke-{last:%Y-%m}.csv"
