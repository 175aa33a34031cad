"""Administrative documents as .docx in the layout of Decree 30/2020/NĐ-CP, Annex I.

A4; margins 20 mm top and bottom, 30 left, 20 right; Times New Roman 14, justified, first line 1.27 cm; the page number
centred in the top margin from page 2 on. Layout lives in styles; texts of users are only ever text, never field codes.
"""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from bakhong.documents.rules.characters import clean, one_line

from . import docx_xml as xml
from .letter import Block, Grid, Heading, Items, Letter, Paragraph, Run, place_and_day

_FONT = "Times New Roman"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
_PORTRAIT_MM = 160.0  # width between the margins
_LANDSCAPE_MM = 247.0
_LEFT_SHARE = 0.4  # of the head, for the agency: the country's name must fit on one line of the rest
# A fixed moment: the same letter gives the same bytes.
_CREATED = datetime(2020, 3, 5)  # noqa: DTZ001 - python-docx wants a naive UTC moment

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def docx_bytes(letter: Letter) -> bytes:
    """The document as a .docx file."""
    document = docx.Document()
    _set_page(document, letter.is_landscape)
    _set_styles(document)
    _set_properties(document, letter)
    width = _LANDSCAPE_MM if letter.is_landscape else _PORTRAIT_MM
    _add_head(document, letter, width)
    _add_title(document, letter)
    for block in letter.blocks:
        _add_block(document, block, width)
    _add_foot(document, letter, width)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_page(document: Document, is_landscape: bool) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    xml.add_page_number(number)


def _set_styles(document: Document) -> None:
    normal = _style(document, "Normal")
    xml.set_font(normal, _FONT, 14)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    body = _style(document, "Body Text")
    xml.set_font(body, _FONT, 14)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.first_line_indent = Mm(12.7)
    body.paragraph_format.space_before, body.paragraph_format.space_after = Pt(0), Pt(6)
    body.paragraph_format.line_spacing = 1.15
    for level in (1, 2, 3):
        heading = _style(document, f"Heading {level}")
        xml.set_font(heading, _FONT, 14)
        heading.font.bold, heading.font.italic = True, level == 3
        heading.paragraph_format.first_line_indent = Mm(12.7)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(6), Pt(6)
        heading.paragraph_format.keep_with_next = True
    title = _style(document, "Title")
    xml.set_font(title, _FONT, 14)
    xml.drop_borders(title)
    title.font.bold = True
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(12), Pt(0)
    caption = _style(document, "Caption")
    xml.set_font(caption, _FONT, 13)
    caption.font.bold, caption.font.italic = False, True
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(3)
    caption.paragraph_format.keep_with_next = True


def _style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _set_properties(document: Document, letter: Letter) -> None:
    properties = document.core_properties
    properties.title = one_line(f"{letter.type_name} {letter.subject}")[:255]
    properties.author = one_line(" ".join(letter.agency))[:255]
    properties.language = "vi-VN"
    properties.comments = ""
    properties.created = properties.modified = _CREATED


def _add_head(document: Document, letter: Letter, width: float) -> None:
    """Agency and number on the left, country, motto, place and day on the right."""
    table = xml.add_layout_table(document, rows=1, widths=(width * _LEFT_SHARE, width * (1 - _LEFT_SHARE)))
    left, right = table.rows[0].cells
    for line in letter.parent:
        _add_centred(left, line.upper(), size=12)
    for line in letter.agency:
        _add_centred(left, line.upper(), size=12, is_bold=True)
    xml.add_rule(left.add_paragraph(), width=width * _LEFT_SHARE, share=0.4)
    _add_centred(left, f"Số: {letter.number or '       '}/{letter.notation}", size=13)
    _add_centred(right, COUNTRY, size=12, is_bold=True)
    _add_centred(right, MOTTO, size=13, is_bold=True)
    xml.add_rule(right.add_paragraph(), width=width * (1 - _LEFT_SHARE), share=0.61 * _PORTRAIT_MM / width)
    _add_centred(right, place_and_day(letter.place, letter.day, letter.year), size=13, is_italic=True)
    for cell in (left, right):
        xml.remove(cell.paragraphs[0])


