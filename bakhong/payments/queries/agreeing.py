"""Amount by amount: each bank line with its entry, each payment with its money and entry, each charge with its payments and confirmation.

Sums may agree by chance, or because two of them were changed alike; here every row is held against the rows that say the same money.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_money
from bakhong.payments.models import AccountKind, Biller, LedgerAccount
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


def amount_problems(biller: Biller, told: dict[str, Any], *, is_whole: bool = False) -> list[Problem]:
    """Of the lines of these days (`days_of`) and the cash taken on them; `is_whole`: also charges paid without either, which only
    reading all tells."""
    more = _PAID if is_whole else ""
    return [
        *_found(biller, "line_booked_otherwise", "line", _LINES, told, _line_words),
        *_found(biller, "line_state_differs", "line", _STATES, told, _state_words),
        *_found(biller, "payment_differs", "charge", _PAYMENTS, told, _payment_words),
        *_found(biller, "charge_differs", "charge", _CHARGES.format(more=more), told, _charge_words),
        *_found(biller, "receipt_differs", "charge", _RECEIPTS.format(more=more), told, _receipt_words),
    ]


def _found(
    biller: Biller, code: str, kind: str, sql: str, told: dict[str, Any], words: _Words
) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        rows: list[tuple[UUID, date | None, int, int]] = cursor.fetchall()
    named = [_named(biller, code, kind, words, *row) for row in rows[:_MOST_NAMED]]
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


# Each gives: uuid, day, the amount as the bank (the payment, the charge) says it, and by how much others say otherwise, never 0.
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

# The one entry of a line: its amount, in or out of its account, and no other account of a bank.
_LINES = f"""
SELECT l.uuid, l."on", l.amount, CASE WHEN e.amount = l.amount THEN l.amount ELSE abs(e.amount - l.amount) END
  FROM payments_bankline l
  JOIN payments_entry e ON {OF_A_BANK}
  LEFT JOIN payments_ledgeraccount b ON b.bank_account_id = l.account_id
 WHERE {THESE}
   AND (e.amount = l.amount AND e.biller_id = l.biller_id AND e.key = 'line:' || l.uuid
        AND CASE l.direction WHEN 'in' THEN e.debit_id = b.id AND e.credit_id {_NOT_OWN}
                             ELSE e.credit_id = b.id AND e.debit_id {_NOT_OWN} END) IS NOT TRUE
 ORDER BY l.id
"""  # noqa: S608 (made of constants)

# Where a line is booked, its state says how: a part of it waits, else it is for something, else explained. What is not booked is found so.
_STATES = f"""
SELECT l.uuid, l."on", l.amount, l.amount
  FROM payments_bankline l
  LEFT JOIN payments_deposit d ON d.line_id = l.id
  LEFT JOIN payments_refund r ON r.line_id = l.id
  LEFT JOIN payments_suspenseitem i ON i.line_id = l.id AND i.closed_at IS NULL
 WHERE {THESE}
   AND EXISTS (SELECT 1 FROM payments_entry e WHERE {OF_A_BANK})
   AND l.state <> CASE WHEN i.id IS NOT NULL THEN 'suspense'
                       WHEN d.id IS NOT NULL OR r.id IS NOT NULL
                         OR EXISTS (SELECT 1 FROM payments_settlement s WHERE s.line_id = l.id AND s.taken_back_id IS NULL) THEN 'matched'
                       ELSE 'explained' END
 ORDER BY l.id
"""  # noqa: S608 (made of constants)

# What is left of a line for one of its payments: all but what its other payments, what waits and what was set aside have.
_LEFT = """
CASE WHEN s.amount = l.amount THEN l.amount
     WHEN s.taken_back_id IS NOT NULL THEN least(s.amount, l.amount)
     ELSE l.amount - coalesce((SELECT i.amount + i.aside FROM payments_suspenseitem i WHERE i.line_id = l.id), 0)
          - (SELECT coalesce(sum(o.amount), 0) FROM payments_settlement o
              WHERE o.line_id = l.id AND o.taken_back_id IS NULL AND o.id <> s.id)
