"""Three sides of the same money: what the banks say (lines), what the ledger says of the banks (entries), what people are told (charges).

What they do not agree on, what the banks' running balances say that we were not told of, and what we were told that a statement does not
have, is unexplained money. What waits in suspense is explained as far as it can be: somebody owns it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from bakhong.core.days import VIET_NAM
from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import (
    AccountKind,
    BankLine,
    Biller,
    Charge,
    ChargeState,
    Deposit,
    Direction,
    LedgerAccount,
    LineState,
    Refund,
    Settlement,
    SuspenseItem,
)
from bakhong.payments.queries.agreeing import OF_A_BANK, THESE, agreeing, days_of
from bakhong.payments.queries.contradicted import contradicted, contradicted_problems, statement_problems
from bakhong.payments.queries.controls import control_problems, deep_problems
from bakhong.payments.queries.gaps import gap_problems, open_gaps
from bakhong.payments.queries.ledger import all_sums, last_close
from bakhong.payments.queries.problems import Problem, unexplained

EVER = (date(1900, 1, 1), date(9000, 1, 1))
__all__ = [
    "EVER",
    "Check",
    "Day",
    "Held",
    "Problem",
    "Standing",
    "check",
    "first_open",
    "reconcile",
    "standing",
]

_MOST_NAMED = 50  # lines nobody booked that are named one by one


@dataclass(frozen=True)
class Day:
    """The days from `first` to `on` of a biller, by the bank's day; amounts in đồng.

    `feed_…` is what the banks say, `ledger_…` what of it is booked. What came in is for charges (`charges_paid`), was cash brought there
    (`deposited`), was put elsewhere with a reason or is to be returned (`set_aside`), or waits (`suspense`). What went out was a refund
    (`refunded`), has its reason (`set_aside_out`), or waits (`suspense_out`). `cash_taken`: for charges, by the day it was taken.
    """

    biller: Biller
    on: date
    first: date
    feed_in: int
    feed_out: int
    ledger_in: int
    ledger_out: int
    charges_paid: int
    deposited: int
    set_aside: int
    suspense: int
    refunded: int
    set_aside_out: int
    suspense_out: int
    cash_taken: int
    problems: list[Problem]

    @property
    def unexplained(self) -> int:
        return unexplained(self.problems)


@dataclass(frozen=True)
class Held:
    """Cash that somebody holds: at the desk (`collector` empty) or a collector (an actor's id)."""

    collector: str
    label: str
    amount: int


@dataclass(frozen=True)
class Standing:
    """How a biller's money stands now, in đồng. `oldest`: the bank's day of the longest waiting line. `closed_on`: the last closed day."""

    unexplained: int
    suspense_amount: int
    suspense_count: int
    oldest: date | None
    desk_cash: int
    collectors: list[Held]
    in_transit: int
    to_refund: int
    open_count: int
    open_amount: int
    closed_on: date | None
    problems: list[Problem]


@dataclass(frozen=True)
class Check:
    ok: bool
    unexplained_amount: int
    problems: list[Problem]


def reconcile(biller: Biller, on: date, *, first: date | None = None) -> Day:
    """One day, or the days from `first` to it, both included. From the first day on, what only reading everything tells too."""
    days = (first or on, on)
    asked = days_of(biller, *days)
    lines = BankLine.objects.filter(account__in=asked["accounts"], on__range=days)
    told = _by_direction(lines)
    feed, waiting, aside, never = (_side(told, turn) for turn in range(4))
    agreed = agreeing(biller, asked, is_whole=days == EVER)
    by_lines = {"line__account__in": asked["accounts"], "line__on__range": days}
    charges = Settlement.objects.filter(biller=biller, taken_back=None, **by_lines)
    cash = Settlement.objects.filter(
        biller=biller,
        taken_back=None,
        cash__at__gte=_start(days[0]),
        cash__at__lt=_start(on + timedelta(days=1)),
    )
    day = Day(
        biller=biller,
        on=on,
        first=days[0],
        feed_in=feed[Direction.IN],
        feed_out=feed[Direction.OUT],
        ledger_in=agreed.booked[Direction.IN],
        ledger_out=agreed.booked[Direction.OUT],
        charges_paid=_sum(charges),
        deposited=_sum(Deposit.objects.filter(biller=biller, **by_lines)),
        set_aside=aside[Direction.IN] + never[Direction.IN],
        suspense=waiting[Direction.IN],
        refunded=_sum(Refund.objects.filter(biller=biller, **by_lines)),
        set_aside_out=aside[Direction.OUT] + never[Direction.OUT],
        suspense_out=waiting[Direction.OUT],
        cash_taken=_sum(cash),
        problems=[
            *_not_booked(biller, agreed.unbooked),
            *_by_the_banks(biller, *days),
            *agreed.problems,
        ],
    )
    day.problems.extend(_third_side(day))
    return day


def _by_the_banks(biller: Biller, first: date, last: date) -> list[Problem]:
    """What the banks' own papers and balances say against us: each đồng once, though several of them miss it."""
    false = contradicted(biller, first, last)
    torn = open_gaps(biller, first, last, without=[each.pk for each in false])
    return [
        *contradicted_problems(biller, false),
        *gap_problems(biller, torn),
        *statement_problems(biller, first, last, [(account.pk, gap) for account, gap in torn]),
    ]


def first_open(biller: Biller) -> date | None:
    """The first day that may be closed: after the last close, else of the first line or entry; None where nothing happened yet."""
    closed = last_close(biller.pk)
    if closed is not None:
        return closed.on + timedelta(days=1)
    told = [
        BankLine.objects.filter(account__in=biller.accounts.values("pk")).aggregate(day=Min("on"))["day"],
        biller.entries.aggregate(day=Min("on"))["day"],
    ]
    return min((each for each in told if each), default=None)


def standing(biller: Biller, *, at: datetime) -> Standing:
    """For the first screen: quick however long the ledger is, as long as its days are closed."""
    waiting = SuspenseItem.objects.filter(biller=biller, closed_at=None).aggregate(
        amount=Sum("amount"), count=Count("pk"), oldest=Min("line__on")
    )
    owed = Charge.objects.filter(biller=biller, state=ChargeState.OPEN).aggregate(
        count=Count("pk"), amount=Sum("amount")
    )
    closed = last_close(biller.pk)
    since = closed.on + timedelta(days=1) if closed else EVER[0]
    sums = all_sums(biller)
    found = [(each, told.balance(each.kind)) for each, told in sums]
    problems = [*control_problems(biller, sums), *reconcile(biller, EVER[1], first=since).problems]
    if closed:
        problems += _new(biller, days_of(biller, EVER[0], closed.on))
    return Standing(
        unexplained=unexplained(problems),
        suspense_amount=waiting["amount"] or 0,
        suspense_count=waiting["count"],
        oldest=waiting["oldest"],
        desk_cash=_standing_in(found, AccountKind.CASH),
        collectors=[
            Held(each.collector, each.label, amount)
            for each, amount in found
            if each.kind == AccountKind.COLLECTOR and amount
        ],
        in_transit=_standing_in(found, AccountKind.TRANSIT),
        to_refund=_standing_in(found, AccountKind.REFUND),
        open_count=owed["count"],
        open_amount=owed["amount"] or 0,
        closed_on=closed.on if closed else None,
        problems=problems,
    )


def check(billers: Iterable[Biller]) -> Check:
    """Everything, from the first day on: debits equal credits, every line is booked once and explained, sums kept and numbers hold."""
    problems: list[Problem] = []
    for biller in billers:
        problems += reconcile(biller, EVER[1], first=EVER[0]).problems
        problems += [*control_problems(biller), *deep_problems(biller)]
    return Check(not problems, unexplained(problems), problems)


@dataclass(frozen=True)
class LookedAt:
    """What a check was about: how many billers, lines of banks and paid charges."""

    billers: int
    lines: int
    charges_paid: int


def looked_at(billers: Iterable[Biller]) -> LookedAt:
    keys = [each.pk for each in billers]
    return LookedAt(
        len(keys),
        BankLine.objects.filter(biller__in=keys).count(),
        Charge.objects.filter(biller__in=keys, state=ChargeState.PAID).count(),
    )


def _by_direction(lines: QuerySet[BankLine]) -> dict[str, tuple[int | None, ...]]:
    """By direction: what came or went, what of it waits, what was set aside, and what was explained though it never waited."""
    # What paid a charge at once and goes back whole never waited.
    never = Q(state=LineState.EXPLAINED, suspense_item=None)
    rows = lines.order_by().values_list("direction").annotate(
        Sum("amount"), Sum("suspense_item__amount"), Sum("suspense_item__aside"), never=Sum("amount", filter=never)
    )  # fmt: skip
    return {way: tuple(sums) for way, *sums in rows}


def _side(told: dict[str, tuple[int | None, ...]], turn: int) -> dict[str, int]:
    return {way: int(told[way][turn] or 0) if way in told else 0 for way in (Direction.IN, Direction.OUT)}


def _sum(rows: QuerySet[Settlement] | QuerySet[Deposit] | QuerySet[Refund]) -> int:
    return int(rows.order_by().aggregate(sum=Sum("amount"))["sum"] or 0)


def _new(biller: Biller, asked: dict[str, Any]) -> list[Problem]:
    """Lines of closed days that no entry speaks of: stored a moment ago and not judged yet, or left behind by a fault."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW, asked)
        return _not_booked(biller, cursor.fetchall())


def _not_booked(biller: Biller, rows: Sequence[tuple[UUID, date, int]]) -> list[Problem]:
    named = [_one_not_booked(biller, *row) for row in rows[:_MOST_NAMED]]
    rest = rows[_MOST_NAMED:]
    if rest:
        words = _("Và %(count)s dòng tiền nữa chưa vào sổ.") % {"count": len(rest)}
        total = sum(amount for _uuid, _on, amount in rest)
        named.append(
            Problem("line_not_booked", total, words, f"biller:{biller.uuid}", str(biller.uuid), rest[0][1])
        )
    return named


def _one_not_booked(biller: Biller, line: UUID, on: date, amount: int) -> Problem:
    words = _("Dòng tiền %(amount)s ngày %(on)s chưa vào sổ.") % {
        "amount": format_money(amount),
        "on": format_day(on),
    }
    return Problem("line_not_booked", amount, words, f"line:{line}", str(biller.uuid), on)


_NEW = f"""
SELECT l.uuid, l."on", l.amount FROM payments_bankline l
 WHERE {THESE} AND l.state = 'new' AND NOT EXISTS (SELECT 1 FROM payments_entry e WHERE {OF_A_BANK}) ORDER BY l.id
"""  # noqa: S608 (made of constants)


def _third_side(day: Day) -> list[Problem]:
    """What is booked as come in (gone out) of the banks is for something, to the đồng."""
    into = day.charges_paid + day.deposited + day.set_aside + day.suspense
    out = day.refunded + day.set_aside_out + day.suspense_out
    told = (
        ("in_differs", day.ledger_in, into, _("Sổ ghi %(booked)s tiền vào, nhưng chỉ biết %(known)s là của khoản nào.")),
        ("out_differs", day.ledger_out, out, _("Sổ ghi %(booked)s tiền ra, nhưng chỉ biết %(known)s là cho việc gì.")),
    )  # fmt: skip
    uuid = str(day.biller.uuid)
    return [
        Problem(
            code,
            abs(booked - known),
            words % {"booked": format_money(booked), "known": format_money(known)},
            f"biller:{uuid}",
            uuid,
            day.on if day.on != EVER[1] else None,
        )
        for code, booked, known, words in told
        if booked != known
    ]


def _standing_in(found: list[tuple[LedgerAccount, int]], kind: AccountKind) -> int:
    return sum(amount for each, amount in found if each.kind == kind)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), VIET_NAM)
