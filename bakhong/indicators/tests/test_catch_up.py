"""Catching up: what the roll counts goes before what was published, and the forecast follows the pace of thirty days."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bakhong.core.actor import Actor
from bakhong.indicators.actions.entries import TargetEntry
from bakhong.indicators.actions.targets import PartEntry, decide_and_cascade, set_target
from bakhong.indicators.models import Figure
from bakhong.indicators.queries.cascades import propose
from bakhong.indicators.queries.catch_up import CatchUpRow, asks_at, catch_up
from bakhong.indicators.queries.standings import COMPUTED, PUBLISHED, standings
from bakhong.indicators.rules.asks import Ask
from bakhong.people.actions.adopting import Adopted, record_adoptions
from bakhong.people.models import Person
from bakhong.people.tests.conftest import MakePerson, everybody, person, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "village", "villages"]
TODAY = date(2026, 11, 22)
BY_DATE = date(2026, 12, 31)
ASK = Ask("eid_level2", "activated", "legal_age")


@pytest.fixture
def adults(person: MakePerson) -> list[Person]:
    """Ten adults of Xuân Thành."""
    return [person(f"Lê Văn {name}", birth="1970-01-02") for name in "ABCDEGHIKL"]


def activate(persons: list[Person], on: date, actor: Actor, at: datetime) -> None:
    entries = [Adopted("eid_level2", "activated", person=each, happened_on=on) for each in persons]
    record_adoptions(entries=entries, source="list", by=actor, at=at)


def target(unit: Unit, value: int, actor: Actor, at: datetime) -> None:
    entry = TargetEntry(
        indicator="eid_level2", stage="activated", population="legal_age", value=value, by_date=BY_DATE
    )
    set_target(unit=unit, entry=entry, by=actor, at=at)


def row_of(rows: tuple[CatchUpRow, ...], unit: Unit) -> CatchUpRow:
    return next(row for row in rows if row.unit.id == unit.pk)


def test_what_the_roll_counts_goes_first_and_the_source_is_said(
    thuong_xuan: Unit,
    villages: list[Unit],
    adults: list[Person],
    put: Callable[..., Figure],
    actor: Actor,
    at: datetime,
) -> None:
    activate(adults[:4], TODAY - timedelta(days=1), actor, at)
    for each in villages:
        put(each, 70, 100, date(2026, 10, 31), indicator="eid_level2", population="legal_age")
    found = standings([unit.pk for unit in villages], ASK, TODAY)
    counted, published = (found[unit.pk] for unit in villages)
    assert (counted.source, counted.done, counted.eligible, counted.on) == (COMPUTED, 4, 10, TODAY)
    assert (published.source, published.done, published.on) == (PUBLISHED, 70, date(2026, 10, 31))
    split = propose(thuong_xuan, ASK, 92, TODAY)
    assert split is not None
    assert {share.unit.name: share.value for share in split.shares} == {
        "Thôn Xuân Lợi": 85,  # 18 more, shared 30 : 6
        "Thôn Xuân Thành": 7,
    }


def test_pace_forecast_and_need(
    thuong_xuan: Unit, village: Unit, adults: list[Person], actor: Actor, at: datetime
) -> None:
    activate(adults[:2], TODAY - timedelta(days=60), actor, at)
    activate(adults[2:5], TODAY - timedelta(days=20), actor, at)
    activate(adults[5:6], TODAY - timedelta(days=3), actor, at)
    target(village, 9, actor, at)
    row = row_of(catch_up(thuong_xuan, TODAY, ASK).rows, village)
    assert (row.asked, row.missing, row.days_left, row.needed) == (9, 3, 39, 1)
    assert row.pace is not None
    assert (row.pace.gained, row.pace.per_week) == (4, Decimal("0.9"))
    assert row.lately is not None
    assert row.lately.gained == 1
    assert row.forecast_on == TODAY + timedelta(days=23)  # three more at four in thirty days
    assert row.is_feasible is True


def test_no_progress_has_no_forecast_and_comes_first(
    thuong_xuan: Unit,
    villages: list[Unit],
    adults: list[Person],
    person: MakePerson,
    actor: Actor,
    at: datetime,
) -> None:
    others = [person(f"Hà Thị {name}", where=villages[1], birth="1970-01-02") for name in "ABC"]
    activate(adults[:1], TODAY - timedelta(days=90), actor, at)
    activate(others, TODAY - timedelta(days=5), actor, at)
    for unit in villages:
        target(unit, 3, actor, at)
    found = catch_up(thuong_xuan, TODAY, ASK)
    stuck, done = found.rows
    assert (stuck.unit.id, done.unit.id) == (villages[0].pk, villages[1].pk)
    assert stuck.forecast_on is None
    assert stuck.is_feasible is False
    assert done.is_met
    assert (found.late, found.met) == (1, 1)


def test_more_than_there_are_is_never_feasible(
    thuong_xuan: Unit, village: Unit, adults: list[Person], actor: Actor, at: datetime
) -> None:
    activate(adults[:9], TODAY - timedelta(days=3), actor, at)
    target(village, 11, actor, at)
    row = row_of(catch_up(thuong_xuan, TODAY, ASK).rows, village)
    assert row.is_over_eligible
    assert row.is_feasible is False


def test_a_day_that_has_come_needs_everybody_at_once(
    thuong_xuan: Unit, village: Unit, adults: list[Person], actor: Actor, at: datetime
) -> None:
    target(village, 5, actor, at)
    row = row_of(catch_up(thuong_xuan, BY_DATE + timedelta(days=1), ASK).rows, village)
    assert (row.days_left, row.needed, row.is_feasible) == (-1, None, False)


def test_the_rule_of_the_nearest_target_is_offered_first(
    thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    soon = TargetEntry(indicator="payment_account", stage="activated", value=5, by_date=date(2026, 11, 30))
    target(villages[0], 5, actor, at)
    decide_and_cascade(
        unit=thuong_xuan,
        entry=soon,
        parts=[PartEntry(villages[0], 2), PartEntry(villages[1], 3)],
        by=actor,
        at=at,
    )
    assert [ask.indicator for ask in asks_at(thuong_xuan, TODAY)][:2] == ["payment_account", "eid_level2"]
