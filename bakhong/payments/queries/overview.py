"""What is seen of a biller at a glance, besides what reconciling says: today's money, what is due, when the banks last spoke."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from bakhong.core.days import VIET_NAM, day_of
from bakhong.payments.models import (
    BankAccount,
    BankLine,
    Biller,
    Charge,
    ChargeState,
    Delivery,
    Feed,
    Method,
    Refund,
    Statement,
)
from bakhong.payments.queries.contradicted import covered_until

# A feed is pulled every five minutes: after an hour twelve pulls have failed. A statement is fetched by a person, who does not
# work at the week-end.
SILENT_FEED, SILENT_STATEMENT = timedelta(hours=1), timedelta(days=3)
# Banks print their statement of a month in the first days of the next.
A_MONTH, SHOWN_BACK = timedelta(days=35), timedelta(days=366)


@dataclass(frozen=True)
class Tally:
    """So many things, of so many đồng together."""

    count: int
    amount: int


@dataclass(frozen=True)
class Taken:
    """What was paid in some days, by how it came. A payment that was taken back is not in it."""

    transfer: Tally
    cash: Tally

    @property
    def count(self) -> int:
        return self.transfer.count + self.cash.count

    @property
    def amount(self) -> int:
        return self.transfer.amount + self.cash.amount


@dataclass(frozen=True)
class Heard:
    """When the bank last told of an account. `line_on`: the day of its last movement; `confirmed`: the last day that a statement covers."""

    account: BankAccount
    at: datetime | None
    line_on: date | None
    is_silent: bool
    confirmed: date | None = None

    @property
    def is_broker_alone(self) -> bool:
        """Of its last movement only a broker told: no statement has said so."""
        if self.account.feed == Feed.STATEMENT or self.line_on is None:
            return False
        return self.confirmed is None or self.confirmed < self.line_on

    def lacks_statement_since(self, on: date) -> date | None:
        """The first day of which no statement was taken in, where that is longer ago than a month and anything moved since."""
        since = (
            self.confirmed + timedelta(days=1)
            if self.confirmed
            else max(self.account.opened_on, on - SHOWN_BACK)
        )
        return since if self.is_broker_alone and since < on - A_MONTH else None


def paid_between(biller: Biller, first: date, last: date) -> QuerySet[Charge]:
    """Charges of the biller paid on these days, both included."""
    since, before = _moment(first), _moment(last + timedelta(days=1))
    rows = Charge.objects.filter(biller=biller, state=ChargeState.PAID)
    return rows.filter(paid_at__gte=since, paid_at__lt=before)


def taken_between(biller: Biller, first: date, last: date) -> Taken:
    """How many charges and how many đồng were paid on these days, both included, by transfer and in cash."""
    sums = {
        method: Tally(count, amount)
        for method, count, amount in paid_between(biller, first, last)
        .order_by()
        .values_list("method")
        .annotate(Count("pk"), Sum("amount"))
    }
    none = Tally(0, 0)
    return Taken(sums.get(Method.TRANSFER, none), sums.get(Method.CASH, none))


def open_charges(biller: Biller, *, overdue_on: date | None = None) -> Tally:
    """What is still owed; with a day only what was due before it."""
    rows = Charge.objects.filter(biller=biller, state=ChargeState.OPEN)
    if overdue_on:
        rows = rows.filter(due_on__lt=overdue_on)
    return tally_of(rows)


def refunds_in(billers: Iterable[Biller], states: Iterable[str]) -> QuerySet[Refund]:
    """Refunds of these billers in these states."""
    rows = Refund.objects.filter(biller__in=[each.pk for each in billers], state__in=list(states))
    return rows.select_related("biller", "charge", "item__line", "account", "line")


def tally_of(rows: QuerySet[Any]) -> Tally:
    """How many, of how much (`amount` of each)."""
    found = rows.order_by().aggregate(count=Count("pk"), amount=Sum("amount"))
    return Tally(found["count"], found["amount"] or 0)


def heard_of(biller: Biller, at: datetime) -> list[Heard]:
    """Of every account in use."""
    return [_heard(each, at) for each in biller.accounts.in_use().order_by("pk")]


def told_until(heard: Iterable[Heard]) -> date | None:
    """Up to which day the banks have told everything, as far as one knows: where none is silent the day of their last word.

    None where no bank ever told of a movement: then nothing agrees with anything.
    """
    every = list(heard)
    if not any(each.line_on for each in every):
        return None
    days = [day_of(each.at) if each.at else each.line_on for each in every]
    silent = [day for each, day in zip(every, days, strict=True) if each.is_silent and day]
    return min(silent, default=max((day for day in days if day), default=None))


def _heard(account: BankAccount, at: datetime) -> Heard:
    told = [
        word_of_feed(account),
        Statement.objects.filter(account=account).aggregate(at=Max("taken_at"))["at"],
    ]
    last = max((each for each in told if each), default=None)
    patience = SILENT_STATEMENT if account.feed == Feed.STATEMENT else SILENT_FEED
    line = BankLine.objects.filter(account=account).order_by("-on").values_list("on", flat=True).first()
    return Heard(account, last, line, (last or account.made_at) < at - patience, covered_until(account))


def word_of_feed(account: BankAccount) -> datetime | None:
    """When the account's broker last told, or was asked and answered; None where it has none."""
    told = (_last_delivery(account), account.pulled_at) if account.feed != Feed.STATEMENT else ()
    return max((each for each in told if each), default=None)


def _last_delivery(account: BankAccount) -> datetime | None:
    """By the newest key: what came last is found without reading all that ever came."""
    rows = Delivery.objects.filter(account=account).order_by("-pk")
    return rows.values_list("received_at", flat=True).first()


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, VIET_NAM)
