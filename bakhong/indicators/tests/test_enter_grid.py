import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.indicators.actions import GridCell, enter_grid
from bakhong.indicators.models import Figure, Finding, Report
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.actions import create_village
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)
KEY = uuid.UUID("018f0000-0000-7000-8000-00000000000a")


@pytest.fixture
def commune(new_units: Callable[[str], Unit]) -> Unit:
    return new_units("15646")


@pytest.fixture
def village(commune: Unit, actor: Actor, at: datetime) -> Unit:
    return create_village(
        commune=commune, kind="thon", name="Một", valid_from=date(2026, 1, 1), by=actor, at=at
    )


def _cell(unit: Unit, **fields: Any) -> GridCell:
    given = {
        "indicator": "eid_accounts",
        "stage": "activated",
        "population": "adults",
        "numerator": 70,
        "denominator": 100,
        **fields,
    }
    return GridCell(unit=unit, **given)


def _enter(commune: Unit, by: Actor, at: datetime, *cells: GridCell) -> tuple[Report, tuple[Figure, ...]]:
    report, confirmed = enter_grid(unit=commune, cells=cells, counted_on=DAY, client_key=KEY, by=by, at=at)
    return report, confirmed.figures


def test_it_stores_a_figure_a_cell(commune: Unit, village: Unit, actor: Actor, at: datetime) -> None:
    report, figures = _enter(
        commune, actor, at, _cell(village), _cell(commune, numerator=700, denominator=1000)
    )
    assert report.medium == "grid"
    assert [(figure.unit, figure.numerator, figure.counted_to) for figure in figures] == [
        (village, 70, DAY),
        (commune, 700, DAY),
    ]


def test_it_is_done_once_for_one_key(commune: Unit, village: Unit, actor: Actor, at: datetime) -> None:
    first, second = (_enter(commune, actor, at, _cell(village)) for _ in range(2))
    assert first == second
    assert (Report.objects.count(), Figure.objects.count()) == (1, 1)


def test_it_checks_the_cells(commune: Unit, village: Unit, actor: Actor, at: datetime) -> None:
    _enter(commune, actor, at, _cell(village, numerator=170))
    assert Finding.objects.get().code == "part_exceeds_whole"


def test_over_a_plan_is_no_finding(commune: Unit, village: Unit, actor: Actor, at: datetime) -> None:
    _enter(commune, actor, at, _cell(village, numerator=170, population="assigned_target"))
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stage": ""}, "hãy chọn giai đoạn"),
        ({"population": ""}, "nhóm được tính"),
        ({"denominator": 0}, "lớn hơn 0"),
        ({"indicator": "happiness"}, "Không có chỉ tiêu"),
    ],
)
def test_it_refuses_a_cell_that_cannot_be_compared(
    fields: dict[str, Any], words: str, commune: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match=words):
        _enter(commune, actor, at, _cell(village, **fields))
    assert not Report.objects.exists()


def test_it_refuses_an_empty_grid_and_a_cell_twice(
    commune: Unit, village: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="chưa có số nào"):
        _enter(commune, actor, at)
    with pytest.raises(Refusal, match="hai ô"):
        _enter(commune, actor, at, _cell(village), _cell(village, numerator=71))


def test_it_refuses_units_of_somebody_else(
    commune: Unit, village: Unit, new_units: Callable[[str], Unit], actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal, match="không thuộc"):
        _enter(commune, actor, at, _cell(new_units("15457")))
    both = frozenset({"figures.enter", "figures.confirm"})
    with pytest.raises(NotAllowed):
        _enter(commune, Clerk(both, frozenset({commune.pk})), at, _cell(village))
    assert _enter(commune, Clerk(both, frozenset({commune.pk, village.pk})), at, _cell(village))
