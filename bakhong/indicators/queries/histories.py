"""What was said when and by whom, what does not agree, and what a report holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Prefetch, QuerySet

from bakhong.indicators.models import AnswerKind, Figure, Finding, FindingAnswer, Report, Submission, Target
from bakhong.indicators.models.periods import SubmissionState
from bakhong.indicators.queries.facts import ground_of, units_with_figures
from bakhong.indicators.queries.history_shapes import (
    AnswerRow,
    FindingRow,
    HistoryRow,
    ReportDetail,
    Span,
    TargetEntryRow,
)
from bakhong.indicators.queries.rows import figure_row, unit_ref
from bakhong.indicators.queries.shapes import Coverage, Rule
from bakhong.indicators.queries.words import is_english, name_of
from bakhong.indicators.rules.advice import advice
from bakhong.places.models import Level, Unit
from bakhong.places.queries import descendant_ids

LOCKED = (SubmissionState.APPROVED, SubmissionState.ACCEPTED)


def history(unit: Unit, indicator: str) -> tuple[HistoryRow, ...]:
    """Every figure of a unit and its former names on the same ground, corrected and retracted ones included: the newest day first.

    Three queries.
    """
    names = ground_of([unit.pk], with_later=True).names[unit.pk]
    rows = _with_source(Figure.objects.filter(unit_id__in=names, indicator=indicator))
    return history_rows(rows.order_by("-effective_on", "-entered_at", "-id"))


def behind(figures: Collection[str]) -> tuple[HistoryRow, ...]:
    """The figures behind a number, by their uuid. One query."""
    return history_rows(
        _with_source(Figure.objects.filter(uuid__in=list(figures))).order_by("unit__sort_key", "id")
    )


def history_rows(figures: Iterable[Figure]) -> tuple[HistoryRow, ...]:
    return tuple(_history_row(figure) for figure in figures)


def findings(
    units: Collection[int], *, open_only: bool = True, severity: str | None = None, limit: int | None = None
) -> tuple[FindingRow, ...]:
    """Findings about units: errors before warnings, the newest first. Four queries."""
    rows = Finding.objects.filter(unit_id__in=list(units))
    rows = rows.open() if open_only else rows.filter(withdrawn_at=None)
    if severity is not None:
        rows = rows.filter(severity=severity)
    ordered = _with_figures(rows).order_by("severity", "-found_at", "id")  # "error" sorts before "warning"
    return finding_rows(ordered[:limit] if limit else ordered, is_open=True if open_only else None)


def finding_rows(rows: "QuerySet[Finding]", *, is_open: bool | None = None) -> tuple[FindingRow, ...]:
    found = list(rows)
    still_open = (
        {finding.pk for finding in found}
        if is_open
        else set(
            Finding.objects.open()
            .filter(pk__in=[finding.pk for finding in found])
            .values_list("pk", flat=True)
        )
    )
    return tuple(_finding_row(finding, finding.pk in still_open) for finding in found)


def report_detail(report: Report) -> ReportDetail:
    """A report with its text, what was stored from it, and what does not agree. About eight queries."""
    report = Report.objects.select_related("unit").get(pk=report.pk)
    figures = list(_with_source(Figure.objects.filter(report=report)).order_by("start", "id"))
    found = finding_rows(
        _with_figures(Finding.objects.filter(report=report, withdrawn_at=None)).order_by("severity", "id")
    )
    targets = Target.objects.filter(report=report).select_related("unit").order_by("start", "id")
    return ReportDetail(
        uuid=report.uuid,
        title=report.title,
        unit=unit_ref(report.unit),
        medium=report.medium,
        source=report.source,
        text=report.text,
        file_name=report.file_name,
        reported_on=report.reported_on,
        published_on=report.published_on,
        entered_by=report.entered_by,
        entered_at=report.entered_at,
        signature=report.signature,
        figures=history_rows(figures),
        targets=tuple(_target_row(target) for target in targets),
        findings=found,
        spans=spans_of(figures, found),
        is_locked=Submission.objects.filter(report=report, state__in=LOCKED).exists(),
    )


def spans_of(figures: Sequence[Figure], found: Sequence[FindingRow]) -> tuple[Span, ...]:
    """Stretches of the text with current figures, in order; stretches that overlap are one."""
    about: dict[object, list[FindingRow]] = defaultdict(list)
    for finding in found:
        if finding.is_open:
            for row in finding.figures:
                about[row.uuid].append(finding)
    spans: list[Span] = []
    for figure in figures:
        if figure.start is None or figure.end is None or not _is_current(figure):
            continue
        mine = about[figure.uuid]
        span = Span(
            figure.start,
            figure.end,
            (figure.uuid,),
            tuple(finding.uuid for finding in mine),
            any(finding.severity == "error" for finding in mine),
        )
        if spans and figure.start < spans[-1].end:
            span = _joined(spans.pop(), span)
        spans.append(span)
    return tuple(spans)


def coverage(unit: Unit, on: date, *, level: str = Level.COMMUNE) -> Coverage:
    """How many units of a level under one have any current figure by a day, their former units' included. Four queries."""
    units = list(Unit.objects.filter(pk__in=descendant_ids(unit.pk, on, level)).order_by("sort_key", "code"))
    ground = ground_of([each.pk for each in units])
    told = units_with_figures(ground.all_units, on)
    own = {each.pk for each in units if told.intersection(ground.names[each.pk])}
    have = own | {
        each.pk
        for each in units
        if any(told.intersection(ground.names[origin.unit]) for origin in ground.origins.get(each.pk, ()))
    }
    silent = tuple(unit_ref(each) for each in units if each.pk not in have)
    return Coverage(len(have), len(units), len(own), silent)


