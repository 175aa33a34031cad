"""Who is ahead and who is late among alike units: one rule, one window of days, ties shown, the rest listed with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import HttpRequest
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day, format_percent
from bakhong.desk import board as words
from bakhong.desk.actions import note_export
from bakhong.desk.board import Question
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.queries import below_on
from bakhong.desk.views.export import CSV, XLSX
from bakhong.documents.writing.csv import stream_csv
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.indicators.models import Figure as StoredFigure
from bakhong.indicators.models import Role
from bakhong.indicators.queries import available_rules
from bakhong.indicators.queries import league as league_of
from bakhong.indicators.queries.facts import ground_of
from bakhong.indicators.queries.shapes import League, LeagueRow, Rule, RuleOption, Unranked
from bakhong.indicators.queries.shown import figure_of
from bakhong.indicators.queries.words import name_of, why_not_comparable
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Grouping, Level, Unit, UnitGroup
from bakhong.places.queries.units import valid_on
from bakhong.ui.figures import Figure, language

WINDOWS = ("30", "90", "180", "365")
USUAL_WINDOW = 180
LEVELS = {
    Level.PROVINCE: (Level.COMMUNE, Level.DISTRICT),
    Level.DISTRICT: (Level.COMMUNE,),
    Level.COMMUNE: (Level.VILLAGE,),
}
LEVEL_WORDS = {
    Level.DISTRICT: gettext_lazy("huyện"),
    Level.COMMUNE: gettext_lazy("xã, phường"),
    Level.VILLAGE: gettext_lazy("thôn, bản, khu phố"),
}


@dataclass(frozen=True)
class Choice:
    """What is to be compared. `option` None: there is nothing to compare."""

    ask: Question
    window: int
    level: Level
    group: str
    is_worst_first: bool
    options: tuple[RuleOption, ...]
    option: RuleOption | None

    @property
    def since(self) -> date:
        return self.ask.on - timedelta(days=self.window - 1)


@dataclass(frozen=True)
class Line:
    """A ranked unit, ready to be shown."""

    row: LeagueRow
    figure: Figure
    group: str
    change: str
    spread: str

    @property
    def place(self) -> str:
        return f"={self.row.rank}" if self.row.is_tied else str(self.row.rank)


@unit_page("figures.view")
def league(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?rule=indicator.stage.population&window=&level=&group=&order=worst` beside the day and the boundaries."""
    choice = _choice(request, unit)
    found = _league(unit, choice)
    ask, path = choice.ask, reverse("desk:league", args=[unit.uuid])
    newest = None if found and found.rows else _newest(unit, choice)
    return page(
        request,
        "desk/league/index.html",
        unit=unit,
        active="league",
        ask=ask,
        path=path,
        choice=choice,
        league=found,
        lines=_lines(found, choice) if found else [],
        unranked=_by_reason(found) if found else [],
        options=[(rule_key(each.rule), _option_words(each), each.units) for each in choice.options],
        chosen=rule_key(choice.option.rule) if choice.option else "",
        windows=[int(each) for each in WINDOWS],
        levels=[(level.value, LEVEL_WORDS[level]) for level in _levels(unit)],
        level_words=LEVEL_WORDS[choice.level],
        groups=_group_tabs(choice, path) if choice.level == Level.COMMUNE else [],
        unverified=_unverified(found) if found else 0,
        boundary_tabs=words.boundary_tabs(unit, ask, path),
        order_url=ask.href(path, order="" if choice.is_worst_first else "worst"),
        newest=newest,
        newest_url=ask.href(path, on=format_day(newest), rule="") if newest else "",
        hidden=ask.fields("on", "rule", "window", "level"),
        may_export=bool(found) and request.actor.may("reports.export", unit.pk),
        export_url=ask.href(reverse("desk:league_export", args=[unit.uuid])),
    )


