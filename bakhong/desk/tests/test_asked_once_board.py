"""The first No on the dashboard, counted from the commune's own dossiers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bakhong.accounts.permissions import StaffActor
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.queries.counts import asked_once
from bakhong.dossiers.tests.filing import CULTURE_HOUSE, filled, walk_in
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.indicators.queries import dashboard
from bakhong.indicators.queries.asked_once import of_dossiers
from bakhong.people import scope
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
DECEMBER = date(2026, 12, 5)


@pytest.fixture
def three(
    everybody: None,
    person: MakePerson,
    staff: Callable[[str, Unit], StaffActor],
    thuong_xuan: Unit,
    at: datetime,
) -> None:
    """In November: one of somebody recognised, one typed by somebody of the roll, one of somebody nobody knows."""
    publish_shipped(at)
    officer = staff("one_stop_officer", thuong_xuan)
    an = person("Lê Văn An", sex="male", birth="1960-03-05", national_id="038060001234", phone="0912345678")
    walk_in(thuong_xuan, officer, at, person=an)
    walk_in(thuong_xuan, officer, at)
    said = CULTURE_HOUSE | {"national_id": "038060009999", "full_name": "Trần Văn Bé"}
    draft = filled("culture_house", said, thuong_xuan, officer, at)
    receive_at_desk(
        draft=draft, procedure="local.nha-van-hoa", papers=[], result_mode="desk", by=officer, at=at
    )


def test_it_counts_dossiers_of_who_is_known(three: None, thuong_xuan: Unit) -> None:
    assert asked_once([thuong_xuan.pk], (date(2026, 11, 1), date(2026, 11, 30))) == (1, 2)
    assert asked_once([thuong_xuan.pk], (date(2026, 12, 1), date(2026, 12, 31))) == (0, 0)


def test_the_board_shows_the_month_that_is_over(three: None, thuong_xuan: Unit, thanh_hoa: Unit) -> None:
    scope.close()  # whoever looks need not see anybody
    for unit in (thuong_xuan, thanh_hoa):
        row = of_dossiers(unit, dashboard(unit, on=DECEMBER))
        assert row is not None
        assert row.value.denominator == 2
    assert of_dossiers(thuong_xuan, dashboard(thuong_xuan, on=DECEMBER - timedelta(days=10))) is None
