from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from bakhong.core.actor import Actor
from bakhong.indicators.actions import TargetEntry, retract_figure, set_target
from bakhong.indicators.models import Figure
from bakhong.indicators.queries import children, coverage, dashboard
from bakhong.indicators.queries.shapes import Dashboard, Series
from bakhong.places.actions import create_village
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
DAY = date(2025, 5, 6)
TODAY = date(2026, 11, 22)
Put = Callable[..., Figure]
Units = Callable[[str], Unit]


def _series(board: Dashboard, code: str = "eid_accounts") -> tuple[Series, ...]:
    return next(row.series for row in board.rows if row.code == code)


def test_a_number_comes_with_everything_behind_it(ngoc_phung: Unit, put: Put) -> None:
    figure = put(ngoc_phung, 4795, 5205, None, published_on=DAY, percent=Decimal("92.1"), note="ghi chú")
    with translation.override("vi"):
        (series,) = _series(dashboard(ngoc_phung, on=date(2025, 5, 16)))
        assert (series.value.numerator, series.value.denominator, series.value.percent) == (
            4795,
            5205,
            Decimal("92.1"),
        )
        assert series.value.printed is None
        assert (series.when.text, series.age_days) == ("đăng ngày 06/05/2025", 10)
        assert (series.name.stage, series.name.population) == (
            "đã kích hoạt",
            "người trưởng thành (từ đủ 18 tuổi)",
        )
        assert (series.cover, series.previous, series.why_not_ranked) == (None, None, "")
        assert [row.uuid for row in series.figures] == [figure.uuid]


def test_a_printed_percent_stays_beside_when_it_says_something_else(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 2660, 3798, DAY, percent=Decimal("70.2"))
    (series,) = _series(dashboard(ngoc_phung, on=DAY))
    assert (series.value.percent, series.value.printed) == (Decimal("70.0"), Decimal("70.2"))


def test_every_indicator_is_there_with_criteria_first(ngoc_phung: Unit) -> None:
    board = dashboard(ngoc_phung, on=DAY)
    assert [row.criterion for row in board.rows[:10]] == [
        "G1",
        "G2",
        "G3",
        "G4",
        "P1",
        "P2",
        "P3",
        "P4",
        "P5",
        "P6",
    ]
    assert board.with_figures == ()
    assert len(board.without_figures) == len(board.rows)


def test_rules_are_never_mixed(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 2293, 2438, DAY, population="assigned_target")
    put(ngoc_phung, 4795, 5205, DAY)
    put(ngoc_phung, 4000, 5205, DAY, stage="registered")
    series = _series(dashboard(ngoc_phung, on=DAY))
    assert {(each.rule.population, each.rule.stage) for each in series} == {
        ("assigned_target", "activated"),
        ("adults", "activated"),
        ("adults", "registered"),
    }
    assert all(each.previous is None for each in series)


def test_only_what_was_known_by_the_day_counts(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 50, 100, date(2025, 3, 31))
    put(ngoc_phung, 60, 100, date(2025, 4, 30))
    (series,) = _series(dashboard(ngoc_phung, on=date(2025, 4, 29)))
    assert series.value.percent == 50
    assert series.trend[-1].on == date(2025, 3, 31)


def test_trend_and_change(ngoc_phung: Unit, put: Put) -> None:
    for month in range(1, 6):
        put(ngoc_phung, 50 + month, 100, date(2025, month, 28))
    put(ngoc_phung, 40, 100, None)  # no day: never part of a trend
    dated, undated = _series(dashboard(ngoc_phung, on=DAY))
    assert [point.numerator for point in dated.trend] == [51, 52, 53, 54]
    assert (dated.previous and dated.previous.numerator, dated.change) == (53, Decimal("1.0"))
    assert (undated.when.kind, undated.trend, undated.change, undated.age_days) == ("unknown", (), None, None)


def test_a_trend_has_at_most_twelve_points(ngoc_phung: Unit, put: Put) -> None:
    for day in range(1, 16):
        put(ngoc_phung, day, 100, date(2025, 5, day))
        put(ngoc_phung, day, 100, date(2025, 5, day))  # printed twice
    (series,) = _series(dashboard(ngoc_phung, on=date(2025, 5, 31)))
    assert series.trend[-1].on == date(2025, 5, 15)
    assert len({point.on for point in series.trend}) == len(series.trend) <= 12


