"""J5 and J6: an officer takes in a walk-in dossier by scanner and keyboard alone; the chair opens, approves and signs it.

Budgets (reliability-ux D.1): J5 no mouse, at most 15 keys and one scan, at most 12 letters typed; J6 at most 6 keys to open and approve.
"""

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest

from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import taken_in
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.models import Unit
from tests.journeys.office import NUMBER, Keys, client_of, seat

# As a scanner under another keyboard layout types it.
SCAN = f"{NUMBER}|172345678|Lee Thij Hoas|15031990|Nuwx|Thoon 1|01052021"


def sheets(page: Any) -> int:
    """How many sheets of paper a press on “In” takes."""
    return len(pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


@pytest.mark.parametrize("width", [360, 1366])
def test_a_walk_in_dossier(
    width: int,
    lady: Person,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("one_stop_officer", width, "j5")

    page.goto(f"/desk/u/{thuong_xuan.uuid}/tiep-nhan/")
    look("intake")
    hand = Keys(page)
    page.locator("#procedure").focus()  # wherever the cursor stands
    hand.scan(SCAN)
    look("known")
    assert page.locator("#procedure").input_value() == ""
    hand.type("tthn")
    hand.leave("Enter")
    look("filling")
    hand.press("ArrowDown", "Tab", "Space")  # the cursor stands at the first of the two things nobody knows
    assert page.locator("[name=purpose]:checked, [name=for_whom]:checked").count() == 2
    hand.leave("F9")
    assert "/phieu/" in page.url, page.inner_text("main")[:800]
    look("slip")
    assert page.evaluate("document.activeElement.hasAttribute('data-print')")
    page.evaluate("window.print = () => { document.title = 'printed' }")
    hand.press("Enter")
    assert page.title() == "printed"
    print(hand.spent)
    assert (hand.keys <= 15, hand.letters <= 12, hand.scans) == (True, True, 1), hand.spent
    assert hand.seconds <= 60, hand.spent
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "received"
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 1366])
def test_the_chair_approves_the_next_one(
    width: int,
    lady: Person,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    taken_in(client_of("one_stop_officer", thuong_xuan), thuong_xuan)
    page, look = officer_at("chair", width, "j6")

    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/")
    look("queue")
    hand = Keys(page)
    hand.press("j")
    hand.leave("Enter")
    look("to-approve")
    hand.leave("F9")
    look("approve")
    hand.leave("F9")
    look("sign")
    print(hand.spent)
    assert hand.keys <= 6, hand.spent
    assert hand.seconds <= 40, hand.spent
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "approved"
    page.get_by_label("Ký tay").check()
    hand.leave("F9")
    look("done")
    assert page.complaints == []


def test_the_desk_without_a_script(
    lady: Person,
    thuong_xuan: Unit,
    live_server: Any,
    no_js: Any,
    screenshot: Callable[[Any, str], None],
) -> None:
    page = no_js
    seat(page, client_of("one_stop_officer", thuong_xuan), live_server.url)
    page.goto(f"/desk/u/{thuong_xuan.uuid}/tiep-nhan/")
    page.locator("#scan").fill(NUMBER)
    page.get_by_role("button", name="Tìm người nộp").click()
    page.locator("#procedure").fill("tthn")
    page.get_by_role("button", name="Mở tờ khai").click()
    page.get_by_role("button", name="Còn thiếu: in phiếu hướng dẫn").click()
    assert "Ai đang làm tờ khai này?" in page.inner_text(".bk-slip")
    screenshot(page, "j5-lacking-no-js")
    assert sheets(page) == 1
    page.get_by_role("link", name="Về tờ khai").click()
    page.locator("[name=for_whom]").first.check()
    page.locator("[name=purpose][value=work]").check()
    page.get_by_role("button", name="Nhận hồ sơ, in phiếu").click()
    assert "Đã tiếp nhận" in page.inner_text("main")
    screenshot(page, "j5-slip-no-js")
    assert sheets(page) == 1
