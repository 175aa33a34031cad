"""What the roll counts, of 4 million people who use nine services: made anew, on any day, in a commune, and through the merger of 2025.

Spans are made by SQL in the bench's own database, with the bits that real lives give; a village has its campaign days, as in life. The
promises that are ratios are taken against a plain GROUP BY of the same table, measured first in the same run.
"""

import random
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, connections, transaction

from bakhong.cli.say import say
from bench import Scenario

if TYPE_CHECKING:
    from bakhong.indicators.rules.measures import MeasureKey

NEEDS_DATABASE = True
PEOPLE = 4_000_000
VILLAGES_PER_COMMUNE = 8  # 547 former communes: 4,376 villages
CAMPAIGN_DAYS = 40
FIRST, LAST, MERGED = date(2023, 6, 1), date(2026, 11, 1), date(2025, 7, 1)
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
SERVICES = (
    "eid_level1", "eid_level2", "digital_signature", "payment_account", "e_wallet", "portal_account", "digital_channel",
    "digital_skills", "health_book",
)  # fmt: skip
_SUBJECT = 10**12  # subjects of the bench begin here


def seeing_everybody() -> AbstractContextManager[None]:
    from bakhong.core.actor import OPERATOR
    from bakhong.people.scope import seeing

    return seeing(OPERATOR)


def fill() -> None:
    """Villages and spans; done once in a database."""
    with seeing_everybody(), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM indicators_countspan WHERE subject > %s)", [_SUBJECT])
        if cursor.fetchone() == (True,):
            return
        start = time.perf_counter()
        with transaction.atomic():
            villages = _villages(cursor)
            _spans(cursor, villages)
        cursor.execute("ANALYZE indicators_countspan")
        say(f"{PEOPLE:,} people made in {time.perf_counter() - start:.0f} s")


def _villages(cursor: Any) -> list[int]:
    """Villages of every commune of the province before the merger; where they belong since then is what the bench asks."""
    cursor.execute(
        "INSERT INTO places_unit (uuid, code, level, kind, name, full_name, name_key, sort_key, valid_from)"
        " SELECT gen_random_uuid(), 'bench-' || u.id || '-' || n, 'village', 'thon', 'Thôn ' || n, 'Thôn ' || n, '', '', NULL"
        " FROM places_unit u, generate_series(1, %s) n WHERE u.level = 'commune' AND u.id = ANY(%s) RETURNING id, code",
        [VILLAGES_PER_COMMUNE, _former_communes()],
    )
    rows = [(pk, int(code.split("-")[1])) for pk, code in cursor.fetchall()]
    cursor.execute(
        "INSERT INTO places_membership (child_id, parent_id, valid_to) SELECT child, parent, %s"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS m(child, parent)",
        [MERGED, [row[0] for row in rows], [row[1] for row in rows]],
    )
    return [row[0] for row in rows]


def _former_communes() -> list[int]:
    from bakhong.core.days import day_before
    from bakhong.places.queries import descendant_ids, units_on

    day = day_before(MERGED)
    return descendant_ids(units_on(["38"], day)["38"].pk, day, "commune")


def _spans(cursor: Any, villages: list[int]) -> None:
    """Seven in ten took up services on a campaign day of their village; some births make people come of age meanwhile."""
    kinds = _kinds_of_lives()
    columns = [list(column) for column in zip(*kinds, strict=True)]
    cursor.execute(
        "WITH lived AS MATERIALIZED (SELECT g, (%(villages)s::bigint[])[1 + g %% %(places)s] AS place,"
        " 1 + (hashint8(g) & 1048575) %% %(kinds)s AS kind,"
        " %(first)s::date + ((hashint8(g %% %(places)s * 1000 + (hashint8(g + 7) & 1048575) %% %(days)s) & 1048575) %% 1250) AS day,"
        " (hashint8(g + 13) & 1048575) %% 10 < 7 AS took FROM generate_series(1, %(people)s) g)"
        " INSERT INTO indicators_countspan (kind, subject, village_id, place_id, valid_from, valid_to, populations, havings)"
        " SELECT 1, %(base)s + g, place, place, CASE WHEN second THEN day END, CASE WHEN took AND NOT second THEN day END,"
        " (%(populations)s::bigint[])[kind], CASE WHEN second THEN (%(after)s::bigint[])[kind] ELSE (%(before)s::bigint[])[kind] END"
        " FROM lived, (VALUES (false), (true)) v(second) WHERE took OR NOT second",
        {
            "villages": villages, "places": len(villages), "kinds": len(kinds), "first": FIRST, "days": CAMPAIGN_DAYS,
            "people": PEOPLE, "base": _SUBJECT, "populations": columns[0], "before": columns[1], "after": columns[2],
        },
    )  # fmt: skip


