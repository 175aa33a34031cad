"""Reporting periods are opened, extended and withdrawn by their owner."""

from datetime import date
from typing import Any

import pytest

from bakhong.audit.models import Event
from bakhong.core.errors import NotAllowed, NotFound
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import ReportingPeriod, Submission
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.tests.answering import EID, FULL, PAY, POWER, Desk, desk, open_one
from bakhong.places.models import Unit

__all__ = ["desk"]


def test_it_opens_a_period_and_leaves_a_trace(desk: Desk, thanh_hoa: Unit) -> None:
    assert desk.period.indicators == [EID.key, PAY.key, POWER.key]
    event = Event.objects.get(deed="indicators.open_period")
    assert (event.object_id, event.place_id) == (str(desk.period.uuid), thanh_hoa.pk)


def test_it_opens_the_same_period_once_and_another_of_that_name_never(desk: Desk, thanh_hoa: Unit) -> None:
    assert open_one(thanh_hoa, desk.province, desk.at) == desk.period
    with pytest.raises(deeds.InvalidPeriod, match="Đã có kỳ"):
        open_one(thanh_hoa, desk.province, desk.at, due_on=date(2026, 11, 6))
    assert ReportingPeriod.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "  "},
        {"name": "x" * 121},
        {"ends_on": date(2026, 9, 30)},
        {"due_on": date(2026, 10, 30)},
        {"due_on": date(9999, 12, 31)},
        {"starts_on": date(1, 1, 1)},
        {"ends_on": date(9999, 12, 31), "due_on": date(9999, 12, 31)},
        {"asks": []},
        {"asks": [EID, EID]},
        {"asks": [Ask("no_such_thing", "", "adults")]},
        {"asks": [Ask("eid_accounts", "settled", "adults")]},
        {"asks": [Ask("eid_accounts", "activated", "merchants")]},
    ],
)
def test_it_refuses_a_period_that_makes_no_sense(
    desk: Desk, thanh_hoa: Unit, changes: dict[str, Any]
) -> None:
    with pytest.raises(deeds.InvalidPeriod):
        open_one(thanh_hoa, desk.province, desk.at, **{"name": "Kỳ khác", **changes})


def test_only_the_owner_opens_extends_and_withdraws(desk: Desk, thanh_hoa: Unit) -> None:
    with pytest.raises(NotAllowed):
        open_one(thanh_hoa, desk.chair, desk.at, name="Kỳ khác")
    with pytest.raises(NotAllowed):
        deeds.extend_period(period=desk.period, due_on=date(2026, 12, 1), by=desk.chair, at=desk.at)
    with pytest.raises(NotAllowed):
        deeds.withdraw_period(period=desk.period, by=desk.chair, at=desk.at)


def test_it_extends(desk: Desk) -> None:
    deeds.extend_period(period=desk.period, due_on=date(2026, 12, 1), by=desk.province, at=desk.at)
    assert ReportingPeriod.objects.get().due_on == date(2026, 12, 1)
    for nonsense in (date(2026, 10, 1), date(9999, 12, 31)):
        with pytest.raises(deeds.InvalidPeriod):
            deeds.extend_period(period=desk.period, due_on=nonsense, by=desk.province, at=desk.at)


def test_it_withdraws_only_what_nobody_answered(desk: Desk, thanh_hoa: Unit) -> None:
    deeds.withdraw_period(period=desk.period, by=desk.province, at=desk.at)
    with pytest.raises(NotFound):
        desk.save(FULL, 0)
    assert not Submission.objects.exists()
    again = open_one(thanh_hoa, desk.province, desk.at)
    assert again != desk.period
    deeds.save_draft(
        period=again, unit=desk.unit, cells=FULL, expected_version=0, by=desk.officer, at=desk.at
    )
    with pytest.raises(deeds.InvalidPeriod):
        deeds.withdraw_period(period=again, by=desk.province, at=desk.at)
