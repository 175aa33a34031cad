"""Money: 200 notifications a second through the real server, a statement of 100,000 lines, and the bank with a bad network at 100,000.

Each is set beside bare INSERTs measured in the same run. BAKHONG_BENCH_LINES makes it smaller.
"""

import atexit
import http.client
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bakhong.cli.database import ROOT
from bakhong.cli.say import say
from bakhong.cli.up import _worker
from bench import Scenario
from bench.pages import serve

NEEDS_DATABASE = True
LINES = int(os.environ.get("BAKHONG_BENCH_LINES", "100000"))
RATE, SECONDS, HANDS = 200, 20, 32
START = datetime(2026, 11, 1, tzinfo=UTC)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def scenarios() -> list[Scenario]:
    from bakhong.people import scope

    scope.open_to(None)
    bare = _bare(LINES)
    say(f"bare INSERTs of {LINES:,} lines, one after the other in one transaction: {bare:.1f} s")
    _webhooks()
    statements = [_statement(1000, 1), _statement(LINES, 2)]
    return [
        Scenario(
            f"statement of {LINES:,} lines: read, stored, matched",
            lambda: _take(*statements.pop(0), bare=bare),
            promise=20_000 * LINES / 100_000,
            repeats=1,
        ),
        Scenario(
            f"{LINES:,} movements through a bad network", _chaos([100, LINES]), promise=1_200_000, repeats=1
        ),
    ]


def _seed() -> int:
    return random.SystemRandom().randrange(10**9)


def _commune() -> Any:
    from bakhong.places.models import Unit

    return Unit.objects.filter(level="commune", valid_to=None).earliest("pk")


def _statement(count: int, _turn: int) -> tuple[Any, bytes]:
    """An account and a statement of it: nine lines of ten pay a charge, the others wait."""
    from bakhong.core.bulk import insert_many
    from bakhong.payments.adapters.simulator import mangled
    from bakhong.payments.tests import chaos

    made = chaos.world(_commune(), 0, _seed())
    charges = [chaos._charge(made, _commune(), turn) for turn in range(count)]
    insert_many(charges)
    for turn, charge in enumerate(charges):
        note = mangled(charge.reference, made.random) if turn % 10 else f"tien nuoc nha so {turn}"
        made.bank.move(charge.amount, note, START + timedelta(seconds=turn * 10))
    return made.account, made.bank.statement(made.bank.book)


def _take(account: Any, content: bytes, *, bare: float) -> None:
    from bakhong.core.actor import OPERATOR
    from bakhong.payments.actions.taking import take_statement
    from bakhong.people import scope

    scope.open_to(None)
    start = time.perf_counter()
    taken = take_statement(account=account, content=content, name="saoke.csv", by=OPERATOR, at=AT)
    took = time.perf_counter() - start
    if taken.lines == LINES:
        say(
            f"statement: {taken.as_json()} in {took:.1f} s, {took / bare:.1f} times the bare INSERTs of its lines"
        )


def _bare(count: int) -> float:
    """Seconds for as many rows into a table with the same columns and indexes."""
    insert = """
        INSERT INTO bench_line (id, uuid, biller_id, account_id, identity, direction, amount, "on", reference, content, payer_name,
                                state, learned_at, balance_after)
        VALUES (%s, gen_random_uuid(), 1, 1 + %s %% 3, %s, 'in', 5000, '2026-11-22', %s, %s, '', 'new', now(), 5)
    """
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_line (LIKE payments_bankline INCLUDING ALL)")
        start = time.perf_counter()
        for turn in range(count):
            name, note = f"FT{turn:012d}", f"MBVCB.81234567.BK7777{turn:09d} CT tu 0123456"
            cursor.execute(insert, [turn, turn, f"ref:{name}:in:5000", name, note])
        took = time.perf_counter() - start
        owner.rollback()
    return took


