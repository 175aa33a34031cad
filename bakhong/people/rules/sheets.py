"""Where the list is in a sheet: titles above, headers of one to three rows, sections, totals, signatures below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Protocol

from bakhong.core.text import name_key, squeeze
from bakhong.people.rules import headers, legacy
from bakhong.people.rules.birth_cells import told_day
from bakhong.people.rules.headers import SINGLE, Column

_HEADER_ROWS = 40  # a list begins within its first rows
_TOTAL = re.compile(r"^(tong( cong| so|:|$| )|cong( |:|$)|toan (thon|xa|to))")
_SIGNED = re.compile(
    r"^(nguoi (lap|tong hop|thong ke|ke khai)|tm |t/m |kt |chu tich|truong (thon|ban|khu|cong an)|"
    r"xac nhan|ke toan|noi nhan|to truong|can bo|lap bieu)"
)
_DAY_LINE = re.compile(r"^.{0,40}, ?ngay .{0,12}thang")
_SECTION = re.compile(
    r"^(?:[ivxlc]+|[a-z]|\d{1,3})?[.):\- ]*\s*((?:thôn|bản|xóm|làng|ấp|khu phố|khu|tổ dân phố|tổ|khối|buôn|tiểu khu)\b.*)$",
    re.I,
)
_HOUSEHOLD = re.compile(r"^ho (so|gia dinh|ong|ba|thu)\b|^so ho\b")
_DOCUMENT = re.compile(r"quyet dinh|nghi quyet|ke hoach|can cu|cong van|nghi dinh|thong tu")


class Grid(Protocol):
    """A sheet as `documents.reading` gives it."""

    @property
    def name(self) -> str: ...
    @property
    def cells(self) -> list[list[object]]: ...
    @property
    def merged(self) -> list[tuple[int, int, int, int]]: ...


@dataclass(frozen=True)
class Layout:
    """A list in a sheet. Rows count from 0; `first` is the first row below the headers. `village` is what sheet and title say.

    `coding`: the old font its texts were typed in. `rows`: how many rows the sheet has.
    """

    sheet: str
    header_rows: tuple[int, ...]
    first: int
    columns: tuple[Column, ...]
    village: str = ""
    as_of: date | None = None
    coding: legacy.Coding | None = None

    def column_of(self, wanted: str) -> int | None:
        return next((each.index for each in self.columns if each.field == wanted), None)

    def columns_of(self, wanted: str) -> list[int]:
        return [each.index for each in self.columns if each.field == wanted]

    @property
    def has_names(self) -> bool:
        return self.column_of("name") is not None or (
            self.column_of("surname") is not None and self.column_of("given") is not None
        )

    @property
    def confidence(self) -> float:
        """How sure the whole mapping is: as its least sure used column."""
        used = [each.confidence for each in self.columns if each.field not in ("ignore", "number", "service")]
        return min(used, default=0.0)

    def with_fields(self, chosen: dict[int, str]) -> "Layout":
        """The layout with columns taken for what a person chose."""
        return replace(
            self,
            columns=tuple(
                replace(each, field=chosen[each.index], confidence=1.0) if each.index in chosen else each
                for each in self.columns
            ),
        )


@dataclass
class Line:
    """A data row: `values[column]` in Unicode, merged cells filled in. `section` is the village named above it, if any."""

    row: int
    values: list[object]
    section: str = ""
    household: int = 0  # how many household headings came before


def layout_of(grid: Grid, today: date) -> Layout | None:
    """The list in a sheet; None where no row looks like the headers of a list of persons."""
    best: tuple[float, int] | None = None
    for row in range(min(_HEADER_ROWS, len(grid.cells))):
        score = _header_score(grid.cells[row])
        if score and (best is None or score > best[0]):
            best = (score, row)
    if best is None:
        return None
    top = best[1]
    if top and _is_upper_header(grid, top):
        top -= 1
    rows = _header_rows(grid, top, best[1])
    first = _below_headers(grid, rows)
    coding = _coding(grid, first)
    titles = _titles(grid, rows, coding)
    columns = [
        headers.column(index, title, _column_values(grid, index, first), today)
        for index, title in enumerate(titles)
    ]
    above = [_text(value, coding) for line in grid.cells[:top] for value in line if isinstance(value, str)]
    return Layout(
        grid.name,
        rows,
        first,
        tuple(_settled(columns)),
        _village_of(grid.name, above),
        _as_of(above),
        coding,
    )


def _header_score(cells: Sequence[object]) -> float:
    """How much a row looks like headers: the sum of how sure its cells are, with a name among them; else 0."""
    found: dict[str, float] = {}
    for value in cells:
        if isinstance(value, str) and len(value) <= 80:
            name, sure = headers.field_of(legacy.mend(value)[0])
            if sure:
                found[name] = max(found.get(name, 0), sure)
    has_name = "name" in found or {"surname", "given"} <= found.keys()
    others = found.keys() - {"name", "surname", "given", "number", "ignore"}
    return sum(found.values()) if has_name and (others or len(found) > 1) else 0.0


def _is_upper_header(grid: Grid, row: int) -> bool:
    """Whether the row above is a header too: a merged cell reaches across both, or stands over several of this row's columns."""
    above = grid.cells[row - 1]
    return (
        any(
            a <= row - 1
            and ((c >= row) or (d > b and a == row - 1 and _filled(grid.cells[row][b : d + 1]) > 1))
            for a, b, c, d in grid.merged
            if a <= row - 1 <= c and b < len(above) and a >= row - 2
        )
        and _filled(above) > 1
    )


