"""The ledger to read: an account's entries page by page, one entry, the entries of days for the file that is taken along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from bakhong.core.days import parse_day
from bakhong.core.numbers import read_count
from bakhong.payments.models import Biller, Entry, LedgerAccount

_BOTH = ("debit__bank_account", "credit__bank_account")


@dataclass(frozen=True)
class Posted:
    """An entry as one of its accounts sees it: `debit` or `credit` is the amount, the other None; `other` is the account against it."""

    entry: Entry
    other: LedgerAccount
    debit: int | None
    credit: int | None


@dataclass(frozen=True)
class Leaf:
    """Some entries, newest first, and where the next ones begin ("" where there are none)."""

    rows: list[Posted]
    following: str


@dataclass(frozen=True)
class Days:
    """Both included; None is open."""

    first: date | None = None
    last: date | None = None

    def as_filter(self) -> Q:
        found = Q()
        if self.first:
            found &= Q(on__gte=self.first)
        if self.last:
            found &= Q(on__lte=self.last)
        return found


def entries_of(account: LedgerAccount, *, days: Days, cursor: str = "", size: int = 50) -> Leaf:
    """Newest first from `cursor` on; a cursor that cannot be read begins at the newest.

    Each side is read by its own index, so that a page of an account with a million entries costs what a page of a small one does.
    """
    asked = Q(biller=account.biller_id) & days.as_filter() & _before(cursor)
    found: list[Entry] = []
    for side in ("debit", "credit"):
        rows = Entry.objects.filter(asked, **{side: account}).select_related(*_BOTH, "charge")
        found += rows.order_by("-on", "-id")[: size + 1]
    found.sort(key=lambda each: (each.on, each.pk), reverse=True)
    shown = found[:size]
    return Leaf([_posted(each, account) for each in shown], _cursor(shown[-1]) if len(found) > size else "")


def entry_of(biller: Biller, key: str) -> Entry | None:
    rows = Entry.objects.filter(biller=biller, key=key)
    return rows.select_related(*_BOTH, "charge", "line", "reverses", "reversed_by").first()


def entries_between(biller: Biller, days: Days) -> QuerySet[Entry]:
    """In the order of the book."""
    rows = Entry.objects.filter(days.as_filter(), biller=biller)
    return rows.select_related(*_BOTH).order_by("on", "id")


def written(rows: QuerySet[Entry], most: int) -> Iterator[Entry]:
    """At most so many of them, without holding them all."""
    yield from rows[:most].iterator(chunk_size=2000)


def _posted(entry: Entry, account: LedgerAccount) -> Posted:
    if entry.debit_id == account.pk:
        return Posted(entry, entry.credit, entry.amount, None)
    return Posted(entry, entry.debit, None, entry.amount)


def _cursor(entry: Entry) -> str:
    return f"{entry.on:%d/%m/%Y}.{entry.pk}"


def _before(cursor: str) -> Q:
    text, _dot, number = cursor.partition(".")
    on, pk = parse_day(text), read_count(number, 18)
    if on is None or pk is None:
        return Q()
    return Q(on__lt=on) | Q(on=on, pk__lt=pk)
