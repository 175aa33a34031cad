"""Tables of an annex: figures of every row, and whether rows, columns and percents add up.

The shape is only trusted where most rows agree with it; then the rows that do not are reported with the cells concerned.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from bakhong.indicators.rules import arithmetic, messages
from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.families import FAMILIES
from bakhong.indicators.rules.grid import Cell, Layout, Raw, is_roman, layout
from bakhong.indicators.rules.lexicon import lexicon
from bakhong.indicators.rules.normalise import fold_words
from bakhong.indicators.rules.reading import Figure, Finding, Reading, Repair
from bakhong.indicators.rules.repairs import closest, one_slip, scaled
from bakhong.indicators.rules.units import LEVELS

_AVERAGE = re.compile(r"bình quân|trung bình|đơn giá|điểm|xếp hạng|thứ hạng")
_PLAN = re.compile(r"kế hoạch|chỉ tiêu|giao|mục tiêu")
_PLACE_HEADER = re.compile(r"đơn vị|địa bàn|địa phương|địa danh|khu vực")
_KIND = re.compile(r"(?<!\w)(thôn|bản|xóm|ấp|khu phố|tổ dân phố|xã|phường|huyện)(?!\w)")


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
    figures, ids = _figures(shape, pairs, unit_name)
    found = [*_percents(shape, pairs, ids), *_column_sums(shape, ids), *_row_sums(shape, ids)]
    return Reading(
        tuple(figures),
        tuple(found),
        None,
        tuple(dict.fromkeys(one.unit_name for one in figures if one.unit_name)),
    )


def _percent_value(shape: Layout, column: int, at: int) -> tuple[Decimal, int] | None:
    """A percent as printed; a workbook keeps 92.1% as 0.921."""
    one = shape.rows[at][column]
    if one.value is None:
        return None
    if one.percent or not _fractions(shape, column):
        return one.value, min(one.places, 4)
    return (one.value * 100).quantize(Decimal("0.0001")).normalize(), 4


def _fractions(shape: Layout, column: int) -> bool:
    values = [shape.rows[at][column].value for at in (*shape.data_rows, *shape.total_rows)]
    known = [value for value in values if value is not None]
    return (
        bool(known)
        and all(value <= Decimal("1.5") for value in known)
        and any(value != int(value) for value in known)
    )


def _fits(shape: Layout, column: int, n: int, d: int, at: int) -> str | None:
    top, bottom = shape.rows[at][n].whole, shape.rows[at][d].whole
    value = _percent_value(shape, column, at)
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
            value = _percent_value(shape, column, at)
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
    repairs: list[Repair] = []
    figure = figures[0] if figures else 0
    right = arithmetic.rounded(top, bottom, places)
    if kind := one_slip(scaled(printed, places), scaled(right, places)):
        repairs.append(Repair(figure, "percent", printed, right, kind, refs[0]))
    for name, old, ref, fits in (
        ("numerator", top, refs[1], lambda number: number <= bottom and _agrees(number, bottom, value)),
        ("denominator", bottom, refs[2], lambda number: number >= top and _agrees(top, number, value)),
    ):
        if (found := closest(old, fits)) and found[0] in ("transposition", "digit"):
            repairs.append(Repair(figure, name, Decimal(old), Decimal(found[1]), found[0], ref))
    repairs.sort(key=lambda one: one.kind != "transposition")
    vi, en = vi + messages.repair_sentence(repairs, "vi"), en + messages.repair_sentence(repairs, "en")
    return Finding("percent_mismatch", figures, exact, printed, _at(cells[0], vi), en, tuple(repairs), refs)


def _agrees(n: int, d: int, value: tuple[Decimal, int]) -> bool:
    return d > 0 and arithmetic.judge(n, d, value[0], value[1], None) == arithmetic.FITS


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
    repairs = []
    for one, old in zip(parts, numbers, strict=True):
        if (kind := one_slip(old, stated - (summed - old))) in ("transposition", "digit"):
            repairs.append(
                Repair(
                    ids.get((one.row, one.column), 0),
                    "numerator",
                    Decimal(old),
                    Decimal(stated - (summed - old)),
                    str(kind),
                    one.ref,
                )
            )
    if (kind := one_slip(stated, summed)) in ("transposition", "digit"):
        repairs.append(
            Repair(
                ids.get((total.row, total.column), 0),
                "numerator",
                Decimal(stated),
                Decimal(summed),
                str(kind),
                total.ref,
            )
        )
    repairs = sorted(repairs, key=lambda one: one.kind != "transposition")[:3]
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


def _subject(text: str) -> tuple[str | None, str | None]:
    """(indicator, stage) of a heading or a row's name."""
    low = fold_words(text)[:400]
    found = lexicon().mentions(low, 0, len(low))
    strong = [one for one in found if one.kind == "indicator"] or [one for one in found if one.kind == "weak"]
    if not strong:
        users = [one for one in found if one.kind == "population" and one.key == "smartphone_users"]
        return ("smartphone", None) if users else (None, None)
    code = max(strong, key=lambda one: (one.weight, one.start)).key
    stages = registry().get(code).stages
    return code, next((one.key for one in found if one.kind == "stage" and one.key in stages), None)


