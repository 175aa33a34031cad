"""What stands in an account against the list of what should: each pair is kept by different deeds, and must agree to the đồng."""

from collections.abc import Callable

from django.db.models import Case, Count, F, Max, QuerySet, Sum, When
from django.utils.translation import gettext as _

from bakhong.core.numbers import format_money
from bakhong.payments.models import (
    AccountKind,
    Biller,
    Charge,
    ChargeState,
    Close,
    Deposit,
    Direction,
    Entry,
    LedgerAccount,
    Receipt,
    ReceiptYear,
    Refund,
    RefundState,
    SuspenseItem,
)
from bakhong.payments.queries.ledger import GROW_BY_DEBITS, Sums, all_sums
from bakhong.payments.queries.problems import Problem

_SIGNED = Case(When(line__direction=Direction.IN, then=F("amount")), default=-F("amount"))


def control_problems(biller: Biller, found: list[tuple[LedgerAccount, Sums]] | None = None) -> list[Problem]:
    """Accounts against lists, and the two halves of the ledger against each other: quick where days are closed.

    `found`: all the sums of the biller, where they are at hand.
    """
    found = all_sums(biller) if found is None else found
    return [
        problem
        for problem in (
            _two_halves(biller, found),
            *(_differs(biller, found, *each) for each in _LISTS),
        )
        if problem is not None
    ]


def deep_problems(biller: Biller) -> list[Problem]:
    """What only reading everything tells: charges against purposes, the sums kept at the last close, the numbers of receipts."""
    return [*_purposes(biller, all_sums(biller)), *_kept_sums(biller), *_receipts(biller)]


def _two_halves(biller: Biller, found: list[tuple[LedgerAccount, Sums]]) -> Problem | None:
    have = sum(each.balance(account.kind) for account, each in found if account.kind in GROW_BY_DEBITS)
    owe = sum(each.balance(account.kind) for account, each in found if account.kind not in GROW_BY_DEBITS)
    if have == owe:
        return None
    words = _("Hai vế của sổ lệch nhau: nợ %(have)s, có %(owe)s.") % _shown(have=have, owe=owe)
    return _problem(biller, "unbalanced", have - owe, words)


def _suspense(biller: Biller) -> int:
    return _sum(SuspenseItem.objects.filter(biller=biller, closed_at=None), _SIGNED)


def _to_refund(biller: Biller) -> int:
    return _sum(Refund.objects.filter(biller=biller, state=RefundState.APPROVED), F("amount"))


def _in_transit(biller: Biller) -> int:
    return _sum(Deposit.objects.filter(biller=biller, line=None, undone_at=None), F("amount"))


_LISTS: tuple[tuple[AccountKind, str, Callable[[Biller], int]], ...] = (
    (AccountKind.SUSPENSE, "suspense_differs", _suspense),
    (AccountKind.REFUND, "refund_differs", _to_refund),
    (AccountKind.TRANSIT, "transit_differs", _in_transit),
)


def _differs(
    biller: Biller,
    found: list[tuple[LedgerAccount, Sums]],
    kind: AccountKind,
    code: str,
    listed: Callable[[Biller], int],
) -> Problem | None:
    booked = sum(each.balance(account.kind) for account, each in found if account.kind == kind)
    there = listed(biller)
    if booked == there:
        return None
    words = _("Sổ «%(account)s» ghi %(booked)s, danh sách có %(listed)s.") % {
        "account": kind.label,
        **_shown(booked=booked, listed=there),
    }
    return _problem(biller, code, booked - there, words)


def _purposes(biller: Biller, found: list[tuple[LedgerAccount, Sums]]) -> list[Problem]:
    """Of each service: what the ledger says came in for it, against the charges people are told are paid."""
    booked = {
        account.service: each.balance(account.kind)
        for account, each in found
        if account.kind == AccountKind.PURPOSE
    }
    paid = _by_service(Charge.objects.filter(biller=biller, state=ChargeState.PAID), "service", "amount")
    back = Refund.objects.filter(
        biller=biller, charge__state=ChargeState.PAID, state__in=(RefundState.APPROVED, RefundState.SENT)
    )
    returned = _by_service(back, "charge__service", "amount")
    problems = []
    for service in sorted(booked.keys() | paid.keys()):
        told = paid.get(service, 0) - returned.get(service, 0)
        if booked.get(service, 0) != told:
            words = _(
                "«%(service)s»: sổ ghi đã thu %(booked)s, các khoản thu đã trả cộng lại là %(paid)s."
            ) % {
                "service": service,
                **_shown(booked=booked.get(service, 0), paid=told),
            }
            problems.append(_problem(biller, "purpose_differs", booked.get(service, 0) - told, words))
    return problems


def _kept_sums(biller: Biller) -> list[Problem]:
    closed = Close.objects.filter(biller=biller).order_by("-on").first()
    if closed is None:
        return []
    rows = Entry.objects.filter(biller=biller, on__lte=closed.on).order_by()
    debits = dict(rows.values_list("debit").annotate(sum=Sum("amount")))
    credits = dict(rows.values_list("credit").annotate(sum=Sum("amount")))
    keys = {str(key) for key in debits.keys() | credits.keys()} | closed.sums.keys()
    off = sum(
        abs(int(closed.sums.get(key, (0, 0))[0]) - int(debits.get(int(key), 0)))
        + abs(int(closed.sums.get(key, (0, 0))[1]) - int(credits.get(int(key), 0)))
        for key in keys
    )
    if not off:
        return []
    words = _("Số cộng dồn khi khoá sổ lệch %(off)s với các bút toán.") % _shown(off=off)
    return [_problem(biller, "close_differs", off, words)]


def _receipts(biller: Biller) -> list[Problem]:
    """Numbers of receipts follow each other, and whatever is paid has one that stands."""
    problems = []
    given = {
        year: (count, last)
        for year, count, last in Receipt.objects.filter(biller=biller)
        .order_by()
        .values_list("year")
        .annotate(Count("id"), Max("number"))
    }
    for year, last in ReceiptYear.objects.filter(biller=biller).values_list("year", "last"):
        if given.get(year, (0, 0)) != (last, last):
            words = _("Số xác nhận năm %(year)s bị hụt.") % {"year": year}
            problems.append(_problem(biller, "receipt_gap", 0, words))
    bare = Charge.objects.filter(biller=biller, state=ChargeState.PAID).exclude(
        pk__in=Receipt.objects.filter(biller=biller, cancelled_at=None).values("charge")
    )
    count = bare.count()
    if count:
        words = _("%(count)s khoản đã trả mà chưa có xác nhận.") % {"count": count}
        problems.append(_problem(biller, "receipt_missing", 0, words))
    return problems


def _by_service(rows: QuerySet[Charge] | QuerySet[Refund], service: str, amount: str) -> dict[str, int]:
    return {name: int(total) for name, total in rows.order_by().values_list(service).annotate(Sum(amount))}


def _sum(rows: QuerySet[SuspenseItem] | QuerySet[Refund] | QuerySet[Deposit], what: Case | F) -> int:
    return int(rows.aggregate(sum=Sum(what))["sum"] or 0)


def _shown(**amounts: int) -> dict[str, str]:
    return {name: format_money(amount) for name, amount in amounts.items()}


def _problem(biller: Biller, code: str, amount: int, words: str) -> Problem:
    return Problem(code, abs(amount), words, f"biller:{biller.uuid}", str(biller.uuid))
