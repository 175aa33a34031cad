"""What the screens get: frozen values, no models, no lazy queries behind them.

Percentages are `Decimal` in percent (92.1), days are Vietnamese days, texts that name things are ready to show (`name`), and
everything that opens something carries its `uuid`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.core.numbers import format_day


@dataclass(frozen=True)
class UnitRef:
    """A unit as a row or a heading needs it; `name` is with its kind ("Xã Ngọc Phụng")."""

    id: int
    uuid: UUID
    code: str
    name: str
    level: str
    valid_from: date | None = None
    valid_to: date | None = None  # end excluded


class Rule(NamedTuple):
    """How a figure was counted. Only figures with equal rules are ever compared.

    `population_text` is part of the rule only where the source's words match no population of the definition.
    """

    indicator: str
    version: int
    stage: str
    population: str
    population_text: str = ""


@dataclass(frozen=True)
class RuleName:
    """A rule in words, in the language of the moment: "đã kích hoạt", "người trưởng thành"."""

    indicator: str
    stage: str
    population: str
    is_population_said: bool = True

    @property
    def title(self) -> str:
        """The indicator and, where the rule names one, its stage."""
        return f"{self.indicator} ({self.stage})" if self.stage else self.indicator


@dataclass(frozen=True)
class When:
    """The day a figure speaks of. `kind`: counted (one day), period, published, range (a sum of figures of several days), unknown."""

    kind: str
    start: date | None
    end: date | None

    @property
    def text(self) -> str:
        """As shown beside a number."""
        if self.end is None:
            return _("không rõ ngày")
        if self.kind == "published":
            return _("đăng ngày %(day)s") % {"day": format_day(self.end)}
        if self.kind == "period" and self.start is not None:
            return _period_text(self.start, self.end)
        if self.kind == "range" and self.start is not None:
            return _("số liệu các ngày từ %(start)s đến %(end)s") % {
                "start": format_day(self.start),
                "end": format_day(self.end),
            }
        return _("số liệu đến ngày %(day)s") % {"day": format_day(self.end)}


def _period_text(start: date, end: date) -> str:
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return _("năm %(year)s") % {"year": start.year}
    if start.day == 1 and (start.year, start.month) == (end.year, end.month):
        return _("tháng %(month)s/%(year)s") % {"month": start.month, "year": start.year}
    return _("từ %(start)s đến %(end)s") % {"start": format_day(start), "end": format_day(end)}


@dataclass(frozen=True)
class Value:
    """numerator/denominator and the percent computed from them; the printed percent where only that is known.

    `printed` is given only where it differs from what numerator and denominator give.
    """

    numerator: int | None
    denominator: int | None
    percent: Decimal | None
    printed: Decimal | None = None
    qualifier: str = ""  # a code of models.Qualifier


@dataclass(frozen=True)
class Severities:
    """How many open findings."""

    errors: int = 0
    warnings: int = 0

    @property
    def total(self) -> int:
        return self.errors + self.warnings


@dataclass(frozen=True)
class FigureRow:
    """One published figure with where it stands in its source."""

    uuid: UUID
    unit: UnitRef
    rule: Rule
    rule_name: RuleName
    role: str
    scope: str  # which part of the unit it is about ("5 đơn vị thí điểm"); "" the whole unit
    value: Value
    when: When
    population_text: str
    report_uuid: UUID
    report_title: str
    report_source: str
    excerpt: str
    start: int | None
    end: int | None
    note: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True)
class Cover:
    """How much of a unit the figures summed here cover: "1/4 xã cũ có số liệu", or "5/7 thôn có số liệu".

    `kind`: "former" units that became this one, or the "children" below it. `split` are former units of which only a part belongs
    here: their figures are never attributed.
    """

    kind: str
    level: str  # of the units summed
    have: int
    of: int
    missing: tuple[UnitRef, ...] = ()
    split: tuple[UnitRef, ...] = ()
    percent_only: tuple[UnitRef, ...] = ()  # have a figure that cannot be summed

    @property
    def is_complete(self) -> bool:
        return self.have == self.of

    @property
    def text(self) -> str:
        if self.have == 0 and self.percent_only:
            return _("%(have)s/%(of)s đơn vị chỉ có tỷ lệ phần trăm, không cộng được") % {
                "have": len(self.percent_only),
                "of": self.of,
            }
        return cover_text(self.kind, self.level) % {"have": self.have, "of": self.of}


def cover_text(kind: str, level: str) -> str:
    """The sentence with its two gaps."""
    if kind == "children":
        return (
            _("%(have)s/%(of)s thôn có số liệu") if level == "village" else _("%(have)s/%(of)s xã có số liệu")
        )
    if level == "village":
        return _("%(have)s/%(of)s thôn cũ có số liệu")
    return (
        _("%(have)s/%(of)s xã cũ có số liệu")
        if level == "commune"
        else _("%(have)s/%(of)s đơn vị cũ có số liệu")
    )


@dataclass(frozen=True)
class Point:
    """One point of a trend."""

    on: date
    percent: Decimal
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True)
class TargetRow:
    """What is to be reached. `is_met` is None where it cannot be said; `gap` is percent points still missing (0 when met)."""

    uuid: UUID | None  # None: the default of the definition, nobody decided it here
    percent: Decimal | None
    value: int | None
    by_date: date | None
    decision: str
    is_met: bool | None
    gap: Decimal | None


@dataclass(frozen=True)
class Series:
    """One indicator of one unit under one rule: where it is, where it was, what it is to reach, and what stands behind it."""

    rule: Rule
    name: RuleName
    value: Value
    when: When
    age_days: int | None
    previous: Point | None
    change: Decimal | None  # percent points since `previous`
    is_denominator_changed: bool  # by more than a tenth since `previous`: the change says little
    trend: tuple[Point, ...]  # oldest first, at most 12
    target: TargetRow | None
    findings: Severities
    figures: tuple[
        FigureRow, ...
    ]  # behind the number: one, or one of each former unit; none where `children` are summed
    cover: Cover | None  # None: the unit's own figure
    why_not_ranked: str  # "" when it may stand in a league


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator on a dashboard; no series: "chưa có số liệu"."""

    code: str
    name: str
    criterion: str  # "G1" … "P6", or ""
    pillar: str
    serves: str  # which No: "1", "2", "3" or ""
    target: TargetRow | None  # decided for the unit whatever the rule, else the definition's
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Unattributed:
    """Figures of a unit that was split: they belong to no single unit of the boundaries asked for."""

    unit: UnitRef
    candidates: tuple[UnitRef, ...]
    figures: int


