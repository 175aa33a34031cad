"""What the screens get of reports and of what was said in them: frozen values, as in `shapes`."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bakhong.indicators.queries.shapes import FigureRow, Rule, RuleName, UnitRef


@dataclass(frozen=True)
class HistoryRow:
    """A figure as it was, corrected or retracted ones included."""

    figure: FigureRow
    state: str  # "current", "corrected", "retracted"
    corrected_by: UUID | None  # the figure that replaced it
    reason: str
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True)
class AnswerRow:
    """What somebody said to a finding."""

    kind: str
    kind_name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FindingRow:
    """What does not agree, and the figures it is about."""

    uuid: UUID
    code: str
    severity: str
    unit: UnitRef
    report_uuid: UUID | None
    report_title: str
    message: str  # in the language of the moment
    advice: str  # what to do
    expected: str
    found: str
    repairs: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    found_at: datetime
    is_open: bool
    answer: AnswerRow | None


@dataclass(frozen=True)
class Span:
    """A stretch of a report's text that holds confirmed figures."""

    start: int
    end: int
    figures: tuple[UUID, ...]
    findings: tuple[UUID, ...]
    is_error: bool


@dataclass(frozen=True)
class TargetEntryRow:
    """A stored target."""

    uuid: UUID
    unit: UnitRef
    rule: Rule
    name: RuleName
    percent: Decimal | None
    value: int | None
    by_date: date
    decision: str
    excerpt: str


@dataclass(frozen=True)
class ReportDetail:
    """A report with its text and everything stored of it; `spans` are where its confirmed figures stand."""

    uuid: UUID
    title: str
    unit: UnitRef
    medium: str
    source: str
    text: str
    file_name: str
    reported_on: date | None
    published_on: date | None
    entered_by: str
    entered_at: datetime
    signature: dict[str, Any] | None
    figures: tuple[HistoryRow, ...]
    targets: tuple[TargetEntryRow, ...]
    findings: tuple[FindingRow, ...]
    spans: tuple[Span, ...]
    is_locked: bool
