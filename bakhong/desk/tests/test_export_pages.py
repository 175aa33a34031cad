import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from django.test import Client

from bakhong.audit.models import Event
from bakhong.desk.tests.figures import put
from bakhong.desk.tests.test_dashboard_pages import url, words
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on

pytestmark = pytest.mark.django_db
Enter = Callable[[str, Unit], Client]


def body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def figures_on(response: object) -> list[str]:
    """Every figure of the dashboard as it is written there."""
    from bakhong.ui.figures import figure_text

    groups = response.context["groups"]  # type: ignore[attr-defined]
    return [figure_text(line.figure) for _head, rows in groups for each in rows for line in each.lines]


@pytest.fixture
def told(thuong_xuan: Unit) -> Unit:
    """A commune with figures of its own and of a former commune."""
    ngoc_phung = unit_on("15655", date(2025, 5, 6))
    assert ngoc_phung is not None
    put(thuong_xuan, 4795, 5205)
    put(
        thuong_xuan,
        2660,
        3798,
        indicator="basic_security_software",
        stage="",
        population="smartphone_subscriptions",
        percent=Decimal("70.2"),
    )
    put(ngoc_phung, 4575, 5648, date(2025, 5, 6), indicator="payment_account", population="aged_15_up")
    return thuong_xuan


def test_letter_and_dashboard_say_the_same(enter: Enter, told: Unit) -> None:
    chair = enter("chair", told)
    shown = figures_on(chair.get(url(told)))
    assert len(shown) == 3
    response = chair.post(url(told, "export/"), {"form": "docx"})
    letter = docx.Document(io.BytesIO(body(response)))
    cells = {cell.text for table in letter.tables for row in table.rows for cell in row.cells}
    assert set(shown) <= cells
    page = words(chair.get(url(told)))
    assert all(figure in page for figure in shown)
    # A figure that is not on the dashboard is in no cell either.
    assert not any("4.796" in cell for cell in cells)


def test_workbook_and_csv_hold_the_same_counts(enter: Enter, told: Unit) -> None:
    chair = enter("chair", told)
    workbook = openpyxl.load_workbook(io.BytesIO(body(chair.post(url(told, "export/"), {"form": "xlsx"}))))
    pairs = {(row[5].value, row[6].value) for row in workbook.active.iter_rows()}
    assert {(4795, 5205), (2660, 3798), (4575, 5648)} <= pairs
    text = body(chair.post(url(told, "export/"), {"form": "csv"})).decode("utf-8-sig")
    assert ";4795;5205;92,1;" in text


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
    ],
)
def test_a_file_has_its_kind_and_a_readable_name(
    enter: Enter, told: Unit, form: str, content_type: str
) -> None:
    response = enter("chair", told).post(url(told, "export/?on=31/10/2026"), {"form": form})
    assert response["Content-Type"] == content_type
    name = unquote(response["Content-Disposition"])
    assert name == f"attachment; filename*=utf-8''Báo cáo nhanh 3 không - Xã Thường Xuân - 2026-10-31.{form}"


def test_the_dashboard_gives_the_letter_in_one_press(enter: Enter, told: Unit) -> None:
    page = enter("chair", told).get(url(told, "?on=31/10/2026")).content.decode()
    assert f'method="post" action="{url(told, "export/")}?on=31%2F10%2F2026"' in page
    assert 'name="form" value="docx"' in page.replace('value="docx" name="form"', 'name="form" value="docx"')


def test_the_page_shows_beforehand_what_the_report_will_say(enter: Enter, told: Unit) -> None:
    chair = enter("chair", told)
    seen = words(chair.get(url(told, "export/")))
    assert all(figure in seen for figure in figures_on(chair.get(url(told))))
    assert "3/48 chỉ tiêu" in seen


def test_each_download_leaves_one_trace(enter: Enter, told: Unit) -> None:
    chair = enter("chair", told)
    chair.get(url(told, "export/"))
    assert not Event.objects.filter(deed="desk.export").exists()
    chair.post(url(told, "export/?on=31/10/2026&boundaries=01/07/2025"), {"form": "docx"})
    (event,) = Event.objects.filter(deed="desk.export")
    assert (event.object_id, event.details) == (
        str(told.uuid),
        {"what": "quick_report", "form": "docx", "on": "2026-10-31", "boundaries": "2025-07-01"},
    )


def test_who_may_not_export_gets_nothing(enter: Enter, told: Unit, other_commune: Unit) -> None:
    member = enter("mass_organisation", told)
    assert member.get(url(told, "export/")).status_code == 403
    assert member.post(url(told, "export/"), {"form": "docx"}).status_code == 403
    assert "export/" not in member.get(url(told)).content.decode()
    stranger = enter("chair", other_commune)
    assert stranger.post(url(told, "export/"), {"form": "docx"}).status_code == 404
    assert not Event.objects.filter(deed="desk.export").exists()


@pytest.mark.parametrize(
    ("query", "form", "status"),
    [("", "exe", 404), ("", "", 404), ("?on=31/02/2025", "docx", 400), ("?on=%00", "csv", 400)],
)
def test_a_strange_wish_is_refused_plainly(
    enter: Enter, told: Unit, query: str, form: str, status: int
) -> None:
    response = enter("chair", told).post(url(told, f"export/{query}"), {"form": form})
    assert response.status_code == status
    assert not Event.objects.filter(deed="desk.export").exists()


def test_an_empty_report_is_still_a_report(enter: Enter, other_commune: Unit) -> None:
    chair = enter("chair", other_commune)
    assert "chưa có số liệu nào" in words(chair.get(url(other_commune, "export/")))
    response = chair.post(url(other_commune, "export/"), {"form": "docx"})
    letter = docx.Document(io.BytesIO(body(response)))
    assert any("0/48 chỉ tiêu" in paragraph.text for paragraph in letter.paragraphs)


def test_a_percentage_that_cannot_be_summed_stands_under_its_former_unit(enter: Enter, told: Unit) -> None:
    ngoc_phung = unit_on("15655", date(2025, 5, 6))
    assert ngoc_phung is not None
    put(
        ngoc_phung,
        None,
        None,
        date(2025, 5, 6),
        indicator="personal_signature",
        stage="issued",
        population="residents",
        percent=Decimal("53.7"),
    )
    chair = enter("chair", told)
    letter = docx.Document(io.BytesIO(body(chair.post(url(told, "export/"), {"form": "docx"}))))
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    assert any(cell.startswith("Xã Ngọc Phụng 53,7%") for cell in cells)
    assert not any("chưa có số liệu" in cell for cell in cells)
    rows = body(chair.post(url(told, "export/"), {"form": "csv"})).decode("utf-8-sig")
    assert any("53,7" in line and "Xã Ngọc Phụng" in line for line in rows.splitlines())