def _add_centred(
    cell: _Cell, text: str, *, size: int, is_bold: bool = False, is_italic: bool = False
) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_run(paragraph, Run(text, is_bold, is_italic), size)


def _add_run(paragraph: DocxParagraph, run: Run, size: int | None = None) -> None:
    made = paragraph.add_run(clean(run.text).replace("\n", " "))
    made.bold, made.italic = run.is_bold or None, run.is_italic or None
    if size:
        made.font.size = Pt(size)


def _add_title(document: Document, letter: Letter) -> None:
    document.add_paragraph(one_line(letter.type_name).upper(), style="Title")
    subject = document.add_paragraph()
    subject.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_run(subject, Run(one_line(letter.subject), is_bold=True))
    rule = document.add_paragraph()
    xml.add_rule(rule, width=_LANDSCAPE_MM if letter.is_landscape else _PORTRAIT_MM, share=0.3)
    rule.paragraph_format.space_after = Pt(10)
    for index, addressee in enumerate(letter.addressees):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(6)
        _add_run(paragraph, Run(addressee if index else f"Kính gửi: {addressee}"))


def _add_block(document: Document, block: Block, width: float) -> None:
    if isinstance(block, Heading):
        document.add_paragraph(one_line(block.text), style=f"Heading {min(max(block.level, 1), 3)}")
    elif isinstance(block, Items):
        for item in block.items:
            document.add_paragraph(f"- {one_line(item)}", style="Body Text")
    elif isinstance(block, Grid):
        _add_grid(document, block, width)
    else:
        _add_paragraphs(document, block)


def _add_paragraphs(document: Document, block: Paragraph) -> None:
    if isinstance(block.content, str):
        for line in clean(block.content).split("\n"):
            document.add_paragraph(line.strip(), style="Body Text")
        return
    paragraph = document.add_paragraph(style="Body Text")
    for run in block.content:
        _add_run(paragraph, run)


def _add_grid(document: Document, grid: Grid, width: float) -> None:
    """Raises: ValueError when a row is not as long as the header."""
    if grid.caption:
        document.add_paragraph(one_line(grid.caption), style="Caption")
    shares = list(grid.widths) or [1.0] * len(grid.header)
    widths = [width * share / sum(shares) for share in shares]
    table = xml.add_data_table(document, widths, summary=one_line(grid.caption))
    xml.mark_header(table.rows[0])
    _fill_row(table.rows[0].cells, grid.header, ["center"] * len(widths), is_bold=True)
    aligns = list(grid.aligns) or ["left"] * len(widths)
    first_total = len(grid.rows) - grid.total_rows
    for index, row in enumerate(grid.rows):
        made = xml.add_row(table)
        xml.keep_whole(made)
        _fill_row(made.cells, row, aligns, is_bold=index >= first_total)
    note = document.add_paragraph()
    note.paragraph_format.space_after = Pt(6)
    _add_run(note, Run(grid.note, is_italic=True), 12)


def _fill_row(cells: Sequence[_Cell], texts: Sequence[str], aligns: Sequence[str], *, is_bold: bool) -> None:
    for cell, text, align in zip(cells, texts, aligns, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _ALIGN[align]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        _add_run(paragraph, Run(one_line(text), is_bold), 12)


def _add_foot(document: Document, letter: Letter, width: float) -> None:
    """Recipients on the left, signature on the right, never apart from each other."""
    table = xml.add_layout_table(document, rows=1, widths=(width * 0.5, width * 0.5))
    xml.keep_whole(table.rows[0])
    left, right = table.rows[0].cells
    left.paragraphs[0].paragraph_format.space_before = Pt(12)
    _add_run(left.paragraphs[0], Run("Nơi nhận:", is_bold=True, is_italic=True), 12)
    for index, recipient in enumerate(letter.recipients, start=1):
        end = "." if index == len(letter.recipients) else ";"
        _add_run(left.add_paragraph(), Run(f"- {one_line(recipient).rstrip('.;')}{end}"), 11)
    right.paragraphs[0].paragraph_format.line_spacing = Pt(12)
    for line in letter.signer.lines:
        _add_centred(right, one_line(line).upper(), size=14, is_bold=True)
    for _ in range(5):  # room for the signature and the seal
        right.add_paragraph()
    _add_centred(right, one_line(letter.signer.name), size=14, is_bold=True)