@unit_page("reports.export", post="reports.export")
def export(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """POST with `form` downloads the table the address asks for; there is nothing to read here."""
    choice = _choice(request, unit)
    found = _league(unit, choice)
    form = request.POST.get("form", "")
    if request.method != "POST" or found is None or form not in ("xlsx", "csv"):
        raise Http404
    note_export(
        unit=unit,
        what="league",
        form=form,
        on=choice.ask.on,
        boundaries=choice.ask.boundaries,
        by=request.actor,
        at=now(),
    )
    name = f"{_('Xếp hạng')} - {unit.full_name} - {choice.ask.on:%Y-%m-%d}.{form}"
    rows = _export_rows(found, choice)
    if form == "csv":
        response = StreamingHttpResponse(
            stream_csv([each.title for each in _columns()], rows), content_type=CSV
        )
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
    titles = [unit.full_name, compared_words(found, choice)]
    file = workbook([Sheet(_("Xếp hạng"), _columns(), list(rows), titles, is_landscape=True)], title=name)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def rule_key(rule: Rule) -> str:
    return f"{rule.indicator}.{rule.stage}.{rule.population}"


def compared_words(found: League, choice: Choice) -> str:
    """What is compared, in one sentence."""
    return _("%(indicator)s%(stage)s, tính trên %(counted)s, ngày số liệu từ %(since)s đến %(on)s") % {
        "indicator": found.name.indicator,
        "stage": f" ({found.name.stage})" if found.name.stage else "",
        "counted": found.name.population,
        "since": format_day(choice.since),
        "on": format_day(choice.ask.on),
    }


def _choice(request: HttpRequest, unit: Unit) -> Choice:
    levels = _levels(unit)
    if not levels:
        raise Http404
    ask = words.question(
        request,
        window=WINDOWS,
        level=[each.value for each in levels],
        group=Grouping.values,
        order=("worst",),
    )
    window = int(ask.kept.get("window", USUAL_WINDOW))
    level = Level(ask.kept.get("level", levels[0]))
    options = tuple(
        option
        for option in available_rules(
            unit, on=ask.on, level=level, window_days=window, boundaries=ask.boundaries
        )
        if option.is_rankable
        and option.rule.version == registry().version(option.rule.indicator, ask.on).version
    )
    option = _named(request.GET.get("rule", ""), options, ask.on)
    if option is not None:
        ask = Question(ask.asked, {**ask.kept, "rule": rule_key(option.rule)})
    elif options:
        option = max(options, key=lambda each: each.units)
    return Choice(
        ask=ask,
        window=window,
        level=level,
        group=ask.kept.get("group", "") if level == Level.COMMUNE else "",
        is_worst_first=ask.kept.get("order") == "worst",
        options=options,
        option=option,
    )


def _levels(unit: Unit) -> tuple[Level, ...]:
    return LEVELS.get(Level(unit.level), ())


def _named(key: str, options: Sequence[RuleOption], on: date) -> RuleOption | None:
    """The rule of an address; one under which nobody has a figure yet is answered too, one that does not exist is not."""
    known = next((option for option in options if rule_key(option.rule) == key), None)
    if known is not None or key.count(".") != 2:
        return known
    indicator, stage, population = key.split(".")
    if indicator not in registry():
        return None
    definition = registry().version(indicator, on)
    rule = Rule(indicator, definition.version, stage, population)
    if (stage and stage not in definition.stages) or (
        population and population not in registry().populations
    ):
        return None
    why_not = why_not_comparable(rule)
    return RuleOption(rule, name_of(rule), 0, not why_not, why_not)


def _league(unit: Unit, choice: Choice) -> League | None:
    if choice.option is None:
        return None
    rule = choice.option.rule
    return league_of(
        unit,
        indicator=rule.indicator,
        stage=rule.stage,
        population=rule.population,
        on=choice.ask.on,
        window_days=choice.window,
        level=choice.level,
        group=choice.group or None,
        boundaries=choice.ask.boundaries,
    )


def _lines(found: League, choice: Choice) -> list[Line]:
    rows = found.worst_first if choice.is_worst_first else found.rows
    return [_line(row, found, choice) for row in rows]


def _line(row: LeagueRow, found: League, choice: Choice) -> Line:
    spread = ""
    if row.is_small and row.low is not None and row.high is not None:
        spread = f"{format_percent(row.low, language())} – {format_percent(row.high, language())}"
    return Line(
        row=row,
        figure=figure_of(
            row.value, found.name, row.when, words.drill_url(row.unit.uuid, found.rule, choice.ask)
        ),
        group=_group_words(row.group),
        change=words.points_words(row.change),
        spread=spread,
    )


Left = tuple[str, int, list[tuple[Unranked, Figure]], list[Unranked]]


def _by_reason(found: League) -> list[Left]:
    """(reason, how many, those with a figure, those without), in the order of the league."""
    texts = dict.fromkeys(row.text for row in found.unranked)
    groups: list[Left] = []
    for text in texts:
        rows = [row for row in found.unranked if row.text == text]
        told = [
            (row, figure_of(row.value, found.name, row.when))
            for row in rows
            if row.value is not None and row.when is not None
        ]
        silent = [row for row in rows if row.value is None or row.when is None]
        groups.append((text, len(rows), told, silent))
    return groups


def _group_words(code: str) -> str:
    return str(Grouping(code).label) if code in Grouping.values else ""


def _option_words(option: RuleOption) -> str:
    stage = f" ({option.name.stage})" if option.name.stage else ""
    return f"{option.name.indicator}{stage}, {option.name.population}"


def _group_tabs(choice: Choice, path: str) -> list[dict[str, Any]]:
    every = {"label": _("Tất cả"), "url": choice.ask.href(path, group=""), "current": not choice.group}
    tabs = [
        {"label": str(label), "url": choice.ask.href(path, group=code), "current": code == choice.group}
        for code, label in Grouping.choices
    ]
    return [every, *tabs]


def _unverified(found: League) -> int:
    """How many of the units listed stand in a group that nobody has verified."""
    units = [row.unit.id for row in found.rows if row.group]
    units += [row.unit.id for row in found.unranked if row.group]
    day = found.boundaries or found.on
    return UnitGroup.objects.filter(valid_on(day), unit__in=units, is_verified=False).count()


def _newest(unit: Unit, choice: Choice) -> date | None:
    """The newest day before the window on which a unit of the level has a figure."""
    below = below_on(unit, choice.ask.boundaries or choice.ask.on, choice.level)
    figures = StoredFigure.objects.current().filter(
        unit__in=ground_of(below).all_units, role=Role.VALUE, scope="", effective_on__lt=choice.since
    )
    newest: date | None = figures.aggregate(newest=Max("effective_on"))["newest"]
    return newest


def _columns() -> list[Column]:
    return [
        Column(_("Hạng"), width=8),
        Column(_("Mã")),
        Column(_("Đơn vị"), width=30),
        Column(_("Vùng"), width=14),
        Column(_("Tử số"), "int"),
        Column(_("Mẫu số"), "int"),
        Column(_("Tỷ lệ"), "percent"),
        Column(_("Ngày số liệu"), width=26),
        Column(_("Mức phải đạt"), width=22),
        Column(_("Thay đổi"), width=20),
        Column(_("Ghi chú"), width=40),
    ]


def _export_rows(found: League, choice: Choice) -> Iterator[list[Value]]:
    for line in _lines(found, choice):
        row = line.row
        note = _("ít người được tính, dễ dao động") if row.is_small else ""
        yield [
            line.place,
            row.unit.code,
            row.unit.name,
            line.group,
            row.value.numerator,
            row.value.denominator,
            row.value.percent,
            row.when.text,
            words.target_words(row.target),
            line.change,
            note,
        ]
    for left in found.unranked:
        value = left.value
        yield [
            "",
            left.unit.code,
            left.unit.name,
            _group_words(left.group),
            value.numerator if value else None,
            value.denominator if value else None,
            value.percent if value else None,
            left.when.text if left.when else "",
            "",
            "",
            _("không xếp hạng: %(why)s") % {"why": left.text},
        ]
