"""A resident with an old phone: where is my dossier, which papers, whom do I call."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR

PAGES = (
    "/",
    "/tra-cuu/",
    "/tra-cuu/?ma=abc",
    "/tra-cuu/?ma=000.17.22.H56-210531-0001",
    "/giay-to/",
    "/xa/?ten=ngoc",
    "/so-lieu/",
)


@pytest.fixture(autouse=True)
def _published(reference_units: None) -> None:
    from bakhong.demo.load import make_places
    from bakhong.demo.published import load_published

    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    load_published(by=OPERATOR, at=at)
    make_places(by=OPERATOR, at=at)


def test_it_works_without_javascript(no_js: Any) -> None:
    no_js.goto("/")
    no_js.get_by_label("Mã hồ sơ").fill("000.17.22.H56-210531-0001")
    no_js.get_by_role("button", name="Tra mã hồ sơ").click()
    assert "4 số cuối" in no_js.inner_text("main")
    no_js.goto("/xa/")
    no_js.get_by_label("Tên xã, phường").fill("ngọc phụng")
    no_js.get_by_role("button", name="Tìm xã, phường").click()
    no_js.get_by_role("link", name="Xã Thường Xuân").click()
    assert "0237 000 0001" in no_js.inner_text("main")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_accessible_and_fits(
    path: str, browse: Callable[..., Any], axe: Callable[[Any], None], screenshot: Callable[[Any, str], None]
) -> None:
    for width in (360, 1366):
        page = browse(width=width)
        page.goto(path)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{path} overflows at {width}"
        )
        assert page.complaints == []
        screenshot(page, f"portal{re.sub(r'[^a-z]+', '-', path)}{width}")


def test_a_page_is_one_request(browse: Callable[..., Any]) -> None:
    page = browse(width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    assert [url for url in asked if not url.endswith("/favicon.ico")] == [page.url]


def test_english_is_complete_on_the_front_page(browse: Callable[..., Any]) -> None:
    page = browse()
    page.goto("/")
    page.get_by_role("button", name="English").click()
    headings = page.locator("h1, h2").all_inner_texts()
    assert "Where is my dossier?" in headings or not [
        text for text in headings if re.search("[ăâđêôơưạảấầ]", text)
    ]