def reports(units: Collection[int], *, limit: int = 50) -> list[Report]:
    """The newest reports about units, their text left out. One query."""
    rows = Report.objects.filter(unit_id__in=list(units)).select_related("unit").defer("text")
    return list(rows.order_by("-entered_at", "-id")[:limit])


def _with_source(rows: "QuerySet[Figure]") -> "QuerySet[Figure]":
    return rows.select_related("unit", "report", "correction", "retraction").defer("report__text")


def _with_figures(rows: "QuerySet[Finding]") -> "QuerySet[Finding]":
    figures = Figure.objects.select_related("unit", "report").defer("report__text").order_by("start", "id")
    standing = FindingAnswer.objects.filter(withdrawn_at=None)
    return rows.select_related("unit", "report").prefetch_related(
        Prefetch("figures", queryset=figures), Prefetch("answers", queryset=standing)
    )


def _history_row(figure: Figure) -> HistoryRow:
    correction, retraction = getattr(figure, "correction", None), getattr(figure, "retraction", None)
    if correction is not None:
        state, reason, who, when = "corrected", correction.note, correction.entered_by, correction.entered_at
    elif retraction is not None:
        state, reason, who, when = "retracted", retraction.reason, retraction.by, retraction.at
    else:
        state, reason, who, when = "current", "", "", None
    return HistoryRow(figure_row(figure), state, correction.uuid if correction else None, reason, who, when)


def _is_current(figure: Figure) -> bool:
    return getattr(figure, "correction", None) is None and getattr(figure, "retraction", None) is None


def _finding_row(finding: Finding, is_open: bool) -> FindingRow:
    answer = next(iter(finding.answers.all()), None)
    return FindingRow(
        uuid=finding.uuid,
        code=finding.code,
        severity=finding.severity,
        unit=unit_ref(finding.unit),
        report_uuid=finding.report.uuid if finding.report else None,
        report_title=finding.report.title if finding.report else "",
        message=finding.message_en if is_english() else finding.message,
        advice=advice(finding.code, "en" if is_english() else "vi"),
        expected=finding.expected,
        found=finding.found,
        repairs=tuple(finding.repairs),
        figures=tuple(figure_row(figure) for figure in finding.figures.all()),
        found_at=finding.found_at,
        is_open=is_open,
        answer=_answer_row(answer) if answer else None,
    )


def _answer_row(answer: FindingAnswer) -> AnswerRow:
    return AnswerRow(answer.kind, str(AnswerKind(answer.kind).label), answer.text, answer.by, answer.at)


def _joined(one: Span, other: Span) -> Span:
    return Span(
        one.start,
        max(one.end, other.end),
        one.figures + other.figures,
        tuple(dict.fromkeys(one.findings + other.findings)),
        one.is_error or other.is_error,
    )


def _target_row(target: Target) -> TargetEntryRow:
    text = "" if target.population else target.population_text
    rule = Rule(target.indicator, target.definition_version, target.stage, target.population, text)
    return TargetEntryRow(
        target.uuid, unit_ref(target.unit), rule, name_of(rule), target.percent, target.value, target.by_date,
        target.decision, target.excerpt,
    )  # fmt: skip