def _webhooks() -> None:
    """An open loop: requests are due 200 times a second whether or not the last was answered; late ones count from when they were due."""
    from bakhong.payments.models import Delivery
    from bakhong.payments.tests import chaos

    made = chaos.world(_commune(), RATE * SECONDS, _seed())
    while len(made.bank.book) < RATE * (SECONDS + 1):
        made.bank.move(5000, "tien nuoc", made.last)
    port = serve()
    worker = subprocess.Popen(
        _worker(),
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stderr=subprocess.DEVNULL,
    )
    atexit.register(worker.terminate)
    time.sleep(3)
    bodies = [made.bank.body(each) for each in made.bank.book]
    now = datetime.now(UTC)
    sent = [(body, made.bank.headers(body, now)) for body in bodies]
    path = f"/payments/webhook/sepay/{made.account.uuid}/"
    first = _storm(port, path, sent[:RATE], RATE)
    used = _cpu_of_web()
    took = _storm(port, path, sent[RATE : RATE * (SECONDS + 1)], RATE)
    ended, used = time.perf_counter(), _cpu_of_web() - used
    while Delivery.objects.filter(account=made.account, state="new").exists():
        time.sleep(0.2)
    behind = time.perf_counter() - ended
    alone = _commits(RATE * 5)
    say(
        f"webhooks: {len(took):,} at {RATE} a second, all answered 200: p50 {_at(took, 0.5):.0f} ms, "
        f"p99 {_at(took, 0.99):.0f} ms (promise 1,000), longest {max(took):.0f} ms; "
        f"the first second after the start: p99 {_at(first, 0.99):.0f} ms; {used * 1000 / len(took):.1f} ms of the server's CPU each; "
        f"worked on {behind:.1f} s after the last; a bare committed INSERT: p50 {_at(alone, 0.5):.2f} ms, "
        f"p99 {_at(alone, 0.99):.2f} ms: {_at(took, 0.99) / _at(alone, 0.99):.0f} times at p99"
    )
    worker.terminate()


def _cpu_of_web() -> float:
    """Seconds of CPU that the processes of our server have used so far."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == os.getpgrp() and b"granian" in stat.with_name("cmdline").read_bytes():
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _storm(port: int, path: str, sent: Sequence[tuple[bytes, dict[str, str]]], rate: int) -> list[float]:
    """Milliseconds of each, from when it was due."""
    took: list[float] = []
    begin = time.perf_counter() + 0.2

    def hand(number: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for turn in range(number, len(sent), HANDS):
            due = begin + turn / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            body, headers = sent[turn]
            link.request("POST", path, body, {**headers, "Content-Type": "application/json"})
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}")
            took.append((time.perf_counter() - due) * 1000)

    threads = [threading.Thread(target=hand, args=(number,)) for number in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(took) != len(sent):
        raise RuntimeError(f"{len(sent) - len(took)} of {len(sent)} notifications were not answered 200")
    return took


def _commits(count: int) -> list[float]:
    """Milliseconds of single INSERTs, each committed."""
    took = []
    with (
        psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner,
        owner.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE bench_commit (id bigint PRIMARY KEY, body text)")
        for turn in range(count):
            start = time.perf_counter()
            cursor.execute("INSERT INTO bench_commit VALUES (%s, %s)", [turn, "x" * 400])
            took.append((time.perf_counter() - start) * 1000)
        cursor.execute("DROP TABLE bench_commit")
    return took


def _at(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _chaos(counts: list[int]) -> Callable[[], None]:
    """As the test does it, with what the web does before it stores (the proof) left to the scenario above."""

    def go() -> None:
        from bakhong.payments.tests import chaos
        from bakhong.people import scope

        scope.open_to(None)
        made = chaos.world(_commune(), counts.pop(0) * 9 // 10, _seed())
        start = time.perf_counter()
        chaos.run(made, hands=4, many=20, post=_accept)
        took = time.perf_counter() - start
        wrong = list(chaos.faults(made))
        if wrong:
            raise RuntimeError("; ".join(wrong))
        say(f"bad network: {len(made.bank.book):,} movements end with the bank's own books in {took:.0f} s")

    return go


def _accept(world: Any, sent: Any) -> int:
    from bakhong.payments.actions.deliveries import accept_delivery
    from bakhong.payments.rules.webhooks import is_from_sepay, parsed, sepay_id
    from bakhong.people import scope

    headers = sent.headers
    is_genuine = is_from_sepay(
        sent.body, world.bank.key, authorization=headers.get("Authorization", ""), signature=headers.get("X-SePay-Signature", ""),
        timestamp=headers.get("X-SePay-Timestamp", ""), now=float(headers.get("X-SePay-Timestamp", "0")),
    )  # fmt: skip
    if is_genuine != sent.is_true:
        raise RuntimeError("a forged notification was believed, or a true one was not")
    if not is_genuine:
        return 401
    text = sent.body.decode()
    if not getattr(_OPEN, "is_open", False):
        scope.open_to(None)
        _OPEN.is_open = True
    accept_delivery(
        account=world.account, source="sepay", external_id=sepay_id(parsed(text)), body=text, at=AT
    )
    return 200


_OPEN = threading.local()