END
"""
# A payment, its money, its entry into the charge's purpose and, where it was taken back, the entry that undid it.
_PAYMENTS = f"""
SELECT c.uuid, paid."on", s.amount, greatest(
         abs(coalesce(paid.given, 0) - s.amount), abs(coalesce(e.amount, 0) - s.amount), abs(coalesce(u.amount, s.amount) - s.amount),
         CASE WHEN (paid.is_so AND e.charge_id = c.id AND e.line_id IS NOT DISTINCT FROM s.line_id AND p.kind = 'purpose'
                    AND p.service = c.service AND (s.taken_back_id IS NULL OR u.reverses_id = e.id)) IS TRUE THEN 0 ELSE s.amount END
       ) AS off
  FROM (
        SELECT s.id, l."on", {_LEFT} AS given, l.direction = 'in' AND l.biller_id = s.biller_id AS is_so
          FROM payments_bankline l JOIN payments_settlement s ON s.line_id = l.id
         WHERE {THESE}
         UNION ALL
        SELECT s.id, (k.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, k.amount, k.charge_id = s.charge_id FROM {_CASH} WHERE {_CASH_DAYS}
       ) paid
  JOIN payments_settlement s ON s.id = paid.id
  JOIN payments_charge c ON c.id = s.charge_id
  JOIN payments_entry e ON e.id = s.entry_id
  JOIN payments_ledgeraccount p ON p.id = e.credit_id
  LEFT JOIN payments_entry u ON u.id = s.taken_back_id
 WHERE paid.given IS DISTINCT FROM s.amount OR e.amount <> s.amount OR u.amount <> s.amount
    OR (paid.is_so AND e.charge_id = c.id AND e.line_id IS NOT DISTINCT FROM s.line_id AND p.kind = 'purpose'
        AND p.service = c.service AND (s.taken_back_id IS NULL OR u.reverses_id = e.id)) IS NOT TRUE
 ORDER BY s.id
"""  # noqa: S608 (made of constants)

_PAID = "UNION SELECT id FROM payments_charge WHERE biller_id = %(biller)s AND state = 'paid'"
_TOUCHED = f"""
SELECT s.charge_id AS id FROM payments_bankline l JOIN payments_settlement s ON s.line_id = l.id WHERE {THESE}
UNION SELECT s.charge_id FROM {_CASH} WHERE {_CASH_DAYS}
{{more}}
"""  # noqa: S608 (made of constants)
# A charge, what stands of its payments, and by which way they came.
_CHARGES = f"""
SELECT c.uuid, NULL::date, c.amount, CASE WHEN c.state <> 'paid' THEN sums.paid WHEN sums.paid <> c.amount THEN abs(sums.paid - c.amount)
                                     ELSE c.amount END AS off
  FROM (
        SELECT touched.id, coalesce(sum(s.amount), 0) AS paid, count(s.line_id) AS lines, count(s.cash_id) AS cash
          FROM (
                {_TOUCHED}
               ) touched
          LEFT JOIN payments_settlement s ON s.charge_id = touched.id AND s.taken_back_id IS NULL
         GROUP BY touched.id
       ) sums
  JOIN payments_charge c ON c.id = sums.id
 WHERE CASE c.state WHEN 'paid' THEN sums.paid <> c.amount OR (CASE c.method WHEN 'cash' THEN sums.lines ELSE sums.cash END) > 0
                    ELSE sums.paid <> 0 END
"""  # noqa: S608 (made of constants)

# What was given for a charge says what the charge says. One that is missing is found by its number.
_RECEIPTS = f"""
SELECT c.uuid, NULL::date, c.amount, CASE WHEN r.amount = c.amount THEN c.amount ELSE abs(r.amount - c.amount) END
  FROM (
        {_TOUCHED}
       ) touched
  JOIN payments_charge c ON c.id = touched.id
  JOIN payments_receipt r ON r.charge_id = c.id AND r.cancelled_at IS NULL
 WHERE (r.amount, r.method, 'paid') IS DISTINCT FROM (c.amount, c.method, c.state)
"""  # noqa: S608 (made of constants)
