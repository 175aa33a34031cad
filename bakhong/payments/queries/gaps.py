"""Lines that nobody told us of, by the banks' running balances. What lies in closed days was answered when they were closed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import BankAccount, BankLine, Biller, Direction
from bakhong.payments.queries.ledger import last_close
from bakhong.payments.queries.problems import Problem
from bakhong.payments.rules.closing import End, Gap, gaps

# Balances that only one side has: where the known lines of an account begin, end, and are torn. The database does the counting, so that
# a million lines answer with a handful of rows.
_ENDS = """
WITH l AS MATERIALIZED (
    SELECT id, "on", booked_at, balance_after AS after, balance_after - CASE direction WHEN 'in' THEN amount ELSE -amount END AS before
      FROM payments_bankline WHERE account_id = %(account)s AND "on" BETWEEN %(first)s AND %(last)s AND balance_after IS NOT NULL
       AND id <> ALL(%(without)s::bigint[])
), ends AS (
    SELECT balance, sum(side) AS surplus FROM (SELECT after AS balance, 1 AS side FROM l UNION ALL SELECT before, -1 FROM l) both_sides
     GROUP BY balance HAVING sum(side) <> 0
)
SELECT 'left', id, "on", booked_at, balance FROM (
    SELECT l.*, e.balance, e.surplus, row_number() OVER (PARTITION BY e.balance ORDER BY l."on" DESC, l.booked_at DESC, l.id DESC) AS turn
      FROM ends e JOIN l ON l.after = e.balance WHERE e.surplus > 0) late WHERE turn <= surplus
UNION ALL
SELECT 'reached', id, "on", booked_at, balance FROM (
    SELECT l.*, e.balance, -e.surplus AS surplus, row_number() OVER (PARTITION BY e.balance ORDER BY l."on", l.booked_at, l.id) AS turn
      FROM ends e JOIN l ON l.before = e.balance WHERE e.surplus < 0) early WHERE turn <= surplus
"""


def open_gaps(
    biller: Biller, first: date = date.min, last: date = date.max, *, without: Collection[int] = ()
) -> list[tuple[BankAccount, Gap]]:
    """Found on these days, both included, of days that are not closed. `without`: lines (keys) that the bank itself does not have."""
    closed = last_close(biller.pk)
    if closed is not None:
        first = max(first, closed.on)
    found = []
    for account in biller.accounts.order_by("pk"):
        told = gaps_of(account, first, last, without=without)
        found += [(account, each) for each in told if closed is None or each.on > closed.on]
    return found


def gap_problems(biller: Biller, found: Iterable[tuple[BankAccount, Gap]]) -> list[Problem]:
    return [_problem(biller, account, gap) for account, gap in found]


def gaps_of(account: BankAccount, first: date, last: date, *, without: Collection[int] = ()) -> list[Gap]:
    """Found on these days; the day before them on which anything moved says which balance they begin with."""
    start = BankLine.objects.filter(account=account, on__lt=first).aggregate(day=Max("on"))["day"] or first
    with connection.cursor() as cursor:
        told = {"account": account.pk, "first": start, "last": last, "without": list(without)}
        cursor.execute(_ENDS, told)
        rows = cursor.fetchall()
    sides: dict[str, list[End]] = {"left": [], "reached": []}
    for side, *end in rows:
        sides[side].append(End(*end))
    torn = gaps(
        sides["left"], sides["reached"], _loose(account, start, last, without) if len(rows) > 2 else ()
    )
    return [each for each in torn if each.on >= first]


def _loose(
    account: BankAccount, first: date, last: date, without: Collection[int]
) -> Sequence[tuple[date, int]]:
    """(day, amount) of lines whose balance nobody told; negative for money that went out."""
    rows = BankLine.objects.filter(account=account, on__range=(first, last), balance_after=None)
    rows = rows.exclude(pk__in=list(without)) if without else rows
    sums = rows.order_by().values_list("on", "direction").annotate(Sum("amount"))
    return [(on, amount if direction == Direction.IN else -amount) for on, direction, amount in sums]


def _problem(biller: Biller, account: BankAccount, gap: Gap) -> Problem:
    words = (
        _("Tài khoản %(number)s: số dư cho thấy còn %(amount)s tiền vào chưa được báo, từ %(since)s đến %(on)s.")
        if gap.amount > 0
        else _("Tài khoản %(number)s: số dư cho thấy còn %(amount)s tiền ra chưa được báo, từ %(since)s đến %(on)s.")
    ) % {
        "number": account.number,
        "amount": format_money(abs(gap.amount)),
        "since": format_day(gap.since),
        "on": format_day(gap.on),
    }  # fmt: skip
    return Problem("gap", abs(gap.amount), words, f"account:{account.uuid}", str(biller.uuid), gap.on)
