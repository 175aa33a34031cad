"""The gallery and the error pages as a browser gets them. No database is touched."""

import base64
import gzip
import hashlib
import re
from html.parser import HTMLParser

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client, RequestFactory

from bakhong.ui import assets
from bakhong.ui.errors import PAGES, error_page
from bakhong.ui.middleware import chosen_language

pytestmark = pytest.mark.urls("bakhong.ui.tests.urls")

GALLERIES = ("/ui/", "/ui/desk/", "/ui/print/")
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line", "polyline"}


class Reader(HTMLParser):
    """Collects what a page must and must not have; complains about tags closed in the wrong order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.bad: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bad += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.headings += [tag] if re.fullmatch(r"h[1-6]", tag) else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"</{tag}> out of order")


def _read(response: HttpResponse) -> Reader:
    reader = Reader()
    reader.feed(response.content.decode())
    return reader


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=True)


@pytest.mark.parametrize("path", GALLERIES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_gallery_shows(browser: Client, path: str, language: str) -> None:
    browser.cookies["lang"] = language
    response = browser.get(path)
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.content.decode()
    page = _read(response)
    assert page.bad == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.headings.count("h1") == 1


def test_a_style_attribute_would_be_noticed() -> None:
    """Negative control of the check above."""
    assert _read(HttpResponse('<p style="x" onclick="y"></b>')).bad == [
        "p style",
        "p onclick",
        "</b> out of order",
    ]


def test_residents_pages_bring_their_styles_and_fetch_nothing(browser: Client) -> None:
    html = browser.get("/ui/").content.decode()
    styles = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert len(styles) == 1
    assert 'rel="stylesheet"' not in html
    assert "<script" not in html
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" == assets.style_hash()


def test_the_policy_accepts_the_inlined_styles(browser: Client) -> None:
    policy = browser.get("/ui/").headers["Content-Security-Policy"]
    assert assets.style_hash() in policy
    assert "unsafe-inline" not in policy


def test_scripts_never_block_staff(browser: Client) -> None:
    html = browser.get("/ui/desk/").content.decode()
    scripts = re.findall(r"<script[^>]*>", html)
    assert len(scripts) == 2
    assert all(" defer" in script for script in scripts)


def test_an_empty_residents_page_leaves_room_for_its_words(rf: RequestFactory) -> None:
    html = get_template("ui/base_portal.html").render({}, rf.get("/"))
    assert len(gzip.compress(html.encode(), 6)) <= 9_000


@pytest.mark.parametrize("status", PAGES)
def test_every_error_says_what_to_do(browser: Client, status: int) -> None:
    browser.raise_request_exception = False
    response = browser.get(f"/ui/errors/{status}/")
    assert response.status_code == status
    page = _read(response)
    assert page.bad == []
    assert page.headings == ["h1"]


def test_the_gallery_has_no_page_for_other_statuses(browser: Client) -> None:
    assert browser.get("/ui/errors/418/").status_code == 404
    assert browser.get("/ui/costume/").status_code == 404


def test_an_error_page_escapes_its_sentence(rf: RequestFactory) -> None:
    html = error_page(rf.get("/"), 409, "<script>").content.decode()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_a_refusal_of_another_kind_looks_like_a_bad_request(rf: RequestFactory) -> None:
    response = error_page(rf.get("/"), 418, "Chưa chọn xã.")
    assert response.status_code == 418
    assert "Chưa chọn xã." in response.content.decode()


def test_a_refused_deed_blames_no_damage_on_the_way(rf: RequestFactory) -> None:
    page = error_page(rf.get("/"), 422, "Từ ngày 31/12 mới duyệt được.").content.decode()
    assert "Từ ngày 31/12 mới duyệt được." in page
    assert "bị hỏng" not in page
    assert "Việc này chưa làm được" in page


@pytest.mark.parametrize("status", PAGES)
def test_error_pages_need_no_context(status: int) -> None:
    """As Django shows the 500: without a request, when everything else is down."""
    html = get_template(f"{status}.html").render()
    assert "<h1>" in html
    assert f"> {status}<" in html.replace("\n", "") or f" {status}</p>" in html


@pytest.mark.parametrize(
    ("cookie", "browser_asks", "language"),
    [("", "en-US,en", "vi"), ("en", "vi", "en"), ("fr", "en", "vi"), ("<x>", "", "vi")],
)
def test_vietnamese_unless_chosen(rf: RequestFactory, cookie: str, browser_asks: str, language: str) -> None:
    request: HttpRequest = rf.get("/", headers={"accept-language": browser_asks})
    request.COOKIES["lang"] = cookie
    response = chosen_language(lambda _: HttpResponse())(request)
    assert response.headers["Content-Language"] == language
    assert "Cookie" in response.headers["Vary"]


def test_the_gallery_only_shows(browser: Client) -> None:
    for path in GALLERIES:
        assert browser.post(path).status_code == 405


def test_the_language_button_switches_and_stays() -> None:
    browser = Client(enforce_csrf_checks=True)
    html = browser.get("/ui/desk/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token
    answer = {"language": "en", "next": "/ui/desk/"}
    assert browser.post("/i18n/setlang/", answer).status_code == 403
    response = browser.post("/i18n/setlang/", {**answer, "csrfmiddlewaretoken": token[1]})
    assert response.headers["Location"] == "/ui/desk/"
    assert "Skip to main content" in browser.get("/ui/desk/").content.decode()
    assert 'value="vi"' in browser.get("/ui/desk/").content.decode()
