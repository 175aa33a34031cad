"""Accounts of a biller's ledger and what stands in them. Sums go on from the last close of a day, so that no balance reads all entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum

from bakhong.payments.models import (
    AccountKind,
    BankAccount,
    Biller,
    CashPayment,
    Close,
    Entry,
    EntryKind,
    LedgerAccount,
)

# These grow by what is debited, all others by what is credited.
GROW_BY_DEBITS = frozenset({AccountKind.BANK, AccountKind.CASH, AccountKind.COLLECTOR, AccountKind.TRANSIT})


def account(
    biller: Biller,
    kind: AccountKind,
    *,
    service: str = "",
    bank_account: BankAccount | None = None,
    collector: str = "",
    label: str = "",
) -> LedgerAccount:
    """The account of this kind, opened where it is not there yet: for deeds, not for pages (`find_account`).

    `bank` has one for each bank account, `collector` for each collector (an actor's id), `purpose` for each service.
    """
    code = code_of(kind, service=service, bank_account=bank_account, collector=collector)
    found = LedgerAccount.objects.filter(biller=biller, code=code).first()
    if found is not None:
        return found
    opened = LedgerAccount(
        biller=biller,
        kind=kind,
        code=code,
        service=service,
        bank_account=bank_account,
        collector=collector,
        label=label[:120],
    )
    try:
        with transaction.atomic():
            opened.save(force_insert=True)
    except IntegrityError:  # opened at this very moment by somebody else
        return LedgerAccount.objects.get(biller=biller, code=code)
    return opened


def find_account(biller: Biller, kind: AccountKind, **which: Any) -> LedgerAccount | None:
    """The account of this kind where it was opened; nothing is written."""
    return LedgerAccount.objects.filter(biller=biller, code=code_of(kind, **which)).first()


def code_of(
    kind: AccountKind, *, service: str = "", bank_account: BankAccount | None = None, collector: str = ""
) -> str:
    """What an account is known by within its biller: "bank:<uuid>", "collector:<actor's id>", "purpose:<service>", else its kind."""
    which = {
        AccountKind.BANK: bank_account and str(bank_account.uuid),
        AccountKind.COLLECTOR: collector,
        AccountKind.PURPOSE: service,
    }
    if kind not in which:
        return str(kind.value)
    assert which[kind], f"an account of kind {kind.value} needs to say which"
    return f"{kind.value}:{which[kind]}"


@dataclass(frozen=True)
class Sums:
    """What was debited to and credited to an account, in đồng."""

    debits: int
    credits: int

    def balance(self, kind: str) -> int:
        return self.debits - self.credits if kind in GROW_BY_DEBITS else self.credits - self.debits


def balance(account: LedgerAccount, on: date | None = None) -> int:
    """What stands in an account at the end of a day (None: with all that is booked), in đồng."""
    return sums(account, on).balance(account.kind)


def sums(account: LedgerAccount, on: date | None = None) -> Sums:
    ((_account, found),) = _sums(LedgerAccount.objects.filter(pk=account.pk), account.biller_id, on)
    return found


def balances(biller: Biller, on: date | None = None) -> list[tuple[LedgerAccount, int]]:
    """Every account of a biller with what stands in it, by kind and code; two queries however many there are."""
    return [(each, found.balance(each.kind)) for each, found in all_sums(biller, on)]


def all_sums(biller: Biller, on: date | None = None) -> list[tuple[LedgerAccount, Sums]]:
    return _sums(LedgerAccount.objects.filter(biller=biller), biller.pk, on)


def accounts_of(biller: Biller) -> list[LedgerAccount]:
    return list(LedgerAccount.objects.filter(biller=biller).order_by("kind", "code"))


def last_close(biller_id: int, on: date | None = None) -> Close | None:
    """The last day that was closed, not after `on`."""
    closes = Close.objects.filter(biller=biller_id)
    return (closes if on is None else closes.filter(on__lte=on)).order_by("-on").first()


def first_open_day(biller_id: int, on: date) -> date:
    """The day an entry of `on` is booked: itself, or the first one after the last close."""
    closed = Close.objects.filter(biller=biller_id).aggregate(last=Max("on"))["last"]
    return on if closed is None or on > closed else closed + timedelta(days=1)


def held_by(biller: Biller, collector: str) -> int:
    """The cash a collector (an actor's id) holds for a biller, in đồng."""
    found = find_account(biller, AccountKind.COLLECTOR, collector=collector)
    return balance(found) if found is not None else 0


def sheet(biller: Biller, collector: str) -> list[CashPayment]:
    """The sums of cash a collector took since the last hand-over, the first one first; what they gave back is not on it.

    What is refunded in another way stays: the cash is still in their hands.
    """
    found = find_account(biller, AccountKind.COLLECTOR, collector=collector)
    if found is None:
        return []
    return list(
        CashPayment.objects.filter(
            Q(settlements__taken_back=None) | ~Q(settlements__taken_back__credit=found),
            biller=biller,
            settlements__entry__debit=found,
            settlements__entry__gt=last_hand_over(found),
        )
        .select_related("charge")
        .order_by("id")
    )


def last_hand_over(account: LedgerAccount) -> int:
    """The key of the last entry by which a collector's cash went to the desk, and stayed there; 0 for none."""
    rows = Entry.objects.filter(
        credit=account, kind__in=(EntryKind.HAND_OVER, EntryKind.DIFFERENCE), reversed_by=None
    )
    return int(rows.aggregate(last=Max("id"))["last"] or 0)


def _sums(
    accounts: QuerySet[LedgerAccount], biller_id: int, on: date | None
) -> list[tuple[LedgerAccount, Sums]]:
    """Each account is asked for by its own two indexes, which hold the amounts: no entry itself is read."""
    closed = last_close(biller_id, on)
    rows = accounts.annotate(
        debits_since=Subquery(_total_of("debit", closed, on)),
        credits_since=Subquery(_total_of("credit", closed, on)),
    )
    found: list[tuple[LedgerAccount, Sums]] = []
    for each in rows.order_by("kind", "code"):
        before = _closed(closed, each.pk)
        found.append(
            (each, Sums(before[0] + int(each.debits_since or 0), before[1] + int(each.credits_since or 0)))
        )
    return found


def _closed(closed: Close | None, account_id: int) -> tuple[int, int]:
    kept: Mapping[str, Any] = closed.sums if closed is not None else {}
    debits, credits = kept.get(str(account_id), (0, 0))
    return int(debits), int(credits)


def _since(closed: Close | None, on: date | None) -> Q:
    found = Q() if closed is None else Q(on__gt=closed.on)
    return found if on is None else found & Q(on__lte=on)


def _total_of(side: str, closed: Close | None, on: date | None) -> QuerySet[Any]:
    rows = Entry.objects.filter(_since(closed, on), **{side: OuterRef("pk")}).order_by()
    totals: QuerySet[Any] = rows.values(side).annotate(total=Sum("amount")).values("total")
    return totals
