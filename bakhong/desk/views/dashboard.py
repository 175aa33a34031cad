"""Where a unit stands, which units below are late and why, what to order next; and the same as a sheet for paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.numbers import format_day, format_decimal
from bakhong.desk import board as words
from bakhong.desk.board import Question, Shown
from bakhong.desk.frame import page, standing_day, today, unit_page
from bakhong.desk.listed import line_beside
from bakhong.desk.paid_lines import paid_lines
from bakhong.desk.queries import Flag, Reach, flags_on, reach
from bakhong.desk.views.cashless import paid_urls
from bakhong.desk.views.counted import roll_lines
from bakhong.desk.views.orders import orders_of
from bakhong.desk.views.roll_late import Tasks, is_roll_first, roll_late_lines, steps_of
from bakhong.dossiers.permissions import VIEW as SEE_DOSSIERS
from bakhong.indicators.models import FollowUp
from bakhong.indicators.queries import computed
from bakhong.indicators.queries.asked_once import of_dossiers
from bakhong.indicators.queries.below import Below, LateUnit, board_and_below
from bakhong.indicators.queries.benefits import COUNTED_FROM, of_benefits
from bakhong.indicators.queries.computed import ComputedRow, of_the_roll
from bakhong.indicators.queries.dashboards import dashboard as dashboard_of
from bakhong.indicators.queries.finding_lists import OPEN, findings_of
from bakhong.indicators.queries.followups import followups_at
from bakhong.indicators.queries.newest import newest_figures
from bakhong.indicators.queries.paid import month_on, of_payments
from bakhong.indicators.queries.roll_below import NOTHING_COUNTED, RollBelow, below_by_the_roll, without_known
from bakhong.indicators.queries.settled import of_settled
from bakhong.indicators.queries.shapes import Dashboard, UnitRef
from bakhong.indicators.queries.shown import figure_of, figure_of_row
from bakhong.indicators.rules.definitions import PILLARS
from bakhong.outreach.permissions import PLAN
from bakhong.payments.queries.cashless import month_after
from bakhong.people.permissions import VIEW
from bakhong.places.models import Level, Unit
from bakhong.ui.figures import Figure, language

MOST_LATE = 8
MOST_KNOWN = 12
ASKED = {"pillar": tuple(PILLARS), "no": ("1", "2", "3"), "show": ("late", "findings")}


@dataclass(frozen=True)
class Tally:
    """The whole board in a few numbers; `met` and `late` count indicators that have a target."""

    of: int
    told: int
    met: int
    late: int


@dataclass(frozen=True)
class LateLine:
    """A unit below that is behind, what it lacks most, and who was told to do something about it."""

    unit: UnitRef
    indicator: str
    figure: Figure
    short: int
    judged: int
    gap: str
    age: str
    target: str
    task: FollowUp | None
    url: str
    assign_url: str


@dataclass(frozen=True)
class Known:
    """A unit below with the newest figures it ever had."""

    unit: UnitRef
    url: str
    lines: list[tuple[str, Figure, list[Flag]]]


@unit_page("figures.view")
def dashboard(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?on=&boundaries=` as on every page; `?pillar=&no=&show=late|findings` leaves indicators out."""
    ask = words.question(request, **ASKED)
    board, below = board_and_below(unit, on=ask.on, boundaries=ask.boundaries)
    found = flags_of(board)
    unsettled = _unsettled(unit)
    every = [words.shown(row, unit.uuid, ask, found) for row in board.with_figures]
    roll = of_the_roll(unit, board)
    by_roll = below_by_the_roll(below, on=ask.on, boundaries=ask.boundaries) if roll else NOTHING_COUNTED
    below = without_known(below, by_roll)
    tasks = _tasks(unit, below, by_roll)
    roll_late = by_roll.late[:MOST_LATE]
    may_assign = request.actor.may("followups.assign", unit.pk)
    path = reverse("desk:dashboard", args=[unit.uuid])
    of_own, listed = _of_dossiers(request, unit, board)
    return page(
        request,
        "desk/dashboard/index.html",
        unit=unit,
        active="dashboard",
        ask=ask,
        board=board,
        tally=tally_of(every, board),
        groups=words.grouped(each for each in every if _is_asked(each, ask)),
        filters=_filters(ask, path),
        is_filtered=any(name in ask.kept for name in ASKED),
        clear_url=ask.href(path, pillar="", no="", show=""),
        boundary_tabs=words.boundary_tabs(unit, ask, path),
        hidden=ask.fields("on"),
        unsettled=unsettled,
        below=below,
        late=[_late_line(each, tasks, ask) for each in below.late[:MOST_LATE]],
        late_url=_league_url(unit, below, ask),
        by_roll=by_roll,
        roll_late=roll_late_lines(request, unit, roll_late, by_roll, tasks, ask),
        roll_links=steps_of(request, unit),
        is_roll_first=is_roll_first(below, by_roll),
        orders=orders_of(unit, every, unsettled, below, by_roll, tasks) if may_assign else [],
        may_assign=may_assign,
        may_enter=request.actor.may("figures.enter", unit.pk),
        may_export=request.actor.may("reports.export", unit.pk),
        coverage=_reach(unit, ask, by_roll),
        known=_known(unit, ask) if 2 * below.with_figures < below.of else [],
        counted=[_counted(each) for each in computed(unit, board)],
        benefits=_benefits(request, unit, board),
        of_dossiers=of_own,
        listed=listed,
        paid=paid_lines(of_payments(unit, board), paid_urls(unit, ask.on)),
        roll=roll_lines(roll, unit.uuid, ask, may_open=request.actor.may(VIEW, unit.pk)),
        partial=[(row, figure_of_row(row)) for row in board.partial],
        others=[(row, figure_of_row(row)) for row in board.others],
        stand_ins=[(each, ask.href(reverse("desk:dashboard", args=[each.uuid]))) for each in board.stand_ins],
        findings_url=words.address("desk:findings", unit.uuid),
        read_url=words.address("desk:read", unit.uuid),
        grid_url=words.address("desk:grid", unit.uuid),
        public_url=_public_url(unit),
        print_url=ask.href(reverse("desk:dashboard_sheet", args=[unit.uuid])),
        export_url=ask.href(reverse("desk:export", args=[unit.uuid])),
    )


