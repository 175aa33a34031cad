"""A ledger of a million entries: what stands in an account, and the check of everything; 100,000 lines settled at once.

The million lies in the bench's own database, made by SQL as the deeds leave it, so that it is filled once; its days are closed but for
the last month. Settling is rolled back, with what the database asks at the end of a transaction counted in. Beside each number stands what
a bare statement over the same rows takes in the same run.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import psycopg
from django.db import connection, transaction

from bakhong.cli.say import say
from bench import Scenario
from bench._copying import bare_copy, last_keys

if TYPE_CHECKING:
    from bakhong.payments.models import BankAccount, BankLine, Biller, Charge

NEEDS_DATABASE = True
NAME = "bench: sổ một triệu bút toán"
LINES = int(os.environ.get("BENCH_LEDGER_LINES", "500000"))  # two entries each
SETTLED = int(os.environ.get("BENCH_SETTLED", "100000"))
BATCH = 5000
AT, FIRST = datetime(2026, 11, 22, 3, tzinfo=UTC), date(2025, 11, 1)
DAYS, OPEN = 380, 30

_LINES = """
INSERT INTO payments_bankline (uuid, biller_id, account_id, identity, direction, amount, "on", content, reference, balance_after,
                               payer_name, state, learned_at)
SELECT gen_random_uuid(), %(biller)s, %(account)s, 'bench:' || n, 'in', 1000 + n %% 50,
       %(first)s::date + (n * %(days)s / %(lines)s)::int, 'CK', '', sum(1000 + n %% 50) OVER (ORDER BY n), '', 'explained', %(at)s
  FROM generate_series(0, %(lines)s - 1) n ORDER BY n
"""
_ENTRIES = """
INSERT INTO payments_entry (biller_id, kind, debit_id, credit_id, amount, "on", at, by, key, line_id, note)
SELECT l.biller_id, e.kind, e.debit, e.credit, l.amount, l."on", %(at)s, 'bench', e.key || l.uuid, l.id, ''
  FROM payments_bankline l, LATERAL (VALUES
       ('suspended', %(bank)s, %(suspense)s, 'line:'), ('explained', %(suspense)s, %(other)s, 'explained:')) AS e (kind, debit, credit, key)
 WHERE l.account_id = %(account)s ORDER BY l.id
