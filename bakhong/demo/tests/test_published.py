from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from bakhong.core.actor import Actor
from bakhong.demo.published import key, load_published, read_rows
from bakhong.indicators.models import Figure, Finding, Report, Role, Target
from bakhong.indicators.queries import dashboard, league
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def loaded(reference_units: None, actor: Actor, at: datetime) -> None:
    load_published(by=actor, at=at)


def test_every_row_is_stored(loaded: None) -> None:
    rows = read_rows()
    assert len(rows) == 45
    stored = {row.client_key: row for row in [*Figure.objects.all(), *Target.objects.all()]}
    for row in rows:
        found = stored[key(f"row/{row['id']}")]
        if isinstance(found, Target):
            assert found.percent == Decimal(row["percent"])
            continue
        assert (found.numerator, found.denominator) == (_int(row["numerator"]), _int(row["denominator"])), row
        assert found.percent == (Decimal(row["percent"]) if row["percent"] else None), row
        assert (found.stage, found.qualifier) == (row["stage"], row["qualifier"]), row
    assert (Figure.objects.count(), Target.objects.count(), Report.objects.count()) == (44, 3, 6)
    assert Figure.objects.filter(role=Role.BEFORE).count() == 2


def test_every_figure_stands_in_its_report(loaded: None) -> None:
    for row in [*Figure.objects.select_related("report"), *Target.objects.select_related("report")]:
        assert row.start is not None, f"{row.client_key} is not found in “{row.report and row.report.title}”"


def test_the_known_errors_are_found_and_nothing_else(loaded: None) -> None:
    found = Counter(
        (finding.unit.code, finding.code) for finding in Finding.objects.open().select_related("unit")
    )
    assert found == {
        ("15472", "percent_truncated"): 2,
        ("15472", "part_added_to_whole"): 1,
        ("15472", "denominators_differ"): 1,
        ("15655", "percent_mismatch"): 1,
        ("02371", "remainder_mismatch"): 1,
        ("072", "parts_do_not_sum"): 1,
    }


def test_loading_twice_stores_once(loaded: None, actor: Actor, at: datetime) -> None:
    counts = [model.objects.count() for model in (Report, Figure, Target, Finding, Unit)]
    load_published(by=actor, at=at)
    assert [model.objects.count() for model in (Report, Figure, Target, Finding, Unit)] == counts


def test_the_pilot_is_not_the_province(loaded: None, thanh_hoa: Unit) -> None:
    board = dashboard(thanh_hoa, on=TODAY)
    assert {row.scope for row in board.partial} == {"5 đơn vị thí điểm"}
    assert len(board.partial) == 7
    assert all(series.cover is not None for row in board.rows for series in row.series)
    table = league(
        thanh_hoa, indicator="smartphone", stage="", population="residents", on=TODAY, level="commune"
    )
    assert table.rows == ()


def test_the_merged_commune_shows_its_former_ones_figures(loaded: None) -> None:
    commune = unit_on("15646", TODAY)
    assert commune is not None
    board = dashboard(commune, on=TODAY)
    with translation.override("vi"):
        shown = {series.cover.text for row in board.rows for series in row.series if series.cover}
    assert shown == {"1/4 xã cũ có số liệu", "1/4 đơn vị chỉ có tỷ lệ phần trăm, không cộng được"}


def _int(text: str) -> int | None:
    return int(text) if text else None
