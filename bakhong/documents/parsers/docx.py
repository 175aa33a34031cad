"""Text and tables of a Word file, in document order.

Our own walk over the XML instead of python-docx: it starts ten times faster (20 ms), needs half the memory,
parses with entities forbidden, and reads what python-docx leaves out (insertions not yet accepted, content
controls, text boxes). Names are compared without their namespace, so that "Strict Open XML" files read, too.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from bakhong.documents.rules.characters import clean, one_line

from .archive import Archive, main_part
from .safe_xml import parse_xml
from .shapes import MAX_CELLS, MAX_TEXT, Bad, RawExtract, RawTable

_LEGACY_FONT = re.compile(rb'w:(?:ascii|hAnsi)="(?:\.Vn|VNI[- ])', re.I)
_SKIPPED = frozenset(
    {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sectPr", "moveFrom", "Fallback", "instrText", "delText"}
)
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def parse(archive: Archive) -> RawExtract:
    """Raises: Bad(damaged | hostile_xml | too_long | scan | empty_document)."""
    part = main_part(archive) or ""
    source = archive.read(part)
    body = next((child for child in parse_xml(source) if _tag(child) == "body"), None)
    if body is None:
        raise Bad("damaged")
    out = _Output()
    try:
        _walk_blocks(body, out)
        _add_footnotes(archive, out)
    except RecursionError as error:
        raise Bad("damaged") from error
    text = out.text()
    if not text.strip():
        has_pictures = any(name.startswith("word/media/") for name in archive.names)
        raise Bad("scan" if has_pictures else "empty_document")
    warnings: list[tuple[str, dict[str, Any]]] = []
    if _LEGACY_FONT.search(source):
        warnings.append(("legacy_font", {}))
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        warnings.append(("macros", {}))
    return {"kind": "docx", "text": text, "tables": out.tables, "pages": None, "warnings": warnings}


class _Output:
    """Lines gathered so far and where they stand."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.length = 0
        self.tables: list[RawTable] = []
        self.caption = ""

    def add(self, line: str) -> None:
        self._lines.append(line)
        self.length += len(line) + 1
        if self.length > MAX_TEXT:
            raise Bad("too_long")

    def text(self) -> str:
        return "\n".join(self._lines)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _walk_blocks(container: Element, out: _Output) -> None:
    for child in container:
        tag = _tag(child)
        if tag == "p":
            _add_paragraph(child, out)
        elif tag == "tbl":
            _add_table(child, out)
        elif tag not in _SKIPPED:
            _walk_blocks(child, out)  # sdt, customXml, ins …


def _add_paragraph(paragraph: Element, out: _Output) -> None:
    boxes: list[Element] = []
    line = clean("".join(_pieces(paragraph, boxes)))
    out.add(line)
    if line.strip():
        out.caption = one_line(line)[:200]
    for box in boxes:
        _walk_blocks(box, out)


def _pieces(element: Element, boxes: list[Element]) -> Iterator[str]:
    """The visible pieces of text; text boxes are put aside, they are paragraphs of their own."""
    for child in element:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == "txbxContent":
            boxes.append(child)
        elif tag not in _SKIPPED:
            yield from _pieces(child, boxes)


def _add_table(table: Element, out: _Output) -> None:
    start, merged, rows = out.length, list[tuple[int, int, int, int]](), list[list[str | None]]()
    for row in _children(table, "tr"):
        cells, spans = _row_cells(row)
        merged.extend((len(rows), first, len(rows), last) for first, last in spans)
        rows.append(cells)
        out.add("\t".join(cell or "" for cell in cells))
    if sum(len(cells) for cells in rows) > MAX_CELLS:
        raise Bad("too_many_cells")
    out.tables.append(
        {
            "name": out.caption,
            "cells": rows,
            "start": start,
            "end": max(start, out.length - 1),
            "hidden": False,
            "hidden_rows": [],
            "hidden_columns": [],
            "merged": merged,
            "percents": [],
        }
    )


def _row_cells(row: Element) -> tuple[list[str | None], list[tuple[int, int]]]:
    """The cells of a row, one for each column of the grid (None inside a merged cell), and what was merged."""
    cells: list[str | None] = [None] * _property(row, "trPr", "gridBefore", 0)
    spans = []
    for cell in _children(row, "tc"):
        width = max(1, min(_property(cell, "tcPr", "gridSpan", 1), 1000))
        if width > 1:
            spans.append((len(cells), len(cells) + width - 1))
        text = None if _is_continued(cell) else _cell_text(cell)
        cells.extend([text, *[None] * (width - 1)])
    return cells, spans


def _children(element: Element, wanted: str) -> Iterator[Element]:
    """Rows or cells, also those inside content controls and insertions."""
    for child in element:
        tag = _tag(child)
        if tag == wanted:
            yield child
        elif tag not in _SKIPPED and tag not in {"tbl", "p"}:
            yield from _children(child, wanted)


def _property(element: Element, group: str, name: str, default: int) -> int:
    for child in element:
        if _tag(child) == group:
            for item in child:
                if _tag(item) == name:
                    value = _attribute(item, "val") or ""
                    return min(int(value), 1000) if value.isdecimal() else default
    return default


def _is_continued(cell: Element) -> bool:
    """True for the lower part of a cell merged over several rows."""
    for group in cell:
        if _tag(group) == "tcPr":
            return any(
                _tag(item) == "vMerge" and _attribute(item, "val") in {None, "continue"} for item in group
            )
    return False


def _cell_text(cell: Element) -> str:
    inner = _Output()
    _walk_blocks(cell, inner)
    return one_line(inner.text())


def _add_footnotes(archive: Archive, out: _Output) -> None:
    if "word/footnotes.xml" not in archive.names:
        return
    for note in parse_xml(archive.read("word/footnotes.xml")):
        if _attribute(note, "type") is None:  # separators have a type
            _walk_blocks(note, out)
