"""J6, the other way out: the specialist opens the next dossier and asks once for everything that is missing, by keyboard alone, or without
a script.

Budget (reliability goals, D.1): 12 keys with all reasons, every reason in words a resident understands; a second return is flagged.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.said import PaperGiven
from bakhong.dossiers.actions.supplementing import answer_supplement
from bakhong.dossiers.models import Dossier, Supplement
from bakhong.people import scope
from bakhong.places.models import Unit
from tests.journeys.office import Keys, client_of, seat


@pytest.mark.parametrize("width", [360, 1366])
def test_everything_is_asked_for_at_once(
    width: int,
    dossier: Dossier,
    thuong_xuan: Unit,
    officer_at: Callable[..., Any],
) -> None:
    page, look = officer_at("specialist", width, "j6")

    page.goto(f"/desk/u/{thuong_xuan.uuid}/ho-so/")
    keys = Keys(page)
    keys.press("j")
    keys.leave("Enter")
    look("dossier")
    keys.leave("B")
    look("asking")
    held = page.locator("select").nth(
        1
    )  # what a register holds may not be asked for, unless it was not found there
    assert held.locator("option").count() == 2
    keys.press("ArrowDown", "Tab", "Tab", "Tab", "Tab", "ArrowDown")
    keys.leave("F9")
    look("read-again")
    assert page.locator("#preview + p + ol li").count() == 2
    assert page.locator("main").inner_text().count("Chụp lại") == 2
    keys.leave("F9")
    look("asked")
    print(keys.spent)
    assert (keys.keys <= 12, keys.letters) == (True, 0), keys.spent
    assert keys.seconds <= 40, keys.spent
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "supplement"
        assert [len(each.items) for each in Supplement.objects.all()] == [2]
        assert all(item["words"] or item["reason"] for item in Supplement.objects.get().items)
    assert page.complaints == []


def test_without_a_script_it_is_asked_for_decided_and_a_second_return_is_flagged(
    dossier: Dossier, thuong_xuan: Unit, live_server: Any, no_js: Any
) -> None:
    page, queue = no_js, f"/desk/u/{thuong_xuan.uuid}/ho-so/"
    seat(page, client_of("specialist", thuong_xuan), live_server.url)

    def ask() -> None:
        page.goto(queue)
        page.locator("main [data-row]").first.click()
        page.get_by_role("link", name="Yêu cầu bổ sung", exact=True).click()

    ask()
    assert "Đây là lần trả lại thứ hai" not in page.locator("main").inner_text()
    page.locator("main select").first.select_option(index=1)
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Gửi yêu cầu bổ sung").click()
    with scope.seeing(OPERATOR):
        asked = Dossier.objects.get()
        assert asked.state == "supplement"
        (item,) = Supplement.objects.get().items
        given = [PaperGiven(item["code"], None, "original_seen")]
        answer_supplement(dossier=asked, papers=given, by=OPERATOR, at=datetime.now(UTC))
    ask()
    assert "Đây là lần trả lại thứ hai" in page.locator("main").inner_text()

    seat(page, client_of("chair", thuong_xuan), live_server.url)
    page.goto(queue)
    page.locator("main [data-row]").first.click()
    page.get_by_role("link", name="Xem kết quả để duyệt").click()
    page.get_by_role("button", name="Duyệt, tạo văn bản").click()
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "approved"
