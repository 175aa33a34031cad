"""Workbooks in which a text is always a text."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from bakhong.documents.reading import extract
from bakhong.documents.rules.characters import clean
from bakhong.documents.tests.test_csv import HOSTILE, KEPT
from bakhong.documents.writing.xlsx import MAX_CHARACTERS, Column, Sheet, Value, workbook


def written(*sheets: Sheet) -> bytes:
    with workbook(sheets, title="Tiêu đề") as file:
        return file.read()


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(*sheets)))


def column_of(texts: list[str]) -> Sheet:
    return Sheet("a", [Column("x")], ([text] for text in texts))


def test_no_hostile_text_becomes_a_formula_or_a_link() -> None:
    texts = [*HOSTILE, *KEPT, "https://example.vn", "mailto:a@b.vn", "internal:A1", "{=1}", "123"]
    source = written(column_of(texts))
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(source)).worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [clean(text) for text in texts]
    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), min_size=1))
def test_every_text_reads_back_as_it_was(texts: list[str]) -> None:
    cells = [
        row[0] for row in opened(column_of(texts)).worksheets[0].iter_rows(min_row=2, max_row=len(texts) + 1)
    ]
    assert [cell.value or "" for cell in cells] == [clean(text) for text in texts]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_our_own_reader_gets_back_what_was_written() -> None:
    columns = [
        Column("Thôn"),
        Column("Số", "int"),
        Column("Tỷ lệ", "percent"),
        Column("Ngày", "day"),
        Column("Tiền", "money"),
    ]
    rows: list[list[Value]] = [
        ["=1", 4795, Decimal("92.1"), date(2025, 5, 6), 1_000_000],
        ["_x0041_", None, Decimal(81), None, 0],
    ]
    sheet = Sheet("Xã A", columns, rows, titles=["Bảng", "số liệu"])
    result = extract(written(sheet), filename="a.xlsx")
    assert result.text.split("\n")[-2:] == ["=1\t4795\t92,1%\t06/05/2025\t1000000", "_x0041_\t\t81%\t\t0"]
    assert result.tables[0].cells[4] == ["=1", 4795, 0.921, date(2025, 5, 6), 1_000_000]
    assert result.warnings == []


def test_it_prints_on_a4_with_its_header_on_every_page() -> None:
    columns = [Column("Đơn vị"), Column("Tỷ lệ", "percent"), Column("Lúc", "moment")]
    rows: list[list[Value]] = [["Xã A", Decimal("70.04"), datetime(2025, 5, 6, 17, 30, tzinfo=UTC)]]
    page = opened(Sheet("a", columns, rows, titles=["Bảng"], is_landscape=True)).worksheets[0]
    assert (int(page.page_setup.paperSize), page.page_setup.orientation) == (9, "landscape")
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "A4"
    assert page["A3"].value == "Đơn vị"
    assert page["B4"].number_format == "0.00%"
    assert page["C4"].value == datetime.fromisoformat("2025-05-07T00:30")


def test_it_cuts_what_excel_would_refuse() -> None:
    cell = opened(column_of(["x" * 40_000])).worksheets[0]["A2"]
    assert len(cell.value) == MAX_CHARACTERS
    assert cell.value.endswith("…")


def test_it_gives_every_sheet_a_name_that_excel_accepts() -> None:
    names = ["Xã A/B: [1]*?", "xã a-b- -1---", "", "'", "x" * 40, "x" * 40, "History"]
    made = opened(*[Sheet(name, [Column("x")], []) for name in names]).sheetnames
    assert len({name.lower() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 for name in made)


def test_it_leaves_blank_what_is_no_number() -> None:
    rows: list[list[Value]] = [[float("nan")], [float("inf")], [Decimal("NaN")]]
    page = opened(Sheet("a", [Column("x", "decimal")], rows)).worksheets[0]
    assert [page.cell(row, 1).value for row in (2, 3, 4)] == [None] * 3
