"""The grid as it is typed, pasted or uploaded: units × indicators, two numbers a cell. Nothing is stored here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day, format_int, format_percent, percent_of
from bakhong.core.text import identity_key, name_key, nfc, squeeze
from bakhong.desk.forms.periods import NotANumber, read_count
from bakhong.documents.writing.template import Grid
from bakhong.indicators.queries.facts import Fact
from bakhong.indicators.queries.period_checks import FALL, JUMP
from bakhong.indicators.queries.words import indicator_name as name_of
from bakhong.indicators.queries.words import population_name, stage_name
from bakhong.indicators.rules.asks import Ask, CellError, check_cell
from bakhong.indicators.rules.asks import Cell as AskCell
from bakhong.places.models import Unit
from bakhong.ui.figures import language

MOST_COLUMNS = 6
MOST_PASTED = 100_000
_CELL_ERRORS = {
    "negative": lambda: _("Số không được âm."),
    "too_large": lambda: _("Số quá lớn."),
    "zero_whole": lambda: _("Tổng số phải lớn hơn 0; để trống cả hai ô nếu chưa có ai thuộc diện này."),
}


@dataclass(frozen=True)
class Column:
    """One indicator under one rule, as the head of two columns of inputs."""

    index: int
    ask: Ask
    name: str
    stage: str
    population: str

    @classmethod
    def of(cls, index: int, ask: Ask) -> "Column":
        return cls(index, ask, name_of(ask.indicator), stage_name(ask.stage), population_name(ask.population))


@dataclass
class Box:
    """One cell: what was typed in its two inputs, what they mean, what is wrong (must be mended) and what looks wrong."""

    name: str  # of the inputs: n-<name>, d-<name>
    column: Column
    part: str = ""
    whole: str = ""
    numerator: int | None = None
    denominator: int | None = None
    error: str = ""
    warning: str = ""
    before: Fact | None = None

    @property
    def is_empty(self) -> bool:
        return self.numerator is None and self.denominator is None

    @property
    def percent(self) -> Decimal | None:
        if self.numerator is None or not self.denominator:
            return None
        return percent_of(self.numerator, self.denominator)

    @property
    def before_text(self) -> str:
        """ "4.700/5.205 (06/05/2025)", or "" where nothing is known."""
        if self.before is None:
            return ""
        if self.before.numerator is None:
            number = format_percent(self.before.percent or Decimal(0), language())
        else:
            whole = f"/{format_int(self.before.denominator, language())}" if self.before.denominator else ""
            number = format_int(self.before.numerator, language()) + whole
        return f"{number} ({format_day(self.before.on)})" if self.before.on else number


@dataclass
class Row:
    """One unit; `note` explains what looks wrong in its cells."""

    unit: Unit
    boxes: list[Box]
    note: str = ""

    @property
    def needs_note(self) -> bool:
        return not self.note and any(box.warning for box in self.boxes)


@dataclass
class Sheet:
    """The whole grid."""

    columns: list[Column]
    rows: list[Row]
    complaints: list[str] = field(default_factory=list)  # about a pasted text or an uploaded file

    @property
    def boxes(self) -> Iterator[Box]:
        return (box for row in self.rows for box in row.boxes)

    @property
    def has_errors(self) -> bool:
        return any(box.error for box in self.boxes)

    @property
    def waits_for_notes(self) -> bool:
        return any(row.needs_note for row in self.rows)

    @property
    def is_empty(self) -> bool:
        return all(box.is_empty for box in self.boxes)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the input, sentence) of everything that stops the grid from being stored."""
        out = []
        for row in self.rows:
            for box in row.boxes:
                if box.error:
                    out.append((f"n-{box.name}", f"{row.unit.full_name}, {box.column.name}: {box.error}"))
            if row.needs_note:
                said = next(box.warning for box in row.boxes if box.warning)
                out.append((f"note-{row.unit.uuid}", f"{row.unit.full_name}: {said}"))
        return out

    @property
    def totals(self) -> list[tuple[int | None, int | None, Decimal | None, int]]:
        """A column: sums of the cells with both numbers, their percent, and how many units they are."""
        out: list[tuple[int | None, int | None, Decimal | None, int]] = []
        for column in self.columns:
            full = [
                (row.boxes[column.index].numerator, row.boxes[column.index].denominator)
                for row in self.rows
                if row.boxes[column.index].numerator is not None
                and row.boxes[column.index].denominator
                and not row.boxes[column.index].error
            ]
            part, whole = sum(n or 0 for n, _d in full), sum(d or 0 for _n, d in full)
            out.append((part, whole, percent_of(part, whole), len(full)) if full else (None, None, None, 0))
        return out


