"""A real browser on the real site.

`page` opens at 1366 px, `phone` at 360 px, `no_js` without JavaScript; `live_server.url` is the site. `axe(page)` asserts that the
accessibility checker finds nothing; `screenshot(page, name)` keeps a picture where BAKHONG_SCREENSHOTS names a folder.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.gates import settle, watch
from tests.journeys.office import dossier, lady, officer_at

__all__ = ["dossier", "lady", "officer_at"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every click waits for the page it leads to, unless told not to (`no_wait_after`): on a busy machine the old one stands a while."""
    from playwright.sync_api import Locator

    click = Locator.click

    def click_and_settle(self: Locator, **options: Any) -> None:
        click(self, **options)
        if not options.get("no_wait_after"):
            settle(self.page)

    monkeypatch.setattr(Locator, "click", click_and_settle)


@pytest.fixture
def browse(chromium: Any, live_server: Any, patient: None) -> Iterator[Callable[..., Any]]:
    """`browse(width=360, java_script_enabled=False, …)`: a page of a fresh visitor; `page.goto("/desk/")` is enough of an address.

    What the browser complains about (scripts, content policy) gathers in `page.complaints`.
    """
    contexts = []

    def opened(*, width: int = 1366, height: int = 800, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="vi-VN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        watch(page)
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(browse: Callable[..., Any]) -> Any:
    return browse()


@pytest.fixture
def phone(browse: Callable[..., Any]) -> Any:
    return browse(width=360, height=640, has_touch=True, is_mobile=True)


@pytest.fixture
def no_js(browse: Callable[..., Any]) -> Any:
    return browse(width=360, height=640, java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Any], None]:
    checker = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def assert_accessible(page: Any) -> None:
        found = checker.run(page, options={"runOnly": RULES}).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []

    return assert_accessible


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    def take(page: Any, name: str) -> None:
        folder = os.environ.get("BAKHONG_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
