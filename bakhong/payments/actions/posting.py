"""Adding entries to a ledger. An entry is never changed: what was wrong is undone by another one.

Every movement of a bank account is one entry, of one line, under the key "line:<uuid>" (0005 refuses any other), so that however often a
line is told, judged or judged again, its money stands in the bank's account once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many, one_of
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Biller,
    Charge,
    Direction,
    Entry,
    EntryKind,
    LedgerAccount,
)
from bakhong.payments.queries.ledger import account, first_open_day

# Of the advisory locks: a day is closed by one, entries are made by many (0005 takes it for every entry).
DAYS = 0x1ED6


@dataclass(frozen=True)
class NewEntry:
    """`amount` đồng from the account `credit` to the account `debit`, on the day `on` or the first open one after it."""

    biller: Biller
    kind: EntryKind
    debit: LedgerAccount
    credit: LedgerAccount
    amount: int
    on: date
    key: str
    line: BankLine | None = None
    charge: Charge | None = None
    note: str = ""
    reverses: Entry | None = None


def post(
    *,
    biller: Biller,
    kind: EntryKind,
    debit: LedgerAccount,
    credit: LedgerAccount,
    amount: int,
    on: date,
    by: Actor,
    at: datetime,
    key: str,
    line: BankLine | None = None,
    charge: Charge | None = None,
    note: str = "",
) -> Entry:
    """One entry; the same key gives the first. The deed it belongs to is audited by who calls.

    Raises: Conflict when the key already names another movement.
    """
    asked = NewEntry(biller, kind, debit, credit, amount, on, key, line, charge, note)
    return post_many([asked], by=by, at=at)[0]


def post_many(entries: Sequence[NewEntry], *, by: Actor, at: datetime) -> list[Entry]:
    """Many entries in few statements, in the order given; those whose key is there already are the first ones.

    Raises: Conflict when a key already names another movement.
    """
    with transaction.atomic():
        keep_days_open(each.biller.pk for each in entries)
        there = _there(entries)
        made = [entry for entry in _rows(entries, by, at) if entry.key not in there]
        try:
            with transaction.atomic():
                insert_many(made)
        except IntegrityError:
            # Somebody made some of them at this very moment: theirs stand now, and are found.
            there = _there(entries)
            if not there.keys() & {entry.key for entry in made}:
                raise
            made = [entry for entry in made if entry.key not in there]
            insert_many(made)
        found = there | {entry.key: entry for entry in made}
    return [_same(found[each.key], each) for each in entries]


def book_line(
    line: BankLine,
    *,
    kind: EntryKind,
    against: LedgerAccount,
    bank: LedgerAccount | None = None,
    charge: Charge | None = None,
    note: str = "",
) -> NewEntry:
    """The one entry of a bank line: money in is debited to the bank's account, money out is credited. `bank`: where already at hand."""
    bank = bank or bank_ledger(line)
    debit, credit = (bank, against) if line.direction == Direction.IN else (against, bank)
    return NewEntry(
        line.biller, kind, debit, credit, line.amount, line.on, line_key(line), line, charge, note[:200]
    )


def line_key(line: BankLine) -> str:
    return f"line:{line.uuid}"


def bank_ledger(line: BankLine) -> LedgerAccount:
    """The ledger's account of the line's bank account."""
    return account(
        line.biller, AccountKind.BANK, bank_account=line.account, label=f"{line.account.number}"[:120]
    )


def post_reversal(
    entry: Entry,
    *,
    why: str,
    by: Actor,
    at: datetime,
    debit: LedgerAccount | None = None,
    credit: LedgerAccount | None = None,
) -> Entry:
    """The mirror of an entry, in its caller's deed; `debit` and `credit` where the money goes elsewhere than it came from."""
    asked = NewEntry(
        entry.biller,
        EntryKind.REVERSAL,
        debit or entry.credit,
        credit or entry.debit,
        entry.amount,
        day_of(at),
        f"reversal:{entry.pk}",
        entry.line,
        entry.charge,
        why[:200],
        entry,
    )
    return post_many([asked], by=by, at=at)[0]


def keep_days_open(billers: Iterable[int]) -> None:
    """Until this transaction ends no day of these billers is closed; a close under way is waited for."""
    with connection.cursor() as cursor:
        for biller in sorted(set(billers)):
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [DAYS, biller])


def _there(entries: Sequence[NewEntry]) -> dict[str, Entry]:
    rows = Entry.objects.filter(one_of("key", (each.key for each in entries)))
    return {row.key: row for row in rows}


def _rows(entries: Sequence[NewEntry], by: Actor, at: datetime) -> list[Entry]:
    days: dict[tuple[int, date], date] = {}
    for each in entries:
        asked = (each.biller.pk, each.on)
        if asked not in days:
            days[asked] = first_open_day(*asked)
    return [_row(each, days[each.biller.pk, each.on], by, at) for each in entries]


def _row(asked: NewEntry, on: date, by: Actor, at: datetime) -> Entry:
    return Entry(
        # Keys, not objects: with those, making the row costs twice as much as storing it.
        biller_id=asked.biller.pk,
        kind=asked.kind,
        debit_id=asked.debit.pk,
        credit_id=asked.credit.pk,
        amount=asked.amount,
        on=on,
        at=at,
        by=by.id,
        key=asked.key,
        line_id=asked.line.pk if asked.line else None,
        charge_id=asked.charge.pk if asked.charge else None,
        note=asked.note[:200],
        reverses_id=asked.reverses.pk if asked.reverses else None,
    )


def _same(found: Entry, asked: NewEntry) -> Entry:
    """Raises: Conflict."""
    is_same = (found.amount, found.debit_id, found.credit_id) == (
        asked.amount,
        asked.debit.pk,
        asked.credit.pk,
    )
    if not is_same:
        raise Conflict(_("Khoản tiền này đã được ghi sổ theo cách khác; hãy tải lại trang."))
    return found
