"""A list of who owes how much, as communes, markets and cooperatives keep it: what its columns hold, and what a row says of one charge.

Where rows are rows, and not sections, totals or signatures, is found as in lists of residents (`people/rules/sheets.py`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bakhong.core.text import name_key, squeeze
from bakhong.payments.rules.provider_lists import amount_of, day_of_cell
from bakhong.people.rules import headers, legacy, numbers, sheets
from bakhong.people.rules.headings import IGNORE, Column, Layout, heading_key
from bakhong.people.rules.rows import Problem

FIELDS = ("name", "amount", "village", "code", "national_id", "phone", "title", "due", "number", IGNORE)
# (field, pattern over the unaccented heading, how sure); of a field the surest column keeps it, of equals the last of the amounts.
_FIELDS = (
    ("number", r"^(stt|tt|so tt|so thu tu)$", 9),
    (IGNORE, r"(don gia|muc thu|so khau|so nguoi|chi so|khoi luong|da (nop|thu|tra)|con no|ky (nhan|ten)|ghi chu)", 9),
    ("national_id", r"cccd|can cuoc|dinh danh|cmnd", 9),
    ("phone", r"dien thoai|\bsdt\b|\bdt\b|so may|di dong", 9),
    ("due", r"^han\b|(han|ngay) (nop|tra|thu|dong|thanh toan|cuoi)", 9),
    ("code", r"ma (so )?(khach|kh\b|ho\b|thue bao|diem|danh bo|dong ho|hoc sinh|quay|so ky)|^(ma|makh|ma so)$|danh bo|so (quay|ki ot)", 9),
    ("amount", r"phai (nop|tra|thu|dong)|thanh tien|tong (tien|cong|thu)", 9),
    ("amount", r"so tien|^tien\b|\btien$|tien (dien|nuoc|rac|cuoc|phi)|^(phi|le phi|muc phi|so phi)\b|vnd|\bdong$", 6),
    ("title", r"noi dung|khoan (thu|nop)|dien giai|ly do|thu ve", 9),
    ("village", r"^(thon|ban|xom|khu pho|to dan pho|tdp|khu|ap|to|khu vuc|dia ban|dia chi)\b|ten thon", 8),
    ("name", r"^(ho va ten|ho ten|ten|chu ho|ho,? ten)|nguoi (nop|dong|tra)|khach hang|ten chu|co so|tieu thuong|hoc sinh", 8),
)  # fmt: skip
_COMPILED = [(field, re.compile(pattern), sure) for field, pattern, sure in _FIELDS]
_TOTAL = re.compile(r"^(tong( cong| so|:|$| )|cong( |:|$))")
_DEEPEST = 40
# A heading "I | Thôn Xuân Thành", which has a numeral beside it that no list of residents has.
_SECTION = re.compile(r"^(thon|ban|xom|lang|ap|khu pho|khu|to dan pho|khoi|buon)\b")
_NOBODY = re.compile(r"[\d().,\s/-]*")
REJECTING = frozenset(
    {"name_missing", "amount_missing", "amount_unclear", "amount_zero", "row_twice", "charged_already"}
)


@dataclass(frozen=True)
class Line:
    """What a row says of one charge; `amount` in đồng. `twin`: equal for two rows that say the same of the same payer."""

    sheet: str
    row: int
    name: str = ""
    amount: int = 0
    village: str = ""
    code: str = ""
    national_id: str = ""
    phone: str = ""
    title: str = ""
    due_on: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return any(each.code in REJECTING for each in self.problems)

    @property
    def twin(self) -> tuple[object, ...]:
        return (
            name_key(self.name),
            name_key(self.village),
            self.code,
            self.national_id,
            self.phone,
            name_key(self.title),
            self.amount,
        )

    def doubted(self, column: int, code: str, value: object = "") -> "Line":
        problem = Problem(self.sheet, self.row, column, code, squeeze(str(value))[:60])
        return replace(self, problems=(*self.problems, problem))


@dataclass(frozen=True)
class Read:
    """The rows of a sheet, and where its row of totals says something else than they add up to."""

    lines: tuple[Line, ...]
    total_at: Problem | None = None


def field_of(title: str) -> tuple[str, int]:
    """What a heading says the column holds, and how sure that is.

    >>> [field_of(each)[0] for each in ("Họ và tên chủ hộ", "Thôn", "Mã KH", "Thành tiền (đồng)", "Số CCCD", "SĐT", "Hạn nộp")]
    ['name', 'village', 'code', 'amount', 'national_id', 'phone', 'due']
    >>> [field_of(each)[0] for each in ("STT", "Số khẩu", "Mức thu", "Ký nhận", "Tiền rác")]
    ['number', 'ignore', 'ignore', 'ignore', 'amount']
    """
    key = heading_key(title)
    found = ((field, sure) for field, pattern, sure in _COMPILED if key and pattern.search(key))
    return next(found, (IGNORE, 0))


def layout_of(grid: sheets.Grid) -> Layout | None:
    """The list in a sheet: the row among the first whose headings are understood best; None where there is no name or no amount."""
    coding = _coding(grid)
    best, score = None, 0
    for row, values in enumerate(grid.cells[:_DEEPEST]):
        found = {
            field_of(_text(each, coding))[0] for each in values if isinstance(each, str) and len(each) <= 80
        }
        if len(found - {IGNORE}) > max(score, 1):
            best, score = row, len(found - {IGNORE})
    if best is None:
        return None
    last = best + 1 if _is_second(grid, best) else best
    return Layout(grid.name, last, _columns(_titles(grid, best, last, coding)))


def _is_second(grid: sheets.Grid, row: int) -> bool:
    """Whether the next row goes on with the headings: only words, and nothing below the name's heading."""
    if row + 1 >= len(grid.cells):
        return False
    below = grid.cells[row + 1]
    names = [
        index
        for index, each in enumerate(grid.cells[row])
        if isinstance(each, str) and field_of(each)[0] == "name"
    ]
    words = [each for each in below if isinstance(each, str) and each.strip()]
    is_all_words = all(each is None or isinstance(each, str) for each in below)
    is_under_name = any(index < len(below) and below[index] not in (None, "") for index in names)
    return is_all_words and bool(names) and not is_under_name and any(field_of(each)[1] for each in words)


