"""J2: somebody who was never here files at the commune on an old phone, with a photo of their card or with its number only.

Budget (reliability goals, D.1): 9 screens, 20 taps, 70 typed characters; with a scan 12.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit
from bakhong.portal.tests.cards import photo_of_card
from tests.journeys.budget import Hand
from tests.journeys.gates import ON_A_PHONE, checked

CARD = "038190001234|172345678|Lê Thị Hoá|15031990|Nữ|Thôn Xuân Thành, Thường Xuân, Thanh Hóa|01052021"
SOON = (datetime.now(UTC).date() + timedelta(days=30)).strftime("%d/%m/%Y")


@pytest.fixture(autouse=True)
def commune(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Unit:
    from bakhong.eforms.actions.publishing import publish_shipped

    now = datetime.now(UTC)
    settings.UNIT = "15646"
    publish_shipped(now)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=now)
    return thuong_xuan


def file_it(page: Any, hand: Hand, card: str, look: Callable[[str], None]) -> None:
    hand.open("/thu-tuc/local.nha-van-hoa/")
    look("procedure")
    hand.tap(page.get_by_role("button", name="Nộp hồ sơ"))
    assert re.search(
        r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", page.inner_text("main")
    )  # the code, on the first screen
    look("code")
    if "|" in card:
        photo = {"name": "the.jpg", "mimeType": "image/jpeg", "buffer": photo_of_card(card)}
        hand.send_file(page.get_by_label("chụp mã QR trên thẻ"), photo)
    else:
        hand.type(page.get_by_label("Thẻ căn cước của bạn"), card)
    hand.tap(page.get_by_role("button", name="Lưu mã và khai tiếp"))
    look("who")
    if "|" not in card:
        hand.type(page.get_by_label("Họ, chữ đệm và tên"), "Lê Thị Hoá")
        hand.type(page.get_by_label("Nơi thường trú"), "Xuân Thành")
    hand.type(page.get_by_label("Số điện thoại"), "0912345678")
    hand.tap(page.get_by_role("button", name="Lưu và khai tiếp"))
    look("what")
    for choice in ("Đám cưới", "Sáng", "Dưới 50"):
        hand.choose(page.get_by_label(choice, exact=True))
    hand.pick(page.get_by_label("Ngày dùng"), SOON)
    hand.tap(page.get_by_role("button", name="Lưu và khai tiếp"))
    look("result")
    hand.tap(page.get_by_role("button", name="Xem lại tờ khai"))
    look("review")
    assert "Lê Thị Hoá" in page.inner_text("main")
    hand.tap(page.get_by_role("button", name="Nộp hồ sơ"))
    look("receipt")
    assert "Xã đã nhận đủ hồ sơ của bạn" in page.inner_text("main")


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize(("card", "most_typed"), [(CARD, 12), (CARD[:12], 70)])
def test_a_resident_files_for_the_first_time(
    has_script: bool,
    card: str,
    most_typed: int,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=360, height=640, java_script_enabled=has_script)
    hand = Hand(page)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", "0"))))

    def look(name: str) -> None:
        if has_script:
            assert checked(page, axe, ON_A_PHONE) == [], name
            assert page.locator("input[type=text], input:not([type])").count() <= 8
        screenshot(page, f"j2-{name}-{'scan' if '|' in card else 'typed'}-{'js' if has_script else 'nojs'}")

    file_it(page, hand, card, look)
    print(hand.spent)
    assert hand.screens <= 9, hand.spent
    assert hand.taps <= 20, hand.spent
    assert hand.typed <= most_typed, hand.spent
    assert hand.seconds <= (180 if "|" in card else 360), hand.spent
    assert max(sizes) <= 40_000
    assert page.complaints == []


def test_the_code_and_the_card_open_it_on_another_phone(browse: Callable[..., Any]) -> None:
    page = browse(width=360, height=640, java_script_enabled=False)
    page.goto("/thu-tuc/local.nha-van-hoa/")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    found = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", page.inner_text("main"))
    assert found
    page.get_by_label("Thẻ căn cước của bạn").fill(CARD[:12])
    page.get_by_role("button", name="Lưu mã và khai tiếp").click()
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    page.get_by_role("button", name="Lưu và quay lại").click()  # the network fails here

    other = browse(width=360, height=640, java_script_enabled=False)
    other.goto("/")
    other.get_by_role("link", name="Khai tiếp bằng mã quay lại").click()
    other.get_by_label("Mã quay lại").fill(found[0].lower().replace("-", ""))
    other.get_by_label("Số thẻ căn cước").fill("038190009999")
    other.get_by_role("button", name="Mở tờ khai").click()
    assert "chưa đúng" in other.inner_text("main")
    other.get_by_label("Số thẻ căn cước").fill(CARD[:12])
    other.get_by_role("button", name="Mở tờ khai").click()
    assert other.get_by_label("Họ, chữ đệm và tên").input_value() == "Lê Thị Hoá"


def test_what_was_typed_and_not_sent_is_kept(browse: Callable[..., Any]) -> None:
    """With a script: somebody presses the browser's own way back."""
    page = browse(width=360, height=640)
    page.goto("/thu-tuc/local.nha-van-hoa/")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.get_by_role("link", name="Khai luôn").click()
    page.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    address = page.url
    page.go_back()
    page.wait_for_timeout(1500)
    other = page.context.new_page()  # not the same one: a browser fills in again what it remembers
    other.goto(address)
    assert other.get_by_label("Họ, chữ đệm và tên").input_value() == "Lê Thị Hoá"
