"""Values of the indicators as the lines, marks and links that the pages about numbers show. It asks nothing of the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bakhong.core.days import day_before
from bakhong.core.numbers import format_day, format_decimal, format_int, format_percent
from bakhong.desk.frame import Asked, asked
from bakhong.desk.queries import Flag
from bakhong.indicators.queries.below import missing_of
from bakhong.indicators.queries.shapes import (
    FigureRow,
    IndicatorRow,
    Point,
    Rule,
    Series,
    TargetRow,
    UnitRef,
    Value,
)
from bakhong.indicators.queries.shown import figure_of_row, figure_of_series
from bakhong.indicators.rules.definitions import PILLARS
from bakhong.places.models import Unit
from bakhong.ui.charts import Point as Dot
from bakhong.ui.charts import spark
from bakhong.ui.figures import Figure, language

MERGED_ON = date(2025, 7, 1)  # communes were re-drawn and districts ended. Source: Nghị quyết 202/2025/QH15
AGED = 60  # days after which a figure's age is said in words
OLD = 365  # days after which it is marked as old


@dataclass(frozen=True)
class Question:
    """What an address of a page about numbers asks: the day, the boundaries, and what further it names."""

    asked: Asked
    kept: Mapping[str, str]  # the parameters that say so, as they go into links

    @property
    def on(self) -> date:
        return self.asked.on

    @property
    def boundaries(self) -> date | None:
        return self.asked.boundaries

    def href(self, path: str = "", **changes: str) -> str:
        """The same question at another address or with other parameters; an empty one is left out."""
        wanted = {key: value for key, value in {**self.kept, **changes}.items() if value}
        return f"{path}?{urlencode(wanted)}" if wanted or not path else path

    def fields(self, *without: str) -> list[tuple[str, str]]:
        """The parameters as hidden fields of a form that asks for `without` itself."""
        return [(key, value) for key, value in self.kept.items() if key not in without]


def question(request: HttpRequest, **allowed: Iterable[str]) -> Question:
    """The question of an address. Of further parameters only `allowed` values are kept; others are as if they were not there.

    Raises: BadQuestion for a day that is none.
    """
    found = asked(request)
    kept = {}
    if request.GET.get("on", "").strip():
        kept["on"] = format_day(found.on)
    if found.boundaries is not None:
        kept["boundaries"] = format_day(found.boundaries)
    for name, values in allowed.items():
        value = request.GET.get(name, "")
        if value in values:
            kept[name] = value
    return Question(found, {name: value for name, value in kept.items() if value})


def boundary_tabs(unit: Unit, ask: Question, path: str) -> list[dict[str, Any]]:
    """Before and after the merger, as links. A unit is shown on its own ground where nothing is asked."""
    is_former = unit.valid_to is not None and unit.valid_to <= MERGED_ON
    own = _("Trước 01/07/2025") if is_former else _("Từ 01/07/2025")
    other = _("Từ 01/07/2025") if is_former else _("Trước 01/07/2025")
    day = MERGED_ON if is_former else day_before(MERGED_ON)
    is_other = ask.boundaries is not None and (ask.boundaries < MERGED_ON) is not is_former
    mine = {"label": own, "url": ask.href(path, boundaries=""), "current": not is_other}
    theirs = {"label": other, "url": ask.href(path, boundaries=format_day(day)), "current": is_other}
    return [theirs, mine] if not is_former else [mine, theirs]


def address(name: str, *args: Any) -> str:
    """The address of a page, or "" where this installation has none by that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def rule_query(rule: Rule) -> dict[str, str]:
    """The parameters that name a rule within its indicator."""
    return {"stage": rule.stage, "population": rule.population, "said": rule.population_text}


def drill_url(unit: UUID, rule: Rule, ask: Question) -> str:
    path = reverse("desk:indicator", args=[unit, rule.indicator])
    kept = {key: ask.kept[key] for key in ("on", "boundaries") if key in ask.kept}
    wanted = {**kept, **{key: value for key, value in rule_query(rule).items() if value}}
    return f"{path}?{urlencode(wanted)}" if wanted else path


