from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from bakhong.indicators.models import Figure
from bakhong.indicators.queries import dashboard, overview
from bakhong.indicators.queries.computed import computed
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DAY = date(2025, 5, 6)


def test_the_unit_and_its_children_in_one_table(
    thanh_hoa: Unit,
    ngoc_phung: Unit,
    put: Callable[..., Figure],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    put(thanh_hoa, 800, 1000, date(2026, 10, 31))
    put(ngoc_phung, 4795, 5205, DAY)
    with django_assert_max_num_queries(20):
        rows = overview(thanh_hoa, on=TODAY)
    assert [(row.unit.code, row.value.numerator) for row in rows] == [("38", 800), ("15646", 4795)]
    assert rows[1].cover is not None
    assert rows[1].figures[0].unit.code == "15655"


def test_without_a_roster_nothing_is_computed(ngoc_phung: Unit) -> None:
    assert computed(ngoc_phung, dashboard(ngoc_phung, on=DAY)) == ()


def test_the_roster_stands_beside_what_was_published(ngoc_phung: Unit, put: Callable[..., Figure]) -> None:
    from bakhong.accounts.models import Certificate, Official

    put(ngoc_phung, 4, 4, DAY, indicator="officials_with_certificate", stage="issued", population="officials")
    for index in range(4):
        official = Official.objects.create(
            name=f"Người {index}", unit=ngoc_phung, valid_from=date(2024, 1, 1)
        )
        if index:
            Certificate.objects.create(
                official=official, serial=str(index), valid_from=date(2024, 1, 1), valid_to=date(2026, 1, 1)
            )
    (row,) = computed(ngoc_phung, dashboard(ngoc_phung, on=DAY))
    assert (row.value.numerator, row.value.denominator, row.value.percent) == (3, 4, Decimal("75.0"))
    assert row.published is not None
    assert row.difference == Decimal("-25.0")
