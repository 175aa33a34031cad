"""The parts of WordprocessingML that python-docx has no words for."""

from collections.abc import Sequence
from typing import cast

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """`element("w:shd", val="clear")` is `<w:shd w:val="clear"/>`."""
    made = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def remove(paragraph: Paragraph) -> None:
    """Takes a paragraph out of the document."""
    node = paragraph._p
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def set_font(style: ParagraphStyle, name: str, size: int) -> None:
    """Font, size, black and Vietnamese for every script; the theme's fonts would win over the name otherwise."""
    style.font.name, style.font.size = name, Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    assert fonts is not None
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val="vi-VN", eastAsia="vi-VN"))


def drop_borders(style: ParagraphStyle) -> None:
    """The built-in title has a line below it."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def add_page_number(paragraph: Paragraph) -> None:
    """The only field in our documents."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(14)
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            code = element("w:instrText")
            code.text = "PAGE"
            run._r.append(code)


def add_rule(paragraph: Paragraph, *, width: float, share: float) -> None:
    """A thin line over `share` of a column `width` mm wide, centred: the upper border of an empty paragraph."""
    indent = Mm(width * (1 - share) / 2)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = indent
    form.space_before, form.space_after = Pt(2), Pt(0)
    form.line_spacing = Pt(6)
    properties = paragraph._p.get_or_add_pPr()
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz="6", space="0", color="000000"))
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def add_layout_table(document: Document, *, rows: int, widths: Sequence[float]) -> Table:
    """A table without borders, to put things side by side; widths in mm."""
    table: Table = document.add_table(rows=rows, cols=len(widths))
    _set_widths(table, widths)
    return table


def add_data_table(document: Document, widths: Sequence[float], *, summary: str) -> Table:
    """A bordered table of one row; `summary` is what a screen reader says."""
    table: Table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    _set_widths(table, widths)
    if summary:
        table._tbl.tblPr.append(element("w:tblCaption", val=summary))
    return table


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    """Fixed widths, in the grid and in each cell: LibreOffice reads one, Word the other."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def add_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def mark_header(row: _Row) -> None:
    """Repeats the row on every page and tells screen readers that it names the columns."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    properties.append(element("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Never splits the row over two pages."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))
