"""Checks on stored figures, and the answers people give to what they find."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.indicators.actions.entries import clean
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import AnswerKind, Figure, Finding, FindingAnswer, Report, Role
from bakhong.indicators.rules.agreement import (
    Disagreement,
    Printed,
    check_one,
    check_together,
    contradiction,
    contradicts,
    in_words,
)
from bakhong.indicators.rules.normalise import ReportTooLong
from bakhong.indicators.rules.numbers import TooManyNumbers
from bakhong.indicators.rules.reader import read
from bakhong.indicators.rules.reading import Figure as ReadFigure
from bakhong.indicators.rules.reading import Reading
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Checked:
    """How a check went: findings that are new, and how many the checks no longer report."""

    new: tuple[Finding, ...]
    withdrawn: int


@transaction.atomic
def check_report(*, report: Report, by: Actor, at: datetime) -> Checked:
    """Run every check on the report's current figures and keep what they find; each finding is stored once.

    Findings of the report that the checks no longer report, and that nobody answered, are withdrawn. Idempotent.
    """
    # One check of a report at a time, so that two confirmations at once do not store a finding twice.
    Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    figures = list(Figure.objects.current().filter(report=report).select_related("unit").order_by("id"))
    reading = _reading(report)
    as_read = _stored_as_read(reading, figures) if reading else {}
    found = _unique(
        [
            *(_from_text(reading, as_read) if reading else []),
            *_from_numbers(figures, frozenset(as_read.values())),
            *_across(figures),
        ]
    )
    new = store_findings(report=report, disagreements=found, at=at)
    keys = {_key(each) for each in found}
    gone = Finding.objects.filter(report=report, withdrawn_at=None, answers=None).exclude(key__in=keys)
    withdrawn = gone.update(withdrawn_at=at)
    if new or withdrawn:
        record(
            by=by,
            at=at,
            deed="indicators.check_report",
            object_kind="report",
            object_id=report.uuid,
            place_id=report.unit_id,
            found=[str(finding.uuid) for finding in new],
            withdrawn=withdrawn,
        )
    return Checked(tuple(new), withdrawn)


def check_unit(*, unit: Unit, by: Actor, at: datetime) -> Checked:
    """Run the checks on every report that holds a figure of the unit.

    Raises: NotAllowed.
    """
    demand(by, "figures.enter", unit)
    reports = Report.objects.filter(Q(unit=unit) | Q(figures__unit=unit)).distinct().select_related("unit")
    results = [check_report(report=report, by=by, at=at) for report in reports.order_by("id")]
    return Checked(
        tuple(finding for result in results for finding in result.new),
        sum(result.withdrawn for result in results),
    )


def store_findings(*, report: Report, disagreements: Iterable[Disagreement], at: datetime) -> list[Finding]:
    """Keep disagreements among figures (their `keys` are ids of figures); those known already are not stored again.

    One that was withdrawn and is found again stands again. Gives the new and the revived.
    """
    wanted = {_key(each): each for each in disagreements}
    known = {finding.key: finding for finding in Finding.objects.filter(key__in=wanted)}
    revived = [finding for finding in known.values() if finding.withdrawn_at is not None]
    Finding.objects.filter(pk__in=[finding.pk for finding in revived]).update(withdrawn_at=None)
    stored = [_store(report, key, each, at) for key, each in wanted.items() if key not in known]
    return stored + revived


@transaction.atomic
def answer_finding(*, finding: Finding, kind: str, text: str, by: Actor, at: datetime) -> FindingAnswer:
    """Say what became of a finding; it is closed until the answer is taken back.

    Raises: NotAllowed; Conflict when it has an answer; Refusal for an unknown kind or an explanation without words.
    """
    demand(by, "figures.answer_finding", finding.unit)
    if kind not in AnswerKind.values:
        raise Refusal(_("Hãy chọn một cách trả lời trong danh sách."))
    text = clean(text, 2000)
    if kind == AnswerKind.EXPLAINED and not text:
        raise Refusal(_("Hãy ghi lý do, để người xem sau này hiểu vì sao số liệu như vậy."))
    try:
        with transaction.atomic():
            answer = FindingAnswer.objects.create(finding=finding, kind=kind, text=text, by=by.id, at=at)
    except IntegrityError:
        raise Conflict(_("Cảnh báo này đã có người trả lời. Hãy tải lại trang để xem.")) from None
    _record(by, at, "indicators.answer_finding", finding, kind=kind)
    return answer


@transaction.atomic
def withdraw_answer(*, finding: Finding, by: Actor, at: datetime) -> FindingAnswer:
    """Take the standing answer back: the finding is open again, the answer stays in its history.

    Raises: NotAllowed; NotFound when there is no standing answer.
    """
    demand(by, "figures.answer_finding", finding.unit)
    answer = FindingAnswer.objects.select_for_update().filter(finding=finding, withdrawn_at=None).first()
    if answer is None:
        raise NotFound(_("Cảnh báo này chưa có câu trả lời nào để rút lại."))
    answer.withdrawn_at = at
    answer.save(update_fields=["withdrawn_at"])
    _record(by, at, "indicators.withdraw_answer", finding, kind=answer.kind)
    return answer


def printed(figure: Figure) -> Printed:
    """The figure as the pure checks see it."""
    time = (
        figure.counted_from,
        figure.counted_to,
        figure.published_on if figure.counted_to is None else None,
    )
    return Printed(
        key=figure.pk,
        group=(figure.unit_id, figure.scope, time),
        indicator=figure.indicator,
        stage=figure.stage,
        population=figure.population,
        role=figure.role,
        numerator=figure.numerator,
        denominator=figure.denominator,
        percent=figure.percent,
        places=figure.percent_places,
        qualifier=figure.qualifier,
    )


def _reading(report: Report) -> Reading | None:
    """The report's text read again; None where there is no text, or one too long to read."""
    if not report.text:
        return None
    try:
        return read(
            report.text, on=report.reported_on or report.published_on, unit_name=report.unit.full_name
        )
    except (ReportTooLong, TooManyNumbers):
        return None


