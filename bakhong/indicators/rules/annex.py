"""Tables of an annex: figures of every row, and whether rows, columns and percents add up.

The shape is only trusted where most rows agree with it; then the rows that do not are reported with the cells concerned.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from bakhong.indicators.rules import arithmetic, messages
from bakhong.indicators.rules.families import FAMILIES
from bakhong.indicators.rules.grid import Cell, Layout, Raw, is_roman, layout, percent_value
from bakhong.indicators.rules.reading import Finding, Reading, Repair
from bakhong.indicators.rules.repairs import of_percent, of_sum
from bakhong.indicators.rules.tablefigures import table_figures

_AVERAGE = re.compile(r"bình quân|trung bình|đơn giá|điểm|xếp hạng|thứ hạng")


def read_table(rows: Sequence[Sequence[Raw]], *, unit_name: str | None = None) -> Reading:
    """Reads a table of an .xlsx annex or a .docx: a list of rows of cells (text, numbers or None).

    Figures carry `row` and `column` (from 0) of their numerator (or percent), findings the cells ("D17"). An empty reading where
    the table has no heading or no numbers.

    Raises: TableTooLarge.

    >>> reading = read_table([["Thôn", "Đã cấp chữ ký số", "Tổng số", "Tỷ lệ"], ["Yên Lạc", 120, 130, "92,3%"],
    ...                       ["Yên Phú", 98, 115, "85,2%"], ["Tổng", 228, 245, "93,1%"]])
    >>> [(one.code, one.cells) for one in reading.findings]
    [('parts_do_not_sum', ('B4', 'B2', 'B3'))]
    """
    shape = layout(rows)
    if shape is None:
        return Reading()
    return read_layout(shape, unit_name)


def read_layout(shape: Layout, unit_name: str | None) -> Reading:
    pairs = {column: pair for column in shape.percents if (pair := _pair(shape, column))}
    figures, ids = table_figures(shape, pairs, unit_name)
    found = [*_percents(shape, pairs, ids), *_column_sums(shape, ids), *_row_sums(shape, ids)]
    return Reading(
        tuple(figures),
        tuple(found),
        None,
        tuple(dict.fromkeys(one.unit_name for one in figures if one.unit_name)),
    )


def _fits(shape: Layout, column: int, n: int, d: int, at: int) -> str | None:
    top, bottom = shape.rows[at][n].whole, shape.rows[at][d].whole
    value = percent_value(shape, column, at)
    if top is None or not bottom or value is None:
        return None
    if value[1] >= 4:  # a computed cell carries more digits than it shows
        near = abs(arithmetic.exact_percent(top, bottom) - value[0]) <= Decimal("0.051")
        return arithmetic.FITS if near else arithmetic.MISMATCH
    return arithmetic.judge(top, bottom, value[0], value[1], None)


def _pair(shape: Layout, column: int) -> tuple[int, int] | None:
    """The counts a percent column is made of: the nearest pair that most rows agree with."""
    every = [*shape.data_rows, *shape.total_rows]
    left = [one for one in shape.counts if one < column] or shape.counts
    best: tuple[int, int, tuple[int, int]] | None = None
    for n in left[-8:]:
        for d in left[-12:]:
            if n == d:
                continue
            verdicts = [verdict for at in every if (verdict := _fits(shape, column, n, d, at))]
            good = sum(verdict != arithmetic.MISMATCH for verdict in verdicts)
            if good and good * 2 >= len(verdicts):
                score = (good, n + d, (n, d))
                best = max(best, score) if best else score
    return best[2] if best else None


def _percents(
    shape: Layout, pairs: dict[int, tuple[int, int]], ids: dict[tuple[int, int], int]
) -> list[Finding]:
    out: list[Finding] = []
    for column, (n, d) in pairs.items():
        for at in (*shape.data_rows, *shape.total_rows):
            verdict = _fits(shape, column, n, d, at)
            value = percent_value(shape, column, at)
            if verdict in (None, arithmetic.FITS) or value is None:
                continue
            out.append(_percent_finding(shape, (column, n, d), at, verdict or "", value, ids))
    return out


def _percent_finding(
    shape: Layout,
    columns: tuple[int, int, int],
    at: int,
    verdict: str,
    value: tuple[Decimal, int],
    ids: dict[tuple[int, int], int],
) -> Finding:
    _column, _n, _d = columns
    cells = [shape.rows[at][one] for one in columns]
    top, bottom = cells[1].whole or 0, cells[2].whole or 1
    figures = _ids(ids, at, columns)
    printed, places = value
    refs = tuple(one.ref for one in cells)
    if verdict == arithmetic.TRUNCATED:
        rounded = arithmetic.rounded(top, bottom, places)
        vi, en = messages.percent_truncated(top, bottom, rounded, printed, places)
        return Finding("percent_truncated", figures, rounded, printed, _at(cells[0], vi), en, (), refs)
    exact = arithmetic.rounded(top, bottom, max(2, min(places, 2)))
    vi, en = messages.percent_mismatch(top, bottom, exact, printed, places if places < 4 else 0)
    figure = figures[0] if figures else 0
    where = dict(zip(("percent", "numerator", "denominator"), refs, strict=True))
    repairs = [Repair(figure, *slip, where[slip.field]) for slip in of_percent(top, bottom, printed, places)]
    vi, en = vi + messages.repair_sentence(repairs, "vi"), en + messages.repair_sentence(repairs, "en")
    return Finding("percent_mismatch", figures, exact, printed, _at(cells[0], vi), en, tuple(repairs), refs)


def _at(one: Cell, sentence: str) -> str:
    return sentence if one.start is not None else f"Ô {one.ref}: {sentence}"


def _column_sums(shape: Layout, ids: dict[tuple[int, int], int]) -> list[Finding]:
    """The one total row against the rows it totals."""
    if len(shape.total_rows) != 1 or len(shape.data_rows) < 2:
        return []
    total = shape.total_rows[0]
    rows = (
        [at for at in shape.data_rows if at > total]
        if total < shape.data_rows[0]
        else [at for at in shape.data_rows if at < total]
    )
    out: list[Finding] = []
    checked = 0
    for column in shape.counts:
        stated = shape.rows[total][column].whole
        if stated is None or _AVERAGE.search(shape.headers[column]):
            continue
        cells = [shape.rows[at][column] for at in rows]
        if any(one.value is not None and one.whole is None for one in cells) or not any(
            one.whole for one in cells
        ):
            continue
        checked += 1
        if stated in _possible_sums(shape, rows, column):
            continue
        out.append(
            _sum_finding(shape.rows[total][column], [one for one in cells if one.whole is not None], ids)
        )
    # Where no column agrees and no digit would mend it, the rows are not what the total row totals.
    if (
        checked
        and len(out) == checked
        and not any(one.repairs for one in out)
        and (checked > 1 or len(rows) < 2)
    ):
        return []
    return out


def _possible_sums(shape: Layout, rows: list[int], column: int) -> set[int]:
    """All rows; only the groups (I, II, …); only the rows inside groups."""
    numbers = {at: shape.rows[at][column].whole or 0 for at in rows}
    groups = [
        at
        for at in rows
        if is_roman(shape.rows[at][0].text) or re.match(r"^[A-D]\.?$", shape.rows[at][0].text)
    ]
    sums = {sum(numbers.values())}
    if groups:
        sums |= {sum(numbers[at] for at in groups), sum(numbers[at] for at in rows if at not in groups)}
    return sums


def _sum_finding(total: Cell, parts: list[Cell], ids: dict[tuple[int, int], int]) -> Finding:
    numbers = [one.whole or 0 for one in parts]
    stated, summed = total.whole or 0, sum(numbers)
    repairs = [
        Repair(ids.get((cell.row, cell.column), 0), *slip, cell.ref)
        for at, slip in of_sum(numbers, stated)
        for cell in [total if at is None else parts[at]]
    ]
    vi, en = (
        messages.parts(numbers, summed, stated) if len(numbers) <= 8 else _long(summed, stated, len(numbers))
    )
    refs = (total.ref, *(one.ref for one in parts))
    return Finding(
        "parts_do_not_sum",
        _ids_of(ids, [total, *parts]),
        Decimal(summed),
        Decimal(stated),
        _at(total, vi + messages.repair_sentence(repairs, "vi")),
        en + messages.repair_sentence(repairs, "en"),
        tuple(repairs),
        refs,
    )


def _long(summed: int, stated: int, count: int) -> tuple[str, str]:
    return (
        f"{count} dòng cộng lại là {messages.shown(summed, 'vi')}, không khớp tổng {messages.shown(stated, 'vi')}.",
        f"{count} rows add up to {messages.shown(summed, 'en')}, not the stated total {messages.shown(stated, 'en')}.",
    )


def _row_sums(shape: Layout, ids: dict[tuple[int, int], int]) -> list[Finding]:
    """ "Tổng số | Nam | Nữ": columns that make up a whole by their nature, where most rows say so."""
    out: list[Finding] = []
    for family in FAMILIES:
        members = [
            [column for column in shape.counts if pattern.search(shape.headers[column])]
            for _, pattern in family.members
        ]
        members = [
            [one for one in found if not any(one in other for other in members if other is not found)]
            for found in members
        ]
        if any(len(found) != 1 for found in members):
            continue
        parts = sorted(found[0] for found in members)
        if parts[-1] - parts[0] != len(parts) - 1:
            continue
        whole = next((column for column in reversed(shape.counts) if column < parts[0]), None)
        whole = (
            whole
            if whole is not None
            else next((column for column in shape.counts if column > parts[-1]), None)
        )
        if whole is None:
            continue
        out += _family_rows(shape, whole, parts, ids)
    return out


def _family_rows(
    shape: Layout, whole: int, parts: list[int], ids: dict[tuple[int, int], int]
) -> list[Finding]:
    wrong, right = [], 0
    for at in (*shape.data_rows, *shape.total_rows):
        stated = shape.rows[at][whole].whole
        numbers = [shape.rows[at][column].whole for column in parts]
        if stated is None or any(number is None for number in numbers):
            continue
        if sum(number or 0 for number in numbers) == stated:
            right += 1
        else:
            wrong.append(at)
    if right < 2 or right < len(wrong):
        return []
    return [
        _sum_finding(shape.rows[at][whole], [shape.rows[at][column] for column in parts], ids) for at in wrong
    ]


def _ids(ids: dict[tuple[int, int], int], at: int, columns: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted({ids[at, column] for column in columns if (at, column) in ids}))


def _ids_of(ids: dict[tuple[int, int], int], cells: Sequence[Cell]) -> tuple[int, ...]:
    return tuple(sorted({ids[one.row, one.column] for one in cells if (one.row, one.column) in ids}))
