"""Reads about reporting periods: what a unit is asked, one unit's grid, and who of all the units has sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from bakhong.core.days import day_of
from bakhong.indicators.models import Figure, ReportingPeriod, Submission, SubmissionEvent, SubmissionState
from bakhong.indicators.queries.period_checks import (
    CellFinding,
    Earlier,
    check_cells,
    earlier_figures,
    lang,
    name_of,
    percent_in,
)
from bakhong.indicators.rules.asks import Ask, Cell, parse_asks
from bakhong.indicators.rules.definitions import STAGES
from bakhong.indicators.rules.transitions import LOCKED
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestor_ids, descendant_ids, groups_of, in_boundaries_of

# What a province's list calls a unit: the state of its submission, or one of these two where it has none that counts.
NOT_SENT, OVERDUE = "not_sent", "overdue"
# Worst first: what needs a telephone call, then what waits for somebody, then what is done.
ORDER = (
    OVERDUE,
    SubmissionState.SENT_BACK.value,
    NOT_SENT,
    SubmissionState.DRAFT.value,
    SubmissionState.SUBMITTED.value,
    SubmissionState.APPROVED.value,
    SubmissionState.ACCEPTED.value,
)


@dataclass(frozen=True)
class PeriodLine:
    """A period in a list. `state` is the unit's own (None: it is the owner); the counts are of all units asked."""

    period: ReportingPeriod
    state: str | None
    is_overdue: bool
    asked: int
    sent: int
    accepted: int

    @property
    def late(self) -> int:
        return self.asked - self.sent if self.is_overdue else 0


@dataclass(frozen=True)
class UnitLine:
    """One unit of the owner's list. `status` is one of ORDER; `days_late` counts from the due day until sent, or until today."""

    unit: Unit
    status: str
    state: str
    group: str
    submission: UUID | None
    version: int
    filled: int
    sent_on: date | None
    sent_by: str
    last_at: datetime | None
    reason: str
    days_late: int
    former: int  # former communes of which it was made
    former_with_figures: int


@dataclass(frozen=True)
class Overview:
    """Who has sent. `counts` and `groups` are over all units asked; `lines` are those of the filter, worst first."""

    period: ReportingPeriod
    asked: int
    counts: Mapping[str, int]
    groups: Mapping[str, Mapping[str, int]]
    lines: list[UnitLine]

    @property
    def is_untouched(self) -> bool:
        return self.counts[NOT_SENT] + self.counts[OVERDUE] == self.asked

    @property
    def sent(self) -> int:
        return self.counts[SubmissionState.APPROVED] + self.counts[SubmissionState.ACCEPTED]


@dataclass(frozen=True)
class GridLine:
    """One line of a unit's grid."""

    ask: Ask
    name: str
    criterion: str
    stage: str
    population: str
    target: Decimal | None
    cell: Cell
    percent: Decimal | None
    earlier: Earlier | None
    findings: list[CellFinding]

    @property
    def is_complete(self) -> bool:
        return self.cell.is_complete(self.ask)


@dataclass(frozen=True)
class Grid:
    """A unit's answer to a period as a screen needs it; `submission` is None until the first draft."""

    period: ReportingPeriod
    unit: Unit
    submission: Submission | None
    state: str
    version: int
    lines: list[GridLine]
    events: list[SubmissionEvent]
    returned: SubmissionEvent | None  # what the province said, until it is approved again
    days_left: int

    @property
    def filled(self) -> int:
        return sum(line.is_complete for line in self.lines)

    @property
    def blocking(self) -> list[CellFinding]:
        return [finding for line in self.lines for finding in line.findings if finding.is_blocking]


def standing_periods() -> QuerySet[ReportingPeriod]:
    return ReportingPeriod.objects.filter(withdrawn_at=None).select_related("owner")


def asked_units(period: ReportingPeriod) -> list[Unit]:
    """The communes below the owner on the period's last day, in dictionary order."""
    ids = descendant_ids(period.owner_id, period.ends_on, Level.COMMUNE)
    return list(Unit.objects.filter(pk__in=ids).order_by("sort_key", "code"))


def is_asked(period: ReportingPeriod, unit: Unit) -> bool:
    """Whether the period asks this unit: a commune below the owner on the period's last day."""
    return unit.level == Level.COMMUNE and period.owner_id in ancestor_ids(unit.pk, period.ends_on)


