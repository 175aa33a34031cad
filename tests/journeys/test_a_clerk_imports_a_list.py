"""A clerk sends the commune's Excel, answers what a mark means, takes the list in, and takes it back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bakhong.people.tests import sheets
from bakhong.places.models import Unit
from tests.journeys.test_a_clerk_keeps_the_roll import commune, sign_in

__all__ = ["commune"]  # a fixture


@pytest.mark.parametrize("width", [360, 1366])
def test_a_clerk_imports_a_list(
    width: int,
    commune: Unit,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.DATA = tmp_path
    page = browse(width=width)
    sign_in(page, commune)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"/desk/u/{commune.uuid}/people/")
    page.get_by_role("link", name="Nhập từ tệp Excel").click()
    look("import")
    page.get_by_label("Tệp danh sách").set_input_files(
        {"name": "ds.xlsx", "mimeType": "application/octet-stream", "buffer": sheets.bad_workbook(4).data}
    )
    page.get_by_role("button", name="Xem trước danh sách").click()
    look("import-check")
    page.get_by_role("button", name="Thử xem kết quả").click()
    assert page.get_by_text("Nếu nhập:").is_visible()
    look("import-tried")
    page.get_by_role("button", name="Nhập danh sách").click()
    look("import-done")
    page.get_by_role("link", name="Mở danh sách người dân").click()
    assert page.locator("tbody tr").count() > 5
    page.go_back()
    page.get_by_role("button", name="Thu hồi lần nhập").click()
    assert page.get_by_text("đã thu hồi").first.is_visible()
    look("import-undone")
    assert page.complaints == []