def _header_rows(grid: Grid, top: int, main: int) -> tuple[int, ...]:
    """The rows of the headers: sub-headings below, recognised by merged cells or by an empty name cell with known words."""
    last = main
    for _, _, bottom, _ in (
        each for each in grid.merged if top <= each[0] <= main and each[2] - each[0] <= 3
    ):
        last = max(last, min(bottom, main + 2))
    while last + 1 < len(grid.cells) and last - main < 2 and _is_sub_header(grid, main, last + 1):
        last += 1
    return tuple(range(top, last + 1))


_SUB = frozenset(
    {
        "nam",
        "nu",
        "ngay",
        "thang",
        "so",
        "ma",
        "co",
        "khong",
        "muc 1",
        "muc 2",
        "ho",
        "ten",
        "ten dem",
        "ho dem",
        "co mat",
        "vang",
    }
)


def _is_sub_header(grid: Grid, main: int, row: int) -> bool:
    words = [name_key(legacy.mend(value)[0]) for value in grid.cells[row] if isinstance(value, str)]
    numbers = [value for value in grid.cells[row] if isinstance(value, int | float | date)]
    name = next(
        (
            index
            for index, value in enumerate(grid.cells[main])
            if isinstance(value, str) and headers.field_of(legacy.mend(value)[0])[0] in ("name", "surname")
        ),
        0,
    )
    if not words or numbers:
        return False
    named = grid.cells[row][name] if name < len(grid.cells[row]) else None
    return (
        named in (None, "")
        and any(word in _SUB for word in words)
        and not any(_SECTION.match(word) for word in words)
    )


def _below_headers(grid: Grid, rows: tuple[int, ...]) -> int:
    """The first row of the list: a row that numbers the columns, "(1) (2) (3)" or "A B 1 2", is passed over."""
    first = rows[-1] + 1
    if first < len(grid.cells):
        texts = [str(value).strip("() ") for value in grid.cells[first] if value not in (None, "")]
        numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= 2]
        letters = [text for text in texts if len(text) == 1 and text.isalpha()]
        in_order = all(two - one == 1 for one, two in pairwise(numbers))
        if len(texts) > 2 and len(numbers) > 1 and len(numbers) + len(letters) == len(texts) and in_order:
            first += 1
    return first


def _titles(grid: Grid, rows: tuple[int, ...], coding: legacy.Coding | None) -> list[str]:
    """The title of each column: the words above one another, merged cells counted for every column they cover."""
    width = max((len(line) for line in grid.cells), default=0)
    covered: dict[tuple[int, int], tuple[int, int]] = {
        (row, column): (a, b)
        for a, b, c, d in grid.merged
        if a in rows
        for row in range(a, min(c, rows[-1]) + 1)
        for column in range(b, min(d, width - 1) + 1)
    }
    titles = []
    for column in range(width):
        words: list[str] = []
        seen: set[tuple[int, int]] = set()
        for row in rows:
            place = covered.get((row, column), (row, column))
            if place in seen:
                continue
            seen.add(place)
            value = grid.cells[place[0]][place[1]] if place[1] < len(grid.cells[place[0]]) else None
            if value in (None, "") and row != rows[-1] and place == (row, column):
                value = _left_neighbour(grid, row, column, rows[-1])
            if value not in (None, ""):
                words.append(_text(value, coding))
        titles.append(squeeze(" ".join(words)))
    return titles


def _left_neighbour(grid: Grid, row: int, column: int, last: int) -> object:
    """What an upper heading to the left says, for a sub-heading whose own upper cell was left blank instead of merged."""
    below = grid.cells[last][column] if column < len(grid.cells[last]) else None
    if not isinstance(below, str) or name_key(below) not in _SUB or column == 0:
        return None
    left = grid.cells[row][column - 1]
    left_below = grid.cells[last][column - 1]
    return left if isinstance(left_below, str) and name_key(left_below) in _SUB else None


def _settled(columns: list[Column]) -> Iterator[Column]:
    """Of fields a list has once, the surest column keeps it; the others are left out, to be asked about."""
    surest: dict[str, Column] = {}
    for each in columns:
        known = surest.get(each.field)
        if known is None or each.confidence > known.confidence:
            surest[each.field] = each
    for each in columns:
        if each.field in SINGLE and surest[each.field] is not each:
            yield replace(each, field="ignore", confidence=0.3)
        else:
            yield each


def _column_values(grid: Grid, index: int, first: int) -> list[object]:
    return [line[index] for line in grid.cells[first : first + 300] if index < len(line)]


def _coding(grid: Grid, first: int) -> legacy.Coding | None:
    texts = [value for line in grid.cells[: first + 500] for value in line if isinstance(value, str)]
    return legacy.prevalent(texts)


