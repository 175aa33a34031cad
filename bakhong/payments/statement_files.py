"""A statement's file, read into movements: headings as proposed, remembered or said, rows, doubts, balances. Nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from bakhong.core.bulk import collecting_later
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import Refusal
from bakhong.core.text import is_storable, name_key, squeeze
from bakhong.documents.parsers import plain, sniff
from bakhong.documents.parsers.shapes import Bad
from bakhong.documents.reading import MAX_BYTES, Unreadable
from bakhong.payments.rules import statements as said
from bakhong.payments.rules.cells import Cell, after_the_day, filled, moment_in, money_in, time_in
from bakhong.payments.rules.lines import IN, LARGEST, MOST_CONTENT, OUT, Told, bare, strong
from bakhong.payments.rules.statements import Edges, Layout, Order
from bakhong.payments.statement_csv import csv_rows
from bakhong.payments.statement_words import REJECTING, RowProblem
from bakhong.people.reading import grids_of

MOST_ROWS = 200_000


class NotAStatement(Refusal):
    """No sheet looks like a bank's statement."""


@dataclass(frozen=True)
class RejectedRow:
    """A row that told of money and was not taken: why (a code of REJECTING), and its words."""

    row: int
    code: str
    text: str


@dataclass
class StatementFile:
    """What a file says. `told`: the movements, the earliest first; `rows`: how many rows told of money, `repeated` ones among them."""

    sheet: str
    layout: Layout
    sample: list[list[str]]
    told: list[Told] = field(default_factory=list)
    rows: int = 0
    repeated: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)
    numbers: list[str] = field(default_factory=list)  # of accounts, as printed above the headings
    rejected: list[RejectedRow] = field(default_factory=list)
    cells: Sequence[Sequence[Cell]] = ()  # of the sheet

    def text_of(self, row: int) -> str:
        """A row's words as they stand in the file, whatever its columns mean."""
        return " | ".join(filter(None, map(_shown, self.cells[row - 1])))[:MOST_CONTENT]

    @property
    def first(self) -> date | None:
        return min((each.on for each in self.told), default=None)

    @property
    def last(self) -> date | None:
        return max((each.on for each in self.told), default=None)

    @property
    def off(self) -> int:
        """Đồng by which the closing balance is more than the opening one and the lines; 0 where the file does not print both."""
        opening, closing = self.edges.opening, self.edges.closing
        if opening is None or closing is None:
            return 0
        return (
            closing
            - opening
            - sum(each.amount if each.direction == IN else -each.amount for each in self.told)
        )


def read_statement(
    content: bytes,
    *,
    filename: str,
    until: date,
    remembered: Mapping[str, Mapping[str, int]] | None = None,
    columns: Mapping[str, int] | None = None,
) -> StatementFile:
    """`remembered`: by `Layout.shape`, meaning → position as somebody said before; `columns`: what is said now, which goes before.

    Raises: Unreadable; NotAStatement; Refusal.
    """
    name, cells, layout = _sheet(grids(content, filename))
    chosen = columns or (remembered or {}).get(layout.shape)
    if chosen:
        layout = layout.with_columns(chosen)
    found = StatementFile(
        name,
        layout,
        _sample(cells, layout),
        edges=said.edges_of(cells, layout),
        numbers=said.numbers_of(cells, layout),
        cells=cells,
    )
    if layout.is_enough:
        _Reading(found, until).read(cells)
    return found