def _figures(
    shape: Layout, pairs: dict[int, tuple[int, int]], unit_name: str | None
) -> tuple[list[Figure], dict[tuple[int, int], int]]:
    by_numerator: dict[int, tuple[int | None, int | None]] = {
        n: (d, percent) for percent, (n, d) in pairs.items()
    }
    bases = {d for _, d in pairs.values()} - set(by_numerator)
    columns: list[tuple[int | None, int | None, int | None]] = []
    for column in shape.counts:
        if column not in bases:
            d, percent = by_numerator.get(column, (None, None))
            columns.append((column, d, percent))
    columns += [(None, None, column) for column in shape.percents if column not in pairs]
    subjects = {one: _subject(shape.headers[one]) for one in (*shape.counts, *shape.percents)}
    title = _subject(shape.title)
    places = _names_places(shape)
    figures: list[Figure] = []
    ids: dict[tuple[int, int], int] = {}
    for at in sorted((*shape.data_rows, *shape.total_rows)):
        named = _subject(shape.rows[at][shape.label].text)
        for n, d, percent in columns:
            lead = n if n is not None else percent
            subject = subjects[lead] if lead is not None else (None, None)
            if subject[0] is None and percent is not None:
                subject = subjects[percent]
            subject = subject if subject[0] else named if named[0] else title
            if not places and not named[0] and at not in shape.total_rows:
                subject = (None, None)  # "Tư pháp", "Đất đai": a breakdown, not the unit's figure
            figure = _figure(
                shape, at, (n, d, percent), len(figures) + 1, subject, _unit(shape, at, unit_name, named[0])
            )
            if figure is None:
                continue
            figures.append(figure)
            for used in (n, d, percent):
                if used is not None:
                    ids.setdefault((at, used), figure.id)
    return figures, ids


def _names_places(shape: Layout) -> bool:
    """Whether the rows are places: the heading says so, or most names start with a kind of place."""
    if _KIND.search(shape.headers[shape.label]) or _PLACE_HEADER.search(shape.headers[shape.label]):
        return True
    names = [fold_words(shape.rows[at][shape.label].text) for at in shape.data_rows]
    return sum(name.startswith(tuple(kind + " " for kind in LEVELS)) for name in names) * 2 > len(names)


def _unit(shape: Layout, at: int, unit_name: str | None, named: str | None) -> str | None:
    """The row's name as a place: "Yên Lạc" under the heading "Thôn" is "thôn Yên Lạc"."""
    text = shape.rows[at][shape.label].text
    if at in shape.total_rows or named or not text:
        return unit_name
    if not _names_places(shape):
        return unit_name
    first = fold_words(text).split(" ")
    for size in (3, 2, 1):
        kind = " ".join(first[:size])
        if kind in LEVELS:
            return kind + text[len(kind) :]
    heading = _KIND.search(shape.headers[shape.label])
    return f"{heading[1]} {text}" if heading else text


def _figure(
    shape: Layout,
    at: int,
    columns: tuple[int | None, int | None, int | None],
    number: int,
    subject: tuple[str | None, str | None],
    unit: str | None,
) -> Figure | None:
    cells = [shape.rows[at][column] if column is not None else None for column in columns]
    n, d, percent = cells
    top = n.whole if n else None
    bottom = d.whole if d else None
    value = _percent_value(shape, columns[2], at) if columns[2] is not None else None
    if top is None and value is None:
        return None
    used = [one for one in cells if one is not None and one.value is not None]
    spans = [(one.start, one.end) for one in used if one.start is not None and one.end is not None]
    lead = n if n is not None and n.value is not None else percent
    plan = d is not None and _PLAN.search(shape.headers[d.column]) is not None
    return Figure(
        id=number,
        start=min((start for start, _ in spans), default=None),
        end=max((end for _, end in spans), default=None),
        text=" | ".join(one.text for one in used),
        numerator=top,
        denominator=bottom if top is not None else None,
        percent=value[0] if value else None,
        percent_places=value[1] if value else 0,
        percent_to=None,
        qualifier=None,
        indicator=subject[0],
        unit_name=unit,
        stage=subject[1],
        role="value",
        population="assigned_target" if plan else None,
        population_text=shape.headers[d.column] if d is not None else None,
        as_of=None,
        counted_from=None,
        counted_to=None,
        row=lead.row if lead else at,
        column=lead.column if lead else None,
    )