@unit_page("figures.view")
def sheet(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The dashboard as a table for A4."""
    ask = words.question(request)
    board = dashboard_of(unit, on=ask.on, boundaries=ask.boundaries)
    every = [words.shown(row, unit.uuid, ask, {}) for row in board.with_figures]
    return page(
        request,
        "desk/dashboard/sheet.html",
        unit=unit,
        active="dashboard",
        ask=ask,
        board=board,
        roll=roll_lines(of_the_roll(unit, board), unit.uuid, ask, may_open=False),
        tally=tally_of(every, board),
        groups=words.grouped(every),
        back_url=ask.href(reverse("desk:dashboard", args=[unit.uuid])),
    )


def flags_of(board: Dashboard) -> dict[UUID, list[Flag]]:
    """What is open about the figures shown. Asked only where the board counts any."""
    return flags_on(
        [
            figure.uuid
            for row in board.with_figures
            for series in row.series
            if series.findings.total
            for figure in series.figures
        ]
    )


def tally_of(every: Sequence[Shown], board: Dashboard) -> Tally:
    late = sum(each.is_late for each in every)
    judged = sum(any(line.verdict for line in each.lines) for each in every)
    told = sum(any(line.is_told for line in each.lines) for each in every)
    return Tally(of=len(board.rows), told=told, met=judged - late, late=late)


def _is_asked(each: Shown, ask: Question) -> bool:
    wanted = ask.kept
    if each.row.pillar != wanted.get("pillar", each.row.pillar):
        return False
    if each.row.serves != wanted.get("no", each.row.serves):
        return False
    show = wanted.get("show")
    return show is None or (each.is_late if show == "late" else each.has_findings)


def _filters(ask: Question, path: str) -> list[dict[str, Any]]:
    """Each filter as a link that puts it on, or off where it is on."""
    english = language() == "en"
    choices = [("show", "late", _("Chưa đạt")), ("show", "findings", _("Có chỗ chưa khớp"))]
    choices += [("no", number, _("Không %(number)s") % {"number": number}) for number in ASKED["no"]]
    choices += [("pillar", code, names[1 if english else 0]) for code, names in PILLARS.items()]
    found = []
    for name, value, label in choices:
        is_on = ask.kept.get(name) == value
        url = ask.href(path, **{name: "" if is_on else value})
        found.append({"label": label, "url": url, "current": is_on})
    return found


def _tasks(unit: Unit, below: Below, by_roll: RollBelow) -> Tasks:
    """Undone follow-ups about the unit and those below it, by (unit, indicator); the most urgent of each."""
    units = {unit.pk, *(each.unit.id for each in below.late), *(each.unit.id for each in by_roll.late)}
    tasks: dict[tuple[int, str], FollowUp] = {}
    for task in followups_at(units, status="undone"):
        tasks.setdefault((task.unit_id, task.indicator), task)
    return tasks


def _late_line(late: LateUnit, tasks: Tasks, ask: Question) -> LateLine:
    worst = late.worst
    return LateLine(
        unit=late.unit,
        indicator=worst.name.indicator,
        figure=figure_of(
            worst.value, worst.name, worst.when, words.drill_url(late.unit.uuid, worst.rule, ask)
        ),
        short=len(late.shortfalls),
        judged=late.judged,
        gap=words.gap_words(worst.value, worst.target),
        age=words.age_words(worst.age_days),
        target=words.target_words(worst.target),
        task=tasks.get((late.unit.id, worst.rule.indicator)),
        url=ask.href(reverse("desk:dashboard", args=[late.unit.uuid]), pillar="", no="", show="late"),
        assign_url=words.assign_url(late.unit.uuid, worst.rule.indicator),
    )


def _league_url(unit: Unit, below: Below, ask: Question) -> str:
    """The whole order under the rule in which the last is furthest behind."""
    if not below.late:
        return ""
    rule = below.late[0].worst.rule
    chosen = f"{rule.indicator}.{rule.stage}.{rule.population}"
    kept = {key: value for key, value in ask.kept.items() if key in ("on", "boundaries")}
    return Question(ask.asked, kept).href(
        reverse("desk:league", args=[unit.uuid]), rule=chosen, window="365", order="worst"
    )


def _benefits(request: StaffRequest, unit: Unit, board: Dashboard) -> list[tuple[str, Figure, str]]:
    """As `_counted`, of those the State pays: for who may see the roll; who they are opens for planners only, as of today."""
    if not request.actor.may(VIEW, unit.pk):
        return []
    may_open = request.actor.may(PLAN, unit.pk) and board.on == today()
    path = reverse("desk:beneficiaries", args=[unit.uuid])
    return [
        _counted(
            row,
            url=f"{path}?kind={COUNTED_FROM[row.code]}&channel=all" if may_open else "",
            counted=_("người hưởng %(kind)s") % {"kind": COUNTED_FROM[row.code].label.lower()},
        )
        for row in of_benefits(request.actor, unit, board)
    ]


def _of_dossiers(
    request: StaffRequest, unit: Unit, board: Dashboard
) -> tuple[list[tuple[str, Figure, str]], dict[str, Any] | None]:
    """What our own dossiers say of the month that is over, and beside it the provincial lists of what is not among them."""
    once, settled = of_dossiers(unit, board), of_settled(unit, board)
    month = month_on(board.on)
    last = month_after(month) - timedelta(days=1)
    may_open = unit.level == Level.COMMUNE and request.actor.may(SEE_DOSSIERS, unit.pk)

    def url(**more: str) -> str:
        told = {"first": format_day(month), "last": format_day(last), **more}
        return f"{reverse('desk:dossier_measures', args=[unit.uuid])}?{urlencode(told)}" if may_open else ""

    named = {"month": month.strftime("%m/%Y")}
    lines = []
    if once is not None:
        counted = _("hồ sơ nộp tháng %(month)s mà xã biết người nộp là ai") % named
        lines.append(_counted(once, url=url(), counted=counted))
    if settled.ours is not None:
        counted = _("hồ sơ xong tháng %(month)s") % named
        lines.append(_counted(settled.ours, url=url(behind="late"), counted=counted))
    listed = line_beside(unit, settled.listed, month, last)
    if listed is not None and not may_open:
        listed["figure"] = replace(listed["figure"], url="")
    return lines, listed


def _counted(row: ComputedRow, *, url: str = "", counted: str = "") -> tuple[str, Figure, str]:
    """(name, the value counted from our own records, how far the published one is off)."""
    figure = Figure(
        numerator=row.value.numerator,
        denominator=row.value.denominator,
        percent=row.value.percent,
        counted=counted,
        on=row.on,
        is_day_of_count=True,
        url=url,
    )
    if row.difference is None:
        return row.name, figure, ""
    if row.difference == 0:
        return row.name, figure, _("khớp với số đã công bố")
    points = format_decimal(abs(row.difference), language())
    word = _("cao hơn số đã công bố %(points)s điểm %%")
    if row.difference < 0:
        word = _("thấp hơn số đã công bố %(points)s điểm %%")
    return row.name, figure, word % {"points": points}


def _public_url(unit: Unit) -> str:
    """What residents see of a commune that stands today."""
    is_shown = unit.level == Level.COMMUNE and unit.valid_to is None
    return reverse("portal:commune", args=[unit.uuid]) if is_shown else ""


def _unsettled(unit: Unit) -> int:
    """Open findings about the unit, its former ones and everything below: as many as the list they lead to."""
    return findings_of(covered_ids([unit.pk], today()), OPEN).count()


def _known(unit: Unit, ask: Question) -> list[Known]:
    """Where nothing below is fresh: what is known at all, units with open findings first."""
    if unit.level not in (Level.PROVINCE, Level.DISTRICT) or ask.boundaries is not None:
        return []
    rows = [row for row in newest_figures(unit, on=ask.on) if not row.scope and row.unit.id != unit.pk]
    flags = flags_on([row.uuid for row in rows])
    found: dict[UnitRef, list[tuple[str, Figure, list[Flag]]]] = {}
    for row in rows:
        figure = figure_of_row(
            row, ask.href(reverse("desk:indicator", args=[row.unit.uuid, row.rule.indicator]))
        )
        found.setdefault(row.unit, []).append((row.rule_name.title, figure, flags.get(row.uuid, [])))
    known = [
        Known(each, ask.href(reverse("desk:dashboard", args=[each.uuid])), lines)
        for each, lines in found.items()
    ]
    known.sort(key=lambda each: not any(flags for _name, _figure, flags in each.lines))
    return known[:MOST_KNOWN]


def _reach(unit: Unit, ask: Question, by_roll: RollBelow) -> Reach | None:
    """Which communes have any figure: for a province or a former district. Whom the roll counts is not silent."""
    if unit.level not in (Level.PROVINCE, Level.DISTRICT):
        return None
    found = reach(unit, ask.on, day=ask.boundaries or standing_day(unit, ask.on))
    return replace(found, silent=tuple(each for each in found.silent if each.id not in by_roll.known))