@collecting_later()
def grids(content: bytes, filename: str) -> list[tuple[str, list[list[Cell]]]]:
    """(name, cells) of each sheet, or of the .csv.

    Raises: Unreadable; Refusal.
    """
    if not content or len(content) > MAX_BYTES:
        raise Unreadable("too_large" if content else "empty", {"limit": MAX_BYTES // (1024 * 1024)})
    try:
        if sniff.container_of(content[:1024]) == "text":
            return [("CSV", csv_rows(plain.decode(content)))]
    except Bad as bad:
        if bad.code != "legacy_font":  # letters of before Unicode are mended where the roll's lists are read
            raise Unreadable(bad.code, bad.values) from bad
    read, _warnings = grids_of(content, filename)
    return [(grid.name, grid.cells) for grid in read]  # type: ignore[misc]


def _sheet(sheets: Sequence[tuple[str, list[list[Cell]]]]) -> tuple[str, list[list[Cell]], Layout]:
    """The sheet whose headings are understood best.

    Raises: NotAStatement; Refusal.
    """
    best: tuple[str, list[list[Cell]], Layout] | None = None
    for name, cells in sheets:
        if len(cells) > MOST_ROWS:
            raise Refusal(_("Tệp có quá nhiều dòng. Hãy chia thành nhiều tệp rồi gửi từng tệp."))
        layout = said.layout_of(cells)
        if layout is not None and (best is None or len(layout.columns) > len(best[2].columns)):
            best = name, cells, layout
    if best is None:
        raise NotAStatement(
            _("Không thấy dòng tiêu đề của sao kê. Cần ít nhất cột ngày, cột số tiền và cột nội dung.")
        )
    return best


def _sample(cells: Sequence[Sequence[Cell]], layout: Layout) -> list[list[str]]:
    """The first rows below the headings, as they look."""
    rows = [row for row in cells[layout.first : layout.first + 30] if sum(map(filled, row)) > 2]
    return [
        ["" if each is None else str(each)[:60] for each in row[: len(layout.titles)]] for row in rows[:5]
    ]


class _Reading:
    """One run over the rows of a sheet."""

    def __init__(self, found: StatementFile, until: date) -> None:
        self.found, self.until = found, until
        self.columns = found.layout.columns
        self.parsed: list[Told] = []

    @collecting_later()
    def read(self, cells: Sequence[Sequence[Cell]]) -> None:
        for number, row in enumerate(cells[self.found.layout.first :], start=self.found.layout.first + 1):
            if any(map(filled, row)):
                self._row(number, row)
        self._put_in_order()
        self._check_sums()

    def _cell(self, row: Sequence[Cell], meaning: str) -> Cell:
        at = self.columns.get(meaning)
        return row[at] if at is not None and at < len(row) else None

    def _row(self, number: int, row: Sequence[Cell]) -> None:
        day_cell = self._cell(row, said.DAY)
        moment = moment_in(day_cell) or moment_in(self._cell(row, said.VALUE_DAY))
        is_plain = moment is not None and not (isinstance(day_cell, str) and not day_cell[:1].isdigit())
        if not is_plain and (said.is_total(row) or said.is_heading_again(row, self.found.layout)):
            return
        money = [self._cell(row, each) for each in (said.CREDIT, said.DEBIT, said.AMOUNT)]
        if moment is None and not any(map(filled, money)):
            self._go_on(row)
            return
        if not any(filled(each) and money_in(each) != 0 for each in money):
            return  # a day without a movement
        self.found.rows += 1
        before = len(self.found.problems)
        self._told(number, row, moment, day_cell)
        for each in self.found.problems[before:]:
            if each.code in REJECTING:
                self.found.rejected.append(RejectedRow(number, each.code, self.found.text_of(number)))

    def _told(
        self, number: int, row: Sequence[Cell], moment: tuple[date, time | None] | None, day_cell: Cell
    ) -> None:
        if moment is None:
            self._doubt(number, "day_unclear", day_cell)
        elif moment[0] > self.until:
            self._doubt(number, "day_ahead", day_cell)
        else:
            self._movement(number, row, moment)

    def _go_on(self, row: Sequence[Cell]) -> None:
        """A note that goes on in the next row."""
        text = self._cell(row, said.CONTENT)
        if self.parsed and isinstance(text, str) and sum(map(filled, row)) == 1:
            last = self.parsed[-1]
            self.parsed[-1] = replace(last, content=_note(f"{last.content} {text}"))

    def _movement(self, number: int, row: Sequence[Cell], moment: tuple[date, time | None]) -> None:
        signed = self._signed(number, row)
        if signed is None or signed == 0:
            return
        on, clock = moment
        clock = clock or time_in(self._cell(row, said.TIME))
        reference = _text(self._cell(row, said.REFERENCE)) or after_the_day(self._cell(row, said.DAY))
        self.parsed.append(
            Told(
                IN if signed > 0 else OUT,
                abs(signed),
                on,
                datetime.combine(on, clock, VIET_NAM) if clock else None,
                _note(_text(self._cell(row, said.CONTENT))),
                reference[:80],
                money_in(self._cell(row, said.BALANCE)),
                _note(_text(self._cell(row, said.PAYER)))[:120],
                row=number,
            )
        )

    def _signed(self, number: int, row: Sequence[Cell]) -> int | None:
        """Đồng, below 0 for money out; None where the row does not say."""
        if said.AMOUNT in self.columns and said.CREDIT not in self.columns:
            return self._of_one_column(number, row)
        values = []
        for meaning in (said.CREDIT, said.DEBIT):
            cell = self._cell(row, meaning)
            amount = money_in(cell) if filled(cell) and not _is_dash(cell) else 0
            if amount is None or abs(amount) > LARGEST:
                self._doubt(number, "amount_unclear", cell)
                return None
            values.append(amount)
        came, went = values
        if came and went:
            self._doubt(number, "both_sides", "")
            return None
        if came < 0:
            self._doubt(number, "reversed", came)
        return came - abs(went)

    def _of_one_column(self, number: int, row: Sequence[Cell]) -> int | None:
        cell = self._cell(row, said.AMOUNT)
        amount = money_in(cell)
        if amount is None or abs(amount) > LARGEST:
            self._doubt(number, "amount_unclear", cell)
            return None
        if said.SIDE not in self.columns:
            return amount
        side = _side(_text(self._cell(row, said.SIDE)))
        if not side:
            self._doubt(number, "side_unclear", self._cell(row, said.SIDE))
            return None
        return side * abs(amount)

    def _doubt(self, number: int, code: str, value: object) -> None:
        self.found.problems.append(RowProblem(number, code, _shown(value)))

    def _put_in_order(self) -> None:
        """The earliest first; rows that were copied are left out."""
        signed = [each.amount if each.direction == IN else -each.amount for each in self.parsed]
        order = Order(said.is_ascending(signed, [each.balance_after for each in self.parsed]))
        turns = range(len(signed)) if order.is_ascending else range(len(signed) - 1, -1, -1)
        for turn in turns:
            each = self.parsed[turn]
            before = order.last
            key = (
                each.direction,
                each.amount,
                each.on,
                each.booked_at,
                bare(each.content),
                each.reference,
                each.balance_after,
            )
            if order.is_repeated(
                key, signed[turn], each.balance_after, has_reference=bool(strong(each.reference))
            ):
                self.found.repeated += 1
                self._doubt(each.row or 0, "row_repeated", "")
                continue
            self.found.told.append(each)
            if (
                before is not None
                and each.balance_after is not None
                and before + signed[turn] != each.balance_after
            ):
                self._doubt(each.row or 0, "balance_jumps", each.balance_after - before - signed[turn])

    def _check_sums(self) -> None:
        if self.found.off:
            self.found.problems.append(RowProblem(0, "sums_differ", _shown(self.found.off)))


def _side(text: str) -> int:
    """
    >>> _side("Có"), _side("D"), _side("+"), _side("Tiền ra"), _side("?")
    (1, -1, 1, -1, 0)
    """
    key = name_key(text)
    if key in ("c", "cr", "co", "+", "in", "credit", "ghi co", "tien vao", "vao", "nhan", "nhan tien", "thu"):
        return 1
    is_out = key in (
        "d",
        "dr",
        "no",
        "-",
        "out",
        "debit",
        "ghi no",
        "tien ra",
        "ra",
        "chuyen",
        "chuyen tien",
        "chi",
    )
    return -1 if is_out else 0


def _is_dash(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip() in ("-", "–", "—")


def _text(cell: Cell) -> str:
    """A cell as text; a number without the point that Excel gives it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell == int(cell) and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _note(text: str) -> str:
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:MOST_CONTENT]
    return squeeze("".join(char if is_storable(char) else " " for char in text))[:MOST_CONTENT]


def _shown(value: object) -> str:
    return squeeze(str(value if value is not None else ""))[:60]
