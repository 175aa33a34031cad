from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from bakhong.indicators.models import Figure
from bakhong.indicators.queries import available_rules, league
from bakhong.indicators.queries.shapes import League
from bakhong.places.models import Unit
from bakhong.places.queries import descendants

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
RECENT = date(2026, 10, 31)
Put = Callable[..., Figure]
Units = Callable[[str], Unit]


@pytest.fixture
def communes(thanh_hoa: Unit) -> list[Unit]:
    return list(descendants(thanh_hoa, TODAY, "commune")[:6])


def _league(unit: Unit, **fields: Any) -> League:
    given = {
        "indicator": "eid_accounts",
        "stage": "activated",
        "population": "adults",
        "on": TODAY,
        "level": "commune",
        **fields,
    }
    with translation.override("vi"):
        return league(unit, **given)


def _reasons(table: League) -> dict[int, str]:
    return {row.unit.id: row.reason for row in table.unranked}


def test_everybody_is_either_ranked_or_listed(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    put(communes[0], 800, 1000, RECENT)
    table = _league(thanh_hoa)
    assert (len(table.rows), len(table.unranked), table.of) == (1, 165, 166)


def test_equal_percentages_share_a_rank(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    for unit, numerator in zip(communes, (900, 800, 8004, 700), strict=False):
        put(unit, numerator, 10000 if numerator == 8004 else 1000, RECENT)
    rows = _league(thanh_hoa).rows
    assert [(row.rank, row.is_tied) for row in rows] == [(1, False), (2, True), (2, True), (4, False)]
    assert _league(thanh_hoa).worst_first[0].rank == 4


def test_lower_is_better_where_the_definition_says_so(
    thanh_hoa: Unit, communes: list[Unit], put: Put
) -> None:
    for unit, numerator in zip(communes, (300, 100), strict=False):
        put(unit, numerator, 1000, RECENT, indicator="no_smartphone", stage="", population="residents")
    rows = _league(thanh_hoa, indicator="no_smartphone", stage="", population="residents").rows
    assert [row.value.numerator for row in rows] == [100, 300]


def test_other_rules_are_never_ranked_together(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    """94 % of an assigned target is not compared with 92,1 % of adults."""
    put(communes[0], 921, 1000, RECENT)
    put(communes[1], 940, 1000, RECENT, population="assigned_target")
    put(communes[2], 990, 1000, RECENT, stage="registered")
    table = _league(thanh_hoa)
    assert [row.unit.id for row in table.rows] == [communes[0].pk]
    reasons = _reasons(table)
    assert (reasons[communes[1].pk], reasons[communes[2].pk]) == ("other_rule", "other_rule")


def test_a_rule_that_says_too_little_ranks_nobody(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    for unit in communes[:2]:
        put(unit, 800, 1000, RECENT, population="")
    table = _league(thanh_hoa, population="")
    assert table.rows == ()
    assert table.why_not == "nguồn không nói tính trên ai"
    assert _reasons(table)[communes[0].pk] == "vague_rule"


@pytest.mark.parametrize(
    ("day", "fields", "reason"),
    [
        (date(2026, 5, 1), {}, "out_of_window"),
        (None, {}, "no_day"),
        (RECENT, {"numerator": None, "denominator": None, "percent": Decimal(80)}, "percent_only"),
        (RECENT, {"qualifier": "about"}, "approximate"),
    ],
)
def test_who_cannot_be_compared_is_listed_with_the_reason(
    day: date | None, fields: dict[str, Any], reason: str, thanh_hoa: Unit, communes: list[Unit], put: Put
) -> None:
    given = {"numerator": 80, "denominator": 100, **fields}
    put(communes[0], given.pop("numerator"), given.pop("denominator"), day, **given)
    table = _league(thanh_hoa)
    assert table.rows == ()
    assert _reasons(table)[communes[0].pk] == reason
    assert _reasons(table)[communes[1].pk] == "no_figure"
    assert all(row.text for row in table.unranked)


def test_the_window_is_open_at_its_start(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    put(communes[0], 80, 100, date(2026, 10, 23))
    put(communes[1], 80, 100, date(2026, 10, 24))
    assert [row.unit.id for row in _league(thanh_hoa, window_days=30).rows] == [communes[1].pk]
    assert len(_league(thanh_hoa, window_days=31).rows) == 2


def test_small_denominators_are_marked_and_have_wide_intervals(
    thanh_hoa: Unit, communes: list[Unit], put: Put
) -> None:
    put(communes[0], 9, 10, RECENT)
    put(communes[1], 900, 1000, RECENT)
    small, large = sorted(_league(thanh_hoa).rows, key=lambda row: row.value.denominator or 0)
    assert (small.is_small, large.is_small) == (True, False)
    assert small.low is not None
    assert large.low is not None
    assert small.low < large.low


def test_the_change_since_the_window_before(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    put(communes[0], 700, 1000, date(2026, 4, 1))
    put(communes[0], 900, 1000, RECENT)
    put(communes[1], 800, 1000, date(2026, 4, 1))
    put(communes[1], 800, 1000, RECENT)
    first, second = _league(thanh_hoa).rows
    assert (first.unit.id, first.change, first.previous_rank) == (communes[0].pk, Decimal("20.0"), 2)
    assert (second.change, second.previous_rank) == (Decimal("0.0"), 1)


def test_a_group_of_alike_units(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    for unit in communes:
        put(unit, 80, 100, RECENT)
    every = _league(thanh_hoa)
    group = every.rows[0].group
    assert group
    some = _league(thanh_hoa, group=group)
    assert {row.group for row in some.rows} == {group}
    assert some.of < every.of


def test_incomplete_cover_is_listed_and_complete_cover_is_ranked(
    thanh_hoa: Unit, ngoc_phung: Unit, new_units: Units, put: Put
) -> None:
    day = date(2025, 5, 6)
    new = new_units("15646")
    put(ngoc_phung, 4795, 5205, day)
    table = _league(thanh_hoa, on=date(2025, 7, 1))
    row = next(row for row in table.unranked if row.unit.id == new.pk)
    assert (row.reason, row.text) == ("incomplete_cover", "1/4 xã cũ có số liệu, chưa đủ để xếp hạng")
    for origin in new.origins.exclude(predecessor=ngoc_phung).select_related("predecessor"):
        put(origin.predecessor, 100, 200, day)
    table = _league(thanh_hoa, on=date(2025, 7, 1))
    assert [(row.unit.id, row.value.denominator) for row in table.rows] == [(new.pk, 5805)]


def test_in_old_boundaries_the_old_communes_are_ranked(thanh_hoa: Unit, ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 4795, 5205, date(2025, 5, 6))
    table = _league(thanh_hoa, on=date(2025, 7, 1), boundaries=date(2025, 6, 30))
    assert [row.unit.code for row in table.rows] == ["15655"]
    assert table.of == 547


def test_rules_to_choose_from(thanh_hoa: Unit, communes: list[Unit], put: Put) -> None:
    for unit in communes[:2]:
        put(unit, 80, 100, RECENT)
    put(communes[2], 80, 100, RECENT, population="")
    options = available_rules(thanh_hoa, on=TODAY, level="commune")
    assert [(option.rule.population, option.units, option.is_rankable) for option in options] == [
        ("adults", 2, True),
        ("", 1, False),
    ]


def test_the_queries_stay_few(
    thanh_hoa: Unit, communes: list[Unit], put: Put, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for unit in communes:
        put(unit, 80, 100, RECENT)
    with django_assert_max_num_queries(12):
        _league(thanh_hoa)
