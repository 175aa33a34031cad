"""Findings to go through: which still ask, which were answered, of what kind, and where their figures stand in the source."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Greatest, Substr

from bakhong.indicators.models import Figure, Finding, Report, Retraction
from bakhong.indicators.queries.histories import _with_figures, finding_rows
from bakhong.indicators.queries.history_shapes import FindingRow

OPEN, ANSWERED = "open", "answered"
_BEFORE, _AFTER = 140, 100  # characters of the source around a figure


@dataclass(frozen=True)
class Tally:
    """Findings of one state, counted."""

    total: int
    by_severity: dict[str, int]
    by_code: dict[str, int]


@dataclass(frozen=True)
class Context:
    """The source around a figure: `text` with the figure at `start:end`."""

    text: str
    start: int
    end: int


def findings_of(
    units: Collection[int], state: str, severity: str = "", code: str = ""
) -> "QuerySet[Finding]":
    """Findings about units: errors first, then those that wait longest. `state`: open or answered."""
    rows = Finding.objects.filter(unit_id__in=list(units))
    is_answered = state == ANSWERED
    rows = rows.filter(answers__withdrawn_at=None, answers__isnull=False) if is_answered else rows.open()
    if severity:
        rows = rows.filter(severity=severity)
    if code:
        rows = rows.filter(code=code)
    return rows.order_by("severity", "found_at", "id")


def tally_of(units: Collection[int], state: str) -> Tally:
    """One query."""
    rows = list(findings_of(units, state).values_list("severity", "code"))
    return Tally(
        len(rows),
        dict(Counter(severity for severity, _code in rows)),
        dict(sorted(Counter(code for _severity, code in rows).items())),
    )


def rows_of(found: Iterable[Finding]) -> tuple[FindingRow, ...]:
    """Findings ready to show, in the same order. Four queries."""
    ids = [finding.pk for finding in found]
    rows = {row.uuid: row for row in finding_rows(_with_figures(Finding.objects.filter(pk__in=ids)))}
    return tuple(rows[finding.uuid] for finding in found if finding.uuid in rows)


def contexts_of(figures: Collection[UUID]) -> dict[UUID, Context]:
    """The source around figures that have a place in a text. One query that fetches no whole text."""
    left = Greatest(F("start") - _BEFORE, Value(0))
    rows = (
        Figure.objects.filter(uuid__in=list(figures), start__isnull=False)
        .exclude(report__text="")
        .annotate(left=left, around=Substr("report__text", left + 1, F("end") - left + _AFTER))
        .values_list("uuid", "around", "left", "start", "end")
    )
    return {uuid: _between_words(text, at > 0, start - at, end - at) for uuid, text, at, start, end in rows}


def _between_words(text: str, is_cut: bool, start: int, end: int) -> Context:
    """Without the halves of words where the source was cut; what is left out is marked.

    >>> _between_words("ng Xuân có 92% người", True, 11, 14)
    Context(text='… Xuân có 92% người', start=10, end=13)
    """
    before, after = text[:start], text[end:]
    if is_cut:
        before = "… " + before.partition(" ")[2]
    if len(after) == _AFTER:
        after = after.rpartition(" ")[0] + " …"
    return Context(before + text[start:end] + after, len(before), len(before) + end - start)


def report_units(reports: Collection[UUID]) -> dict[UUID, tuple[int, UUID]]:
    """uuid of a report → id and uuid of the unit it was entered at. One query."""
    rows = Report.objects.filter(uuid__in=list(reports)).values_list("uuid", "unit_id", "unit__uuid")
    return {uuid: (pk, unit) for uuid, pk, unit in rows}


def last_checked_at(units: Collection[int]) -> datetime | None:
    """When figures of the units last changed: every change is checked in the same deed. Two queries."""
    entered = Figure.objects.filter(unit_id__in=list(units)).aggregate(at=Max("entered_at"))["at"]
    withdrawn = Retraction.objects.filter(figure__unit_id__in=list(units)).aggregate(at=Max("at"))["at"]
    return max((at for at in (entered, withdrawn) if at), default=None)
