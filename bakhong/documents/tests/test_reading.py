"""Good files of every kind say what they say."""

import io
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from bakhong.documents.reading import extract
from bakhong.documents.tests import files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_it_reads_plain_text_in_the_encodings_of_commune_offices(encoding: str) -> None:
    source = _windows_1258(files.SENTENCE) if encoding == "cp1258" else files.SENTENCE.encode(encoding)
    result = extract(source, filename="a.txt")
    assert (result.kind, result.text, result.warnings) == ("text", files.SENTENCE, [])


def _windows_1258(text: str) -> bytes:
    """As Windows writes it: letters with their hats composed, the tone after them."""
    out = ""
    for char in text:
        letter, *marks = unicodedata.normalize("NFD", char)
        hats = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
        out += unicodedata.normalize("NFC", letter + "".join(hats)) + "".join(
            mark for mark in marks if mark not in hats
        )
    return out.encode("cp1258")


def test_it_gives_composed_text_and_plain_line_ends() -> None:
    source = unicodedata.normalize("NFD", files.SENTENCE) + "\r\nDòng 2\u200b"
    assert extract(source.encode(), filename="a.txt").text == files.SENTENCE + "\nDòng 2"


def test_it_reads_from_a_path_and_from_an_open_file(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(files.docx_file(files.SENTENCE))
    with path.open("rb") as file:
        assert (
            extract(path, filename="a.docx")
            == extract(str(path), filename="a.docx")
            == extract(file, filename="a.docx")
        )
    assert extract(io.BytesIO(path.read_bytes()), filename="a.docx").text == files.SENTENCE


def test_it_reads_paragraphs_and_tables_of_a_word_file_in_order() -> None:
    source = files.docx_file("Bảng số liệu", table=[["Thôn", "Số hộ"], ["Thôn 1", "1.234"], ["", "5"]])
    result = extract(source, filename="a.docx")
    assert result.kind == "docx"
    assert result.text == "Bảng số liệu\nThôn\tSố hộ\nThôn 1\t1.234\n\t5"
    (table,) = result.tables
    assert (table.name, table.cells) == ("Bảng số liệu", [["Thôn", "Số hộ"], ["Thôn 1", "1.234"], ["", "5"]])
    assert result.text[slice(*table.span(result.text, 1, 1))] == "1.234"
    assert table.ref(1, 1) == "Bảng 1, dòng 2, cột 2"


def test_it_reads_merged_cells_of_a_word_table_once() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "ngang"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "dọc"
    stream = io.BytesIO()
    document.save(stream)
    (read,) = extract(stream.getvalue(), filename="a.docx").tables
    assert read.cells == [["ngang", None, ""], ["", "", "dọc"], ["", "", None]]
    assert read.merged == [(0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<w:p><w:ins><w:r><w:t>thêm</w:t></w:r></w:ins><w:del><w:r><w:delText>bỏ</w:delText></w:r></w:del></w:p>",
            "thêm",
        ),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>ô điền</w:t></w:r></w:p></w:sdtContent></w:sdt>", "ô điền"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>1</w:t></w:r></w:p>", "1"),
        (
            "<w:p><w:r><w:t>ngoài</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:txbxContent>"
            "</w:pict></w:r></w:p>",
            "ngoài\ntrong",
        ),
    ],
)
def test_it_reads_what_word_shows(body: str, text: str) -> None:
    assert extract(files.docx_of(body), filename="a.docx").text == text


def test_it_reads_a_body_under_the_name_that_word_on_the_web_gives_it() -> None:
    source = files.docx_of("<w:p><w:r><w:t>chữ</w:t></w:r></w:p>")
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        body = archive.read("word/document.xml")
    renamed = files.zip_file({"[Content_Types].xml": "<Types/>", "word/document2.xml": body})
    assert extract(renamed, filename="a.docx").text == "chữ"