def _titles(grid: sheets.Grid, first: int, last: int, coding: legacy.Coding | None) -> list[str]:
    width = max(len(grid.cells[row]) for row in range(first, last + 1))
    rows = [list(grid.cells[row]) + [None] * width for row in range(first, last + 1)]
    return [squeeze(" ".join(_text(row[index], coding) for row in rows)) for index in range(width)]


def _columns(titles: Sequence[str]) -> tuple[Column, ...]:
    """Of each field the surest column; of several amounts equally sure the last, where lists put what is to be paid."""
    told = [(index, title, *field_of(title)) for index, title in enumerate(titles) if title]
    keeps: dict[str, tuple[int, int]] = {}
    for index, _title, field, sure in told:
        known = keeps.get(field)
        if known is None or sure > known[1] or (sure == known[1] and field == "amount"):
            keeps[field] = (index, sure)
    return tuple(
        Column(index, title[:120], field if keeps[field][0] == index else IGNORE)
        for index, title, field, _sure in told
    )


def _coding(grid: sheets.Grid) -> legacy.Coding | None:
    return legacy.prevalent([value for line in grid.cells[:500] for value in line if isinstance(value, str)])


def _text(value: object, coding: legacy.Coding | None) -> str:
    return squeeze(legacy.mend(value, coding)[0]) if isinstance(value, str) else ""


# --- rows ------------------------------------------------------------------------------------------------------------


def read_rows(layout: Layout, grid: sheets.Grid) -> Read:
    """Every row of the list. The village is what its cell says, else the heading of its section."""
    found = tuple(_lines(layout, grid))
    told = _total(layout, grid)
    if told is None or told[0] == sum(each.amount for each in found):
        return Read(found)
    amount, row, column = told
    return Read(found, Problem(layout.sheet, row, column, "total_differs", str(amount)))