def _text(value: object, coding: legacy.Coding | None) -> str:
    return squeeze(legacy.mend(str(value), coding)[0])


def _village_of(sheet: str, above: Sequence[str]) -> str:
    """The village a sheet's name or the title over the list names; "" for none."""
    name = squeeze(sheet)
    if match := re.fullmatch(r"(?i)t(?:h[oô]n)?[ ._\-]*(\d{1,2}[a-z]?)", name):
        return f"Thôn {match[1]}"
    if _SECTION.match(name):
        return name
    for line in above:
        match = re.search(r"(?i)\b(thôn|bản|xóm|làng|khu phố|tổ dân phố)\s+(?!:)([^\n,;.()\-–]{1,40})", line)
        if match and not re.match(r"(?i)(trưởng|văn|của|các|số liệu)", match[2]):
            text = re.split(r"(?i)\s+(?:năm|tính|đến|ngày|tháng|xã|phường|thị trấn)\b", match[2])[0]
            return (
                squeeze(f"{match[1].lower()} {text}").capitalize()
                if text.isupper()
                else squeeze(f"{match[1]} {text}")
            )
    return ""


def _as_of(above: Sequence[str]) -> date | None:
    for line in above:
        day = told_day(line) if not _DOCUMENT.search(name_key(line)) else None
        if day and day.year >= 2000:
            return day
    return None


def lines_of(grid: Grid, layout: Layout) -> Iterator[Line]:
    """The data rows: without blank, total, heading, section and signature rows."""
    fills = _fills(grid, layout)
    used = [each.index for each in layout.columns if each.field not in ("ignore", "number", "service")]
    name = layout.column_of("name") if layout.column_of("name") is not None else layout.column_of("surname")
    number = layout.column_of("number")
    repeated = [grid.cells[row] for row in layout.header_rows]
    mended = _Mended(layout.coding)
    section, household, is_over = "", 0, False
    for row in range(layout.first, len(grid.cells)):
        raw = grid.cells[row]
        values = [mended[value] if type(value) is str else value for value in raw]
        if fills:
            for column in used:
                if column < len(values) and values[column] in (None, "") and (row, column) in fills:
                    values[column] = fills[row, column]
        has_number = number is not None and number < len(raw) and _is_number(raw[number])
        if has_number and name is not None and name < len(raw) and raw[name] not in (None, ""):
            if raw not in repeated:
                yield Line(row, values, section, household)
            continue  # numbered and named: nothing but a row of the list looks like that
        own = [index for index in used if index < len(raw) and raw[index] not in (None, "")]
        texts = [squeeze(value) for value in values if isinstance(value, str) and value.strip()]
        first_key = name_key(texts[0]) if texts else ""
        if not own and not texts:
            continue
        if _is_total(texts, has_number) or raw in repeated:
            continue  # printed lists repeat their headers on every page
        if not has_number and (_SIGNED.match(first_key) or _DAY_LINE.match(first_key)):
            is_over = True
            continue
        if (len(set(texts)) == 1 and len(own) <= 1 and not has_number) or (has_number and not own and texts):
            if match := _SECTION.match(texts[0]):
                section, is_over = squeeze(match[1]), False
                continue
            if _HOUSEHOLD.match(first_key):
                household += 1
                continue
        if not own or (is_over and not has_number and len(own) < 2):
            continue
        if len(own) == 1 and own[0] != name and not has_number:
            continue  # a stray note beside the list
        yield Line(row, values, section, household)


class _Mended(dict[str, str]):
    """Text as it stands in the sheet → in Unicode; a list says the same words over and over."""

    def __init__(self, coding: legacy.Coding | None) -> None:
        super().__init__()
        self.coding = coding

    def __missing__(self, text: str) -> str:
        self[text] = mended = legacy.mend(text, self.coding)[0]
        return mended


def _is_number(value: object) -> bool:
    return (type(value) is int and value > 0) or str(value or "").strip(" .").isdecimal()


def _is_total(texts: Sequence[str], has_number: bool) -> bool:
    return bool(texts) and not has_number and any(_TOTAL.match(name_key(text)) for text in texts[:2])


def _fills(grid: Grid, layout: Layout) -> dict[tuple[int, int], object]:
    """Values of merged cells for the rows they cover, of what a household's members share."""
    shared = {
        each.index for each in layout.columns if each.field in ("village", "household", "head", "address")
    }
    found: dict[tuple[int, int], object] = {}
    for a, b, c, d in grid.merged:
        if b in shared and b == d and a >= layout.first and c - a < 200 and a < len(grid.cells):
            value = grid.cells[a][b] if b < len(grid.cells[a]) else None
            text = legacy.mend(value, layout.coding)[0] if isinstance(value, str) else value
            found |= {(row, b): text for row in range(a + 1, c + 1)}
    return found


def _filled(values: Sequence[object]) -> int:
    return sum(value not in (None, "") for value in values)


@dataclass(frozen=True)
class Asked:
    """A mark whose meaning is unclear ("Đã KH"), how often and where it was first seen."""

    mark: str
    count: int
    cell: str
    title: str = field(default="")
