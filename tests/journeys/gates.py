"""What every page must pass, whatever is on it: nothing runs off the screen, all can be read and pressed, one heading, axe silent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
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


def watch(page: Any) -> None:
    """Keeps in `page.asked_for` the pages this one is about to be left for, so that `settle` knows."""
    page.asked_for = set()

    def asked(request: Any) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            page.asked_for.add(request)

    def answered(request: Any) -> None:
        page.asked_for.discard(request)

    page.on("request", asked)
    page.on("requestfinished", answered)
    page.on("requestfailed", answered)


def settle(page: Any) -> None:
    """Until the page that was last asked for is there: whoever looks earlier looks at the one before, or at none.

    Raises:
        TimeoutError: it did not come in half a minute.
    """
    page.wait_for_timeout(50)  # a form's request leaves a moment after the press
    until = monotonic() + 30
    while page.asked_for:
        if monotonic() > until:
            raise TimeoutError([each.url for each in page.asked_for])
        page.wait_for_timeout(20)
    page.wait_for_load_state()


def faults(page: Any, least: int) -> list[Any]:
    """Everything wrong with the page as it stands, except what axe finds."""
    settle(page)
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


@contextmanager
def leaving(page: Any) -> Iterator[None]:
    """What is done inside leads to another page; afterwards that page is there, however slow the machine.

    `click(); page.wait_for_load_state()` is a race: the page that is being left is still loaded.
    """
    with page.expect_navigation():
        yield


def send(page: Any, name: str = "") -> None:
    """Press the button of that name, or the page's first main one, and wait for the page it leads to."""
    button = (
        page.get_by_role("button", name=name)
        if name
        else page.locator("main form .bk-button:not(.bk-button--secondary, .bk-button--danger)")
    )
    with leaving(page):
        button.first.click()
