"""The bar leads nobody to a page that turns them away, whatever their role."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.urls import resolve

from bakhong.accounts.access import declared_policy
from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.rules.roles import ROLES
from bakhong.desk import navigation
from bakhong.places.models import Unit

Holder = Callable[[str, Unit], StaffActor]
# Pages of work: whoever cannot do it has nothing to look at there.
WORK = {"charge_list_new": "payments.charge", "grid": "figures.confirm"}


@pytest.fixture
def holder(staff: Callable[..., User]) -> Holder:
    """`holder("chair", unit)`: somebody who holds that one role there."""
    known: dict[tuple[str, int], StaffActor] = {}

    def of(role: str, unit: Unit) -> StaffActor:
        asked = (role, unit.pk)
        if asked not in known:
            known[asked] = StaffActor(staff(role, unit), date(2026, 11, 22))
        return known[asked]

    return of


def led_astray(holder: Holder, unit: Unit) -> set[tuple[str, str]]:
    """(role, page) of every line of the bar whose page asks for what the role does not hold."""
    found = set()
    for role in ROLES:
        actor = holder(role, unit)
        for page in navigation.reachable(actor, unit):
            policy = declared_policy(resolve(page.url(unit)).func)
            assert policy is not None, page.name
            asked = {policy.permission, WORK.get(page.name, "")} - {""}
            if not all(actor.may(each, unit.pk) for each in asked):
                found.add((role, page.name))
    return found


def test_nobody_is_led_to_a_page_that_turns_them_away(
    holder: Holder, thuong_xuan: Unit, thanh_hoa: Unit
) -> None:
    assert led_astray(holder, thuong_xuan) == set()
    assert led_astray(holder, thanh_hoa) == set()


def test_a_line_with_too_little_is_found(
    holder: Holder, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what the test above is for."""
    loose = tuple(
        replace(each, permission="figures.view") if each.name == "ledger" else each
        for each in navigation.PAGES
    )
    monkeypatch.setattr(navigation, "PAGES", loose)
    assert ("province_viewer", "ledger") in led_astray(holder, thuong_xuan)


def names(holder: Holder, role: str, unit: Unit) -> set[str]:
    return {each.name for each in navigation.reachable(holder(role, unit), unit)}


def test_lists_are_made_by_who_charges_and_reads_the_books(holder: Holder, thuong_xuan: Unit) -> None:
    assert "charge_list_new" in names(holder, "accountant", thuong_xuan)
    for role in ("chair", "one_stop_officer", "collector"):
        assert "charge_list_new" not in names(holder, role, thuong_xuan)


def test_a_collector_and_an_officer_see_what_they_can_use(holder: Holder, thuong_xuan: Unit) -> None:
    books = {
        "money",
        "money_summary",
        "charges",
        "suspense",
        "statement",
        "days",
        "refunds",
        "ledger",
        "billers",
    }
    for role in ("collector", "one_stop_officer"):
        assert "cash_collect" in names(holder, role, thuong_xuan)
        assert not names(holder, role, thuong_xuan) & books
    assert {"cash", "hand_over"} <= names(holder, "one_stop_officer", thuong_xuan)
    assert not names(holder, "collector", thuong_xuan) & {"cash", "hand_over", "providers"}