def periods_of(unit: Unit, on: date) -> list[PeriodLine]:
    """The periods a unit opened (a province) or has to answer (a commune), the newest first. Four queries and one a period."""
    owners = [unit.pk, *ancestor_ids(unit.pk, on)]
    periods = list(standing_periods().filter(owner__in=owners).order_by("-ends_on", "-pk")[:60])
    if not periods:
        return []
    is_sent, is_accepted = Q(state__in=LOCKED), Q(state=SubmissionState.ACCEPTED)
    totals = {
        row["period"]: row
        for row in Submission.objects.filter(period__in=periods)
        .values("period")
        .annotate(sent=Count("pk", filter=is_sent), accepted=Count("pk", filter=is_accepted))
    }
    own = dict(Submission.objects.filter(period__in=periods, unit=unit).values_list("period", "state"))
    lines = []
    for period in periods:
        is_owner = period.owner_id == unit.pk
        if not is_owner and not is_asked(period, unit):
            continue
        total = totals.get(period.pk, {"sent": 0, "accepted": 0})
        state = None if is_owner else own.get(period.pk, NOT_SENT)
        asked = len(descendant_ids(period.owner_id, period.ends_on, Level.COMMUNE)) if is_owner else 1
        sent = total["sent"] if is_owner else int(state in LOCKED)
        is_late = period.due_on < on and sent < asked
        lines.append(PeriodLine(period, state, is_late, asked, sent, total["accepted"]))
    return lines


def waiting_count(unit: Unit, on: date) -> int:
    """What waits at a unit: submissions approved and not yet decided (its owner), periods overdue (who has to answer)."""
    decide = Submission.objects.filter(
        period__owner=unit, period__withdrawn_at=None, state=SubmissionState.APPROVED
    ).count()
    if unit.level != Level.COMMUNE:
        return decide
    overdue = standing_periods().filter(owner__in=ancestor_ids(unit.pk, on), due_on__lt=on)
    answered = Submission.objects.filter(period__in=overdue, unit=unit, state__in=LOCKED).values("period")
    return decide + sum(is_asked(period, unit) for period in overdue.exclude(pk__in=answered)[:20])


def overview(period: ReportingPeriod, on: date, *, status: str = "", group: str = "") -> Overview:
    """Who of the units asked has sent, and who is late. About ten queries, whatever the number of units."""
    units = asked_units(period)
    groups = groups_of([unit.pk for unit in units], period.ends_on)
    submissions = {
        each.unit_id: each
        for each in Submission.objects.filter(period=period).annotate(last_at=Max("events__at"))
    }
    sent = _last_events(period, "approve")
    returned = _last_events(period, "send_back")
    cover = former_cover(units, period.ends_on)
    lines = []
    for unit in units:
        submission = submissions.get(unit.pk)
        event, back = sent.get(unit.pk), returned.get(unit.pk)
        state = submission.state if submission else NOT_SENT
        sent_on = day_of(event.at) if event and state in LOCKED else None
        lines.append(
            UnitLine(
                unit=unit,
                status=_status(state, period, on),
                state=state,
                group=groups.get(unit.pk, ""),
                submission=submission.uuid if submission else None,
                version=submission.version if submission else 0,
                filled=_filled(period, submission),
                sent_on=sent_on,
                sent_by=event.by_label if event and sent_on else "",
                last_at=submission.last_at if submission else None,
                reason=back.reason if back and state == SubmissionState.SENT_BACK else "",
                days_late=max(0, ((sent_on or on) - period.due_on).days),
                former=cover[unit.pk][1],
                former_with_figures=cover[unit.pk][0],
            )
        )
    return Overview(
        period=period,
        asked=len(units),
        counts=_count(lines),
        groups={
            code: _count([each for each in lines if each.group == code])
            for code in sorted({x.group for x in lines})
        },
        lines=_worst_first([x for x in lines if status in ("", x.status) and group in ("", x.group)]),
    )


def _status(state: str, period: ReportingPeriod, on: date) -> str:
    """Late is whoever the province still waits for after the due day, whatever is on the desk there."""
    if state in LOCKED or on <= period.due_on:
        return state
    return SubmissionState.SENT_BACK if state == SubmissionState.SENT_BACK else OVERDUE


def _count(lines: list[UnitLine]) -> dict[str, int]:
    return {status: sum(line.status == status for line in lines) for status in ORDER}


def _worst_first(lines: list[UnitLine]) -> list[UnitLine]:
    return sorted(
        lines,
        key=lambda line: (
            ORDER.index(line.status),
            -line.days_late,
            ORDER.index(line.state),
            line.unit.sort_key,
        ),
    )


def _last_events(period: ReportingPeriod, deed: str) -> dict[int, SubmissionEvent]:
    """Each unit's last event of a kind."""
    events = SubmissionEvent.objects.filter(submission__period=period, deed=deed).select_related("submission")
    latest = events.order_by("submission", "-pk").distinct("submission")
    return {event.submission.unit_id: event for event in latest}


