"""Who has no account: a collector at the door, the bag counted at the desk, and somebody who pays at the counter.

Budget at the door: two taps a household, nothing typed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.accounts.actions import enrol_by_phone
from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.payments.models import BillerMember, CashPayment, Charge, HandOver
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.paying import owed
from tests.journeys.budget import Hand
from tests.journeys.gates import AT_A_DESK, checked, leaving, settle
from tests.journeys.office import Keys

NOW = datetime.now(UTC)


@pytest.fixture
def bills(thuong_xuan: Unit, transactional_db: None) -> list[Charge]:
    """What three households owe for refuse."""
    return [
        owed(thuong_xuan, amount, title="Tiền rác tháng 11", service="environment", payer_name=name)
        for amount, name in ((30_000, "Lường Văn Bảy"), (30_000, "Lò Thị Mai"), (45_000, "Hà Văn Tư"))
    ]


def test_from_the_door_to_the_counted_sheet(
    bills: list[Charge],
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    home = f"/desk/u/{thuong_xuan.uuid}"
    phone = browse(width=360, height=640, has_touch=True, is_mobile=True)

    def look(name: str) -> None:
        settle(phone)
        screenshot(phone, f"cash-{name}-360")
        assert checked(phone, axe, AT_A_DESK) == [], name

    _assignment, card = enrol_by_phone(
        name="Cán bộ thu", phone="0912345678", role="collector", unit=thuong_xuan, by=OPERATOR, at=NOW
    )
    assert card is not None
    BillerMember.objects.create(
        biller=bills[0].biller,
        staff=f"staff:{User.objects.get().uuid}",
        label="Cán bộ thu",
        duty="collector",
        villages=[],
        valid_from="2025-07-01",
    )
    phone.goto(f"/to/vao/{card.code}/")
    phone.locator("[name=pin1]").fill("485137")
    phone.locator("[name=pin2]").fill("485137")
    with leaving(phone):
        phone.get_by_role("button", name="Đặt mã PIN").click()
    assert phone.url.endswith(f"{home}/di-thu/")
    look("list")
    hand = Hand(phone)
    hand.tap(phone.get_by_role("link", name="Lò Thị Mai"))
    look("door")
    hand.tap(phone.get_by_role("button", name="Đã cầm đủ"))
    look("taken")
    assert (hand.taps, hand.typed) == (2, 0), hand.spent
    assert "Lò Thị Mai" not in phone.locator(".bk-bills").inner_text()
    phone.get_by_role("link", name="Hà Văn Tư").click()
    with leaving(phone):
        phone.get_by_role("button", name="Đã cầm đủ").click()

    desk, look = officer_at("one_stop_officer", 1366, "cash")
    desk.goto(f"{home}/nop-quy/")
    look("holders")
    desk.locator("[data-row]").click()
    look("count")
    desk.locator("#n50000").fill("1")
    desk.locator("#n20000").fill("1")
    with leaving(desk):
        desk.get_by_role("button", name="Cộng thử").click()
    look("added")
    desk.locator("#n5000").fill("1")
    Keys(desk).leave("F9")
    look("sheet")
    with scope.seeing(OPERATOR):
        assert HandOver.objects.get().amount == 75_000
        assert CashPayment.objects.count() == 2


@pytest.mark.parametrize("width", [360, 1366])
def test_at_the_counter(
    width: int, bills: list[Charge], thuong_xuan: Unit, officer_at: Callable[..., Any]
) -> None:
    page, look = officer_at("one_stop_officer", width, "counter")
    page.goto(f"/desk/u/{thuong_xuan.uuid}/tien-mat/")
    look("empty")
    page.locator("#q").fill("văn")
    Keys(page).leave("Enter")
    look("found")
    Keys(page).scan(bills[0].reference)
    look("charge")
    Keys(page).leave("F9")
    look("paid")
    with scope.seeing(OPERATOR):
        bills[0].refresh_from_db()
    assert (bills[0].state, bills[0].method) == ("paid", "cash")
