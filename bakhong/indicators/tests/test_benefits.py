"""Who is paid into an account, counted from the lists, beside what was published."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.indicators.models import Figure
from bakhong.indicators.queries import dashboard
from bakhong.indicators.queries.benefits import of_benefits
from bakhong.outreach.actions.beneficiaries import Paid, record_beneficiaries
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def paid(thuong_xuan: Unit, actor: Actor, at: datetime) -> Iterator[None]:
    """Two of three pensioners, and nobody of one on social welfare, are paid into an account."""
    scope.open_to(None)
    (village,) = create_villages(
        commune=thuong_xuan, villages=[("thon", "Xuân Thành")], valid_from=date(2025, 7, 1), by=actor, at=at
    )
    told = [("pension", "account"), ("pension", "account"), ("pension", "cash"), ("social", "")]
    record_beneficiaries(
        entries=[
            Paid(
                add_person(
                    village=village,
                    values={"name": f"Lê Văn {name}", "birth": "1950"},
                    source="list",
                    by=actor,
                    at=at,
                ),
                kind,
                channel,
            )
            for name, (kind, channel) in zip(("An", "Bé", "Cả", "Dần"), told, strict=True)
        ],
        by=actor,
        at=at,
    )
    scope.close()
    yield
    scope.close()


def staff(role: str, unit: Unit) -> StaffActor:
    user = User.objects.create(email=f"{role}@example.vn", name=role)
    Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
    return StaffActor(user, TODAY)


def test_the_lists_stand_beside_what_was_published(
    paid: None, thuong_xuan: Unit, put: Callable[..., Figure]
) -> None:
    put(thuong_xuan, 9, 10, TODAY, indicator="pension_to_account", stage="", population="beneficiaries")
    social, pension = of_benefits(staff("chair", thuong_xuan), thuong_xuan, dashboard(thuong_xuan, on=TODAY))
    assert (pension.value.numerator, pension.value.denominator) == (2, 3)
    assert pension.published is not None
    assert pension.difference == Decimal("66.7") - Decimal("90.0")
    assert (social.value.numerator, social.value.denominator, social.published) == (0, 1, None)


def test_who_sees_no_list_is_told_nothing(paid: None, thuong_xuan: Unit, app_role: str) -> None:
    board = dashboard(thuong_xuan, on=TODAY)
    assert of_benefits(staff("accountant", thuong_xuan), thuong_xuan, board) == ()
    # Negative control: it is the right that tells, and the connection is as closed after as before.
    assert len(of_benefits(staff("chair", thuong_xuan), thuong_xuan, board)) == 2
    assert of_benefits(staff("province_viewer", thuong_xuan), thuong_xuan, board) == ()
