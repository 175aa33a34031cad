"""A provider's list of one month: what its columns hold, and what a row says of one bill.

A bill is paid only where the list says so, and by transfer only where it says that; anything doubtful counts as not said or not paid.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bakhong.core.days import parse_day
from bakhong.core.text import name_key, squeeze
from bakhong.payments.rules.providers import tidy_code
from bakhong.people.rules.headings import IGNORE, Column, Layout, heading_key
from bakhong.people.rules.rows import Problem

FIELDS = ("code", "name", "village", "amount", "paid", "how", "day", IGNORE)
# (field, pattern over the unaccented heading); the first that fits wins: the narrower stand first.
_FIELDS = (
    (IGNORE, r"^(stt|tt|so tt|so thu tu)$"),
    ("day", r"ngay.*(nop|tra|thanh toan|thu|gach no|giao dich)|^ngay$"),
    ("how", r"(hinh thuc|phuong thuc|cach|kenh).*(nop|tra|thanh toan|thu)|^(hinh thuc|kenh thu|htt?t)$"),
    (
        "paid",
        r"(tinh trang|trang thai)|^da (nop|tra|thu|thanh toan)|^(thanh toan|nop tien|gach no)$|da gach no",
    ),
    (
        "code",
        r"ma (so )?(khach|kh\b|ho\b|thue bao|diem do|danh bo|dong ho|so bhxh)|^(ma|makh|makhachhang|so dien thoai|so thue bao|ma pe)$"
        r"|^ma (danh bo|kh)|so danh bo|thue bao",
    ),
    ("amount", r"so tien|tong (tien|cong|no|thanh toan)|thanh tien|phai (nop|tra|thu)|tien (dien|nuoc|rac|cuoc)|^tien$"),
    ("village", r"^(thon|ban|xom|khu pho|to dan pho|tdp|khu|ap|to|khu vuc|dia ban)\b|thon ?/|dia chi"),
    ("name", r"ten|chu ho|khach hang|ho va"),
)  # fmt: skip
_COMPILED = [(field, re.compile(pattern)) for field, pattern in _FIELDS]
_TRANSFER = re.compile(
    r"\bck\b|chuyen khoan|chuyen tien|ngan hang|truc tuyen|online|\bapp\b|ung dung|\bqr\b|vietqr|vi dien tu|momo|zalopay|shopeepay"
    r"|viettel ?(pay|money)|vnpt ?(pay|money)|vnpay|internet|mobile|e ?banking|trich (no|thu)|uy nhiem thu|\bunt\b|\bthe\b"
    r"|khong dung tien mat|phi tien mat|\bpos\b"
)
_CASH = re.compile(
    r"tien mat|\btm\b|tai (quay|nha|diem|phong)|thu ngan vien|thu tan (nha|noi)|truc tiep|diem thu"
)
_YES = re.compile(
    r"^(x|v|co|da|roi|1|ok|yes|true|da (nop|tra|thu|thanh toan|tt|gach no).*|het no|hoan thanh|xong)$"
)
_NO = re.compile(r"^(0|khong|ko|k|chua|no|false|-|con no.*|chua .*|no dong|no cuoc|treo no|chua)$")
_TOTAL = re.compile(r"^(tong( cong| so|:|$| )|cong( |:|$))")
_DEEPEST = 40  # rows among which the headings are looked for
_EXCEL_DAY = date(1899, 12, 30)
MOST = 10**12  # đồng, of one bill
REJECTING = frozenset({"code_missing", "code_twice", "amount_missing", "amount_unclear", "amount_zero"})
UNPAID, TRANSFER, CASH, UNSAID = "unpaid", "transfer", "cash", "unsaid"


@dataclass(frozen=True)
class Line:
    """What a row says of one bill: đồng, and `state` "unpaid", "transfer", "cash" or "unsaid" (paid, not said how)."""

    sheet: str
    row: int
    code: str = ""
    name: str = ""
    village: str = ""
    amount: int = 0
    state: str = UNPAID
    paid_on: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return any(each.code in REJECTING for each in self.problems)


@dataclass(frozen=True)
class Read:
    """The lines of a sheet, and what its row of totals says, where it has one."""

    lines: tuple[Line, ...]
    total: int | None = None
    total_at: Problem | None = None  # where the total is, when the rows do not add up to it


def field_of(title: str) -> str:
    """What a heading says the column holds.

    >>> [field_of(each) for each in ("Mã khách hàng", "Tên KH", "Thôn/Bản", "Số tiền (đồng)", "Đã thanh toán", "Hình thức trả", "Ngày nộp")]
    ['code', 'name', 'village', 'amount', 'paid', 'how', 'day']
    >>> field_of("STT"), field_of("Chỉ số cũ")
    ('ignore', 'ignore')
    """
    key = heading_key(title)
    return next((field for field, pattern in _COMPILED if key and pattern.search(key)), IGNORE)


def layout_of(sheet: str, cells: Sequence[Sequence[object]]) -> Layout | None:
    """The list in a sheet: the row among the first whose headings are understood best; None where none has two."""
    best, score = None, 1
    for row, values in enumerate(cells[:_DEEPEST]):
        found = {field_of(each) for each in values if isinstance(each, str) and len(each) <= 80} - {IGNORE}
        if len(found) > score:
            best, score = row, len(found)
    return None if best is None else Layout(sheet, best, _columns(cells[best]))


def _columns(headings: Sequence[object]) -> tuple[Column, ...]:
    """Of each field the first column that is called so."""
    found: list[Column] = []
    taken: set[str] = set()
    for index, value in enumerate(headings):
        title = squeeze(str(value)) if value not in (None, "") else ""
        if not title:
            continue
        field = field_of(title)
        found.append(Column(index, title[:120], IGNORE if field in taken else field))
        taken |= {field} - {IGNORE}
    return tuple(found)


# --- rows ------------------------------------------------------------------------------------------------------------


def read_rows(layout: Layout, cells: Sequence[Sequence[object]], *, seen: set[str], until: date) -> Read:
    """Every row below the headings that says anything. `seen`: codes met before, in other sheets too; `until`: no bill was paid later."""
    used = [each for each in layout.columns if each.field != IGNORE]
    found: list[Line] = []
    total: int | None = None
    at = Problem(layout.sheet, 0, 0, "", "")
    for row in range(layout.header + 1, len(cells)):
        told = {
            each.field: (each.index, cells[row][each.index])
            for each in used
            if each.index < len(cells[row]) and not _is_blank(cells[row][each.index])
        }
        if _is_total(cells[row]):
            if "amount" in told and total is None:
                total, at = _total(told["amount"][1]), Problem(layout.sheet, row, *_place(told["amount"]))
            continue
        if "code" not in told and "amount" not in told:
            continue  # a blank row, a section, a signature
        line = _line(layout, row, told, until)
        if line.code and line.code in seen:
            line = _doubt(line, told["code"][0], "code_twice", line.code)
        seen.add(line.code)
        found.append(line)
    differs = total is not None and total != sum(each.amount for each in found)
    return Read(tuple(found), total, at if differs else None)


def _place(told: tuple[int, object]) -> tuple[int, str, str]:
    return told[0], "total_differs", squeeze(str(told[1]))[:60]


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_total(values: Sequence[object]) -> bool:
    """
    >>> _is_total(["", "Tổng cộng", None, 500000]), _is_total([1, "PA01", "Công ty X", 5])
    (True, False)
    """
    words = [name_key(each) for each in values if isinstance(each, str) and each.strip()]
    return bool(words) and bool(_TOTAL.match(words[0]))


def _total(cell: object) -> int | None:
    try:
        return amount_of(cell)
    except ValueError:
        return None


def _line(layout: Layout, row: int, told: Mapping[str, tuple[int, object]], until: date) -> Line:
    def text(field: str, most: int) -> str:
        return squeeze(str(told[field][1]))[:most] if field in told else ""

    line = Line(layout.sheet, row, name=text("name", 120), village=text("village", 80))
    code = tidy_code(told["code"][1]) if "code" in told else ""
    line = replace(line, code=code)
    if not code:
        line = _doubt(line, told.get("code", (0, ""))[0], "code_missing", text("code", 60))
    return _state(_amount(line, told), told, until)


def _doubt(line: Line, column: int, code: str, value: object) -> Line:
    problem = Problem(line.sheet, line.row, column, code, squeeze(str(value))[:60])
    return replace(line, problems=(*line.problems, problem))


def _amount(line: Line, told: Mapping[str, tuple[int, object]]) -> Line:
    if "amount" not in told:
        return _doubt(line, 0, "amount_missing", "")
    column, cell = told["amount"]
    try:
        amount = amount_of(cell)
    except ValueError:
        return _doubt(line, column, "amount_unclear", cell)
    return replace(line, amount=amount) if amount else _doubt(line, column, "amount_zero", cell)


def amount_of(cell: object) -> int:
    """Whole đồng, never negative.

    >>> [amount_of(each) for each in (125000, 125000.0, "125.000", "1,250,000 đ", "125000 VND", " 90.500 đồng ")]
    [125000, 125000, 125000, 1250000, 125000, 90500]

    Raises: ValueError for anything else: a fraction, a minus, words.
    """
    if isinstance(cell, bool):
        raise ValueError(cell)
    if isinstance(cell, int | float):
        if cell != cell or not 0 <= cell < MOST or cell != int(cell):
            raise ValueError(cell)
        return int(cell)
    text = re.sub(r"(?i)\s*(đồng|đ|vnđ|vnd|dong)\.?$", "", squeeze(str(cell)))
    if not re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}([., ][0-9]{3}){1,3}", text):
        raise ValueError(cell)
    amount = int(re.sub(r"[., ]", "", text))
    if amount >= MOST:
        raise ValueError(cell)
    return amount


def _state(line: Line, told: Mapping[str, tuple[int, object]], until: date) -> Line:
    how = _how(told["how"][1]) if "how" in told else ""
    if how == "?":
        line, how = _doubt(line, told["how"][0], "how_unclear", told["how"][1]), UNSAID
    paid = _paid(told["paid"][1]) if "paid" in told else ""
    if paid == "?":
        line, paid = _doubt(line, told["paid"][0], "paid_unclear", told["paid"][1]), ""
    line = _day(line, told, until)
    if paid == UNPAID:
        if how in (TRANSFER, CASH) or line.paid_on:
            line = _doubt(line, told["paid"][0], "paid_contradicts", told["paid"][1])
        return replace(line, state=UNPAID, paid_on=None)
    is_paid = bool(paid or how or line.paid_on)
    state = next((each for each in (how, paid) if each in (TRANSFER, CASH)), UNSAID if is_paid else UNPAID)
    return replace(line, state=state)


def _how(cell: object) -> str:
    """ "transfer", "cash", or "?" where the words say neither or both.

    >>> _how("CK qua MoMo"), _how("Tiền mặt"), _how("thu tại nhà"), _how("không dùng tiền mặt"), _how("khác")
    ('transfer', 'cash', 'cash', 'transfer', '?')
    """
    key = heading_key(str(cell))
    key_of_cash = re.sub(r"(khong dung|phi) tien mat", "", key)
    is_transfer, is_cash = bool(_TRANSFER.search(key)), bool(_CASH.search(key_of_cash))
    if is_transfer == is_cash:
        return "?"
    return TRANSFER if is_transfer else CASH


def _paid(cell: object) -> str:
    """ "unpaid", "unsaid" (paid), "transfer" or "cash" where the cell says how, "?" where it says nothing we know.

    >>> [_paid(each) for each in ("x", "Chưa nộp", "Đã trả", "đã CK", "TM", 1, "còn nợ", "???")]
    ['unsaid', 'unpaid', 'unsaid', 'transfer', 'cash', 'unsaid', 'unpaid', '?']
    """
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    key = heading_key(str(cell)) or squeeze(str(cell))
    if _NO.match(key):
        return UNPAID
    if (how := _how(cell)) != "?":
        return how
    return UNSAID if _YES.match(key) or key in ("✓", "✔", "√", "+") else "?"


def _day(line: Line, told: Mapping[str, tuple[int, object]], until: date) -> Line:
    if "day" not in told:
        return line
    column, cell = told["day"]
    day = day_of_cell(cell)
    if day is None:
        return _doubt(line, column, "day_unclear", cell)
    if day > until:
        return _doubt(line, column, "day_ahead", cell)
    return replace(line, paid_on=day)


def day_of_cell(cell: object) -> date | None:
    """
    >>> [str(day_of_cell(each)) for each in ("06/05/2026 14:30", date(2026, 5, 6), 46148, "2026-05-06", "tháng 5")]
    ['2026-05-06', '2026-05-06', '2026-05-06', '2026-05-06', 'None']
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        is_day = 36_526 <= cell < 73_050  # 2000 to 2099, as Excel counts days
        return _EXCEL_DAY + timedelta(int(cell)) if is_day else None
    day = parse_day(re.split(r"[ T]", squeeze(str(cell)))[0])
    return day if day is not None and 2000 <= day.year < 2100 else None
