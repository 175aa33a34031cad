"""A resident mistypes an address."""

from collections.abc import Callable
from typing import Any

import pytest


def test_it_says_so_in_vietnamese(phone: Any, axe: Callable[[Any], None]) -> None:
    answer = phone.goto("/khong-co-trang-nay/")
    assert answer.status == 404
    assert phone.locator("html").get_attribute("lang") == "vi"
    axe(phone)


def test_it_reads_without_javascript(no_js: Any) -> None:
    no_js.goto("/khong-co-trang-nay/")
    assert no_js.locator("h1").count() == 1


def test_the_accessibility_checker_finds_what_is_wrong(page: Any, axe: Callable[[Any], None]) -> None:
    """Negative control."""
    page.goto("/khong-co-trang-nay/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
