"""What is behind one number: its sources, its course, and the units below, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.desk import board as words
from bakhong.desk.board import Question
from bakhong.desk.frame import BadQuestion, page, standing_day, unit_page
from bakhong.desk.paid_lines import paid_lines, service_asked
from bakhong.desk.views.cashless import Ask as Month
from bakhong.desk.views.cashless import board_of, dots, paid_urls
from bakhong.desk.views.counted import month_dots, roll_lines, village_bars
from bakhong.desk.views.dashboard import flags_of
from bakhong.indicators.models import Report
from bakhong.indicators.queries import children
from bakhong.indicators.queries.computed import of_the_roll
from bakhong.indicators.queries.counted import measure_of
from bakhong.indicators.queries.dashboards import dashboard as dashboard_of
from bakhong.indicators.queries.paid import month_on, of_payments
from bakhong.indicators.queries.shapes import ChildRow, FigureRow, IndicatorRow, Rule
from bakhong.indicators.queries.shown import figure_of, figure_of_row
from bakhong.indicators.queries.words import measure_name, name_of
from bakhong.indicators.rules.definitions import STAGES, registry
from bakhong.people.permissions import VIEW
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import Figure


@dataclass(frozen=True)
class ChildLine:
    child: ChildRow
    figure: Figure
    url: str
    assign_url: str

    @property
    def aim(self) -> Decimal | None:
        return self.child.target.percent if self.child.target else None

    @property
    def gap(self) -> str:
        return words.gap_words(self.child.value, self.child.target) if self.child.value else ""

    @property
    def age(self) -> str:
        return words.age_words(self.child.age_days)


@dataclass(frozen=True)
class Source:
    """One figure behind the number with the words around it in its report."""

    row: FigureRow
    figure: Figure
    before: str
    marked: str
    after: str
    url: str
    history_url: str


@unit_page("figures.view")
def indicator(request: StaffRequest, unit: Unit, code: str) -> HttpResponse:
    """`?stage=&population=&said=` name the rule; where they are left out, the first one with a figure."""
    if code not in registry():
        raise Http404
    ask = words.question(request)
    board = dashboard_of(unit, on=ask.on, boundaries=ask.boundaries)
    row = next(each for each in board.rows if each.code == code)
    rule = _rule(request, row, ask)
    every = words.shown(row, unit.uuid, ask, flags_of(board))
    lines = [line for line in every.lines if line.series.rule == rule]
    rows = children(unit, rule=rule, on=ask.on, boundaries=ask.boundaries or _own_ground(unit, ask))
    named = {key: value for key, value in words.rule_query(rule).items() if value}
    asked = Question(ask.asked, {**ask.kept, **named})
    may_open = request.actor.may(VIEW, unit.pk)
    measure = measure_of(code, rule.stage, rule.population)
    path = reverse("desk:indicator", args=[unit.uuid, code])
    is_paid = registry().get(code).paid is not None
    paid_board = board_of(unit, Month(month_on(ask.on), service_asked(code))) if is_paid else None
    return page(
        request,
        "desk/dashboard/indicator.html",
        unit=unit,
        active="dashboard",
        ask=ask,
        row=row,
        name=name_of(rule),
        lines=lines,
        apart=[line for line in every.lines if line.series.rule != rule],
        why_apart=every.why_apart,
        sources=_sources(request, [figure for line in lines for figure in line.series.figures]),
        children=[_child_line(child, rule, ask) for child in rows if child.value is not None],
        roll=roll_lines(of_the_roll(unit, board, code=code), unit.uuid, ask, may_open=may_open),
        measure=measure_name(measure) if measure else None,
        months=month_dots(unit, measure, ask) if measure else [],
        villages=village_bars(unit, measure, ask, may_open=may_open) if measure else [],
        paid=paid_lines(of_payments(unit, board, code=code), paid_urls(unit, ask.on)),
        paid_board=paid_board,
        paid_dots=dots(paid_board.trend) if paid_board else [],
        silent=[child.unit for child in rows if child.value is None],
        boundary_tabs=words.boundary_tabs(unit, asked, path),
        hidden=asked.fields("on"),
        path=path,
        may_assign=request.actor.may("followups.assign", unit.pk),
        assign_url=words.assign_url(unit.uuid, code),
        history_url=reverse("desk:history", args=[unit.uuid, code]),
        league_url=_league_url(unit, rule, ask),
        back_url=ask.href(reverse("desk:dashboard", args=[unit.uuid])),
    )


def _rule(request: StaffRequest, row: IndicatorRow, ask: Question) -> Rule:
    """The rule the address names, else that of the first figure, else the definition's usual one.

    Raises: BadQuestion for a stage or population that the indicator does not know.
    """
    said = {name: request.GET[name] for name in ("stage", "population", "said") if name in request.GET}
    for series in row.series:
        known = words.rule_query(series.rule)
        if all(known[name] == value for name, value in said.items()):
            return series.rule
    definition = registry().version(row.code, ask.on)
    stage = said.get("stage", definition.stages[-1] if definition.stages and not said else "")
    population = said.get("population", "" if said else definition.population.key)
    if stage and (stage not in STAGES or stage not in definition.stages):
        raise BadQuestion(_("Chỉ tiêu này không có giai đoạn đó. Hãy mở lại từ trang tổng quan."))
    if population and population not in registry().populations:
        raise BadQuestion(_("Không có nhóm người được tính đó. Hãy mở lại từ trang tổng quan."))
    return Rule(row.code, definition.version, stage, population)


def _own_ground(unit: Unit, ask: Question) -> date | None:
    """A unit that no longer stands is asked for the units it had on its last day."""
    day = standing_day(unit, ask.on)
    return day if day != ask.on else None


def _child_line(child: ChildRow, rule: Rule, ask: Question) -> ChildLine:
    assert child.value is not None
    assert child.when is not None
    url = words.drill_url(child.unit.uuid, rule, ask)
    return ChildLine(
        child,
        figure_of(child.value, name_of(rule), child.when, url),
        url,
        words.assign_url(child.unit.uuid, rule.indicator),
    )


def _sources(request: StaffRequest, figures: Sequence[FigureRow]) -> list[Source]:
    """The figures behind the number; the report is linked only where the person may see it. One query."""
    uuids = {figure.report_uuid for figure in figures}
    reports = {report.uuid: report for report in Report.objects.filter(uuid__in=uuids).select_related("unit")}
    return [_source(request, figure, reports[figure.report_uuid]) for figure in figures]


def _source(request: StaffRequest, figure: FigureRow, report: Report) -> Source:
    before, marked, after = around(report.text, figure.start, figure.end)
    url = ""
    if request.actor.may("figures.view", report.unit_id):
        url = words.address("desk:report", report.unit.uuid, report.uuid)
    return Source(
        row=figure,
        figure=figure_of_row(figure),
        before=before,
        marked=marked or figure.excerpt,
        after=after,
        url=url,
        history_url=reverse("desk:history", args=[figure.unit.uuid, figure.rule.indicator]),
    )


def around(text: str, start: int | None, end: int | None, width: int = 160) -> tuple[str, str, str]:
    """The words before a place in a text, those at it, and those after, cut at spaces.

    >>> around("Xã có 4.795 tài khoản, đạt 92,1%.", 6, 11, width=8)
    ('Xã có ', '4.795', ' tài …')
    """
    if start is None or end is None or not 0 <= start < end <= len(text):
        return "", "", ""
    before, after = text[max(0, start - width) : start], text[end : end + width]
    if start > width:
        before = "… " + before.partition(" ")[2]
    if end + width < len(text):
        after = after.rpartition(" ")[0] + " …"
    return before, text[start:end], after


def _league_url(unit: Unit, rule: Rule, ask: Question) -> str:
    if unit.level == Level.VILLAGE:
        return ""
    chosen = f"{rule.indicator}.{rule.stage}.{rule.population}"
    return ask.href(reverse("desk:league", args=[unit.uuid]), rule=chosen)