def test_a_moved_denominator_is_said(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 50, 100, date(2025, 3, 31))
    put(ngoc_phung, 60, 111, date(2025, 4, 30))
    assert _series(dashboard(ngoc_phung, on=DAY))[0].is_denominator_changed
    put(ngoc_phung, 61, 110, date(2025, 5, 5))
    assert not _series(dashboard(ngoc_phung, on=DAY))[0].is_denominator_changed


def test_a_retracted_figure_is_gone(ngoc_phung: Unit, put: Put, actor: Actor, at: datetime) -> None:
    figure = put(ngoc_phung, 50, 100, DAY)
    assert _series(dashboard(ngoc_phung, on=DAY))
    retract_figure(figure=figure, reason="Nhầm", by=actor, at=at)
    assert not _series(dashboard(ngoc_phung, on=DAY))


def test_figures_about_a_part_stand_apart(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 80, 100, DAY, scope="5 đơn vị thí điểm")
    put(ngoc_phung, 20, None, DAY, role="remaining")
    board = dashboard(ngoc_phung, on=DAY)
    assert not board.with_figures
    assert [row.scope for row in board.partial] == ["5 đơn vị thí điểm"]
    assert [row.role for row in board.others] == ["remaining"]


def test_a_target_is_met_or_says_how_much_is_missing(
    ngoc_phung: Unit, put: Put, actor: Actor, at: datetime
) -> None:
    put(ngoc_phung, 78, 100, DAY)
    before = _series(dashboard(ngoc_phung, on=DAY))[0].target
    assert before is not None
    assert (before.uuid, before.percent, before.is_met, before.gap) == (
        None,
        Decimal(80),
        False,
        Decimal("2.0"),
    )
    entry = TargetEntry("eid_accounts", date(2025, 12, 31), percent=Decimal(75), population="adults")
    target = set_target(unit=ngoc_phung, entry=entry, by=actor, at=at)
    after = _series(dashboard(ngoc_phung, on=DAY))[0].target
    assert after is not None
    assert (after.uuid, after.is_met, after.gap, after.by_date) == (target.uuid, True, 0, date(2025, 12, 31))


def test_no_default_target_for_a_share_of_a_plan(ngoc_phung: Unit, put: Put) -> None:
    put(ngoc_phung, 94, 100, DAY, population="assigned_target")
    assert _series(dashboard(ngoc_phung, on=DAY))[0].target is None


