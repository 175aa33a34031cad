"""What a sheet's XML says beside its values: its extent, hidden rows, percent formats, formulas never calculated.

Read by regular expressions over the bytes, far faster than an XML parser over a million cells. That is good
enough because nothing here decides a value, and the child's memory limit stands behind it.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .archive import Archive
from .safe_xml import parse_xml
from .shapes import MAX_CELLS, Bad

MAX_PART = 100 * 1024 * 1024
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

_FILLED = re.compile(rb"<(?:\w+:)?c\s([^<>]*[^/<>])>\s*<(?!/)")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_STYLE = re.compile(rb"""\bs=["'](\d{1,6})["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_NUMBER = re.compile(rb"""\br=["'](\d{1,7})["']""")
_LETTERS = re.compile(rb"""["']([A-Z]{1,3})\d""")
_ROWS = re.compile(rb"""["'][A-Z]{1,3}(\d{1,7})["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_MIN_MAX = (re.compile(rb"""\bmin=["'](\d{1,5})["']"""), re.compile(rb"""\bmax=["'](\d{1,5})["']"""))
_UNCALCULATED = re.compile(
    rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["']""")
_LITERAL = re.compile(r'"[^"]*"|\\.')  # a quoted or escaped % only looks like one
_DECIMALS = re.compile(r"0\.(0+)[^;]*%")


@dataclass(frozen=True)
class Marks:
    """Counts from 0; no filled cell is beyond `height` and `width`."""

    height: int
    width: int
    percents: dict[tuple[int, int], int]
    hidden_rows: list[int]
    hidden_columns: list[int]
    uncalculated: int
    errors: int


def column_index(letters: str) -> int:
    """
    >>> column_index("A"), column_index("AA"), column_index("XFD")
    (0, 26, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_marks(source: bytes, percents: dict[int, int]) -> Marks:
    """`percents`: style number → decimals shown.

    Most sheets have none of what is looked for; a search for its bytes says so a hundred times faster than its expression.

    Raises: Bad(too_many_cells) when the filled cells span more than the reader may hold.
    """
    if len(source) > MAX_PART:
        raise Bad("too_many_cells")
    height, width, places = _extent(source, percents)
    if height * width > 2 * MAX_CELLS:
        raise Bad("too_many_cells")
    return Marks(
        height=height,
        width=width,
        percents=places,
        hidden_rows=_hidden_rows(source) if b"hidden" in source else [],
        hidden_columns=_hidden_columns(source) if b"hidden" in source else [],
        uncalculated=_count(_UNCALCULATED, source, (b"<f", b":f")),
        errors=_count(_ERROR, source, (b't="e"', b"t='e'")),
    )


def _count(pattern: re.Pattern[bytes], source: bytes, needs: tuple[bytes, ...]) -> int:
    """How often it is there; one of `needs` stands in every match."""
    return sum(1 for _ in pattern.finditer(source)) if any(each in source for each in needs) else 0


def _extent(source: bytes, percents: dict[int, int]) -> tuple[int, int, dict[tuple[int, int], int]]:
    used = {
        style: shown for style, shown in percents.items() if re.search(rb"""\bs=["']%d["']""" % style, source)
    }
    closed = source.count(b"</c>") + source.count(b":c>")  # as many cells as may be filled
    if not used and closed <= MAX_CELLS:
        height, width = _bound(source)
        if height * width <= 2 * closed:
            return height, width, {}
    return _exact_extent(source, used)


def _bound(source: bytes) -> tuple[int, int]:
    """A height and a width that no cell is beyond, empty ones included."""
    width = max((column_index(letters.decode()) + 1 for letters in set(_LETTERS.findall(source))), default=0)
    return max(map(int, _ROWS.findall(source)), default=0), width


def _exact_extent(source: bytes, percents: dict[int, int]) -> tuple[int, int, dict[tuple[int, int], int]]:
    columns: dict[bytes, int] = {}
    places: dict[tuple[int, int], int] = {}
    height = width = count = 0
    for match in _FILLED.finditer(source):
        count += 1
        attributes = match[1]
        place = _PLACE.search(attributes)
        if not place:
            continue
        column = columns.setdefault(place[1], column_index(place[1].decode()))
        row = int(place[2])
        height, width = max(height, row), max(width, column + 1)
        style = _STYLE.search(attributes) if percents else None
        if style and int(style[1]) in percents:
            places[row - 1, column] = percents[int(style[1])]
    if count > MAX_CELLS:
        raise Bad("too_many_cells")
    return height, width, places


def _hidden_rows(source: bytes) -> list[int]:
    numbers = (_NUMBER.search(row[1]) for row in _ROW.finditer(source) if _HIDDEN.search(row[1]))
    return [int(number[1]) - 1 for number in numbers if number]


def _hidden_columns(source: bytes) -> list[int]:
    hidden: list[int] = []
    for column in _COLUMN.finditer(source, 0, 100_000):
        first, last = (bound.search(column[1]) for bound in _MIN_MAX)
        if _HIDDEN.search(column[1]) and first and last:
            hidden.extend(range(int(first[1]) - 1, min(int(last[1]), 16_384)))
    return hidden


def sheet_parts(archive: Archive) -> dict[str, str]:
    """Worksheet name → part of the archive, as the workbook relates them.

    Raises: Bad(damaged | hostile_xml).
    """
    targets = {
        relation.get("Id"): relation.get("Target") or ""
        for relation in parse_xml(archive.read("xl/_rels/workbook.xml.rels")).iter(_RELATION)
        if (relation.get("Type") or "").endswith("/worksheet")
    }
    parts = {}
    for sheet in parse_xml(archive.read("xl/workbook.xml")).iter():
        if sheet.tag.endswith("}sheet"):
            key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
            if key in targets:
                parts[sheet.get("name") or ""] = _part_name(targets[key], archive)
    return parts


def _part_name(target: str, archive: Archive) -> str:
    name = target.lstrip("/") if target.startswith("/") else "xl/" + target
    if name not in archive.names:
        raise Bad("damaged")
    return name


def percent_styles(archive: Archive) -> dict[int, int]:
    """Number of a cell style that shows percent → decimals it shows."""
    if "xl/styles.xml" not in archive.names:
        return {}
    root = parse_xml(archive.read("xl/styles.xml"))
    decimals = {9: 0, 10: 2}  # Source: ECMA-376 part 1, 18.8.30: built-in formats "0%" and "0.00%"
    for item in _inside(root, "numFmts"):
        code, number = item.get("formatCode") or "", item.get("numFmtId") or ""
        code = _LITERAL.sub("", code)
        if "%" in code and number.isdecimal():
            shown = _DECIMALS.search(code)
            decimals[int(number)] = min(len(shown[1]), 15) if shown else 0
    numbers = [item.get("numFmtId") or "" for item in _inside(root, "cellXfs")]
    return {
        style: decimals[int(number)]
        for style, number in enumerate(numbers)
        if number.isdecimal() and int(number) in decimals
    }


def _inside(root: Element, group: str) -> list[Element]:
    return [item for child in root if child.tag.endswith("}" + group) for item in child]
