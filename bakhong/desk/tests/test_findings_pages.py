"""“Rà soát số liệu”: what disagrees, where, what to do; answering and taking the answer back."""

import io
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import Actor
from bakhong.desk.tests.test_reading_pages import PROSE, paste, report_url
from bakhong.indicators.models import Figure, Finding, FindingAnswer, Report
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def url(unit: Unit, name: str = "findings", *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


@pytest.fixture
def clerk(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


@pytest.fixture
def finding(clerk: Client, thuong_xuan: Unit) -> Finding:
    """2.660/3.798 printed as 70,2%, confirmed as it was printed."""
    paste(clerk, thuong_xuan)
    report = Report.objects.get()
    form = clerk.get(report_url(report) + "?f=2").context["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    clerk.post(report_url(report), posted | {"deed": "confirm", "counted_from": "", "counted_to": ""})
    return Finding.objects.get()


def test_it_says_what_where_and_what_to_do(clerk: Client, thuong_xuan: Unit, finding: Finding) -> None:
    page = text(clerk.get(url(thuong_xuan)))
    assert "2.660/3.798 là 70,04%, ở đây ghi 70,2%" in page
    assert '<mark class="bk-mark--error">2.660/3.798 thuê bao điện thoại thông minh, đạt 70,2%</mark>' in page
    assert "An toàn" in page or "an toàn" in page  # the words around it
    assert "Tính lại tỷ lệ" in page
    figure = finding.figures.get()
    assert f"{report_url(finding.report)}?figure={figure.uuid}#f" in page  # type: ignore[arg-type]
    assert reverse("desk:figure_correct", args=[thuong_xuan.uuid, figure.uuid]) in page


def test_the_link_opens_the_figure_in_its_report(clerk: Client, finding: Finding) -> None:
    assert finding.report is not None
    figure = finding.figures.get()
    assert clerk.get(f"{report_url(finding.report)}?figure={figure.uuid}").context["item"].number == 2


def test_it_is_answered_and_the_answer_is_taken_back(
    clerk: Client, thuong_xuan: Unit, finding: Finding
) -> None:
    here = url(thuong_xuan, "finding_answer", finding.uuid)
    posted = {"deed": "answer", "kind": "as_printed", "text": "Báo in vậy"}
    assert clerk.post(here, posted).status_code == 302
    assert "Không có chỗ nào chưa khớp" in text(clerk.get(url(thuong_xuan)))
    assert "Kiểm tra gần nhất lúc 10:00 22/11/2026" in text(clerk.get(url(thuong_xuan)))
    answered = text(clerk.get(url(thuong_xuan) + "?state=answered"))
    assert "Báo in vậy" in answered
    assert clerk.post(here, posted).status_code == 409  # a second answer
    assert FindingAnswer.objects.count() == 1
    assert clerk.post(here, {"deed": "undo"}).status_code == 302
    assert Finding.objects.open().get() == finding


@pytest.mark.parametrize(
    "posted", [{"kind": ""}, {"kind": "corrected"}, {"kind": "nonsense"}, {"kind": "explained", "text": " "}]
)
def test_an_answer_that_says_nothing_is_refused(
    clerk: Client, thuong_xuan: Unit, finding: Finding, posted: dict[str, str]
) -> None:
    here = url(thuong_xuan, "finding_answer", finding.uuid)
    answer = clerk.post(here, {"deed": "answer", "text": "đã gõ", **posted})
    assert answer.status_code == 422
    assert posted.get("text", "đã gõ") in text(answer)
    assert not FindingAnswer.objects.exists()


def test_correcting_the_figure_closes_it(
    clerk: Client, thuong_xuan: Unit, finding: Finding, actor: Actor, at: datetime
) -> None:
    from bakhong.indicators.actions import FigureEntry, correct_figure

    figure = finding.figures.get()
    entry = FigureEntry(figure.indicator, 2660, 3789, figure.percent, 1, population=figure.population)
    correct_figure(figure=figure, entry=entry, reason="Gõ nhầm", by=actor, at=at)
    assert "Không có chỗ nào chưa khớp" in text(clerk.get(url(thuong_xuan)))
    assert Figure.objects.count() == 2


def test_the_province_sees_the_commune_s(enter: Enter, thanh_hoa: Unit, finding: Finding) -> None:
    viewer = enter("province_viewer", thanh_hoa)
    page = text(viewer.get(url(thanh_hoa)))
    assert "70,04%" in page
    assert "Ghi câu trả lời" not in page
    here = url(thanh_hoa, "finding_answer", finding.uuid)
    assert viewer.post(here, {"deed": "answer", "kind": "as_printed"}).status_code == 403
    assert not FindingAnswer.objects.exists()


def test_another_commune_s_is_as_if_it_were_not(enter: Enter, other_commune: Unit, finding: Finding) -> None:
    neighbour = enter("dx_secretary", other_commune)
    assert "70,04%" not in text(neighbour.get(url(other_commune)))
    assert neighbour.get(url(finding.unit)).status_code == 404
    here = url(other_commune, "finding_answer", finding.uuid)
    assert neighbour.post(here, {"deed": "answer", "kind": "as_printed"}).status_code == 404
    assert neighbour.post(here.replace(str(finding.uuid), str(uuid.uuid4()))).status_code == 404


def test_filters_keep_what_was_asked(clerk: Client, thuong_xuan: Unit, finding: Finding) -> None:
    assert "70,04%" in text(clerk.get(url(thuong_xuan) + "?severity=error&code=percent_mismatch"))
    assert "Không có chỗ nào thuộc loại này" in text(clerk.get(url(thuong_xuan) + "?severity=warning"))
    assert clerk.get(url(thuong_xuan) + "?state=x&code=<script>&page=999").status_code == 200


def test_the_list_as_a_workbook(clerk: Client, thuong_xuan: Unit, finding: Finding) -> None:
    answer = clerk.get(url(thuong_xuan, "findings_xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert any("70,04%" in str(cell) for cell in cells)


def test_with_nothing_stored_it_says_the_first_step(clerk: Client, thuong_xuan: Unit) -> None:
    page = text(clerk.get(url(thuong_xuan)))
    assert "Bước đầu: đọc một báo cáo" in page


def test_the_bar_counts_what_waits(clerk: Client, thuong_xuan: Unit, finding: Finding) -> None:
    assert "Rà soát số liệu (1)" in text(clerk.get(url(thuong_xuan)))


def test_prose_is_what_the_tests_think() -> None:
    assert PROSE.count("%") == 3