def _lines(layout: Layout, grid: sheets.Grid) -> Iterator[Line]:
    places = {each.field: each.index for each in layout.columns if each.field != IGNORE}
    section = ""
    for each in sheets.lines_of(grid, _as_of_people(layout, grid)):
        told = {
            field: (index, each.values[index])
            for field, index in places.items()
            if index < len(each.values) and each.values[index] not in (None, "")
        }
        name = squeeze(str(told["name"][1])) if "name" in told else ""
        if name and _NOBODY.fullmatch(name):
            continue  # the row that numbers the columns
        if "amount" not in told and _SECTION.match(name_key(name)):
            section = name
            continue
        if name or "amount" in told:
            line = Line(layout.sheet, each.row, name[:120])
            yield _line(
                line if name else line.doubted(places["name"], "name_missing"), told, each.section or section
            )


def _as_of_people(layout: Layout, grid: sheets.Grid) -> sheets.Layout:
    """The same for the reader of residents' lists, so that sections, totals and signatures are known by one set of rules."""
    columns = tuple(headers.Column(each.index, each.title, each.field, 1.0) for each in layout.columns)
    return sheets.Layout(layout.sheet, (layout.header,), layout.header + 1, columns, coding=_coding(grid))


def _line(line: Line, told: dict[str, tuple[int, object]], section: str) -> Line:
    def text(field: str, most: int) -> str:
        return squeeze(str(told[field][1]))[:most] if field in told else ""

    line = replace(line, village=text("village", 80) or section, title=text("title", 160), code=_code(told))
    return _due(_numbers(_amount(line, told), told), told)


def _code(told: dict[str, tuple[int, object]]) -> str:
    if "code" not in told:
        return ""
    cell = told["code"][1]
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return re.sub(r"\s+", "", text).upper()[:30]


def _amount(line: Line, told: dict[str, tuple[int, object]]) -> Line:
    if "amount" not in told:
        return line.doubted(0, "amount_missing")
    column, cell = told["amount"]
    try:
        amount = amount_of(cell)
    except ValueError:
        return line.doubted(column, "amount_unclear", cell)
    return replace(line, amount=amount) if amount else line.doubted(column, "amount_zero", cell)


def _numbers(line: Line, told: dict[str, tuple[int, object]]) -> Line:
    if "national_id" in told:
        column, cell = told["national_id"]
        read = numbers.national_id(cell)
        line = (
            replace(line, national_id=read.value or "") if not read.code else line.doubted(column, "id_odd")
        )
    if "phone" in told:
        column, cell = told["phone"]
        phone = numbers.phone(cell)
        line = replace(line, phone=phone.value or "")
        if not phone.value and phone.code:
            line = line.doubted(column, "phone_odd", cell)
    return line


def _due(line: Line, told: dict[str, tuple[int, object]]) -> Line:
    if "due" not in told:
        return line
    column, cell = told["due"]
    day = day_of_cell(cell)
    return line.doubted(column, "due_odd", cell) if day is None else replace(line, due_on=day)


def _total(layout: Layout, grid: sheets.Grid) -> tuple[int, int, int] | None:
    """(đồng, row, column) of the last row of totals that holds an amount."""
    column = next((each.index for each in layout.columns if each.field == "amount"), None)
    found = None
    for row in range(layout.header + 1, len(grid.cells)):
        cells = grid.cells[row]
        words = [name_key(each) for each in cells if isinstance(each, str) and each.strip()]
        if column is None or column >= len(cells) or not words or not _TOTAL.match(words[0]):
            continue
        try:
            found = (amount_of(cells[column]), row, column)
        except ValueError:
            continue
    return found


def told_twice(lines: Sequence[Line]) -> list[Line]:
    """The same rows, with a doubt at each that says the same of the same payer as one before.

    >>> [each.is_rejected for each in told_twice([Line("A", 1, "An", 5), Line("A", 2, "Bé", 5), Line("A", 3, "AN", 5)])]
    [False, False, True]
    """
    seen: dict[tuple[object, ...], Line] = {}
    found = []
    for each in lines:
        if each.is_rejected:
            found.append(each)
        elif each.twin in seen:
            found.append(each.doubted(0, "row_twice", seen[each.twin].row + 1))
        else:
            seen[each.twin] = each
            found.append(each)
    return found
