"""A letter has the layout of Decree 30/2020/NĐ-CP and nothing but text from its users."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Read

from bakhong.documents.reading import extract
from bakhong.documents.tests.test_csv import HOSTILE
from bakhong.documents.writing.docx import COUNTRY, MOTTO, docx_bytes
from bakhong.documents.writing.letter import Grid, Heading, Items, Letter, Paragraph, Run, Signer

TABLE = Grid(
    ["TT", "Thôn", "Tỷ lệ"],
    [["1", "Thôn 1", "92,1%"], ["", "Toàn xã", "92,1%"]],
    caption="Bảng 1. Kết quả theo thôn",
    aligns=["center", "left", "right"],
    total_rows=1,
)
LETTER = Letter(
    parent=["UBND tỉnh Thanh Hóa"],
    agency=["Ủy ban nhân dân", "xã Ngọc Phụng"],
    notation="BC-UBND",
    place="Ngọc Phụng",
    day=date(2025, 5, 6),
    type_name="Báo cáo nhanh",
    subject="Kết quả thực hiện mô hình “3 không”",
    blocks=[Heading("I. KẾT QUẢ"), Paragraph("Đạt 92,1%."), Items(["một", "hai"]), TABLE],
    signer=Signer(["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"], "Nguyễn Văn A"),
    recipients=["UBND tỉnh", "Lưu: VT, VHXH"],
)


def opened(letter: Letter = LETTER) -> Document:
    return docx.Document(io.BytesIO(docx_bytes(letter)))


def xml_of(letter: Letter, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(docx_bytes(letter))) as archive:
        return archive.read(part).decode()


def find(document: Document, text: str) -> Read:
    cells = (cell for table in document.tables for row in table.rows for cell in row.cells)
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return next(paragraph for paragraph in paragraphs if paragraph.text == text)


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    section = opened().sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    sides = (section.left_margin, section.right_margin)
    assert [round(size.mm) for size in (*sizes, *sides) if size] == [210, 297, 20, 20, 30, 20]
    wide = opened(replace(LETTER, is_landscape=True)).sections[0]
    assert [round(size.mm) for size in (wide.page_width, wide.page_height) if size] == [297, 210]


def test_the_page_number_stands_in_the_top_margin_from_page_two_on() -> None:
    section = opened().sections[0]
    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number._p.xpath(".//w:instrText")[0].text == "PAGE"
    assert number.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.CENTER
    assert section.first_page_header.paragraphs[0].text == ""
    assert not section.footer.paragraphs[0].text


def test_the_head_names_agency_country_number_place_and_day() -> None:
    left, right = opened().tables[0].rows[0].cells
    assert [line for line in left.text.split("\n") if line] == [
        "UBND TỈNH THANH HÓA", "ỦY BAN NHÂN DÂN", "XÃ NGỌC PHỤNG", "Số:        /BC-UBND",
    ]  # fmt: skip
    assert [line for line in right.text.split("\n") if line] == [
        COUNTRY, MOTTO, "Ngọc Phụng, ngày 06 tháng 5 năm 2025",
    ]  # fmt: skip
    document = opened()
    weights = [
        find(document, text).runs[0].bold for text in ("UBND TỈNH THANH HÓA", "XÃ NGỌC PHỤNG", COUNTRY, MOTTO)
    ]
    assert weights == [None, True, True, True]
    assert find(document, "Ngọc Phụng, ngày 06 tháng 5 năm 2025").runs[0].italic


def test_the_number_is_printed_when_it_is_known() -> None:
    assert "Số: 12/BC-UBND" in opened(replace(LETTER, number="12")).tables[0].rows[0].cells[0].text


def test_everything_is_black_times_new_roman_in_vietnamese() -> None:
    document = opened()
    for name in ("Normal", "Body Text", "Heading 1", "Heading 2", "Heading 3", "Title", "Caption"):
        style = document.styles[name]
        fonts = style.element.rPr.find(qn("w:rFonts"))
        assert set(fonts.attrib.values()) == {"Times New Roman"}, name
        assert str(style.font.color.rgb) == "000000"
        assert style.element.rPr.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
        assert 13 <= style.font.size.pt <= 14
    body = document.styles["Body Text"].paragraph_format
    assert 10 <= round(body.first_line_indent.mm, 1) <= 12.7
    assert body.space_after.pt >= 6
    assert 1 <= body.line_spacing <= 1.5


def test_sections_are_real_headings_and_the_title_is_a_title() -> None:
    document = opened()
    assert find(document, "I. KẾT QUẢ").style.name == "Heading 1"
    assert find(document, "BÁO CÁO NHANH").style.name == "Title"
    assert document.core_properties.title == "Báo cáo nhanh Kết quả thực hiện mô hình “3 không”"
    assert document.core_properties.language == "vi-VN"


def test_a_table_repeats_its_header_and_never_splits_a_row() -> None:
    table = opened().tables[1]
    assert [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows] == [True, False, False]
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
    assert table._tbl.xpath("./w:tblPr/w:tblCaption/@w:val") == ["Bảng 1. Kết quả theo thôn"]
    assert [cell.paragraphs[0].runs[0].bold for cell in table.rows[2].cells[1:]] == [True, True]
    assert [cell.paragraphs[0].runs[0].bold for cell in table.rows[1].cells] == [None] * 3


def test_the_foot_has_recipients_and_signature() -> None:
    document = opened()
    left, right = document.tables[-1].rows[0].cells
    assert left.text == "Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT, VHXH."
    assert [line for line in right.text.split("\n") if line] == [
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Văn A",
    ]  # fmt: skip
    first, second = find(document, "Nơi nhận:").runs[0], find(document, "- UBND tỉnh;").runs[0]
    assert (first.font.size.pt, first.bold, first.italic, second.font.size.pt) == (12, True, True, 11)


@pytest.mark.parametrize("text", [*HOSTILE, "{ PAGE }", "<w:fldSimple/>", "]]>", "a\x00\x0bb\ud800"])
def test_the_text_of_a_user_stays_text(text: str) -> None:
    hostile = replace(
        LETTER,
        subject=text,
        agency=[text],
        blocks=[
            Paragraph(text),
            Paragraph([Run(text, is_bold=True)]),
            Heading(text),
            Items([text]),
            Grid([text], [[text]]),
        ],
        recipients=[text],
        signer=Signer([text], text),
    )
    source = xml_of(hostile)
    assert "w:instrText" not in source
    assert "w:fldSimple " not in source
    assert "w:fldChar" not in source
    assert extract(docx_bytes(hostile), filename="a.docx").kind == "docx"


def test_our_own_reader_finds_the_figures_again() -> None:
    result = extract(docx_bytes(LETTER), filename="a.docx")
    assert result.tables[1].cells == [list(TABLE.header), *map(list, TABLE.rows)]
    assert result.tables[1].name == TABLE.caption
    assert "Đạt 92,1%." in result.text


def test_the_same_letter_gives_the_same_text_twice() -> None:
    assert xml_of(LETTER) == xml_of(LETTER)
    assert xml_of(LETTER, "docProps/core.xml") == xml_of(LETTER, "docProps/core.xml")


def test_a_row_of_the_wrong_length_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="argument"):
        docx_bytes(replace(LETTER, blocks=[Grid(["a", "b"], [["1"]])]))
