"""A bank's statement: which row holds the headings, what its columns mean, which rows are movements.

Every bank writes its own; what they share are words. What a column means can be said by hand and is remembered by the headings (`shape`).
Source: the exports of the banks named in tests/statements.py, by their headings; amounts with either thousands separator.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bakhong.core.text import name_key
from bakhong.payments.rules.cells import Cell, filled, is_number_cell, moment_in, money_in

DAY, VALUE_DAY, TIME = "day", "value_day", "time"
CREDIT, DEBIT, AMOUNT, SIDE = "credit", "debit", "amount", "side"
BALANCE, CONTENT, REFERENCE, PAYER, IGNORE = "balance", "content", "reference", "payer", "ignore"
MEANINGS = (DAY, VALUE_DAY, TIME, CREDIT, DEBIT, AMOUNT, SIDE, BALANCE, CONTENT, REFERENCE, PAYER)

# (meaning, pattern over the heading without accents); the first that fits wins, the narrower stand first.
_WORDS = tuple(
    (meaning, re.compile(pattern))
    for meaning, pattern in (
        (IGNORE, r"^(stt|tt|so tt|so thu tu|line|#)( no)?$|so tk doi ung|tai khoan doi ung|tk doi ung|account no"),
        (SIDE, r"^(no ?/? ?co|co ?/? ?no|d ?/? ?c|c ?/? ?d|dr ?/? ?cr|cr ?/? ?dr|dau|chieu.*|loai( gd| giao dich)?|type|[+] ?/? ?-)$"),
        (BALANCE, r"so du|balance"),
        (DEBIT, r"ghi no|phat sinh no|\bdebit\b|tien ra|rut ra|^no\b|\bps no|withdraw|so tien no|\bno tktt"),
        (CREDIT, r"ghi co|phat sinh co|\bcredit\b|tien vao|gui vao|^co\b|\bps co|deposit|so tien co|\bco tktt"),
        (PAYER, r"ten.*(doi ung|nguoi|don vi)|doi tac|remitter|(nguoi|don vi) (chuyen|gui|nop|tra)|payer|sender|beneficiary"),
        (VALUE_DAY, r"ngay (hieu luc|hach toan|ht|gia tri)|(value|effective|posting) date"),
        (DAY, r"^ngay\b|\bdate\b|thoi gian|ngay (giao dich|gd)|^tnx"),
        (TIME, r"^(gio|time|gio gd|gio giao dich)\b"),
        (CONTENT, r"noi dung|dien giai|mo ta|description|remark|chi tiet|detail|ghi chu|narrative"),
        (REFERENCE, r"tham chieu|(ma|so) (giao dich|gd|but toan|ct|chung tu|seq|hieu)|\bref|doc no|transaction (id|no)|trace|^seq"),
        (AMOUNT, r"so tien|amount|gia tri|^phat sinh$|^tien$"),
    )
)  # fmt: skip
_TOTALS = re.compile(
    r"^(tong|cong|total|so du|luy ke|phat sinh|opening|closing|beginning|ending|du (dau|cuoi)|so phat sinh"
    r"|nguoi lap|ke toan|thu truong)"
)
_OPENING = re.compile(r"so du dau|du dau|opening|beginning|ton dau")
_CLOSING = re.compile(r"so du cuoi|du cuoi|closing|ending|ton cuoi")
_ACCOUNT = re.compile(r"tai khoan|\bstk\b|\btk\b|account")
_NUMBER = re.compile(r"\d[\d.-]{4,28}\d")
_DEEPEST = 60  # rows among which the headings are looked for
_LONGEST = 80  # characters of a heading


@dataclass(frozen=True)
class Layout:
    """The headings of a sheet: rows `top` to `first` (excluded), `titles` and the position of each meaning."""

    top: int
    first: int
    titles: tuple[str, ...]
    columns: Mapping[str, int]

    @property
    def shape(self) -> str:
        """What the meanings of these headings are remembered by."""
        keys = [heading_key(each) for each in self.titles]
        return hashlib.sha256(json.dumps(keys).encode()).hexdigest()

    @property
    def is_enough(self) -> bool:
        """A day and money whose direction is known."""
        has_day = DAY in self.columns or VALUE_DAY in self.columns
        return has_day and bool({CREDIT, AMOUNT} & self.columns.keys())

    def with_columns(self, columns: Mapping[str, int]) -> "Layout":
        kept = {name: at for name, at in columns.items() if name in MEANINGS and 0 <= at < len(self.titles)}
        return Layout(self.top, self.first, self.titles, kept)


@dataclass(frozen=True)
class Edges:
    """The balances a statement prints before its first and after its last movement, in đồng."""

    opening: int | None = None
    closing: int | None = None


def heading_key(title: str) -> str:
    """
    >>> heading_key("Số tiền ghi có\\n(Credit)")
    'so tien ghi co credit'
    """
    return re.sub(r"[^a-z0-9#+/-]+", " ", name_key(title)).strip()


def meaning_of(title: str) -> str:
    """What a heading says.

    >>> [meaning_of(each) for each in ("Nợ", "Có", "No.")]
    ['debit', 'credit', 'ignore']

    >>> [meaning_of(each) for each in ("Ngày GD", "Số tiền ghi nợ/ Debit", "Phát sinh có", "Số dư", "Nội dung chi tiết", "Số bút toán")]
    ['day', 'debit', 'credit', 'balance', 'content', 'reference']
    >>> [meaning_of(each) for each in ("Ngày hiệu lực", "Số tiền", "Nợ/Có", "Tên người chuyển", "STT", "Chi nhánh")]
    ['value_day', 'amount', 'side', 'payer', 'ignore', 'ignore']
    """
    key = heading_key(title)
    if key == "no" and "ợ" not in title.lower():
        return IGNORE  # the English word: a row's number
    return next((meaning for meaning, pattern in _WORDS if key and pattern.search(key)), IGNORE)


def layout_of(cells: Sequence[Sequence[Cell]]) -> Layout | None:
    """The headings that are understood best, of one row or of two rows above each other; None where no row looks like headings."""
    rows = range(min(len(cells), _DEEPEST))
    found = [_layout(cells, row, height) for height in (1, 2) for row in rows]
    return max(
        filter(None, found), key=lambda each: len(each.columns), default=None
    )  # of equal ones the first


def _layout(cells: Sequence[Sequence[Cell]], row: int, height: int) -> Layout | None:
    lines = cells[row : row + height]
    if len(lines) < height or not all(map(_is_heading, lines)):
        return None
    width = max(map(len, lines))
    titles = [_title([line[at] if at < len(line) else None for line in lines]) for at in range(width)]
    columns: dict[str, int] = {}
    for at, title in enumerate(titles):
        meaning = meaning_of(title)
        if meaning != IGNORE and meaning not in columns:
            columns[meaning] = at
    return Layout(row, row + height, tuple(titles), columns) if len(columns) >= 3 else None


def _is_heading(line: Sequence[Cell]) -> bool:
    """Short words and nothing that is a number or a day; a line of numbers of columns ("(1)", "A") is none."""
    words = [each for each in line if filled(each)]
    return bool(words) and all(
        isinstance(each, str)
        and len(each) <= _LONGEST
        and not is_number_cell(each)
        and moment_in(each) is None
        for each in words
    )


def _title(parts: Sequence[Cell]) -> str:
    return " ".join(str(part).strip() for part in parts if filled(part))


def edges_of(cells: Sequence[Sequence[Cell]], layout: Layout) -> Edges:
    """Opening and closing balances, wherever they are printed: above the headings, in rows among the movements, below them."""
    found: dict[str, int | None] = {"opening": None, "closing": None}
    tail = range(max(layout.first, len(cells) - 40), len(cells))
    for row in (*range(min(layout.first + 3, len(cells))), *tail):
        words = name_key(" ".join(str(each) for each in cells[row] if isinstance(each, str)))
        for name, pattern in (("opening", _OPENING), ("closing", _CLOSING)):
            if found[name] is None and pattern.search(words) and not layout.top <= row < layout.first:
                found[name] = _last_money(cells[row])
    return Edges(found["opening"], found["closing"])


def numbers_of(cells: Sequence[Sequence[Cell]], layout: Layout) -> list[str]:
    """The numbers of accounts printed above the headings, digits and letters alone."""
    found = []
    for row in cells[: layout.first]:
        words = " ".join(_plain(each) for each in row if filled(each))
        if _ACCOUNT.search(name_key(words)):
            found += [re.sub(r"[ .-]", "", each) for each in _NUMBER.findall(words)]
    return [each for each in found if len(each) >= 6]


def _plain(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell)


def _last_money(line: Sequence[Cell]) -> int | None:
    """The last amount of a row, also at the end of a sentence ("Số dư đầu kỳ: 1.000.000 VND")."""
    for each in reversed(line):
        if not filled(each):
            continue
        said = each.rpartition(":")[2] if isinstance(each, str) else each
        amount = money_in(said)
        if amount is not None:
            return amount
    return None


def is_total(line: Sequence[Cell]) -> bool:
    """Whether a row sums up, or holds a balance or a signature, by its first words.

    >>> is_total([None, "Tổng cộng", 1000]), is_total(["Số dư cuối kỳ", 5]), is_total(["22/11/2026", "Tong hop"])
    (True, True, False)
    """
    first = next((each for each in line if filled(each)), None)
    return isinstance(first, str) and bool(_TOTALS.match(heading_key(first)))


def is_heading_again(line: Sequence[Cell], layout: Layout) -> bool:
    """The headings of the next page."""
    said = {heading_key(str(each)) for each in line if filled(each)}
    return bool(said) and said <= {heading_key(each) for each in layout.titles}


@dataclass
class Order:
    """The running balances of a statement, to tell a row that is repeated from a payment that was made twice.

    A row whose balance goes on from the row before it is the bank's word. One that says the same as an earlier row, and whose balance does
    not go on, was copied.
    """

    is_ascending: bool = True
    seen: set[object] = field(default_factory=set)
    last: int | None = None

    def is_repeated(self, key: object, signed: int, balance: int | None, *, has_reference: bool) -> bool:
        """Ask for the rows in the order of time. `key`: all the row says; `signed`: đồng, below 0 for money out."""
        goes_on = balance is not None and self.last is not None and self.last + signed == balance
        is_known = key in self.seen
        if is_known and not goes_on and (balance is not None or has_reference):
            return True
        self.seen.add(key)
        if balance is not None:
            self.last = balance
        return False


def is_ascending(signed: Sequence[int], balances: Sequence[int | None]) -> bool:
    """Whether a statement begins with its earliest movement, as its balances tell.

    >>> is_ascending([10, 5, -3], [110, 115, 112]), is_ascending([-3, 5, 10], [112, 115, 110])
    (True, False)
    """
    up = down = 0
    for at in range(1, len(signed)):
        before, after = balances[at - 1], balances[at]
        if before is not None and after is not None:
            up += before + signed[at] == after
            down += after + signed[at - 1] == before
    return up >= down
