"""What the banks told of, page by page; the days on which anything moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from bakhong.core.days import parse_day
from bakhong.core.numbers import read_count
from bakhong.payments.models import BankLine, Biller, Close, Direction, LineState, Sighting, Statement
from bakhong.payments.queries.contradicted import missing_from


@dataclass(frozen=True)
class Wanted:
    """What a list of lines is filtered by; empty: not at all. Days are the bank's, both included."""

    first: date | None = None
    last: date | None = None
    state: str = ""
    direction: str = ""
    statement: Statement | None = None
    unconfirmed: Statement | None = None  # only what it should have and has not

    def as_filter(self) -> Q:
        found = Q()
        if self.first:
            found &= Q(on__gte=self.first)
        if self.last:
            found &= Q(on__lte=self.last)
        if self.state:
            found &= Q(state=self.state)
        if self.direction:
            found &= Q(direction=self.direction)
        if self.statement is not None:
            # Not joined: a line that two rows of the file told of is one line.
            found &= Q(pk__in=Sighting.objects.filter(statement=self.statement).values("line"))
        if self.unconfirmed is not None:
            found &= missing_from(self.unconfirmed)
        return found


@dataclass(frozen=True)
class Leaf:
    """Some lines, newest first, and where the next ones begin ("" where there are none)."""

    rows: list[BankLine]
    following: str


@dataclass(frozen=True)
class DayLine:
    """What the banks say of a day, and how it was closed (None: it is open)."""

    on: date
    count: int
    came: int
    went: int
    waiting: int
    close: Close | None


def lines_of(biller: Biller, wanted: Wanted, cursor: str = "", size: int = 50) -> Leaf:
    """Newest first from `cursor` on; a cursor that cannot be read begins at the newest. Costs the same wherever it begins."""
    rows = BankLine.objects.filter(wanted.as_filter(), _before(cursor), account__in=_accounts(biller))
    found = list(
        rows.select_related("account", "suspense_item").prefetch_related("settlements__charge")
        .order_by("-on", "-id")[: size + 1]
    )  # fmt: skip
    following = f"{found[size - 1].on:%d/%m/%Y}.{found[size - 1].pk}" if len(found) > size else ""
    return Leaf(found[:size], following)


def tally_of_lines(biller: Biller, wanted: Wanted) -> dict[str, tuple[int, int]]:
    """Direction → (how many, đồng)."""
    rows = BankLine.objects.filter(wanted.as_filter(), account__in=_accounts(biller)).order_by()
    found = rows.values_list("direction").annotate(Count("pk"), Sum("amount"))
    return {direction: (count, amount) for direction, count, amount in found}


def days_between(biller: Biller, first: date, last: date) -> list[DayLine]:
    """Every day of these that anything moved on or that was closed, the newest first."""
    lines = BankLine.objects.filter(account__in=_accounts(biller), on__range=(first, last)).order_by()
    moved: dict[date, Mapping[str, Any]] = {
        each["on"]: each
        for each in lines.values("on").annotate(
            count=Count("pk"),
            came=Sum("amount", filter=Q(direction=Direction.IN), default=0),
            went=Sum("amount", filter=Q(direction=Direction.OUT), default=0),
            waiting=Count("pk", filter=Q(state__in=(LineState.NEW, LineState.SUSPENSE))),
        )
    }
    closes = {each.on: each for each in Close.objects.filter(biller=biller, on__range=(first, last))}
    until = Close.objects.filter(biller=biller, on__gte=last).order_by("on").first()
    return [_day(on, moved.get(on), _closed(on, closes, until)) for on in _newest_first({*moved, *closes})]


def _newest_first(days: Iterable[date]) -> list[date]:
    return sorted(days, reverse=True)


def _closed(on: date, closes: dict[date, Close], until: Close | None) -> Close | None:
    """The close that holds the day: its own, or the next one after it, which closed all days before."""
    later = min((each for each in closes if each >= on), default=None)
    return closes[later] if later else until


def _day(on: date, told: Mapping[str, Any] | None, close: Close | None) -> DayLine:
    values: Mapping[str, Any] = told or {"count": 0, "came": 0, "went": 0, "waiting": 0}
    return DayLine(on, values["count"], values["came"], values["went"], values["waiting"], close)


def statement_of(billers: Iterable[Biller], uuid: UUID) -> Statement | None:
    rows: QuerySet[Statement] = Statement.objects.filter(biller__in=[each.pk for each in billers], uuid=uuid)
    return rows.select_related("account__biller", "biller").first()


def _accounts(biller: Biller) -> Any:
    return biller.accounts.values("pk")


def _before(cursor: str) -> Q:
    text, _dot, number = cursor.partition(".")
    on, pk = parse_day(text), read_count(number, 18)
    if on is None or pk is None:
        return Q()
    return Q(on__lt=on) | Q(on=on, pk__lt=pk)
