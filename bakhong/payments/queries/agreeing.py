"""Amount by amount: each bank line with its entry, each payment with its money and entry, each charge with its payments and confirmation.

Sums may agree by chance, or because two of them were changed alike; here every row is held against the rows that say the same money.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import AccountKind, Biller, Direction, LedgerAccount
from bakhong.payments.queries.problems import Problem

_MOST_NAMED = 50  # of each kind, named one by one
_Words = Callable[[dict[str, str]], str]


def days_of(biller: Biller, first: date, last: date) -> dict[str, Any]:
    """What `THESE` and `OF_A_BANK` ask with: the biller, its accounts, theirs in the ledger, and the days."""
    ledger = LedgerAccount.objects.filter(biller=biller, kind=AccountKind.BANK)
    return {
        "biller": biller.pk,
        "accounts": list(biller.accounts.values_list("pk", flat=True)),
        "ledger": list(ledger.values_list("pk", flat=True)),
        "first": first,
        "last": last,
    }


@dataclass(frozen=True)
class Agreeing:
    """Of the lines of some days: `booked` by direction, lines that no entry speaks of (uuid, day, amount), and what does not agree."""

    booked: dict[str, int]
    unbooked: list[tuple[UUID, date, int]]
    problems: list[Problem]


def agreeing(biller: Biller, told: dict[str, Any], *, is_whole: bool = False) -> Agreeing:
    """Of the lines of these days (`days_of`) and the cash taken on them; `is_whole`: also charges paid without either, which only
    reading all tells. One question: each line, entry and payment is read once however many ask about it."""
    with connection.cursor() as cursor:
        cursor.execute(_AGREEING.format(more=_PAID if is_whole else ""), told)
        found: dict[str, list[Any]] = defaultdict(list)
        for code, *row in sorted(cursor.fetchall(), key=itemgetter(1)):
            found[code].append(row)
    problems = [
        each for code, kind, words in _KINDS for each in _told(biller, code, kind, words, found[code])
    ]
    return Agreeing(
        {way: sum(int(row[3]) for row in found[way]) for way in (Direction.IN, Direction.OUT)},
        [(uuid, on, int(amount)) for _turn, uuid, on, amount, _off in found["line_not_booked"]],
        problems,
    )


def _told(biller: Biller, code: str, kind: str, words: _Words, rows: Sequence[Any]) -> list[Problem]:
    named = [_named(biller, code, kind, words, *row) for _turn, *row in rows[:_MOST_NAMED]]
    rest = rows[_MOST_NAMED:]
    if rest:
        named.append(_rest(biller, code, len(rest), sum(int(off) for *_about, off in rest)))
    return named


def _named(
    biller: Biller, code: str, kind: str, words: _Words, uuid: UUID, on: date | None, amount: int, off: int
) -> Problem:
    told = {"amount": format_money(int(amount)), "off": format_money(int(off)), "on": _day(on)}
    return Problem(code, int(off), words(told), f"{kind}:{uuid}", str(biller.uuid), on)


def _rest(biller: Biller, code: str, count: int, off: int) -> Problem:
    words = _("Và %(count)s chỗ nữa như vậy.") % {"count": count}
    return Problem(code, off, words, f"biller:{biller.uuid}", str(biller.uuid))


def _day(on: date | None) -> str:
    return format_day(on) if on else ""


def _line_words(told: dict[str, str]) -> str:
    return _("Dòng tiền %(amount)s ngày %(on)s được ghi sổ lệch %(off)s so với ngân hàng.") % told


def _state_words(told: dict[str, str]) -> str:
    return _("Dòng tiền %(amount)s ngày %(on)s mang trạng thái không đúng với việc đã ghi sổ.") % told


def _payment_words(told: dict[str, str]) -> str:
    return _("Lần trả %(amount)s lệch %(off)s so với tiền đã vào hoặc bút toán của nó.") % told


def _charge_words(told: dict[str, str]) -> str:
    return _("Khoản thu %(amount)s lệch %(off)s so với tiền đã nhận cho nó, hoặc ghi sai cách trả.") % told


def _receipt_words(told: dict[str, str]) -> str:
    return _("Xác nhận đã nhận tiền của khoản thu %(amount)s không đúng với khoản thu.") % told


_KINDS: tuple[tuple[str, str, _Words], ...] = (
    ("line_booked_otherwise", "line", _line_words),
    ("line_state_differs", "line", _state_words),
    ("payment_differs", "charge", _payment_words),
    ("charge_differs", "charge", _charge_words),
    ("receipt_differs", "charge", _receipt_words),
)

THESE = """l.account_id = ANY(%(accounts)s::bigint[]) AND l."on" BETWEEN %(first)s AND %(last)s"""
# No entry is of a day before its line's: of the days asked only the entries since are read.
OF_A_BANK = """e.line_id = l.id AND e."on" >= %(first)s AND e."on" >= l."on"
   AND (e.debit_id = ANY(%(ledger)s::bigint[]) OR e.credit_id = ANY(%(ledger)s::bigint[]))"""
_NOT_OWN = "<> ALL(%(ledger)s::bigint[])"
_CASH = """
payments_cashpayment k
  JOIN payments_settlement s ON s.cash_id = k.id
