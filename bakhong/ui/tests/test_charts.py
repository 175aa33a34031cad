"""Charts are well-formed, say in words what they show, escape names, and stay inside their frame."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from bakhong.ui import charts
from bakhong.ui.charts import BarRow, Point
from bakhong.ui.figures import Figure

EVIL = '<img src=x onerror=alert(1)>"&'


def _svg(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def _row(label: str, numerator: int | None) -> BarRow:
    return BarRow(
        label=label, figure=None if numerator is None else Figure(numerator=numerator, denominator=100)
    )


def test_a_bar_says_value_target_and_last_period() -> None:
    svg = _svg(charts.bar(Decimal("92.1"), label="Xã mẫu", target=Decimal(80), before=Decimal("61.62")))
    assert svg.get("role") == "img"
    assert svg.findtext("title") == "Xã mẫu: 92,1%; chỉ tiêu 80%; kỳ trước 61,62%"
    assert [rect.get("width") for rect in svg.iter("rect")] == ["100.00%", "92.10%", "61.62%"]
    assert {line.get("x1") for line in svg.iter("line")} == {"80.00%"}


def test_a_missing_value_is_words_not_an_empty_bar() -> None:
    assert charts.bar(None, label="Xã mẫu") == '<span class="bk-muted">chưa có số liệu</span>'


def test_a_plan_overfulfilled_widens_the_scale() -> None:
    rows = [_row("A", 50), _row("B", 125)]
    scale = charts.scale_of(rows)
    assert scale == 125
    assert 'width="40.00%"' in charts.bar(Decimal(50), label="A", scale=scale)


def test_worst_comes_first_and_unknown_last() -> None:
    rows = [_row("good", 90), _row("unknown", None), _row("none", 0), _row("bad", 10)]
    assert [row.label for row in charts.worst_first(rows)] == ["none", "bad", "good", "unknown"]
    backwards = charts.worst_first(rows, is_lower_better=True)
    assert [row.label for row in backwards] == ["good", "bad", "none", "unknown"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.bar(Decimal(1), label=EVIL),
        lambda: charts.trend([Point(date(2025, 1, 1), Decimal(1))], title=EVIL),
    ],
)
def test_names_are_escaped(draw: object) -> None:
    text = draw()  # type: ignore[operator]
    assert "<img" not in text
    assert _svg(text).findtext("title", "").startswith(EVIL)


def test_a_gap_breaks_the_line_and_is_marked() -> None:
    percents = [10, 20, None, 40, 50]
    points = [
        Point(date(2025, 1 + at, 1), None if p is None else Decimal(p)) for at, p in enumerate(percents)
    ]
    svg = _svg(charts.trend(points, title="t"))
    assert len(list(svg.iter("polyline"))) == 2
    hollow = [circle for circle in svg.iter("circle") if circle.get("fill") == "#ffffff"]
    assert len(hollow) == 1
    assert "01/03/2025: chưa có số liệu" in svg.findtext("desc", "")


def test_one_figure_is_a_dot_without_a_line() -> None:
    svg = _svg(charts.trend([Point(date(2025, 1, 1), Decimal(48))], title="t"))
    assert not list(svg.iter("polyline"))
    assert len(list(svg.iter("circle"))) == 1


def test_no_figure_is_words() -> None:
    for points in ([], [Point(date(2025, 1, 1), None)]):
        assert "chưa có số liệu" in charts.trend(points, title="t")


def test_distances_are_true_in_time() -> None:
    points = [
        Point(date(2025, 1, 1), Decimal(1)),
        Point(date(2025, 1, 11), Decimal(1)),
        Point(date(2025, 4, 11), Decimal(1)),
    ]
    xs = [float(circle.get("cx", "")) for circle in _svg(charts.trend(points, title="t")).iter("circle")]
    assert (xs[1] - xs[0]) * 9 == pytest.approx(xs[2] - xs[1], abs=1)


def test_charts_need_no_style_attribute() -> None:
    text = charts.trend([Point(date(2025, 1, 1), Decimal(1))], title="t") + charts.bar(Decimal(1), label="x")
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)


def test_a_spark_shows_the_last_value_and_the_target() -> None:
    points = [charts.Point(date(2026, 1, 1), Decimal(40)), charts.Point(date(2026, 6, 1), Decimal("62.5"))]
    svg = charts.spark(points, title="<b>Thôn</b>", target=Decimal(80))
    assert "62,5%" in svg
    assert svg.count("<polyline") == 1
    assert "stroke-dasharray" in svg
    assert "&lt;b&gt;Thôn" in svg
    assert "stroke-dasharray" not in charts.spark(points, title="Thôn")
    assert charts.spark([], title="Thôn") == ""


def test_a_spark_of_nought_or_too_much_stays_inside() -> None:
    points = [charts.Point(date(2026, 1, 1), Decimal(0)), charts.Point(date(2026, 6, 1), Decimal(250))]
    svg = charts.spark(points, title="x", height=56)
    line = svg.split('points="')[1].split('"')[0]
    assert all(0 <= float(pair.split(",")[1]) <= 56 for pair in line.split())
    assert line.split()[0].endswith(",36.0")
