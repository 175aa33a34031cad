"""Whose figure it is, and of when."""

from bisect import bisect_left
from datetime import date

from bakhong.indicators.rules.dates import Period, period
from bakhong.indicators.rules.drafts import Draft
from bakhong.indicators.rules.segments import Sentence
from bakhong.indicators.rules.units import VILLAGE, UnitMention

LOOK_BACK = 400


def place(
    one: Draft, units: list[UnitMention], starts: list[int], sentences: list[Sentence], default: str | None
) -> str | None:
    """The place a figure speaks of.

    The nearest name before it in its sentence, else one after it, else the commune or larger place named last before.
    "toàn xã" and "UBND xã" are the commune named last. A village only counts in its own sentence.
    """
    sentence = sentences[one.sentence]
    at = bisect_left(starts, one.start)
    level: int | None = None
    before = units[max(0, at - 30) : at]
    for unit in reversed(before):
        if unit.start < sentence.start:
            break
        if unit.generic:
            level = unit.level if level is None else level
            if unit.level != VILLAGE:
                break
            continue
        if level is not None and unit.level != level:
            continue
        return _with_smaller(unit, before, sentence)
    if level is None:
        for unit in units[at : at + 6]:
            if unit.start >= min(one.clause[1], sentence.end):
                break
            if not unit.generic and unit.start < one.end + 200 and unit.level == VILLAGE:
                return unit.name
    for unit in reversed(units[max(0, at - 200) : at]):
        if unit.generic or (unit.start >= sentence.start and level is None):
            continue
        if level is None and unit.level == VILLAGE:
            continue
        if level is not None and unit.level != level:
            continue
        return unit.name
    return default


def _with_smaller(unit: UnitMention, units: list[UnitMention], sentence: Sentence) -> str:
    """ "thôn Đồng Tâm, xã Bình Nhân có …": the address names the smaller place first."""
    at = units.index(unit)
    previous = units[at - 1] if at else None
    if (
        previous
        and not previous.generic
        and previous.start >= sentence.start
        and previous.level > unit.level
        and unit.start - previous.end <= 3
    ):
        return previous.name
    return unit.name


def when(
    low: str, one: Draft, sentence: Sentence, years: list[tuple[int, int]], on: date | None
) -> Period | None:
    begin = max(sentence.start, one.start - LOOK_BACK)
    return period(low, begin, one.start, years, on) or period(
        low, one.end, min(one.clause[1], one.end + 80), years, on
    )