"""
# What settling writes, copied into tables with the same indexes that are not kept.
WRITTEN = ("payments_entry", "payments_settlement", "payments_receipt", "audit_event")


def scenarios() -> list[Scenario]:
    from bakhong.core.actor import OPERATOR
    from bakhong.payments.models import AccountKind
    from bakhong.payments.queries.gaps import gaps_of
    from bakhong.payments.queries.ledger import account, balance, balances
    from bakhong.payments.queries.reconciling import check, standing
    from bakhong.people import scope

    with scope.seeing(OPERATOR):
        biller, bank = _ledger()
        _settle(biller)
        money = account(biller, AccountKind.BANK, bank_account=bank)
        say(f"bare sum of the account's {LINES} debits: {_took(lambda: _bare_sum(money.pk)) * 1000:.0f} ms")
        say(f"bare GROUP BY of all entries: {_took(lambda: _bare_groups(biller.pk)) * 1000:.0f} ms")
        assert balance(money) == _bare_sum(money.pk)
        assert check([biller]).ok

    def seen(deed: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            with scope.seeing(OPERATOR):
                return deed()

        return run

    size = f"{2 * LINES:,} entries".replace(",", ".")
    return [
        Scenario(f"balance of the bank's account, {size}", seen(lambda: balance(money)), 50.0),
        Scenario("balances of all accounts", seen(lambda: balances(biller)), 150.0),
        Scenario("the accountant's first screen", seen(lambda: standing(biller, at=AT)), 500.0, repeats=10),
        Scenario("check of everything", seen(lambda: check([biller])), 20_000.0, repeats=2),
        Scenario(
            f"running balance of {LINES} lines",
            seen(lambda: gaps_of(bank, date.min, date.max)),
            10_000.0,
            repeats=2,
        ),
    ]


def _ledger() -> "tuple[Biller, BankAccount]":
    from bakhong.payments.models import BankAccount, BankLine, Biller
    from bakhong.places.queries import unit_on

    unit = unit_on("15646", AT.date())
    assert unit is not None
    biller, _new = Biller.objects.get_or_create(
        unit=unit, name=NAME, valid_to=None,
        defaults={"kind": "other", "valid_from": FIRST, "made_at": AT, "made_by": "bench"},
    )  # fmt: skip
    bank, _new = BankAccount.objects.get_or_create(
        biller=biller, number="BENCH00001",
        defaults={"bank_bin": "970405", "holder": "BENCH", "opened_on": FIRST, "made_at": AT, "made_by": "bench"},
    )  # fmt: skip
    if not BankLine.objects.filter(account=bank, identity="bench:0").exists():
        _fill(biller, bank)
    return biller, bank


def _fill(biller: "Biller", bank: "BankAccount") -> None:
    from bakhong.core.actor import OPERATOR
    from bakhong.payments.actions.closing import close_day
    from bakhong.payments.models import AccountKind
    from bakhong.payments.queries.ledger import account

    accounts = {kind: account(biller, AccountKind(kind)).pk for kind in ("suspense", "other")}
    told = accounts | {
        "biller": biller.pk, "account": bank.pk, "first": FIRST, "days": DAYS, "lines": LINES, "at": AT,
        "bank": account(biller, AccountKind.BANK, bank_account=bank).pk,
    }  # fmt: skip
    start = time.perf_counter()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("SET app.nationwide = 'on'")
        owner.execute("ALTER TABLE payments_entry DISABLE TRIGGER USER")
        owner.execute(_LINES, told)
        owner.execute(_ENTRIES, told)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        owner.execute("ALTER TABLE payments_entry ENABLE TRIGGER USER")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE payments_bankline, payments_entry")
    close_day(
        biller=biller, on=date.fromordinal(FIRST.toordinal() + DAYS - OPEN), note="", by=OPERATOR, at=AT
    )
    say(f"{2 * LINES} entries stored in {time.perf_counter() - start:.0f} s")


def _settle(biller: "Biller") -> None:
    """`SETTLED` lines and charges, matched: entries, settlements, states, trail and receipts."""
    from bakhong.core.actor import OPERATOR
    from bakhong.payments.actions.settling import settle_matched

    with transaction.atomic():
        pairs = _pairs(biller)
        last = last_keys(WRITTEN)
        start = time.perf_counter()
        for first in range(0, len(pairs), BATCH):
            settle_matched(pairs[first : first + BATCH], by=OPERATOR, at=AT)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - start
        bare = bare_copy(last)
        transaction.set_rollback(True)
    say(f"{SETTLED} lines settled in {took:.1f} s (promised 20 s with finding and judging them)")
    say(f"bare COPY of the rows this wrote: {bare:.1f} s; settling takes {took / bare:.1f} times as long")


def _pairs(biller: "Biller") -> "list[tuple[Charge, BankLine]]":
    from bakhong.core.bulk import collecting_later, insert_many
    from bakhong.core.ids import new_uuid
    from bakhong.payments.models import BankAccount, BankLine, Charge

    bank = BankAccount.objects.create(
        biller=biller, bank_bin="970405", number="BENCH00002", holder="B", opened_on=FIRST, made_at=AT, made_by="bench",
        state="open", decided_at=AT, decided_by="second",
    )  # fmt: skip
    with collecting_later():
        charges = [
            Charge(
                biller=biller, village=biller.unit, amount=50_000, service="market", payer_name="An", title="Phí chợ", made_at=AT,
                made_by="bench", reference=f"BENCH{number:010d}", purpose="x", client_key=new_uuid(), digest=b"x",
            )
            for number in range(SETTLED)
        ]  # fmt: skip
        lines = [
            BankLine(
                biller=biller, account=bank, amount=50_000, on=AT.date(), learned_at=AT, direction="in", content="CK",
                identity=f"ref:{number}",
            )
            for number in range(SETTLED)
        ]  # fmt: skip
        insert_many(charges)
        insert_many(lines)
    return list(zip(charges, lines, strict=True))


def _bare_sum(account: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(amount) FROM payments_entry WHERE debit_id = %s", [account])
        return int(cursor.fetchone()[0])


def _bare_groups(biller: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT debit_id, credit_id, sum(amount) FROM payments_entry WHERE biller_id = %s GROUP BY 1, 2",
            [biller],
        )
        return len(cursor.fetchall())


def _took(deed: Callable[[], object]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start