def assign_url(unit: UUID, indicator: str) -> str:
    return reverse("desk:followup_new", args=[unit]) + "?" + urlencode({"indicator": indicator})


def age_words(days: int | None) -> str:
    """Said only of figures older than two months.

    >>> age_words(20), age_words(560)
    ('', 'đã 18 tháng')
    """
    if days is None or days < AGED:
        return ""
    return _("đã %(months)s tháng") % {"months": round(days / 30.44)}


def target_words(target: TargetRow | None) -> str:
    if target is None:
        return ""
    amount = (
        format_percent(target.percent, language())
        if target.percent is not None
        else format_int(target.value or 0, language())
    )
    if target.uuid is None:
        return _("mức chung %(amount)s") % {"amount": amount}
    if target.by_date is None:
        return _("được giao %(amount)s") % {"amount": amount}
    return _("được giao %(amount)s đến %(day)s") % {"amount": amount, "day": format_day(target.by_date)}


def verdict(target: TargetRow | None) -> tuple[str, str] | None:
    """(kind of mark, word), where it can be said."""
    if target is None or target.is_met is None:
        return None
    return ("done", _("đạt")) if target.is_met else ("late", _("chưa đạt"))


def gap_words(value: Value, target: TargetRow | None) -> str:
    """What is missing to the target: in percent points, and in people or things where that can be said."""
    if target is None or target.is_met is not False:
        return ""
    missing = missing_of(value, target)
    counted = format_int(missing, language()) if missing else ""
    if not target.gap:
        return _("còn thiếu %(count)s") % {"count": counted} if counted else ""
    points = format_decimal(target.gap, language())
    if not counted:
        return _("còn thiếu %(points)s điểm %%") % {"points": points}
    return _("còn thiếu %(points)s điểm %%, là %(count)s nữa") % {"points": points, "count": counted}


def change_words(change: Decimal | None, previous: Point | None) -> str:
    if change is None or previous is None:
        return ""
    return _("%(change)s so với %(day)s") % {"change": points_words(change), "day": format_day(previous.on)}


def points_words(change: Decimal | None) -> str:
    """
    >>> points_words(Decimal("-1.5"))
    'giảm 1,5 điểm %'
    """
    if change is None:
        return ""
    if change == 0:
        return _("không đổi")
    word = _("tăng %(points)s điểm %%") if change > 0 else _("giảm %(points)s điểm %%")
    return word % {"points": format_decimal(abs(change), language())}


