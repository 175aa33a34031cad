"""A list of residents in the browser: sent, looked through, taken in, taken back."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.models import Import, Person
from bakhong.people.tests import sheets
from bakhong.places.models import Unit

Enter = Callable[..., Client]
LIST = (
    "STT;Họ và tên;Ngày sinh;Số CCCD;Thôn;SĐT;Smartphone\n"
    "1;Lê Văn An;15/3/1990;038090012345;Thôn 1;912345678;x\n"
    "2;Trần Thị Bình;1985;;Thôn 1;;Đã KH\n"
    "3;Phạm Văn Cường;31/02/1980;038080012345;Thôn 1;;\n"
)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def send(client: Client, unit: Unit, data: bytes, name: str = "ds.csv", **more: str) -> Any:
    here = reverse("desk:people_import", args=[unit.uuid])
    return client.post(here, {"file": SimpleUploadedFile(name, data), **more})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def names() -> list[str]:
    with scope.seeing(OPERATOR):
        return sorted(Person.objects.filter(is_known=True).values_list("name", flat=True))


def test_a_list_is_looked_through_taken_in_and_taken_back(
    enter: Enter, thuong_xuan: Unit, app_role: str, data_folder: Path
) -> None:
    client = enter("dx_secretary", thuong_xuan)
    sent = send(client, thuong_xuan, LIST.encode(), as_of="06/05/2026")
    assert sent.status_code == 302
    page = text(client.get(sent.url))
    assert "C4" in page
    assert "31/02/1980" in page
    assert "Đã KH" in page
    assert "038090012345" not in page
    assert names() == []
    # nothing of the file lies open in the data folder
    assert all(
        "Lê Văn An".encode() not in path.read_bytes() for path in data_folder.rglob("*") if path.is_file()
    )

    chosen = {"as_of": "06/05/2026", "mark-0": "Đã KH", "means-0": "yes"}
    tried = client.post(sent.url, {**chosen, "deed": "check"})
    assert "2 người mới" in text(tried)
    assert 'value="yes" checked' in text(tried), "what was answered is still to be seen, and to be changed"
    assert "Đã KH” nghĩa là có hay không" in text(
        client.post(sent.url, {**chosen, "means-0": "", "deed": "check"})
    )
    assert names() == []

    done = client.post(sent.url, {**chosen, "deed": "import"}, follow=True)
    assert done.status_code == 200
    assert names() == ["Lê Văn An", "Trần Thị Bình"]
    with scope.seeing(OPERATOR):
        assert {each.device for each in Person.objects.all()} == {"smartphone"}
        batch = Import.objects.get()
    assert batch.counts["rejected"] == 1

    undone = client.post(reverse("desk:people_import_undo", args=[thuong_xuan.uuid, batch.uuid]), follow=True)
    assert "2 người không còn" in text(undone)
    assert names() == []


def test_a_mark_is_asked_once_for_all_columns(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    two = LIST.replace("Smartphone", "Smartphone;VNeID mức 2").replace("Đã KH", "Đã KH;Đã KH")
    page = text(client.get(send(client, thuong_xuan, two.encode()).url))
    assert page.count("“Đã KH” nghĩa là gì?") == 1
    assert "Cột VNeID mức 2: 1 ô" in page
    assert "Cột Smartphone: 1 ô" in page


def test_a_column_can_be_taken_for_something_else(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    sent = send(client, thuong_xuan, LIST.encode())
    client.post(sent.url, {"deed": "import", "field-0-5": "ignore"})
    assert names() == ["Lê Văn An", "Trần Thị Bình"]
    with scope.seeing(OPERATOR):
        assert not Person.objects.filter(phones__isnull=False).exists()


def test_rejected_rows_come_back_as_a_workbook_to_mend(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    sent = send(client, thuong_xuan, LIST.encode(), as_of="06/05/2026")
    found = re.search(r'href="([^"]+rejected\.xlsx)"', text(client.get(sent.url)))
    assert found
    book = b"".join(client.get(found[1]).streaming_content)  # type: ignore[attr-defined]
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    [mended] = [row for row in rows if "Phạm Văn Cường" in row]
    column = mended.index("31/02/1980") + 1
    sheet.cell(row=rows.index(mended) + 1, column=column, value="28/02/1980")
    out = io.BytesIO()
    sheet.parent.save(out)
    again = send(client, thuong_xuan, out.getvalue(), "sua.xlsx")
    client.post(again.url, {"deed": "import"})
    assert names() == ["Phạm Văn Cường"]


def test_another_clerk_does_not_see_the_file(enter: Enter, thuong_xuan: Unit) -> None:
    sent = send(enter("dx_secretary", thuong_xuan), thuong_xuan, LIST.encode())
    other = enter("specialist", thuong_xuan)
    assert other.get(sent.url).status_code == 404


def test_what_cannot_be_read_is_refused_in_a_sentence(enter: Enter, thuong_xuan: Unit) -> None:
    client = enter("dx_secretary", thuong_xuan)
    for data in (b"", b"a;b\n1;2\n", sheets.broken(0, sheets.workbook(1, sheets.population(1, 5)).data)):
        answer = send(client, thuong_xuan, data, "x.xlsx")
        assert answer.status_code == 422
        assert "govuk-error-summary" in text(answer)
    assert client.post(reverse("desk:people_import", args=[thuong_xuan.uuid]), {}).status_code == 422


def test_an_old_file_is_dropped(enter: Enter, thuong_xuan: Unit, data_folder: Path, at: datetime) -> None:
    import os

    client = enter("dx_secretary", thuong_xuan)
    first = send(client, thuong_xuan, LIST.encode())
    for path in (data_folder / "imports").iterdir():
        os.utime(path, (0, 0))
    send(client, thuong_xuan, LIST.encode())
    assert client.get(first.url).status_code == 404
