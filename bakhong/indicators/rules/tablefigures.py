"""The figures of a table: one for each row and column of counts, with its denominator and percent where columns hold them."""

import re

from bakhong.indicators.rules.definitions import registry
from bakhong.indicators.rules.grid import Layout, percent_value
from bakhong.indicators.rules.lexicon import lexicon
from bakhong.indicators.rules.normalise import fold_words
from bakhong.indicators.rules.reading import Figure
from bakhong.indicators.rules.units import LEVELS

_PLAN = re.compile(r"kế hoạch|chỉ tiêu|giao|mục tiêu")
_PLACE_HEADER = re.compile(r"đơn vị|địa bàn|địa phương|địa danh|khu vực")
_KIND = re.compile(r"(?<!\w)(thôn|bản|xóm|ấp|khu phố|tổ dân phố|xã|phường|huyện)(?!\w)")


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


def table_figures(
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
    value = percent_value(shape, columns[2], at) if columns[2] is not None else None
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
