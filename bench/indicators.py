"""Dashboards and leagues on 166 communes × 40 indicators × 36 months of figures, made by COPY into the bench's own database."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import connection, connections

from bench import Scenario

if TYPE_CHECKING:
    from bakhong.indicators.rules.asks import Ask

NEEDS_DATABASE = True
INDICATORS, MONTHS = 40, 36
FIRST = date(2023, 11, 1)
LAST = date(2026, 11, 1)
MARK = "bench: 36 tháng"
_RANDOM = random.Random(20261122)


def fill() -> None:
    """Reports and figures of every month; done once in a database."""
    from bakhong.indicators.models import Report

    if Report.objects.filter(title=MARK).exists():
        return
    communes = _communes()
    with connection.cursor() as cursor:
        with cursor.copy(
            "copy indicators_report (uuid, client_key, unit_id, title, medium, source, text, text_sha256, file_name,"
            " entered_by, entered_at) from stdin"
        ) as copy:
            for commune in communes:
                copy.write_row(
                    (uuid4(), uuid4(), commune, MARK, "dataset", "", "", "", "", "bench", _moment(LAST))
                )
        cursor.execute("select unit_id, id from indicators_report where title = %s", [MARK])
        reports = dict(cursor.fetchall())
        with cursor.copy(
            "copy indicators_figure (uuid, client_key, report_id, unit_id, scope, role, indicator, definition_version, stage,"
            " population, population_text, counted_from, counted_to, numerator, denominator, percent_places, qualifier,"
            " excerpt, note, entered_by, entered_at) from stdin"
        ) as copy:
            for row in _figures(reports):
                copy.write_row(row)
        cursor.execute("analyze")


def _figures(reports: dict[int, int]) -> Iterator[tuple[object, ...]]:
    asks = _asks()
    for commune, report in reports.items():
        whole = _RANDOM.randint(80, 9000)
        for ask in asks:
            share = _RANDOM.random() * 0.5
            for month in range(MONTHS):
                day = _month(month)
                share = min(1.0, share + _RANDOM.random() * 0.02)
                yield (
                    uuid4(), uuid4(), report, commune, "", "value", ask.indicator, 1, ask.stage, ask.population, "",
                    day, day, int(whole * share), whole, 0, "", "", "", "bench", _moment(day),
                )  # fmt: skip


def _asks() -> list["Ask"]:
    """Forty rules: the usual one of every indicator, then further stages of the first."""
    from bakhong.indicators.rules.asks import Ask
    from bakhong.indicators.rules.definitions import registry

    usual = [Ask.usual(definition) for definition in registry()]
    more = [
        Ask(definition.code, stage, definition.population.key)
        for definition in registry()
        for stage in definition.stages
    ]
    return [*usual, *(ask for ask in more if ask not in usual)][:INDICATORS]


def _communes() -> list[int]:
    from bakhong.places.queries import descendant_ids, served_unit

    return descendant_ids(served_unit(LAST).pk, LAST, "commune")


def _month(number: int) -> date:
    return date(FIRST.year + (FIRST.month - 1 + number) // 12, (FIRST.month - 1 + number) % 12 + 1, 28)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def scenarios() -> list[Scenario]:
    fill()
    from bakhong.indicators.queries import available_rules, coverage, dashboard, league
    from bakhong.places.models import Unit
    from bakhong.places.queries import served_unit

    communes = list(Unit.objects.filter(pk__in=_communes()))
    province = served_unit(LAST)
    asks = _asks()

    def day() -> date:
        return FIRST + timedelta(days=_RANDOM.randint(60, 36 * 30))

    def a_dashboard() -> None:
        dashboard(_RANDOM.choice(communes), on=LAST)
        connections.close_all()

    def a_league() -> None:
        ask = _RANDOM.choice(asks)
        league(
            province,
            indicator=ask.indicator,
            stage=ask.stage,
            population=ask.population,
            on=day(),
            level="commune",
            boundaries=LAST,
        )
        connections.close_all()

    def the_choices() -> None:
        available_rules(province, on=LAST, level="commune")
        connections.close_all()

    def the_province() -> None:
        dashboard(province, on=LAST)
        connections.close_all()

    def the_coverage() -> None:
        coverage(province, LAST)
        connections.close_all()

    return [
        Scenario("commune dashboard, one client", a_dashboard, promise=50, repeats=30),
        Scenario("commune dashboard", a_dashboard, promise=50, clients=8, repeats=10),
        Scenario("province league, any day, one client", a_league, promise=500, repeats=20),
        Scenario("province league, any day", a_league, promise=500, clients=8, repeats=5),
        Scenario("province dashboard", the_province, promise=2000, repeats=3),
        Scenario("rules to choose from", the_choices, promise=500, repeats=5),
        Scenario("coverage of the province", the_coverage, promise=500, repeats=5),
    ]