def _kinds_of_lives() -> list[tuple[int, int, int]]:
    """(populations, havings before, havings after) of two hundred lives drawn by chance, by the rules themselves."""
    from bakhong.indicators.rules.spans import spans_of
    from bakhong.people.queries.adoption import Life

    chance = random.Random(20261122)
    found: list[tuple[int, int, int]] = []
    while len(found) < 200:
        took = chance.sample(SERVICES, chance.randint(1, len(SERVICES)))
        stay = (
            1,
            chance.choice(["", "", "", "away"]),
            chance.choice(["smartphone", "smartphone", "basic", ""]),
            None,
            None,
        )
        held = tuple((service, "activated", LAST, None) for service in took)
        spans = spans_of(Life("person", 1, 1, (chance.randint(1935, 2004), 1, 1), (stay,), held, True))
        if len(spans) == 2:
            found.append((spans[0].populations, spans[0].havings, spans[1].havings))
    return found


def _timed(run: Callable[[], object]) -> float:
    """Milliseconds, the median of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def scenarios() -> list[Scenario]:
    fill()
    from bakhong.indicators.actions.recompute import fold, rebuild_deltas
    from bakhong.indicators.models import Balance
    from bakhong.indicators.queries.counted import counted, counted_on_days
    from bakhong.places.models import Unit

    chance = random.Random(7)
    former = _former_communes()
    nine = _usual_measures()
    with seeing_everybody():
        plain = _timed(_plain_group_by)
        if not Balance.objects.exists():
            _anew(rebuild_deltas)
            fold(at=NOW)
    communes = list(Unit.objects.filter(pk__in=former))
    before = date(2025, 6, 30)

    def anew() -> None:
        """Rolled back: the balances of the other scenarios stay."""
        with seeing_everybody(), transaction.atomic():
            _anew(rebuild_deltas)
            transaction.set_rollback(True)

    def the_province() -> None:
        day = FIRST + timedelta(days=chance.randrange(1250))
        found = counted(former, day, boundaries=before, wanted=nine)
        assert len(found) == len(nine) * len(former)
        connections.close_all()

    def a_commune() -> None:
        days = [NOW.date(), date(2025, 5, 6), date(2026, 1, 1)]
        assert counted_on_days(chance.choice(communes), days, boundaries=before)
        connections.close_all()

    def the_merger() -> None:
        _merge_and_undo(former)
        connections.close_all()

    say(f"plain GROUP BY of the same {_spans_there():,} spans by place, day and what is had: {plain:.0f} ms")
    return [
        Scenario(f"{PEOPLE:,} people × 9 services anew, 3 × GROUP BY", anew, promise=3 * plain, repeats=2),
        Scenario(
            "province table of nine services, any day, 547 communes", the_province, promise=500, repeats=20
        ),
        Scenario("a commune's 53 measures on three days", a_commune, promise=50, repeats=30),
        Scenario("through the merger of 2025 and back", the_merger, promise=5000, repeats=3),
    ]


def _usual_measures() -> list["MeasureKey"]:
    """One of each of the nine services."""
    from bakhong.indicators.rules.measures import measures

    first: dict[str, MeasureKey] = {}
    for key, measure in measures().items():
        for service in measure.services:
            if key.indicator != "eid_accounts":  # the two levels have measures of their own
                first.setdefault(service, key)
    return [first[service] for service in SERVICES]


def _plain_group_by() -> None:
    """The same rows by the same keys, without cells and without storing anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(people) FROM (SELECT place_id, day, populations, havings, sum(change) AS people FROM ("
            " SELECT place_id, coalesce(valid_from, '1900-01-01') AS day, populations, havings, 1 AS change FROM indicators_countspan"
            " UNION ALL SELECT place_id, valid_to, populations, havings, -1 FROM indicators_countspan WHERE valid_to IS NOT NULL"
            ") boundary GROUP BY place_id, day, populations, havings) cells"
        )


def _anew(rebuild_deltas: Callable[..., None]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.rebuilding = 'on'")
        rebuild_deltas(at=NOW)


def _spans_there() -> int:
    from bakhong.indicators.models import CountSpan

    with seeing_everybody():
        return CountSpan.objects.count()


def _merge_and_undo(former: list[int]) -> None:
    """Map rows for every village, the table in the new boundaries, and all of it taken back: the old table is as it was."""
    from bakhong.indicators.queries.counted import counted
    from bakhong.places.queries import descendant_ids, units_on

    today, eve = NOW.date(), date(2025, 6, 30)
    before = counted(former, today, boundaries=eve)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_membership (child_id, parent_id, valid_from) SELECT DISTINCT ON (m.child_id) m.child_id, s.successor_id,"
            ' %(on)s FROM places_membership m JOIN places_succession s ON s.predecessor_id = m.parent_id AND s."on" = %(on)s'
            " JOIN places_unit u ON u.id = m.child_id WHERE m.parent_id = ANY(%(former)s) AND u.code LIKE 'bench-%%'"
            " ORDER BY m.child_id, s.is_default_successor DESC",
            {"on": MERGED, "former": former},
        )
        new = descendant_ids(units_on(["38"], today)["38"].pk, today, "commune")
        after = counted(new, today)
        cursor.execute(
            "SELECT coalesce(sum(n_tup_upd + n_tup_ins), 0) FROM pg_stat_xact_user_tables WHERE relname LIKE 'indicators_%%'"
        )
        assert cursor.fetchone() == (0,), "a merger rewrote something that is counted"
        transaction.set_rollback(True)
    assert sum(each.numerator for each in after.values()) == sum(each.numerator for each in before.values())
    assert counted(former, today, boundaries=eve) == before