def blank(units: Sequence[Unit], asks: Sequence[Ask], before: Mapping[tuple[int, Ask], Fact]) -> Sheet:
    columns = [Column.of(index, ask) for index, ask in enumerate(asks)]
    rows = [
        Row(
            unit,
            [
                Box(f"{unit.uuid}-{column.index}", column, before=before.get((unit.pk, column.ask)))
                for column in columns
            ],
        )
        for unit in units
    ]
    return Sheet(columns, rows)


def fill_typed(sheet: Sheet, posted: Mapping[str, Any]) -> None:
    """What the browser sent."""
    for row in sheet.rows:
        row.note = squeeze(str(posted.get(f"note-{row.unit.uuid}", "")).replace("\x00", ""))[:500]
        for box in row.boxes:
            box.part = _typed(posted.get(f"n-{box.name}", ""))
            box.whole = _typed(posted.get(f"d-{box.name}", ""))


def _typed(value: Any) -> str:
    return nfc(str(value)).replace("\x00", "").strip()[:40]


def fill_pasted(sheet: Sheet, text: str) -> int:
    """Lines copied from a spreadsheet: a unit's name, then two numbers for each column. Gives how many lines fit."""
    rows = _by_name(sheet.rows)
    fitted = 0
    for line in nfc(text[:MOST_PASTED]).replace("\x00", "").splitlines():
        name, *cells = [cell.strip() for cell in line.split("\t")]
        if not name and not any(cells):
            continue
        row = rows.get(identity_key(name)) or rows.get(name_key(name))
        if row is None:
            sheet.complaints.append(_("Không có đơn vị nào tên “%(name)s” trong bảng.") % {"name": name[:60]})
            continue
        fitted += 1
        for box in row.boxes:
            pair = cells[2 * box.column.index : 2 * box.column.index + 2]
            box.part, box.whole = (
                (_typed(pair[0]) if pair else box.part),
                (_typed(pair[1]) if len(pair) > 1 else box.whole),
            )
        if len(cells) > 2 * len(sheet.columns):
            sheet.complaints.append(
                _("Dòng “%(name)s” có nhiều cột hơn bảng; các cột thừa bị bỏ.") % {"name": name[:60]}
            )
    return fitted