@dataclass(frozen=True)
class Line:
    """One indicator under one rule, ready to be shown."""

    series: Series
    figure: Figure
    url: str
    findings: tuple[Flag, ...]

    @cached_property
    def percent(self) -> Decimal | None:
        return self.series.value.percent

    @cached_property
    def is_told(self) -> bool:
        """Whether the line says a number at all: its own, or those of former units under their names."""
        value = self.series.value
        return value.percent is not None or value.numerator is not None or bool(self.sources)

    @cached_property
    def aim(self) -> Decimal | None:
        return self.series.target.percent if self.series.target else None

    @cached_property
    def before(self) -> Decimal | None:
        return self.series.previous.percent if self.series.previous else None

    @cached_property
    def is_whole(self) -> bool:
        """About the whole unit: its own figure, or a sum that leaves nobody out."""
        return self.series.cover is None or self.series.cover.is_complete

    @cached_property
    def course(self) -> SafeString:
        """The course as rows of a table: day and percent. In one piece, for a page has hundreds of them."""
        lang = language()
        # Days and numbers only: nothing to escape.
        return SafeString(
            "".join(
                f'<tr><td>{format_day(each.on)}</td><td class="bk-num">{format_percent(each.percent, lang)}</td></tr>'
                for each in self.series.trend
            )
        )

    @cached_property
    def dots(self) -> list[Dot]:
        return [Dot(each.on, each.percent) for each in self.series.trend]

    @cached_property
    def spark(self) -> SafeString:
        """The course as a small line; nothing where there is only one day."""
        if len(self.series.trend) < 2:
            return SafeString("")
        title = _("Diễn biến: %(name)s") % {"name": self.series.name.indicator}
        return spark(self.dots, title=title, target=self.aim)

    @cached_property
    def age(self) -> str:
        return age_words(self.series.age_days)

    @cached_property
    def is_old(self) -> bool:
        return self.series.age_days is not None and self.series.age_days >= OLD

    @cached_property
    def target(self) -> str:
        return target_words(self.series.target)

    @cached_property
    def verdict(self) -> tuple[str, str] | None:
        """Only about the whole unit: a quarter of it that has reached the target says little about the rest."""
        return verdict(self.series.target) if self.is_whole else None

    @cached_property
    def is_late(self) -> bool:
        target = self.series.target
        return self.is_whole and target is not None and target.is_met is False

    @cached_property
    def gap(self) -> str:
        return gap_words(self.series.value, self.series.target) if self.is_late else ""

    @cached_property
    def change(self) -> str:
        return change_words(self.series.change, self.series.previous)

    @cached_property
    def printed(self) -> str:
        printed = self.series.value.printed
        return format_percent(printed, language()) if printed is not None else ""

    @cached_property
    def worst_finding(self) -> str:
        return "error" if any(each.severity == "error" for each in self.findings) else "warning"

    @cached_property
    def sources(self) -> list[tuple[FigureRow, Figure]]:
        """The figures of former units that were summed, under their own names."""
        if self.series.cover is None or self.series.cover.kind != "former":
            return []
        return [(each, figure_of_row(each)) for each in self.series.figures]

    @cached_property
    def is_too_thin(self) -> bool:
        """Some units below have figures, too few to speak for the whole."""
        value, cover = self.series.value, self.series.cover
        return (
            cover is not None
            and cover.kind == "children"
            and value.percent is None
            and value.numerator is None
        )

    @cached_property
    def lone(self) -> str:
        """The name of the one former unit that speaks for the whole, where the others have nothing."""
        sources = self.sources
        return sources[0][0].unit.name if len(sources) == 1 and not self.is_whole else ""


@dataclass(frozen=True)
class Shown:
    """An indicator with its lines. `why_apart`: why several lines of it are not compared with each other."""

    row: IndicatorRow
    lines: tuple[Line, ...]

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.lines)

    @property
    def has_findings(self) -> bool:
        return any(line.series.findings.total for line in self.lines)

    @property
    def why_apart(self) -> str:
        if len(self.lines) < 2:
            return ""
        rules = [line.series.rule for line in self.lines]
        reasons = []
        if len({rule.stage for rule in rules}) > 1:
            reasons.append(_("khác giai đoạn"))
        if len({(rule.population, rule.population_text) for rule in rules}) > 1:
            reasons.append(_("tính trên những người khác nhau"))
        if len({rule.version for rule in rules}) > 1:
            reasons.append(_("theo hai cách tính của hai thời kỳ"))
        if len({line.series.when.kind == "unknown" for line in self.lines}) > 1:
            reasons.append(_("có số không rõ ngày"))
        return "; ".join(reasons)


def shown(row: IndicatorRow, unit: UUID, ask: Question, findings: Mapping[UUID, Sequence[Flag]]) -> Shown:
    lines = []
    for series in row.series:
        url = drill_url(unit, series.rule, ask)
        found = {each.uuid: each for figure in series.figures for each in findings.get(figure.uuid, ())}
        lines.append(Line(series, figure_of_series(series, url), url, tuple(found.values())))
    return Shown(row, tuple(lines))


def grouped(rows: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """(heading, indicators): the criteria first, then the others by pillar."""
    rows = list(rows)
    english = language() == "en"
    groups = [(_("Các tiêu chí của mô hình"), [each for each in rows if each.row.criterion])]
    for code, names in PILLARS.items():
        others = [each for each in rows if each.row.pillar == code and not each.row.criterion]
        groups.append(
            (_("Chỉ tiêu khác: %(pillar)s") % {"pillar": names[1 if english else 0].lower()}, others)
        )
    return [group for group in groups if group[1]]


def names_of(units: Iterable[UnitRef]) -> str:
    return ", ".join(unit.name for unit in units)