def _filled(period: ReportingPeriod, submission: Submission | None) -> int:
    if submission is None:
        return 0
    asks = parse_asks(period.indicators)
    return sum(Cell.from_json(submission.cells.get(ask.key, {})).is_complete(ask) for ask in asks)


def former_cover(units: list[Unit], on: date) -> dict[int, tuple[int, int]]:
    """How many former communes of each unit have any figure, of how many: {unit id: (have, of)}; of is 0 where nothing merged.

    Former units are those of the day before the newest of the units began.
    """
    made = [unit for unit in units if unit.valid_from]
    cover = {unit.pk: (0, 0) for unit in units}
    if not made:
        return cover
    before = min(unit.valid_from for unit in made if unit.valid_from) - timedelta(days=1)
    parts = {pk: each.parts for pk, each in in_boundaries_of(made, before).items()}
    former = {part.unit.pk for found in parts.values() for part in found}
    known = set(
        Figure.objects.current().filter(unit__in=former, scope="").values_list("unit", flat=True).distinct()
    )
    for pk, found in parts.items():
        cover[pk] = (sum(part.is_whole and part.unit.pk in known for part in found), len(found))
    return cover


def grid(period: ReportingPeriod, unit: Unit, on: date, *, typed: Mapping[str, Cell] | None = None) -> Grid:
    """A unit's grid. `typed` are cells just sent and not stored, shown and checked instead of the stored ones."""
    submission = Submission.objects.select_related("report").filter(period=period, unit=unit).first()
    stored = submission.cells if submission else {}
    cells = {key: cell.as_json() for key, cell in typed.items()} if typed is not None else stored
    asks = parse_asks(period.indicators)
    report_id = submission.report_id if submission else None
    earlier = earlier_figures(unit, period.ends_on, asks, report_id)
    findings = check_cells(period, unit, cells, report_id)
    lines = [
        _grid_line(
            ask, period.ends_on, Cell.from_json(cells.get(ask.key, {})), earlier.get(ask.key), findings
        )
        for ask in asks
    ]
    events = list(submission.events.order_by("-pk")) if submission else []
    return Grid(
        period=period,
        unit=unit,
        submission=submission,
        state=submission.state if submission else NOT_SENT,
        version=submission.version if submission else 0,
        lines=lines,
        events=events,
        returned=_standing_return(events),
        days_left=(period.due_on - on).days,
    )


def _standing_return(events: list[SubmissionEvent]) -> SubmissionEvent | None:
    """The last reason given, by the province or the chair, that no approval has answered. `events` newest first."""
    for event in events:
        if event.deed in ("approve", "undo_send_back"):
            return None
        if event.reason:
            return event
    return None


def _grid_line(
    ask: Ask, on: date, cell: Cell, earlier: Earlier | None, findings: list[CellFinding]
) -> GridLine:
    definition, population = ask.definition(on), ask.population_rule(on)
    is_english = lang() == "en"
    return GridLine(
        ask=ask,
        name=name_of(ask, on),
        criterion=definition.criterion or "",
        stage=STAGES[ask.stage][1 if is_english else 0] if ask.stage else "",
        population=population.name_en if is_english else population.name_vi,
        target=definition.target,
        cell=cell,
        percent=percent_in(ask, cell, on),
        earlier=earlier,
        findings=[finding for finding in findings if finding.ask == ask.key],
    )


@dataclass(frozen=True)
class TableRow:
    """One unit in the table of a period; `cells` are empty until it has been approved there."""

    unit: Unit
    status: str
    group: str
    cells: list[tuple[Cell, Decimal | None]]


def table(period: ReportingPeriod, on: date, *, unit: Unit | None = None) -> list[TableRow]:
    """What every unit asked has sent (or this one, as far as it has got), in dictionary order. Five queries."""
    units = [unit] if unit else asked_units(period)
    groups = groups_of([each.pk for each in units], period.ends_on)
    submissions = {each.unit_id: each for each in Submission.objects.filter(period=period, unit__in=units)}
    asks = parse_asks(period.indicators)
    rows = []
    for each in units:
        submission = submissions.get(each.pk)
        state = submission.state if submission else NOT_SENT
        shown = submission.cells if submission and (unit or state in LOCKED) else {}
        cells = [Cell.from_json(shown.get(ask.key, {})) for ask in asks]
        percents = [percent_in(ask, cell, period.ends_on) for ask, cell in zip(asks, cells, strict=True)]
        rows.append(
            TableRow(
                each,
                _status(state, period, on),
                groups.get(each.pk, ""),
                list(zip(cells, percents, strict=True)),
            )
        )
    return rows
