"""Certified copies that cost something: taken in, paid at the counter on the same page, certified, handed over; no screen more."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.fees import charges_of
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from bakhong.portal.tests.paying import account_at, bank_says
from tests.journeys.gates import leaving
from tests.journeys.office import Keys
from tests.journeys.test_a_dossier_at_the_desk import SCAN


@pytest.mark.parametrize("by_transfer", [True, False])
def test_copies_are_paid_and_handed_over(
    by_transfer: bool, lady: Person, thuong_xuan: Unit, officer_at: Callable[..., Any]
) -> None:
    account_at(thuong_xuan)
    page, look = officer_at("one_stop_officer", 1366, f"fee-{by_transfer}")
    Assignment.objects.create(
        user=User.objects.get(), role="chair", place=thuong_xuan, valid_from=date(2025, 7, 1)
    )
    page.goto(f"/desk/u/{thuong_xuan.uuid}/chung-thuc/")
    hand = Keys(page)
    hand.scan(SCAN)
    for text in ("2", "2", "3"):
        hand.type(text)
        hand.press("Tab")
    hand.leave("F9")
    look("taken-in")
    assert page.locator(".bk-square").count() == 1
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.get()
        charge = charges_of(dossier).get()
    if by_transfer:
        bank_says(charge)
        page.reload()
    else:
        with leaving(page):
            page.get_by_role("button", name="tiền mặt").click()
    hand.leave("F2")
    look("handed-over")
    with scope.seeing(OPERATOR):
        dossier.refresh_from_db()
        charge.refresh_from_db()
    assert (dossier.state, dossier.duty_charge) == ("returned", charge.uuid)
    assert charge.method == ("transfer" if by_transfer else "cash")
    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/{dossier.uuid}/phieu/")
    look("slip")
    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/{dossier.uuid}/")
    look("dossier")