def _by_name(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by their name with and without its kind; without accents only where that names one."""
    exact: dict[str, Row] = {}
    loose: dict[str, list[Row]] = {}
    for row in rows:
        for name in (row.unit.full_name, row.unit.name):
            exact.setdefault(identity_key(name), row)
            loose.setdefault(name_key(name), []).append(row)
    alone = {key: found[0] for key, found in loose.items() if len({id(row) for row in found}) == 1}
    return {**alone, **exact}


def fill_uploaded(sheet: Sheet, grid: Grid) -> None:
    """A filled template: every cell that is no whole number is reported with its place in the sheet."""
    rows = {row.unit.code: row for row in sheet.rows}
    columns = {
        column_code(column.ask, half): (column, half) for column in sheet.columns for half in ("n", "d")
    }
    for cell in grid.cells:
        row, found = rows.get(cell.row), columns.get(cell.column)
        if row is None or found is None:
            sheet.complaints.append(
                _("Ô %(ref)s không thuộc bảng này. Hãy tải mẫu mới rồi điền lại.") % {"ref": cell.ref}
            )
            continue
        box = row.boxes[found[0].index]
        typed = str(cell.found)[:40] if cell.value is None else format_int(cell.value)
        if cell.value is None:
            sheet.complaints.append(
                _("Ô %(ref)s ghi “%(found)s”, không phải số nguyên từ 0 trở lên.")
                % {"ref": cell.ref, "found": str(cell.found)[:40]}
            )
        if found[1] == "n":
            box.part = typed
        else:
            box.whole = typed


def column_code(ask: Ask, half: str) -> str:
    return f"{ask.key}#{half}"


def check(sheet: Sheet, on: date) -> None:
    """Reads what was typed into numbers, and says what is wrong or looks wrong."""
    for row in sheet.rows:
        for box in row.boxes:
            _read(box)
            if box.error or box.is_empty:
                continue
            box.error = _wrong(box, row)
            if not box.error:
                box.warning = _odd(box, row, on)


def _read(box: Box) -> None:
    try:
        box.numerator, box.denominator = read_count(box.part), read_count(box.whole)
    except NotANumber as error:
        box.error = _("“%(text)s” không phải số nguyên. Hãy gõ như 4795 hoặc 4.795.") % {
            "text": str(error)[:30]
        }


def _wrong(box: Box, row: Row) -> str:
    try:
        check_cell(box.column.ask, AskCell(box.numerator, box.denominator))
    except CellError as error:
        return _CELL_ERRORS[error.code]()
    if box.numerator is None:
        return _("Thiếu số đạt được.")
    if box.denominator is None:
        return _("Thiếu tổng số.")
    if box.numerator > box.denominator and not box.column.ask.may_exceed_whole and not row.note:
        return _("Số đạt được %(part)s lớn hơn tổng số %(whole)s. Hãy sửa, hoặc ghi lý do ở cuối dòng.") % {
            "part": format_int(box.numerator, language()),
            "whole": format_int(box.denominator, language()),
        }
    return ""


def _odd(box: Box, row: Row, on: date) -> str:
    assert box.numerator is not None
    other = next(
        (
            each
            for each in row.boxes
            if each is not box
            and each.column.index < box.column.index
            and each.column.ask.population == box.column.ask.population
            and not each.column.ask.may_exceed_whole
            and not each.column.ask.is_flow(on)
            and each.denominator not in (None, box.denominator)
        ),
        None,
    )
    if other is not None and other.denominator is not None and not box.column.ask.is_flow(on):
        return _(
            "Cùng đếm %(people)s nhưng hai cột ghi tổng số %(one)s và %(other)s. Nếu đúng, hãy ghi lý do."
        ) % {
            "people": box.column.population,
            "one": format_int(other.denominator, language()),
            "other": format_int(box.denominator or 0, language()),
        }
    before = box.before
    if before is None or before.numerator is None:
        return ""
    if before.on == on and (before.numerator, before.denominator) != (box.numerator, box.denominator):
        return _("Ngày này đã có số %(was)s. Nếu số mới đúng, hãy ghi lý do.") % {"was": box.before_text}
    definition = box.column.ask.definition(on)
    is_stock = not box.column.ask.is_flow(on) and definition.direction == "higher"
    if is_stock and box.numerator < before.numerator * FALL:
        return _("Giảm so với lần trước %(was)s. Nếu đúng, hãy ghi lý do.") % {"was": box.before_text}
    was = percent_of(before.numerator, before.denominator) if before.denominator else None
    if was is not None and box.percent is not None and abs(box.percent - was) > JUMP:
        return _("Thay đổi nhiều so với lần trước %(was)s. Nếu đúng, hãy ghi lý do.") % {
            "was": box.before_text
        }
    return ""