def _from_text(reading: Reading, as_read: dict[int, int]) -> list[Disagreement]:
    """What the reader finds in the text, as far as it is about figures that were confirmed as the text has them.

    A number that belongs to no indicator cannot be confirmed; what is found about it stays with the others it is about.
    """
    unnamed = {figure.id for figure in reading.figures if figure.indicator is None}
    return [
        Disagreement(
            found.code,
            found.severity,
            tuple(as_read[number] for number in found.figures if number in as_read),
            _plain(found.expected),
            _plain(found.found),
            found.message,
            found.message_en,
            tuple(in_words(repair) for repair in found.repairs),
        )
        for found in reading.findings
        if all(number in as_read or number in unnamed for number in found.figures)
        and any(number in as_read for number in found.figures)
    ]


def _stored_as_read(reading: Reading, figures: Sequence[Figure]) -> dict[int, int]:
    """Number of a figure in the reading → id of the stored figure that says the same at the same place."""
    stored: dict[int, int] = {}
    for figure in reading.figures:
        here = [other for other in figures if _overlaps(figure, other) and _says_the_same(figure, other)]
        # Several figures may share one place ("A và B đều đạt 80%").
        here.sort(key=lambda other: other.indicator != figure.indicator)
        if here:
            stored[figure.id] = here[0].pk
    return stored


def _overlaps(found: ReadFigure, stored: Figure) -> bool:
    if found.start is None or found.end is None or stored.start is None or stored.end is None:
        return False
    return stored.start < found.end and found.start < stored.end


def _says_the_same(found: ReadFigure, stored: Figure) -> bool:
    return (found.numerator, found.denominator, found.percent) == (
        stored.numerator,
        stored.denominator,
        stored.percent,
    )


def _from_numbers(figures: Sequence[Figure], as_read: frozenset[int]) -> list[Disagreement]:
    """What the numbers alone tell. Of figures that stand as their text has them the reader has spoken, which knows the prose:
    "nam 600/750, nữ 700/800, đạt 83,87%" is right, though 700/800 is not 83,87%.
    """
    every = [printed(figure) for figure in figures]
    single = [found for each in every if each.key not in as_read for found in check_one(each)]
    return single + [found for found in check_together(every) if not as_read.issuperset(found.keys)]


def _across(figures: Sequence[Figure]) -> list[Disagreement]:
    """Figures of other reports about the same unit, indicator, stage and time that say otherwise. One query."""
    mine = [figure for figure in figures if figure.role == Role.VALUE and figure.effective_on is not None]
    if not mine:
        return []
    others = (
        Figure.objects.current()
        .filter(
            role=Role.VALUE,
            unit_id__in={figure.unit_id for figure in mine},
            indicator__in={figure.indicator for figure in mine},
            effective_on__in={figure.effective_on for figure in mine},
        )
        .exclude(report_id=mine[0].report_id)
        .select_related("report")
        .order_by("id")
    )
    found = []
    for other in others:
        there = printed(other)
        for figure in mine:
            here = printed(figure)
            same = (here.group, here.indicator, here.stage) == (there.group, there.indicator, there.stage)
            if same and contradicts(here, there):
                found.append(contradiction(here, there, other.report.title))
    return found


def _unique(found: Iterable[Disagreement]) -> list[Disagreement]:
    """One finding a code and set of figures: what the reader said about the prose comes first."""
    return list({_key(each): each for each in reversed(list(found))}.values())[::-1]


def _key(found: Disagreement) -> str:
    return hashlib.sha256(f"{found.code}:{sorted(found.keys)}".encode()).hexdigest()


def _store(report: Report, key: str, found: Disagreement, at: datetime) -> Finding:
    figures = list(Figure.objects.filter(pk__in=found.keys))
    about = next((figure for figure in figures if figure.pk == found.keys[0]), None)
    finding = Finding.objects.create(
        key=key,
        code=found.code,
        severity=found.severity,
        unit_id=about.unit_id if about else report.unit_id,
        report=report,
        expected=found.expected[:60],
        found=found.found[:60],
        message=found.message,
        message_en=found.message_en,
        repairs=list(found.repairs),
        found_at=at,
    )
    finding.figures.set(figures)
    return finding


def _plain(number: object) -> str:
    return "" if number is None else str(number)


def _record(by: Actor, at: datetime, deed: str, finding: Finding, **details: str) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="finding",
        object_id=finding.uuid,
        place_id=finding.unit_id,
        code=finding.code,
        **details,
    )
