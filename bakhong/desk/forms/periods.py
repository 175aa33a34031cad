"""What is typed about reporting periods, as values. Nothing is stored here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.core.numbers import format_decimal
from bakhong.core.text import nfc
from bakhong.indicators.queries.period_checks import lang
from bakhong.indicators.rules.asks import Ask, Cell
from bakhong.indicators.rules.definitions import PILLARS, STAGES, Definition, registry
from bakhong.ui.forms import DayField

_COUNT = re.compile(r"\d+|\d{1,3}(?:[. \u00a0]\d{3})+")
_PERCENT = re.compile(r"(\d{1,4})(?:[.,](\d{1,4}))?\s*%?")


class NotANumber(ValueError):
    """Text in a number's place."""


def read_count(text: str) -> int | None:
    """A count as people type it; dots and spaces only between groups of three digits.

    >>> read_count("4.795"), read_count("4 795"), read_count(" ")
    (4795, 4795, None)
    >>> read_count("4,795")
    Traceback (most recent call last):
    bakhong.desk.forms.periods.NotANumber: 4,795
    """
    text = text.strip()
    if not text:
        return None
    if len(text) > 20 or not _COUNT.fullmatch(text) or not text.isascii():
        raise NotANumber(text)
    return int(re.sub(r"\D", "", text))


def read_percent(text: str) -> Decimal | None:
    """
    >>> read_percent("92,1%"), read_percent("92.10"), read_percent("")
    (Decimal('92.1'), Decimal('92.10'), None)
    """
    text = text.strip()
    if not text:
        return None
    match = _PERCENT.fullmatch(text)
    if not match or not text.isascii():
        raise NotANumber(text)
    return Decimal(f"{match[1]}.{match[2]}" if match[2] else match[1])


@dataclass(frozen=True)
class TypedCell:
    """One line of the grid as it came, so that a mistake is shown where it was made."""

    numerator: str = ""
    denominator: str = ""
    percent: str = ""
    note: str = ""

    @classmethod
    def of(cls, cell: Cell) -> "TypedCell":
        return cls(
            "" if cell.numerator is None else str(cell.numerator),
            "" if cell.denominator is None else str(cell.denominator),
            "" if cell.percent is None else format_decimal(cell.percent),
            cell.note,
        )


@dataclass(frozen=True)
class TypedGrid:
    """The whole grid as it came: `cells` are the readable lines, `errors` what is wrong with the others (by ask key)."""

    typed: Mapping[str, TypedCell]
    cells: Mapping[str, Cell]
    errors: Mapping[str, str]


def read_grid(posted: Mapping[str, Any], asks: Sequence[Ask]) -> TypedGrid:
    """Lines are posted as `n-0`, `d-0`, `p-0`, `note-0`, …, in the order of the period's questions."""
    typed: dict[str, TypedCell] = {}
    cells: dict[str, Cell] = {}
    errors: dict[str, str] = {}
    for index, ask in enumerate(asks):
        parts = [
            nfc(str(posted.get(f"{name}-{index}", "")))[:600].replace("\x00", "")
            for name in ("n", "d", "p", "note")
        ]
        line = typed[ask.key] = TypedCell(*parts)
        try:
            cells[ask.key] = Cell(
                read_count(line.numerator),
                read_count(line.denominator),
                read_percent(line.percent),
                line.note,
            )
        except NotANumber as error:
            errors[ask.key] = _(
                "“%(text)s” không phải số. Gõ số nguyên như 4795 hoặc 4.795; tỷ lệ như 92,1."
            ) % {"text": str(error)[:30]}
    return TypedGrid(typed, cells, errors)


def month_after(day: date) -> tuple[date, date]:
    """First and last day of the month after the one a day lies in.

    >>> month_after(date(2025, 12, 31))
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))
    """
    starts_on = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return starts_on, (starts_on + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class PeriodForm(forms.Form):
    """Opening a period: name, days and due day; the indicators stand beside it (`AskChoice`)."""

    name = forms.CharField(
        label=gettext_lazy("Tên kỳ báo cáo"), max_length=120, help_text=gettext_lazy("Ví dụ: Tháng 11/2026")
    )
    starts_on = DayField(label=gettext_lazy("Từ ngày"))
    ends_on = DayField(
        label=gettext_lazy("Đến hết ngày"), help_text=gettext_lazy("Số liệu tính đến ngày này")
    )
    due_on = DayField(label=gettext_lazy("Hạn gửi"))

    @classmethod
    def next_month(cls, today: date, last_end: date | None) -> "PeriodForm":
        """The month after the last period, or the last whole month where there was none."""
        before = last_end or (today.replace(day=1) - timedelta(days=1)).replace(day=1) - timedelta(days=1)
        starts_on, ends_on = month_after(before)
        name = _("Tháng %(month)s/%(year)s") % {"month": ends_on.month, "year": ends_on.year}
        due = max(ends_on + timedelta(days=5), today + timedelta(days=3))
        return cls(initial={"name": name, "starts_on": starts_on, "ends_on": ends_on, "due_on": due})


@dataclass(frozen=True)
class AskChoice:
    """One indicator that a period may ask for, with the stages and denominators to choose from."""

    code: str
    name: str
    criterion: str
    stages: list[tuple[str, str]]
    populations: list[tuple[str, str]]
    stage: str
    population: str
    is_chosen: bool


def ask_choices(
    posted: Mapping[str, Any] | None, chosen: Sequence[Ask] = ()
) -> list[tuple[str, list[AskChoice]]]:
    """Every indicator under its heading: the criteria first, then the others by pillar. Criteria are chosen to begin with."""
    known = {ask.indicator: ask for ask in chosen}
    groups = []
    for heading, found in groupby(registry(), key=_heading):
        groups.append(
            (heading, [_choice(each, posted, known.get(each.code), bool(chosen)) for each in found])
        )
    return groups


def _heading(definition: Definition) -> str:
    if definition.criterion:
        return (
            _("Tiêu chí chính quyền")
            if definition.criterion.startswith("G")
            else _("Tiêu chí người dân, doanh nghiệp")
        )
    return PILLARS[definition.pillar][1 if lang() == "en" else 0]


def _choice(
    definition: Definition, posted: Mapping[str, Any] | None, known: Ask | None, is_repeat: bool
) -> AskChoice:
    usual = known or Ask.usual(definition)
    is_english = lang() == "en"
    is_chosen = known is not None or (not is_repeat and definition.criterion is not None)
    stage, population = usual.stage, usual.population
    if posted is not None:
        is_chosen = f"ask-{definition.code}" in posted
        stage = str(posted.get(f"stage-{definition.code}", stage))
        population = str(posted.get(f"population-{definition.code}", population))
    return AskChoice(
        code=definition.code,
        name=definition.name_en if is_english else definition.name_vi,
        criterion=definition.criterion or "",
        stages=[(each, STAGES[each][1 if is_english else 0]) for each in definition.stages],
        populations=[
            (each.key, each.name_en if is_english else each.name_vi) for each in definition.populations
        ],
        stage=stage,
        population=population,
        is_chosen=is_chosen,
    )


def chosen_asks(choices: Sequence[tuple[str, Sequence[AskChoice]]]) -> list[Ask]:
    return [
        Ask(each.code, each.stage, each.population)
        for _heading, group in choices
        for each in group
        if each.is_chosen
    ]
