"""A figure shows percent, fraction, who is counted and the day, in either language."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from bakhong.ui.figures import Figure, figure_html, figure_text

DAY = date(2025, 5, 6)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (
            Figure(numerator=4795, denominator=5205, counted="người trưởng thành", on=DAY),
            "92,1% (4.795/5.205 người trưởng thành; đăng ngày 06/05/2025)",
        ),
        (
            Figure(numerator=3273, denominator=5311, percent=Decimal("61.62"), on=DAY, is_day_of_count=True),
            "61,62% (3.273/5.311; số liệu đến ngày 06/05/2025)",
        ),
        (Figure(percent=Decimal("96.5"), qualifier="more_than"), "hơn 96,5%"),
        (Figure(percent=Decimal("53.7"), qualifier="about", counted="hộ"), "khoảng 53,7% (hộ)"),
        (Figure(percent=Decimal(80), qualifier="at_least"), "ít nhất 80%"),
        (Figure(percent=Decimal(80), qualifier="less_than"), "dưới 80%"),
        (Figure(numerator=1782, counted="tài khoản", on=DAY), "1.782 tài khoản (đăng ngày 06/05/2025)"),
        (Figure(numerator=0, denominator=0, counted="hộ"), "0/0 hộ"),
        (Figure(numerator=0, denominator=7, counted="hộ"), "0% (0/7 hộ)"),
        (Figure(), "chưa có số liệu"),
        (Figure(denominator=5205, counted="người"), "chưa có số liệu"),
        (None, "chưa có số liệu"),
    ],
)
def test_it_says_everything_about_a_number(figure: Figure | None, text: str) -> None:
    with translation.override("vi"):
        assert figure_text(figure) == text


def test_it_writes_numbers_the_english_way_in_english() -> None:
    with translation.override("en"):
        assert figure_text(Figure(numerator=4795, denominator=5205), is_short=True) == "92.1% (4,795/5,205)"


def test_it_links_the_number_to_its_list() -> None:
    html = figure_html(Figure(numerator=1, denominator=2, url="/list/?a=1&b=2"))
    assert '<a href="/list/?a=1&amp;b=2"><b>50%</b></a> (1/2)' in html


def test_it_escapes_who_is_counted() -> None:
    assert "<script>" not in figure_html(Figure(numerator=1, denominator=2, counted="<script>"))


def test_it_never_links_a_missing_number() -> None:
    assert "<a" not in figure_html(Figure(url="/list/"))
