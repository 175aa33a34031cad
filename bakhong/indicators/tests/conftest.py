"""Units and shorthand of the room's tests."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from bakhong.core.actor import Actor
from bakhong.indicators.actions import FigureEntry, add_report, confirm_figures
from bakhong.indicators.models import Figure, Report
from bakhong.places.models import Unit
from bakhong.places.queries import units_on

BEFORE = date(2025, 6, 30)
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Clerk:
    """Holds some permissions at some places."""

    permissions: frozenset[str]
    places: frozenset[int]
    id: str = "clerk"
    label: str = "Cán bộ"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return permission in self.permissions and (place_id is None or place_id in self.places)


@pytest.fixture
def old_units(reference_units: None) -> Callable[[str], Unit]:
    """The unit that carried a code before 2025-07-01."""
    return lambda code: units_on([code], BEFORE)[code]


@pytest.fixture
def new_units(reference_units: None) -> Callable[[str], Unit]:
    """The unit that carries a code today."""
    return lambda code: units_on([code], TODAY)[code]


@pytest.fixture
def ngoc_phung(old_units: Callable[[str], Unit]) -> Unit:
    """Xã Ngọc Phụng under Huyện Thường Xuân, until 2025-06-30."""
    return old_units("15655")


@pytest.fixture
def make_report(actor: Actor, at: datetime) -> Callable[..., Report]:
    def make(unit: Unit, **fields: Any) -> Report:
        given = {"title": "Báo cáo nhanh", "medium": "dataset", "client_key": uuid.uuid4(), **fields}
        return add_report(unit=unit, by=actor, at=at, **given)

    return make


@pytest.fixture
def put(actor: Actor, at: datetime, make_report: Callable[..., Report]) -> Callable[..., Figure]:
    """One figure in a report of its own: `put(unit, 80, 100, day, indicator=…)`."""

    def make(
        unit: Unit, numerator: int | None, denominator: int | None, on: date | None, **fields: Any
    ) -> Figure:
        given: dict[str, Any] = {
            "indicator": "eid_accounts",
            "stage": "activated",
            "population": "adults",
            "counted_to": on,
            **fields,
        }
        entry = FigureEntry(numerator=numerator, denominator=denominator, **given)
        return confirm_figures(
            report=make_report(unit), entries=[entry], by=actor, at=at, check=False
        ).figures[0]

    return make
