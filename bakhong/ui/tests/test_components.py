"""The template tags."""

from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from bakhong.ui import marks
from bakhong.ui.templatetags import ui


def _render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_button_prints_its_key() -> None:
    html = _render('{% button "Nộp hồ sơ" key="F9" name="do" value="send" formaction=None disabled=False %}')
    assert 'data-key="F9"' in html
    assert 'aria-keyshortcuts="F9"' in html
    assert '<kbd aria-hidden="true">F9</kbd>' in html
    assert 'name="do" value="send"' in html
    assert "formaction" not in html
    assert "disabled" not in html


def test_a_link_may_look_like_a_button() -> None:
    html = _render('{% button "Xem" href=url kind="secondary" %}', url='/x?a=1&"')
    assert html.strip().startswith('<a class="bk-button bk-button--secondary" href="/x?a=1&amp;&quot;"')


@pytest.mark.parametrize("kind", ["done", "doing", "late", "error", "none"])
def test_a_state_is_colour_word_and_icon(kind: str) -> None:
    html = marks.state(kind)
    assert f"bk-state--{kind}" in html
    assert "<svg" in html
    assert str(marks.STATE_WORDS[kind]()) in html


def test_blocks_keep_what_is_in_them_and_escape_their_titles() -> None:
    html = _render(
        '{% details t %}<p>{{ t }}</p>{% enddetails %}{% note "late" t %}<p>x</p>{% endnote %}', t="<b>"
    )
    assert html.count("&lt;b&gt;") == 3
    assert "<p>x</p>" in html


def test_a_finding_flag_opens_its_explanation() -> None:
    html = _render('{% finding_flag "error" %}<p>{{ why }}</p>{% endfinding_flag %}', why="1 < 2")
    assert "bk-flag--error" in html
    assert "<summary>" in html
    assert "<p>1 &lt; 2</p>" in html


def test_sorting_turns_round_and_forgets_the_page() -> None:
    request = RequestFactory().get("/x", {"sort": "name", "page": "3", "q": "a&b"})
    html = _render('{% sort_th "Tên" "name" %}{% sort_th "Số" "count" is_number=True %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name&amp;q=a%26b"' in html
    assert 'href="?sort=count&amp;q=a%26b"' in html
    assert "page=" not in html


def test_pages_keep_the_question() -> None:
    request = RequestFactory().get("/x", {"q": "bản", "page": "2"})
    html = _render("{% pagination page %}", request=request, page=Paginator(range(100), 10).page(2))
    assert 'href="?q=b%E1%BA%A3n&amp;page=3" rel="next"' in html
    assert '<span aria-current="page">' in html


def test_one_page_needs_no_pages() -> None:
    assert _render("{% pagination page %}", page=Paginator(range(5), 10).page(1)).strip() == ""


def test_a_phone_number_can_be_called() -> None:
    assert ui.tel("0237 3.854-111 (máy lẻ)") == "tel:02373854111"
    assert ui.tel("+84 237 3854 111") == "tel:+842373854111"


def test_progress_of_unknown_length_shows_no_number() -> None:
    assert "<progress>" in _render('{% progress 0 None "Đang đọc" %}')
    assert 'value="3" max="10"' in _render('{% progress 3 10 "Đang đọc" %}')


def test_missing_numbers_are_never_zero() -> None:
    assert _render("{{ x|percent }}|{{ x|number }}|{{ x|money }}|{{ x|day }}", x=None) == "chưa có số liệu|||"


def test_an_address_changes_with_its_file() -> None:
    assert ui.asset("ui/desk.css").split("?v=")[1]
    assert "?" not in ui.asset("ui/THIRD-PARTY.txt")