def test_it_reads_the_values_of_a_workbook() -> None:
    rows: list[list[object]] = [
        ["Thôn", "Số hộ", "Ngày", "Lúc"],
        ["Thôn 1", 4795, date(2025, 5, 6), datetime.fromisoformat("2025-05-06T07:30")],
        ["Thôn 2", 92.5, None, True],
    ]
    result = extract(files.xlsx_file(**{"Xã A": rows, "trống": []}), filename="a.xlsx")
    table, empty = result.tables
    assert table.cells == [*rows[:2], ["Thôn 2", 92.5, None, "TRUE"]]
    assert isinstance(table.cells[1][1], int)
    assert empty.cells == []
    assert result.text.startswith(
        "Thôn\tSố hộ\tNgày\tLúc\nThôn 1\t4795\t06/05/2025\t06/05/2025 07:30\nThôn 2\t92,5\t\tTRUE"
    )
    assert (table.name, table.ref(1, 1)) == ("Xã A", "Xã A!B2")
    assert result.text[slice(*table.span(result.text, 2, 1))] == "92,5"


def test_it_places_cells_where_they_stand_in_the_sheet() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["C3"] = 7
    (table,) = extract(files.saved(book), filename="a.xlsx").tables
    assert table.cells == [[None] * 3, [None] * 3, [None, None, 7]]


def test_it_shows_percent_cells_as_a_person_sees_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for column, (value, shape) in enumerate(
        [(0.9213, "0.0%"), (0.5, "0%"), (0.7004, "0.00%"), (92.1, '0.0"%"')], 1
    ):
        sheet.cell(1, column, value).number_format = shape
    result = extract(files.saved(book), filename="a.xlsx")
    assert result.text == "92,1%\t50%\t70,04%\t92,1"
    assert result.tables[0].percents == {(0, 0): 1, (0, 1): 0, (0, 2): 2}


def test_it_tells_what_a_workbook_hides() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Thôn 1"
    sheet["A1"], sheet["A2"], sheet["B3"] = 1, "=A1+1", 3
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A5:B6")
    sheet["A5"] = "gộp"
    other = book.create_sheet("kín")
    other.sheet_state = "veryHidden"
    other["A1"] = 2
    result = extract(files.saved(book), filename="a.xlsx")
    first, second = result.tables
    assert (first.is_hidden, second.is_hidden) == (False, True)
    assert (first.hidden_rows, first.hidden_columns) == ({1}, {1})
    assert first.merged == [(4, 0, 5, 1)]
    assert len(result.warnings) == 3
    assert any("công thức chưa có kết quả" in sentence for sentence in result.warnings)
    assert extract(files.xlsx_file(a=[[1]]), filename="a.xlsx").warnings == []


def test_it_reads_a_macro_workbook_and_says_so() -> None:
    source = files.replaced(files.xlsx_file(a=[[1]]), "xl/vbaProject.bin", b"\xd0\xcf")
    result = extract(source, filename="a.xlsm")
    assert result.tables[0].cells == [[1]]
    assert ["macro" in sentence for sentence in result.warnings] == [True]


def test_it_reads_the_text_of_a_pdf() -> None:
    result = extract(files.pdf_file(files.SENTENCE, "Trang hai"), filename="a.pdf")
    assert (result.kind, result.text, result.pages) == ("pdf", files.SENTENCE + "\nTrang hai", 2)
    assert result.signature is None


def test_it_names_the_scanned_pages_among_others() -> None:
    result = extract(files.pdf_file(files.SENTENCE, "", has_image=True), filename="a.pdf")
    assert result.text.strip() == files.SENTENCE
    assert ["ảnh quét" in sentence and ": 2" in sentence for sentence in result.warnings] == [True]


def test_it_reads_by_content_and_says_that_the_name_is_wrong() -> None:
    result = extract(files.pdf_file(files.SENTENCE), filename="BC.docx")
    assert result.kind == "pdf"
    assert result.warnings == ["Tên tệp kết thúc bằng .docx nhưng nội dung là PDF; đã đọc theo nội dung."]
    assert extract(files.pdf_file(files.SENTENCE), filename="BC.PDF").warnings == []


def test_it_says_that_a_word_file_uses_fonts_from_before_unicode() -> None:
    body = '<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>X· A</w:t></w:r></w:p>'
    assert ["phông chữ cũ" in line for line in extract(files.docx_of(body), filename="a.docx").warnings] == [
        True
    ]


def test_many_long_sheets_are_read_whole() -> None:
    """What bounds a sheet must not be so rough that twenty of them together look like too much."""
    rows = [[number, "Nguyễn Văn A", 1990] for number in range(1200)]
    read = extract(
        files.xlsx_file(**{f"Thôn {number}": rows for number in range(30)}), filename="a.xlsx", is_grid=True
    )
    assert [len(table.cells) for table in read.tables] == [1200] * 30
    assert read.text == ""