"""
_CASH_DAYS = """
k.biller_id = %(biller)s AND (k.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN %(first)s AND %(last)s
"""
# What is left of a line for one of its payments: all but what its other payments, what waits and what was set aside have.
_LEFT = """
CASE WHEN s.amount = l.amount THEN l.amount
     WHEN s.taken_back_id IS NOT NULL THEN least(s.amount, l.amount)
     ELSE l.amount - coalesce((SELECT i.amount + i.aside FROM payments_suspenseitem i WHERE i.line_id = l.id), 0)
          - (SELECT coalesce(sum(o.amount), 0) FROM payments_settlement o
              WHERE o.line_id = l.id AND o.taken_back_id IS NULL AND o.id <> s.id)
END
"""
_PAYMENT = "s.id, s.charge_id, s.entry_id, s.line_id, s.amount, s.taken_back_id"
_PAID = "UNION SELECT id FROM payments_charge WHERE biller_id = %(biller)s AND state = 'paid'"

# `booked`: each line with the one entry of it: `is_so` where that is of its amount, in or out of its account, and of no other account of a
# bank. `paid`: each payment with its money. `touched`: their charges. What has LATERAL is found row by row, by its key: whatever the
# statistics say, the days asked send nobody through whole tables.
_READ = f"""
WITH lines AS MATERIALIZED (
    SELECT l.id, l.uuid, l.biller_id, l.account_id, l."on", l.amount, l.direction, l.state FROM payments_bankline l WHERE {THESE}
), booked AS MATERIALIZED (
    SELECT l.id, l.uuid, l."on", l.amount, l.direction, l.state, e.amount AS booked,
           (e.amount = l.amount AND e.biller_id = l.biller_id AND e.key = 'line:' || l.uuid
            AND CASE l.direction WHEN 'in' THEN e.debit_id = b.id AND e.credit_id {_NOT_OWN}
                                 ELSE e.credit_id = b.id AND e.debit_id {_NOT_OWN} END) IS TRUE AS is_so
      FROM lines l
      LEFT JOIN payments_entry e ON {OF_A_BANK}
      LEFT JOIN payments_ledgeraccount b ON b.bank_account_id = l.account_id
), paid AS MATERIALIZED (
    SELECT {_PAYMENT}, l."on", {_LEFT} AS given, l.direction = 'in' AND l.biller_id = s.biller_id AS is_so
      FROM lines l JOIN payments_settlement s ON s.line_id = l.id
     UNION ALL
    SELECT {_PAYMENT}, (k.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, k.amount, k.charge_id = s.charge_id FROM {_CASH} WHERE {_CASH_DAYS}
), touched AS MATERIALIZED (
    SELECT c.* FROM (SELECT DISTINCT charge_id AS id FROM paid {{more}}) each
     CROSS JOIN LATERAL (SELECT id, uuid, amount, service, state, method FROM payments_charge WHERE id = each.id OFFSET 0) c
)
"""  # noqa: S608 (made of constants)

# The sums by direction. Then each gives: uuid, day, the amount as the bank (the payment, the charge) says it, and by how much others say
# otherwise, never 0.
_SUMS = """
SELECT direction, 0::bigint, NULL::uuid, NULL::date, sum(booked), 0::numeric FROM booked WHERE booked IS NOT NULL GROUP BY direction
"""
_UNBOOKED = """
SELECT 'line_not_booked', l.id, l.uuid, l."on", l.amount, l.amount FROM booked l WHERE l.booked IS NULL
"""
_LINES = """
SELECT 'line_booked_otherwise', l.id, l.uuid, l."on", l.amount,
       CASE WHEN l.booked = l.amount THEN l.amount ELSE abs(l.booked - l.amount) END
  FROM booked l WHERE l.booked IS NOT NULL AND NOT l.is_so
"""
# Where a line is booked, its state says how: a part of it waits, else it is for something, else explained. What is not booked is found so.
_STATES = """
SELECT DISTINCT 'line_state_differs', l.id, l.uuid, l."on", l.amount, l.amount
  FROM booked l
  LEFT JOIN payments_deposit d ON d.line_id = l.id
  LEFT JOIN payments_refund r ON r.line_id = l.id
  LEFT JOIN payments_suspenseitem i ON i.line_id = l.id AND i.closed_at IS NULL
 WHERE l.booked IS NOT NULL
   AND l.state <> CASE WHEN i.id IS NOT NULL THEN 'suspense'
                       WHEN d.id IS NOT NULL OR r.id IS NOT NULL
                         OR EXISTS (SELECT 1 FROM paid s WHERE s.line_id = l.id AND s.taken_back_id IS NULL) THEN 'matched'
                       ELSE 'explained' END
"""
# A payment, its money, its entry into the charge's purpose and, where it was taken back, the entry that undid it.
_PAYMENTS = """
SELECT 'payment_differs', s.id, c.uuid, s."on", s.amount, greatest(
         abs(coalesce(s.given, 0) - s.amount), abs(coalesce(e.amount, 0) - s.amount), abs(coalesce(u.amount, s.amount) - s.amount),
         CASE WHEN (s.is_so AND e.charge_id = c.id AND e.line_id IS NOT DISTINCT FROM s.line_id AND p.kind = 'purpose'
                    AND p.service = c.service AND (s.taken_back_id IS NULL OR u.reverses_id = e.id)) IS TRUE THEN 0 ELSE s.amount END
       )
  FROM paid s
  JOIN touched c ON c.id = s.charge_id
 CROSS JOIN LATERAL (SELECT id, amount, charge_id, line_id, credit_id FROM payments_entry WHERE id = s.entry_id OFFSET 0) e
  JOIN payments_ledgeraccount p ON p.id = e.credit_id
  LEFT JOIN LATERAL (SELECT amount, reverses_id FROM payments_entry WHERE id = s.taken_back_id OFFSET 0) u ON true
 WHERE s.given IS DISTINCT FROM s.amount OR e.amount <> s.amount OR u.amount <> s.amount
    OR (s.is_so AND e.charge_id = c.id AND e.line_id IS NOT DISTINCT FROM s.line_id AND p.kind = 'purpose'
        AND p.service = c.service AND (s.taken_back_id IS NULL OR u.reverses_id = e.id)) IS NOT TRUE
"""
# A charge, what stands of its payments, and by which way they came.
_CHARGES = """
SELECT 'charge_differs', c.id, c.uuid, NULL::date, c.amount,
       CASE WHEN c.state <> 'paid' THEN sums.paid WHEN sums.paid <> c.amount THEN abs(sums.paid - c.amount) ELSE c.amount END
  FROM touched c
 CROSS JOIN LATERAL (
        SELECT coalesce(sum(s.amount), 0) AS paid, count(s.line_id) AS lines, count(s.cash_id) AS cash
          FROM payments_settlement s WHERE s.charge_id = c.id AND s.taken_back_id IS NULL
       ) sums
 WHERE CASE c.state WHEN 'paid' THEN sums.paid <> c.amount OR (CASE c.method WHEN 'cash' THEN sums.lines ELSE sums.cash END) > 0
                    ELSE sums.paid <> 0 END
"""
# What was given for a charge says what the charge says. One that is missing is found by its number.
_RECEIPTS = """
SELECT 'receipt_differs', c.id, c.uuid, NULL::date, c.amount, CASE WHEN r.amount = c.amount THEN c.amount ELSE abs(r.amount - c.amount) END
  FROM touched c
 CROSS JOIN LATERAL (SELECT amount, method FROM payments_receipt WHERE charge_id = c.id AND cancelled_at IS NULL OFFSET 0) r
 WHERE (r.amount, r.method, 'paid') IS DISTINCT FROM (c.amount, c.method, c.state)
"""
_AGREEING = _READ + " UNION ALL ".join((_SUMS, _UNBOOKED, _LINES, _STATES, _PAYMENTS, _CHARGES, _RECEIPTS))
