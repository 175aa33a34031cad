"""The grid of villages by indicators: typed, pasted, uploaded, checked, stored once."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.indicators.models import Figure, Report
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
EID = "eid_accounts/activated/adults"
PAY = "payment_account/activated/aged_15_up"
BY_THE_DAY = {"ask": [EID, PAY], "on": "31/10/2026"}


def text(answer: Any) -> str:
    return str(answer.content.decode())


def url(unit: Unit, name: str = "grid", *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi"), ("ban", "Vịn")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


@pytest.fixture
def clerk(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("dx_secretary", thuong_xuan)


def typed(cells: dict[tuple[Unit, int], tuple[Any, Any]], **more: Any) -> dict[str, Any]:
    """(village, column) → its two inputs, as a browser sends them."""
    posted: dict[str, Any] = {**BY_THE_DAY, "deed": "save", "client_key": new_uuid(), **more}
    for (village, column), (part, whole) in cells.items():
        posted |= {f"n-{village.uuid}-{column}": part, f"d-{village.uuid}-{column}": whole}
    return posted


def test_without_villages_it_leads_to_making_them(clerk: Client, thuong_xuan: Unit) -> None:
    page = text(clerk.get(url(thuong_xuan)))
    assert "xã chưa có thôn nào" in page
    assert reverse("desk:place_villages_new", args=[thuong_xuan.uuid]) in page


def test_a_grid_is_stored_with_its_totals(clerk: Client, thuong_xuan: Unit, villages: list[Unit]) -> None:
    posted = typed(
        {(villages[0], 0): ("120", "130"), (villages[1], 0): ("1.080", "1 200"), (villages[0], 1): (90, 150)}
    )
    answer = clerk.post(url(thuong_xuan), posted)
    report = Report.objects.get()
    assert answer.url == url(thuong_xuan, "grid_saved", report.uuid)
    assert sorted(Figure.objects.values_list("numerator", "denominator")) == [
        (90, 150),
        (120, 130),
        (1080, 1200),
    ]
    page = text(clerk.get(answer.url))
    assert "1.200/1.330" in page  # 120 + 1.080 of 130 + 1.200
    assert "90,2%" in page
    assert "2/2 đơn vị" in page
    assert clerk.post(url(thuong_xuan), posted).url == answer.url
    assert Figure.objects.count() == 3


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("abc", "130"), "không phải số nguyên"),
        (("12.5", "130"), "không phải số nguyên"),
        (("120", ""), "Thiếu tổng số"),
        (("", "130"), "Thiếu số đạt được"),
        (("0", "0"), "Tổng số phải lớn hơn 0"),
        (("140", "130"), "lớn hơn tổng số"),
    ],
)
def test_a_wrong_cell_stores_nothing_and_keeps_what_was_typed(
    clerk: Client, thuong_xuan: Unit, villages: list[Unit], pair: tuple[str, str], said: str
) -> None:
    answer = clerk.post(url(thuong_xuan), typed({(villages[0], 0): pair, (villages[1], 0): ("77", "99")}))
    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert 'value="77"' in page
    assert not Report.objects.exists()


def test_more_than_the_whole_passes_with_a_reason(
    clerk: Client, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    note = {f"note-{villages[0].uuid}": "Có người tạm trú ngoài danh sách"}
    assert clerk.post(url(thuong_xuan), typed({(villages[0], 0): (140, 130)}, **note)).status_code == 302
    assert Figure.objects.get().note == "Có người tạm trú ngoài danh sách"


def test_a_fall_needs_a_reason(clerk: Client, thuong_xuan: Unit, villages: list[Unit]) -> None:
    clerk.post(url(thuong_xuan), typed({(villages[0], 0): (120, 130)}, on="30/09/2026"))
    posted = typed({(villages[0], 0): (60, 130)})
    answer = clerk.post(url(thuong_xuan), posted)
    assert answer.status_code == 422
    assert "Giảm so với lần trước 120/130 (30/09/2026)" in text(answer)
    assert Figure.objects.count() == 1
    assert clerk.post(url(thuong_xuan), posted | {f"note-{villages[0].uuid}": "Đếm lại"}).status_code == 302


def test_lines_of_a_spreadsheet_are_pasted(clerk: Client, thuong_xuan: Unit, villages: list[Unit]) -> None:
    pasted = "Thôn Xuân Thành\t120\t130\t90\t150\nvin\t50\t60\nThôn Không Có\t1\t2\n"
    answer = clerk.post(url(thuong_xuan), typed({}, deed="paste", pasted=pasted))
    page = text(answer)
    assert 'value="120"' in page
    assert 'value="60"' in page
    assert "Không có đơn vị nào tên “Thôn Không Có”" in page
    assert not Report.objects.exists()


def test_the_template_goes_out_and_comes_back(clerk: Client, thuong_xuan: Unit, villages: list[Unit]) -> None:
    answer = clerk.get(url(thuong_xuan, "grid_template"), BY_THE_DAY)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.active
    first = next(row for row in range(1, 30) if sheet.cell(row, 2).value == "Bản Vịn")
    sheet.cell(first, 3).value, sheet.cell(first, 4).value = 50, 60
    sheet.cell(first + 1, 3).value = "nhiều"
    answer = _send(clerk, thuong_xuan, book)
    page = text(answer)
    assert f'id="n-{villages[2].uuid}-0" name="n-{villages[2].uuid}-0" value="50"' in page
    assert f"Ô {sheet.title}!C{first + 1} ghi “nhiều”" in page
    assert not Report.objects.exists()


def test_the_template_of_another_commune_is_refused(
    clerk: Client, enter: Enter, thuong_xuan: Unit, other_commune: Unit, villages: list[Unit]
) -> None:
    answer = clerk.get(url(thuong_xuan, "grid_template"), BY_THE_DAY)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    refused = _send(enter("dx_secretary", other_commune), other_commune, book)
    assert refused.status_code == 422
    assert "mẫu của một đơn vị khác" in text(refused)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing", b"ten,so\n1,2\n"])
def test_what_is_no_template_is_told(
    clerk: Client, thuong_xuan: Unit, villages: list[Unit], content: bytes
) -> None:
    file = SimpleUploadedFile("mau.xlsx", content)
    answer = clerk.post(url(thuong_xuan), {**BY_THE_DAY, "deed": "upload", "file": file})
    assert answer.status_code == 422
    assert "Cần xem lại" in text(answer)


def _send(client: Client, unit: Unit, book: openpyxl.Workbook) -> Any:
    file = io.BytesIO()
    book.save(file)
    sent = SimpleUploadedFile("mau.xlsx", file.getvalue())
    return client.post(url(unit), {**BY_THE_DAY, "deed": "upload", "file": sent})


@pytest.mark.parametrize(
    "query",
    [
        "?ask=nonsense",
        "?ask=eid_accounts/flying/adults",
        "?on=31/02/2026",
        "?on=01/01/2027",
        "?on=01/01/2020",
        "?" + "&".join(["ask=" + EID] * 7),
    ],
)
def test_a_question_that_cannot_be_answered_is_told(clerk: Client, thuong_xuan: Unit, query: str) -> None:
    assert 400 <= clerk.get(url(thuong_xuan) + query).status_code < 500


def test_other_columns_have_an_address_of_their_own(
    clerk: Client, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    posted = {
        "deed": "choose",
        "on": "31/10/2026",
        "ask-eid_accounts": "on",
        "stage-eid_accounts": "registered",
        "population-eid_accounts": "adults",
    }
    answer = clerk.post(url(thuong_xuan), posted)
    assert answer.url == url(thuong_xuan) + "?ask=eid_accounts%2Fregistered%2Fadults&on=31%2F10%2F2026"
    assert clerk.get(answer.url).status_code == 200


def test_who_may_only_look_stores_nothing(enter: Enter, thuong_xuan: Unit, villages: list[Unit]) -> None:
    client = enter("one_stop_officer", thuong_xuan)
    assert client.get(url(thuong_xuan)).status_code == 200
    assert client.post(url(thuong_xuan), typed({(villages[0], 0): (1, 2)})).status_code == 403
    assert not Report.objects.exists()


def test_a_province_has_its_communes_as_rows(enter: Enter, thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    client = enter("province_admin", thanh_hoa)
    page = text(client.get(url(thanh_hoa)))
    assert page.count('<th scope="row">') == 167  # 166 and the totals
    assert client.post(url(thanh_hoa), typed({(thuong_xuan, 0): (80, 100)})).status_code == 302
    assert Figure.objects.get().unit == thuong_xuan
