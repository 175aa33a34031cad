"""A daughter fills in on her phone what her mother has open on hers: nobody's answer is lost, and both are seen."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit

NUMBER = "038190001234"


@pytest.fixture(autouse=True)
def commune(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Unit:
    from bakhong.eforms.actions.publishing import publish_shipped

    now = datetime.now(UTC)
    settings.UNIT = "15646"
    publish_shipped(now)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=now)
    return thuong_xuan


@pytest.mark.parametrize("has_script", [True, False])
def test_two_phones_on_one_form(
    has_script: bool,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    mother = browse(width=360, height=640, java_script_enabled=has_script)
    mother.goto("/thu-tuc/local.nha-van-hoa/")
    mother.get_by_role("button", name="Nộp hồ sơ").click()
    code = re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", mother.inner_text("main"))
    assert code
    mother.get_by_label("Thẻ căn cước của bạn").fill(NUMBER)
    mother.get_by_role("button", name="Lưu mã và khai tiếp").click()
    address = mother.url

    daughter = browse(width=360, height=640, java_script_enabled=has_script)
    daughter.goto("/tiep-tuc/")
    daughter.get_by_label("Mã quay lại").fill(code[0])
    daughter.get_by_label("Số thẻ căn cước").fill(NUMBER)
    daughter.get_by_role("button", name="Mở tờ khai").click()
    daughter.goto(address)
    daughter.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    daughter.get_by_label("Nơi thường trú").fill("Thôn Xuân Thành")
    daughter.get_by_label("Số điện thoại").fill("0912345678")
    daughter.get_by_role("button", name="Lưu và khai tiếp").click()

    mother.get_by_label("Họ, chữ đệm và tên").fill("Lê Thị Hoá")
    mother.get_by_label("Nơi thường trú").fill("Thôn Xuân Lộc")
    mother.get_by_label("Thay mặt đoàn thể").fill("Hội Phụ nữ")
    mother.get_by_role("button", name="Lưu và khai tiếp").click()
    told = mother.inner_text("main")
    for said in ("Máy khác vừa lưu trang này", "Thôn Xuân Thành", "Thôn Xuân Lộc"):
        assert said in told
    assert mother.get_by_label("Nơi thường trú").input_value() == "Thôn Xuân Lộc"
    assert mother.get_by_label("Thay mặt đoàn thể").input_value() == "Hội Phụ nữ"
    if has_script:
        axe(mother)
        assert mother.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(mother, f"stale-{'js' if has_script else 'nojs'}")
    mother.get_by_label("Số điện thoại").fill("0912345678")
    mother.get_by_role("button", name="Lưu như trong các ô này").click()
    mother.goto(address)
    assert mother.get_by_label("Nơi thường trú").input_value() == "Thôn Xuân Lộc"
    assert mother.get_by_label("Số điện thoại").input_value() == "0912345678"

    # And the other way: what the other phone saved is kept by one tap, without sending anything.
    mother.get_by_label("Nơi thường trú").fill("Chỗ khác")
    daughter.goto(address)
    daughter.get_by_label("Nơi thường trú").fill("Thôn Tiến Sơn 2")
    daughter.get_by_role("button", name="Lưu và khai tiếp").click()
    mother.get_by_role("button", name="Lưu và khai tiếp").click()
    mother.get_by_role("link", name="Giữ những gì máy khác đã lưu").click()
    assert mother.get_by_label("Nơi thường trú").input_value() == "Thôn Tiến Sơn 2"
    expected = [text for text in mother.complaints if "409" not in text]  # the browser notes every refusal
    assert expected == []
