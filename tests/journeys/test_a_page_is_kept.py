"""Half a page is typed and the network goes: it is saved by itself, says so, and what could not be saved is offered back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import hidden, opened
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.office import client_of


@pytest.fixture(autouse=True)
def commune(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Unit:
    from bakhong.eforms.actions.publishing import publish_shipped

    settings.UNIT = "15646"
    publish_shipped(datetime.now(UTC))
    return thuong_xuan


TYPED = "Object.keys(sessionStorage).filter((name) => name.startsWith('typed:')).length"


def stored(path: str) -> object:
    with scope.seeing(OPERATOR):
        return Answer.objects.filter(path=path).values_list("value", flat=True).first()


def test_a_page_is_kept(
    browse: Callable[..., Any], axe: Callable[[Any], None], screenshot: Callable[[Any, str], None]
) -> None:
    phone = browse(width=360, height=640)
    phone.goto("/thu-tuc/local.nha-van-hoa/")
    phone.get_by_role("button", name="Nộp hồ sơ").click()
    phone.get_by_role("link", name="Khai luôn").click()

    phone.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    phone.locator("[data-kept]", has_text="Đã lưu").wait_for(
        timeout=30_000
    )  # five seconds after the last letter, nothing pressed
    assert stored("full_name") == "Lê Thị Hoá"
    assert phone.evaluate("sessionStorage.length") == 0  # nothing of it lies about in the phone
    screenshot(phone, "kept")

    phone.route(
        "**/nop/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    phone.get_by_label("Nơi thường trú").fill("Thôn Xuân Thành")
    phone.get_by_text("Chưa lưu được. Có mạng lại thì tự lưu.").wait_for(timeout=30_000)
    assert stored("address") is None
    axe(phone)
    screenshot(phone, "not-kept")

    phone.reload()  # the tab was killed, or somebody pressed the button in despair
    assert phone.get_by_label("Nơi thường trú").input_value() == ""
    phone.unroute("**/nop/**")
    screenshot(phone, "offered-back")
    phone.get_by_role("button", name="Lấy lại").click()
    assert phone.get_by_label("Nơi thường trú").input_value() == "Thôn Xuân Thành"
    phone.locator("[data-kept]", has_text="Đã lưu").wait_for(timeout=30_000)
    assert stored("address") == "Thôn Xuân Thành"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    phone.context.set_offline(True)
    phone.get_by_label("Số điện thoại").fill("0912345678")
    phone.get_by_text("Chưa lưu được. Có mạng lại thì tự lưu.").wait_for(timeout=30_000)
    phone.context.set_offline(False)  # the network is back: nobody presses anything
    phone.locator("[data-kept]", has_text="Đã lưu").wait_for(timeout=30_000)
    assert stored("phone") == "0912345678"

    phone.context.set_offline(True)
    phone.get_by_label("Thay mặt đoàn thể").fill("Hội Phụ nữ")
    phone.get_by_text("Chưa lưu được. Có mạng lại thì tự lưu.").wait_for(timeout=30_000)
    assert phone.evaluate("sessionStorage.length") == 1
    phone.context.set_offline(False)
    phone.get_by_role("button", name="xoá khỏi máy này").click()
    assert phone.evaluate("sessionStorage.length") == 0


def test_without_a_script_nothing_is_promised(browse: Callable[..., Any]) -> None:
    phone = browse(width=360, height=640, java_script_enabled=False)
    phone.goto("/thu-tuc/local.nha-van-hoa/")
    phone.get_by_role("button", name="Nộp hồ sơ").click()
    phone.get_by_role("link", name="Khai luôn").click()
    told = phone.inner_text("main")
    assert "Đã lưu" not in told
    assert "Lấy lại" not in told


def test_at_the_desk_too(
    lady: Person,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("one_stop_officer", 1366, "kept-at-the-desk")
    other = client_of("one_stop_officer", thuong_xuan)
    address = opened(other, thuong_xuan)["Location"]
    page.goto(address)
    number = page.get_by_label("Số giấy xác nhận đã được cấp trước đây")
    number.fill("12/GXN")
    page.locator("[data-kept]", has_text="Đã lưu").wait_for(timeout=30_000)
    assert stored("earlier_no") == "12/GXN"
    assert page.evaluate(TYPED) == 0

    shown = other.get(address).content.decode()
    theirs = {name: hidden(shown, name) for name in ("revision", "_token")}
    assert other.post(address, {**theirs, "earlier_no": "13/GXN", "keep": "1"}).status_code == 204
    number.fill("14/GXN")
    page.locator("[data-kept]", has_text="vừa sửa").wait_for(timeout=30_000)
    look("somebody-else")
    assert stored("earlier_no") == "13/GXN"
    assert number.input_value() == "14/GXN"
    assert page.evaluate(TYPED) == 1  # still in the tab, until it is sent and both are seen
