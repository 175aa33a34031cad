"""What every page must pass, whatever is on it: nothing runs off the screen, all can be read and pressed, one heading, axe silent."""

from collections.abc import Callable
from typing import Any

from bakhong.ui.tests.test_in_browser import SMALL_TARGETS

ON_A_PHONE, AT_A_DESK = 48, 44  # what residents press, what staff press, in CSS pixels
_HEAD = """() => [document.documentElement.lang, document.querySelectorAll('h1').length, document.title.trim() !== '']"""
_WIDE = """width => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > width + 1
  && !e.closest('.bk-hidden, .bk-scroll')).map(e => e.outerHTML.slice(0, 90)).slice(0, 3)"""

# Nine letters on one line are wider than two em: a narrower box stands one letter, or two, a line.
_NARROW = """() => [...document.querySelectorAll('main *')].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 8) && box.height > 0
    && style.visibility !== 'hidden' && !e.closest('.bk-hidden, svg, option') && box.width < 2 * parseFloat(style.fontSize);
}).map(e => e.outerHTML.slice(0, 90)).slice(0, 3)"""


def faults(page: Any, least: int) -> list[Any]:
    """Everything wrong with the page as it stands, except what axe finds."""
    width = page.viewport_size["width"]
    found: list[Any] = []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(("runs off the screen", page.evaluate(_WIDE, width)))
    narrow = page.evaluate(_NARROW)
    if narrow:
        found.append(("one letter a line", narrow))
    small = [
        each for each in page.evaluate(SMALL_TARGETS, least) if "bk-hidden" not in each[0]
    ]  # what Enter presses first
    if small:
        found.append(("too small to press", small))
    if page.evaluate(_HEAD) != ["vi", 1, True]:
        found.append(("language, heading or title", page.evaluate(_HEAD)))
    return found


def checked(page: Any, axe: Callable[[Any], None], least: int) -> list[Any]:
    found = faults(page, least)
    try:
        axe(page)
    except AssertionError as said:
        found.append(("axe", str(said).split("\n")[0]))
    return found


def send(page: Any, name: str = "") -> None:
    """Press the button of that name, or the page's first main one."""
    button = (
        page.get_by_role("button", name=name)
        if name
        else page.locator("main form .bk-button:not(.bk-button--secondary, .bk-button--danger)")
    )
    button.first.click()
    page.wait_for_load_state()
