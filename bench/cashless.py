"""The rate of paying without cash over 1 million charges of a year and 200,000 bills of providers: a commune's month, and a province's.

Rows are made by SQL in the bench's own database, as the deeds leave them; what has nothing to do with counting (the ledger behind each
payment) is left out, so the trigger that asks for it is off while they are made. A plain GROUP BY of the same rows is measured first.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.db import connection, connections

from bakhong.cli.say import say
from bench import Scenario

NEEDS_DATABASE = True
CHARGES, BILLS = 1_000_000, 200_000
COMMUNES, VILLAGES_EACH = 40, 10
MONTHS = 12
LAST = date(2026, 10, 1)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SERVICES = ("dossier_fee", "water", "environment", "tuition", "market")


def fill() -> None:
    """Once in a database."""
    from bakhong.payments.models import Biller

    if Biller.objects.filter(name="bench cashless").exists():
        return
    start = time.perf_counter()
    # Only the owner may take a trigger down.
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("SET LOCAL app.nationwide = 'on'")
        villages = _villages(cursor)
        cursor.execute("ALTER TABLE payments_charge DISABLE TRIGGER payments_paid_made")
        _charges(cursor, villages)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_charge ENABLE TRIGGER payments_paid_made")
        _bills(cursor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_charge")
        cursor.execute("ANALYZE payments_providerbill")
    say(f"{CHARGES:,} charges and {BILLS:,} bills made in {time.perf_counter() - start:.0f} s")


def communes() -> list[Any]:
    from bakhong.places.models import Unit
    from bakhong.places.queries import descendant_ids, units_on

    day = NOW.date()
    ids = descendant_ids(units_on(["38"], day)["38"].pk, day, "commune")
    return list(Unit.objects.filter(pk__in=ids).order_by("code")[:COMMUNES])


def _villages(cursor: Any) -> list[int]:
    cursor.execute(
        "INSERT INTO places_unit (uuid, code, level, kind, name, full_name, name_key, sort_key, valid_from)"
        " SELECT gen_random_uuid(), 'cashless-' || u.id || '-' || n, 'village', 'thon', 'Thôn ' || n, 'Thôn ' || n, '', '', NULL"
        " FROM places_unit u, generate_series(1, %s) n WHERE u.id = ANY(%s) RETURNING id, code",
        [VILLAGES_EACH, [each.pk for each in communes()]],
    )
    rows = [(pk, int(code.split("-")[1])) for pk, code in cursor.fetchall()]
    cursor.execute(
        "INSERT INTO places_membership (child_id, parent_id) SELECT child, parent"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS m(child, parent)",
        [[row[0] for row in rows], [row[1] for row in rows]],
    )
    return [row[0] for row in rows]


def _billers(cursor: Any, name: str, units: list[int], *, keeps: bool) -> list[int]:
    cursor.execute(
        "INSERT INTO payments_biller (uuid, unit_id, kind, name, tax_code, phone, services, keeps_ledger, valid_from, made_at, made_by)"
        " SELECT gen_random_uuid(), unit, 'utility', %s, '', '', '[]', %s, '2025-07-01', %s, 'bench' FROM unnest(%s::bigint[]) unit"
        " RETURNING id",
        [name, keeps, NOW, units],
    )
    return [row[0] for row in cursor.fetchall()]


def _charges(cursor: Any, villages: list[int]) -> None:
    """Month by month, as they are raised; six in ten paid by transfer, two in cash."""
    cursor.execute(
        "INSERT INTO payments_charge (uuid, village_id, biller_id, service, about_kind, payer_name, payer_phone, customer_code, title,"
        " amount, period, reference, purpose, state, method, paid_at, withdrawn_why, client_key, digest, made_at, made_by)"
        " SELECT gen_random_uuid(), (%(villages)s::bigint[])[1 + (hashint8(g) & 1048575) %% %(places)s], %(biller)s,"
        " (%(services)s::text[])[1 + g %% 5], '', 'Người trả ' || g, '', '', 'Khoản thu ' || g, 10000 + (g %% 90) * 1000, month,"
        " 'BENCH' || g, 'BENCH' || g, CASE WHEN how < 8 THEN 'paid' ELSE 'open' END,"
        " CASE WHEN how < 6 THEN 'transfer' WHEN how < 8 THEN 'cash' ELSE '' END,"
        " CASE WHEN how < 8 THEN month + interval '20 days' END, '', gen_random_uuid(), '', month + interval '2 days', 'bench'"
        " FROM (SELECT g, (hashint8(g + 5) & 1048575) %% 10 AS how,"
        "   (%(last)s::date - make_interval(months => %(months)s - 1 - (g / (%(rows)s / %(months)s + 1))::int))::date AS month"
        "   FROM generate_series(1, %(rows)s) g) made",
        {
            "villages": villages, "places": len(villages), "biller": _billers(cursor, "bench cashless", [communes()[0].pk], keeps=True)[0],
            "services": list(SERVICES), "last": LAST, "months": MONTHS, "rows": CHARGES,
        },
    )  # fmt: skip


def _bills(cursor: Any) -> None:
    """Of each commune a list of electricity a month."""
    _billers(cursor, "bench electricity", [each.pk for each in communes()], keeps=False)
    cursor.execute(
        "INSERT INTO payments_providerlist (uuid, biller_id, service, period, file_name, sha256, rows, taken_at, taken_by, taken_by_label,"
        " undone_by) SELECT gen_random_uuid(), b.id, 'electricity', (%s::date - make_interval(months => n))::date, 'a.csv', '', %s, %s,"
        " 'bench', 'bench', '' FROM payments_biller b, generate_series(0, %s) n WHERE b.name = 'bench electricity'",
        [LAST, BILLS // COMMUNES // MONTHS, NOW, MONTHS - 1],
    )
    cursor.execute(
        "INSERT INTO payments_providerbill (uuid, village_id, biller_id, batch_id, code, amount, state, row)"
        " SELECT gen_random_uuid(), v.id, b.id, l.id, 'PA' || v.id || '-' || g, 50000,"
        " (ARRAY['transfer', 'cash', 'unpaid', 'unsaid'])[1 + g % 4], g FROM payments_providerlist l"
        " JOIN payments_biller b ON b.id = l.biller_id AND b.name = 'bench electricity'"
        " JOIN places_unit v ON v.code LIKE 'cashless-' || b.unit_id || '-%'"
        f" CROSS JOIN generate_series(1, {BILLS // COMMUNES // MONTHS // VILLAGES_EACH}) g"
    )


def _plain() -> float:
    """Milliseconds of the whole year's rows grouped by village, service and state, the median of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT village_id, service, period, state, method, count(*), sum(amount) FROM payments_charge GROUP BY 1, 2, 3, 4, 5"
            )
            cursor.fetchall()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _closing(run: Callable[[], object]) -> Callable[[], None]:
    def done() -> None:
        assert run()
        connections.close_all()

    return done


def scenarios() -> list[Scenario]:
    fill()
    from bakhong.payments import scope
    from bakhong.payments.queries.cashless import cashless, month_before
    from bakhong.places.queries import children

    with scope.counting():
        plain = _plain()
    say(
        f"plain GROUP BY of the same {CHARGES:,} charges by village, service, month and state: {plain:.0f} ms"
    )
    every = communes()
    own, day = every[0], NOW.date()
    below = children(own, day)
    first = LAST
    for _count in range(MONTHS - 1):
        first = month_before(first)
    return [
        Scenario(
            "a commune's villages, one month, of 1 million charges",
            _closing(lambda: cashless(below, LAST, LAST, on=day)),
            promise=100,
        ),
        Scenario(
            "a commune, twelve months", _closing(lambda: cashless([own], first, LAST, on=day)), promise=300
        ),
        Scenario(
            "forty communes, one month (100,000 rows)",
            _closing(lambda: cashless(every, LAST, LAST, on=day)),
            promise=300,
        ),
    ]
