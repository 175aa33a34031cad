"""What a statement contradicts: a movement that a broker told and the bank's own statement of that day does not have, and a statement whose
balances do not follow from its lines.

The statement is the truth, so such money is unexplained until somebody says what it is (the line is explained), a later statement has it,
or a day is closed with a note after it was found.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from bakhong.core.days import day_before, day_of
from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import BankAccount, BankLine, Biller, Close, Direction, Sighting, Statement
from bakhong.payments.queries.ledger import last_close
from bakhong.payments.queries.problems import Problem
from bakhong.payments.rules.banks import bank_name
from bakhong.payments.rules.closing import Gap
from bakhong.payments.rules.lines import STATEMENT

_MOST_NAMED = 50


@dataclass(frozen=True)
class Contradicted:
    """A line that no statement has although one covers its whole day. `is_open`: nobody has answered it yet."""

    pk: int
    uuid: UUID
    on: date
    amount: int
    account: int
    is_open: bool


def contradicted(biller: Biller, first: date, last: date) -> list[Contradicted]:
    """Lines of these days, both included; where the first open day is among them also those of closed days that were found since."""
    spoken = Statement.objects.filter(account__biller=biller).order_by()
    accounts = list(spoken.values_list("account", flat=True).distinct())
    if not accounts:
        return []
    closed = last_close(biller.pk)
    told: dict[str, Any] = {
        "accounts": accounts,
        "biller": biller.pk,
        "first": first,
        "last": last,
        "closed_on": closed.on if closed else None,
        "closed_at": closed.at if closed else None,
        "is_late": closed is not None and first <= closed.on + timedelta(days=1) <= last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTED, told)
        return [Contradicted(*row) for row in cursor.fetchall()]


def contradicted_problems(biller: Biller, found: Collection[Contradicted]) -> list[Problem]:
    accounts = {each.pk: each for each in biller.accounts.all()} if found else {}
    rows = [each for each in found if each.is_open]
    named = [_problem(biller, accounts[each.account], each) for each in rows[:_MOST_NAMED]]
    rest = rows[_MOST_NAMED:]
    if rest:
        words = _("Và %(count)s chỗ nữa như vậy.") % {"count": len(rest)}
        total = sum(each.amount for each in rest)
        named.append(Problem("unconfirmed", total, words, f"biller:{biller.uuid}", str(biller.uuid)))
    return named


def statement_problems(
    biller: Biller, first: date, last: date, gaps: Collection[tuple[int, Gap]]
) -> list[Problem]:
    """Statements that end on these days and whose balances say more than their lines, but for what is known by now.

    `gaps`: (account, gap) as told already; money of one is not counted twice.
    """
    rows = Statement.objects.filter(biller=biller, last__range=(first, last)).exclude(off=0)
    closed = last_close(biller.pk)
    found = []
    for each in rows.select_related("account").order_by("pk"):
        if _is_answered(each, closed) or _is_superseded(each):
            continue
        rest = each.off - _known_otherwise(each) - _in_gaps(each, gaps)
        if rest:
            found.append(_off(biller, each, rest))
    return found


def missing_from(statement: Statement) -> Q:
    """The lines of whole days of the statement that no statement has."""
    seen = Sighting.objects.filter(line=OuterRef("pk"), source=STATEMENT)
    if statement.first is None or statement.last is None:
        return Q(pk__in=[])
    last = min(statement.last, day_before(day_of(statement.taken_at)))
    return Q(account=statement.account_id, on__range=(statement.first, last)) & ~Q(Exists(seen))


def covered_until(account: BankAccount) -> date | None:
    """The last day that a statement of the account covers whole."""
    rows = Statement.objects.filter(account=account).values_list("last", "taken_at")
    return max((min(last, day_before(day_of(at))) for last, at in rows if last), default=None)


def _problem(biller: Biller, account: BankAccount, line: Contradicted) -> Problem:
    words = _(
        "Dòng tiền %(amount)s ngày %(on)s vào tài khoản %(bank)s …%(number)s được báo, nhưng sao kê ngày ấy không có."
    ) % {
        "amount": format_money(line.amount),
        "on": format_day(line.on),
        "bank": bank_name(account.bank_bin),
        "number": account.number[-4:],
    }
    return Problem("unconfirmed", line.amount, words, f"line:{line.uuid}", str(biller.uuid), line.on)


def _is_answered(statement: Statement, closed: Close | None) -> bool:
    return (
        closed is not None
        and statement.last is not None
        and statement.last <= closed.on
        and statement.taken_at <= closed.at
    )


def _is_superseded(statement: Statement) -> bool:
    """A later one says the same days and its balances follow."""
    later = Statement.objects.filter(
        account=statement.account_id, first__lte=statement.first, last__gte=statement.last, off=0, pk__gt=statement.pk,
        opening__isnull=False, closing__isnull=False,
    )  # fmt: skip
    return later.exists()


def _known_otherwise(statement: Statement) -> int:
    """Đồng that other statements have on its days and it has not: came in less went out."""
    rows = BankLine.objects.filter(account=statement.account_id, on__range=(statement.first, statement.last))
    others = Sighting.objects.filter(line=OuterRef("pk"), source=STATEMENT)
    told = rows.filter(Exists(others)).exclude(
        Exists(Sighting.objects.filter(line=OuterRef("pk"), statement=statement))
    )
    return sum(
        amount if direction == Direction.IN else -amount
        for direction, amount in told.values_list("direction", "amount")
    )


def _in_gaps(statement: Statement, gaps: Collection[tuple[int, Gap]]) -> int:
    first, last = statement.first, statement.last
    return sum(
        gap.amount
        for account, gap in gaps
        if account == statement.account_id and first and last and gap.since <= last and gap.on >= first
    )


def _off(biller: Biller, statement: Statement, rest: int) -> Problem:
    words = _("Sao kê %(name)s: số dư đầu, các dòng và số dư cuối không khớp nhau, lệch %(amount)s.") % {
        "name": statement.file_name,
        "amount": format_money(abs(rest)),
    }
    uuid = str(biller.uuid)
    return Problem("statement_differs", abs(rest), words, f"statement:{statement.uuid}", uuid, statement.last)


# A statement says nothing of the day it was drawn on: the day may go on. Of the lines no statement has, those on a day that one covers;
# found when that statement was taken in, or when the line was told, whichever was later.
_COVERS = (
    """l."on" BETWEEN s.first AND least(s.last, (s.taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date - 1)"""
)
_CONTRADICTED = f"""
WITH these AS MATERIALIZED (
    SELECT l.id FROM payments_bankline l
     WHERE l.account_id = ANY(%(accounts)s::bigint[]) AND l."on" BETWEEN %(first)s AND %(last)s
), asked AS MATERIALIZED (
    SELECT id FROM these
    UNION
    SELECT l.id FROM payments_statement s JOIN payments_bankline l ON l.account_id = s.account_id AND {_COVERS}
     WHERE %(is_late)s AND s.account_id = ANY(%(accounts)s::bigint[]) AND s.taken_at > %(closed_at)s AND l."on" <= %(closed_on)s
    UNION
    SELECT e.line_id FROM payments_entry e
     WHERE %(is_late)s AND e.biller_id = %(biller)s AND e."on" > %(closed_on)s AND e.line_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM these WHERE these.id = e.line_id)
), unseen AS MATERIALIZED (
    SELECT asked.id FROM asked LEFT JOIN payments_sighting g ON g.line_id = asked.id AND g.source = '{STATEMENT}' WHERE g.id IS NULL
)
SELECT l.id, l.uuid, l."on", l.amount, l.account_id,
       l.state <> 'explained'
       AND (%(closed_on)s::date IS NULL OR l."on" > %(closed_on)s OR greatest(found.at, l.learned_at) > %(closed_at)s)
  FROM unseen JOIN payments_bankline l ON l.id = unseen.id
 CROSS JOIN LATERAL (
    SELECT min(s.taken_at) AS at FROM payments_statement s WHERE s.account_id = l.account_id AND {_COVERS}
 ) found
 WHERE found.at IS NOT NULL
 ORDER BY l."on", l.id
"""  # noqa: S608 (made of constants)
