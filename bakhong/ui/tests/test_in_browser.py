"""The gallery in a real browser: keys, accessibility, sizes to press, narrow phones, the content policy."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

PAGES = ("/ui/", "/ui/desk/", "/ui/print/", "/ui/errors/404/")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Links inside a sentence and flags on numbers are as high as their line; the row of a task is its target.
SMALL_TARGETS = """least => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(e => e.getClientRects().length && e.type !== 'hidden')
  .filter(e => !e.closest('p, main li, figure, .bk-figure, .bk-flag, .govuk-skip-link')
               || e.matches('.bk-button, .govuk-details__summary, .govuk-error-summary__list a, .bk-phone'))
  .map(e => { const label = /radio|checkbox/.test(e.type) && e.labels[0];
              const box = (label || e).getBoundingClientRect(); return [e.outerHTML.slice(0, 80), box.height]; })
  .filter(([, height]) => height < least - 0.5)"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1366])
def test_axe_finds_nothing(open_page: Open, path: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(path, width=width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = axe.run(page, options={"runOnly": RULES}).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_the_browser_has_nothing_to_complain_about(open_page: Open, path: str) -> None:
    complaints = open_page(path).complaints
    assert [each for each in complaints if "status of 404" not in each] == []


def test_an_inline_style_is_refused(open_page: Open) -> None:
    """Negative control: the policy is at work and complaints are heard."""
    page = open_page("/ui/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    assert "Content Security Policy" in page.complaints[0]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_a_narrow_screen_or_doubled_text(open_page: Open, path: str) -> None:
    page = open_page(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize(("path", "least"), [("/ui/", 48), ("/ui/desk/", 44), ("/ui/errors/404/", 48)])
def test_everything_to_press_is_large_enough(open_page: Open, path: str, least: int) -> None:
    assert open_page(path, width=360).evaluate(SMALL_TARGETS, least) == []


def test_a_small_button_would_be_noticed(open_page: Open) -> None:
    """Negative control of the sizes."""
    page = open_page("/ui/")
    assert page.evaluate(SMALL_TARGETS, 60) != []


def _pressed(page: Any) -> int:
    return int(page.evaluate("window.pressed"))


@pytest.fixture
def desk(open_page: Open) -> Any:
    """The staff gallery, counting how often the button with the key F9 and the link with the key X are pressed."""
    page = open_page("/ui/desk/")
    page.evaluate(
        """window.pressed = 0; document.querySelectorAll('[data-key="F9"], [data-key="X"]').forEach(each =>
           each.addEventListener('click', event => { event.preventDefault(); window.pressed += 1; }))"""
    )
    return page


@pytest.mark.parametrize("key", ["F9", "x", "X"])
def test_a_key_presses_its_button(desk: Any, key: str) -> None:
    desk.keyboard.press(key)
    assert _pressed(desk) == 1


def test_letters_are_left_to_the_typist(desk: Any) -> None:
    desk.focus("#id_empty-name")
    desk.keyboard.press("x")
    assert _pressed(desk) == 0
    assert desk.input_value("#id_empty-name") == "x"
    desk.keyboard.press("F9")
    assert _pressed(desk) == 1


@pytest.mark.parametrize(
    "event", ["{key: 'x', isComposing: true}", "{key: 'x', keyCode: 229}", "{key: 'x', ctrlKey: true}"]
)
def test_composing_a_letter_presses_nothing(desk: Any, event: str) -> None:
    desk.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, ...{event}}}))")
    assert _pressed(desk) == 0


def test_single_letters_can_be_switched_off_for_good(desk: Any) -> None:
    desk.click("[data-keys-switch]")
    assert desk.get_attribute("[data-keys-switch]", "aria-pressed") == "false"
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("x")
    assert _pressed(desk) == 0
    desk.keyboard.press("F9")
    assert _pressed(desk) == 1
    desk.reload()
    assert desk.get_attribute("[data-keys-switch]", "aria-pressed") == "false"


def test_j_and_k_walk_through_the_queue(desk: Any) -> None:
    def row() -> str:
        return str(desk.evaluate("document.activeElement.getAttribute('href')"))

    desk.evaluate("document.activeElement.blur()")
    for key, expected in [("j", 1), ("j", 2), ("ArrowDown", 3), ("j", 3), ("k", 2), ("ArrowUp", 1), ("k", 1)]:
        desk.keyboard.press(key)
        assert row() == f"#queue-{expected}"


def test_a_form_is_sent_once(desk: Any) -> None:
    stopped = desk.evaluate(
        """() => { const form = document.querySelector('form[action="#form"]');
           const send = () => { const event = new Event('submit', {bubbles: true, cancelable: true});
                                form.dispatchEvent(event); return event.defaultPrevented; };
           const free = [send(), send()]; form.setAttribute('data-once', ''); return [...free, send(), send()]; }"""
    )
    assert stopped == [False, False, False, True]


def test_the_error_summary_takes_the_focus(desk: Any) -> None:
    desk.reload()
    assert desk.evaluate("document.activeElement.className") == "govuk-error-summary"


def test_residents_need_no_script(open_page: Open) -> None:
    page = open_page("/ui/", java_script_enabled=False)
    assert page.is_visible("h1")
    assert page.locator("script").count() == 0