@dataclass(frozen=True)
class Dashboard:
    unit: UnitRef
    on: date
    boundaries: date | None
    rows: tuple[IndicatorRow, ...]  # criteria first, in the registry's order; those without figures included
    partial: tuple[
        FigureRow, ...
    ]  # figures about only a part of the unit: shown apart, never ranked or trended
    others: tuple[FigureRow, ...]  # remainders and levels before the programme
    unattributed: tuple[Unattributed, ...]
    stand_ins: tuple[
        UnitRef, ...
    ]  # the units of that day, where this one did not exist in the boundaries asked for
    findings: Severities

    @property
    def with_figures(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for row in self.rows if row.series)

    @property
    def without_figures(self) -> tuple[IndicatorRow, ...]:
        return tuple(row for row in self.rows if not row.series)


@dataclass(frozen=True)
class ChildRow:
    """A child unit under one rule; no value: "chưa có số liệu"."""

    unit: UnitRef
    value: Value | None
    when: When | None
    age_days: int | None
    cover: Cover | None
    target: TargetRow | None
    findings: Severities
    figures: tuple[FigureRow, ...]


@dataclass(frozen=True)
class LeagueRow:
    """A ranked unit. Equal percentages share a rank ("=3")."""

    rank: int
    is_tied: bool
    unit: UnitRef
    group: str  # a code of places.models.Grouping, or ""
    value: Value
    when: When
    is_small: bool  # so few counted that a handful of people moves it
    low: Decimal | None  # Wilson interval, 95 %
    high: Decimal | None
    change: Decimal | None  # percent points since the window before
    previous_rank: int | None
    target: TargetRow | None
    findings: Severities
    cover: Cover | None


@dataclass(frozen=True)
class Unranked:
    """A unit listed below the league with the reason."""

    unit: UnitRef
    group: str
    # A code: incomplete_cover, split, percent_only, approximate, vague_rule, no_day, out_of_window, other_rule, no_figure.
    reason: str
    text: str
    value: Value | None
    when: When | None
    cover: Cover | None


@dataclass(frozen=True)
class RuleOption:
    """A rule that some units under one follow, for choosing what to compare."""

    rule: Rule
    name: RuleName
    units: int
    is_rankable: bool
    why_not: str


@dataclass(frozen=True)
class League:
    unit: UnitRef
    on: date
    window_days: int
    level: str
    boundaries: date | None
    group: str  # "" all groups
    rule: Rule
    name: RuleName
    why_not: str  # "" or why nothing can be ranked under this rule
    rows: tuple[LeagueRow, ...]  # best first; `worst_first` turns it
    unranked: tuple[Unranked, ...]
    small_below: int  # rows with a smaller denominator are marked
    of: int  # units of that level and group

    @property
    def worst_first(self) -> tuple[LeagueRow, ...]:
        return tuple(reversed(self.rows))


@dataclass(frozen=True)
class Coverage:
    """How many units of a level under one have any figure by a day (their former units' figures count)."""

    have: int
    of: int
    with_own: int  # figures about the unit itself
    silent: tuple[UnitRef, ...]  # have none