class TestAfterTheMerger:
    """Xã Ngọc Phụng (15655) and three others became xã Thường Xuân (15646) on 2025-07-01."""

    def test_a_former_communes_figure_counts_with_its_cover(
        self, ngoc_phung: Unit, new_units: Units, put: Put
    ) -> None:
        put(ngoc_phung, 4795, 5205, DAY)
        with translation.override("vi"):
            (series,) = _series(dashboard(new_units("15646"), on=TODAY))
            assert (series.value.numerator, series.value.denominator) == (4795, 5205)
            assert series.cover is not None
            assert series.cover.text == "1/4 xã cũ có số liệu"
            assert {unit.name for unit in series.cover.missing} == {
                "Thị trấn Thường Xuân",
                "Xã Thọ Thanh",
                "Xã Xuân Dương",
            }
            assert [row.unit.code for row in series.figures] == ["15655"]

    def test_former_communes_are_summed_and_trended(self, new_units: Units, put: Put) -> None:
        new = new_units("15646")
        formers = [row.predecessor for row in new.origins.select_related("predecessor")]
        assert len(formers) == 4
        for index, former in enumerate(formers, start=1):
            put(former, index * 10, 100, date(2025, 3, 31))
            put(former, index * 20, 100, date(2025, 4, 30))
        (series,) = _series(dashboard(new, on=TODAY))
        assert (series.value.numerator, series.value.denominator) == (200, 400)
        assert series.cover is not None
        assert series.cover.is_complete
        assert [(point.on.month, point.percent) for point in series.trend] == [
            (3, Decimal(25)),
            (4, Decimal(50)),
        ]
        assert series.change == Decimal(25)

    def test_percentages_alone_are_listed_and_not_summed(
        self, ngoc_phung: Unit, new_units: Units, put: Put
    ) -> None:
        put(ngoc_phung, None, None, DAY, percent=Decimal("53.7"))
        (series,) = _series(dashboard(new_units("15646"), on=TODAY))
        assert series.value.percent is None
        assert series.cover is not None
        assert [unit.code for unit in series.cover.percent_only] == ["15655"]
        assert series.figures[0].value.percent == Decimal("53.7")

    def test_its_own_figure_comes_first(self, ngoc_phung: Unit, new_units: Units, put: Put) -> None:
        put(ngoc_phung, 4795, 5205, DAY)
        put(new_units("15646"), 15000, 20000, date(2026, 10, 31))
        (series,) = _series(dashboard(new_units("15646"), on=TODAY))
        assert (series.value.numerator, series.cover) == (15000, None)

    def test_a_split_unit_is_never_guessed(self, old_units: Units, new_units: Units, put: Put) -> None:
        """Thị trấn Thiệu Hóa went in parts to Thiệu Hóa, Thiệu Quang and Thiệu Trung."""
        new = new_units("15835")
        split = next(
            row.predecessor for row in new.origins.select_related("predecessor") if row.extent == "part"
        )
        whole = old_units("15841")
        put(split, 900, 1000, DAY)
        board = dashboard(new, on=TODAY)
        assert not board.with_figures
        assert [(row.unit.id, row.figures, len(row.candidates)) for row in board.unattributed] == [
            (split.pk, 1, 3)
        ]
        put(whole, 80, 100, DAY)
        (series,) = _series(dashboard(new, on=TODAY))
        assert series.value.numerator == 80
        assert series.cover is not None
        assert [unit.id for unit in series.cover.split] == [split.pk]
        assert not series.cover.is_complete

    def test_the_province_is_the_same_ground(self, old_units: Units, new_units: Units, put: Put) -> None:
        put(old_units("38"), 80, 100, DAY)
        (series,) = _series(dashboard(new_units("38"), on=TODAY))
        assert (series.value.numerator, series.cover) == (80, None)
        (before,) = _series(dashboard(new_units("38"), on=TODAY, boundaries=date(2025, 6, 30)))
        assert before.value.numerator == 80

    def test_in_old_boundaries_a_new_commune_points_to_the_old_ones(
        self, ngoc_phung: Unit, new_units: Units, put: Put
    ) -> None:
        put(new_units("15646"), 15000, 20000, date(2026, 10, 31))
        board = dashboard(new_units("15646"), on=TODAY, boundaries=date(2025, 6, 30))
        assert {unit.code for unit in board.stand_ins} >= {"15655"}
        assert len(board.stand_ins) == 4
        assert not board.with_figures
        old = dashboard(ngoc_phung, on=TODAY)
        assert not old.with_figures
        assert [(row.unit.code, row.figures) for row in old.unattributed] == [("15646", 1)]


def test_villages_add_up_where_the_commune_says_nothing(
    new_units: Units, put: Put, actor: Actor, at: datetime
) -> None:
    commune = new_units("15646")
    first, _second = (
        create_village(commune=commune, kind="thon", name=name, valid_from=date(2026, 1, 1), by=actor, at=at)
        for name in ("Một", "Hai")
    )
    put(first, 70, 100, date(2026, 10, 31))
    with translation.override("vi"):
        (series,) = _series(dashboard(commune, on=TODAY))
        assert (series.value.numerator, series.cover and series.cover.text) == (70, "1/2 thôn có số liệu")
    rows = children(commune, rule=series.rule, on=TODAY)
    assert [(row.unit.name, row.value and row.value.numerator) for row in rows] == [
        ("Thôn Một", 70),
        ("Thôn Hai", None),
    ]


def test_a_few_communes_are_not_the_province(thanh_hoa: Unit, new_units: Units, put: Put) -> None:
    put(new_units("15646"), 15000, 20000, date(2026, 10, 31))
    with translation.override("vi"):
        (series,) = _series(dashboard(thanh_hoa, on=TODAY))
        assert (series.value.numerator, series.value.percent) == (None, None)
        assert (series.cover and series.cover.text, series.figures) == ("1/166 xã có số liệu", ())


def test_the_queries_stay_few(
    ngoc_phung: Unit, new_units: Units, put: Put, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("eid_accounts", "payment_account", "personal_signature"):
        for month in (1, 2, 3):
            stage = "activated"
            put(ngoc_phung, 10 * month, 100, date(2025, month, 1), indicator=code, stage=stage)
    with django_assert_max_num_queries(13):
        dashboard(new_units("15646"), on=TODAY)


def test_coverage_counts_former_units(ngoc_phung: Unit, thanh_hoa: Unit, put: Put) -> None:
    before = coverage(thanh_hoa, TODAY)
    assert (before.have, before.of, before.with_own) == (0, 166, 0)
    put(ngoc_phung, 4795, 5205, DAY)
    after = coverage(thanh_hoa, TODAY)
    assert (after.have, after.of, after.with_own, len(after.silent)) == (1, 166, 0, 165)
