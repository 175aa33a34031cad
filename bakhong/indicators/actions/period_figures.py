"""A submission's grid as figures: stored at approval, corrected when approved again, withdrawn when the approval is taken back."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.indicators.actions.checks import check_report
from bakhong.indicators.actions.entries import FigureEntry, figure_fields
from bakhong.indicators.models import Figure, Retraction, Submission
from bakhong.indicators.rules.asks import Ask, Cell, parse_asks

_SAME = ("numerator", "denominator", "percent", "note")


class TooEarly(Refusal):
    """The period's last day has not come: nothing can have been counted on it."""


def publish(submission: Submission, *, by: Actor, at: datetime) -> None:
    """Makes the report's current figures say what the cells say: new ones, corrections, and withdrawals of emptied cells.

    Raises: TooEarly.
    """
    period = submission.period
    if day_of(at) < period.ends_on:
        raise TooEarly(
            _("Số liệu tính đến hết ngày %(day)s nên từ ngày đó mới duyệt được.")
            % {"day": format_day(period.ends_on)}
        )
    standing = {_rule(figure): figure for figure in submission.report.figures.current()}
    for ask in parse_asks(period.indicators):
        cell = Cell.from_json(submission.cells.get(ask.key, {}))
        old = standing.pop(ask.key, None)
        if cell.is_complete(ask):
            _put(submission, ask, cell, old, by, at)
        elif old is not None:
            _retract(old, _("Đơn vị bỏ trống chỉ tiêu này khi gửi lại"), by, at)
    check_report(report=submission.report, by=by, at=at)


def withdraw(submission: Submission, *, reason: str, by: Actor, at: datetime) -> None:
    """Withdraws every current figure of the submission; they stay in the history."""
    for figure in submission.report.figures.current():
        _retract(figure, reason, by, at)


def _put(submission: Submission, ask: Ask, cell: Cell, old: Figure | None, by: Actor, at: datetime) -> None:
    fields = figure_fields(_entry(submission, ask, cell), submission.report, day_of(at))
    if old is not None and all(getattr(old, name) == fields[name] for name in _SAME):
        return
    Figure.objects.create(
        report=submission.report, entered_by=by.id, entered_at=at, corrects=old, **_without_spans(fields)
    )


def _entry(submission: Submission, ask: Ask, cell: Cell) -> FigureEntry:
    period = submission.period
    return FigureEntry(
        indicator=ask.indicator,
        stage=ask.stage,
        population=ask.population,
        numerator=cell.numerator,
        denominator=cell.denominator,
        percent=cell.percent if cell.numerator is None else None,
        counted_from=period.starts_on if ask.is_flow(period.ends_on) else period.ends_on,
        counted_to=period.ends_on,
        note=cell.note,
    )


def _without_spans(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in {"start", "end"}}


def _retract(figure: Figure, reason: str, by: Actor, at: datetime) -> None:
    Retraction.objects.create(figure=figure, reason=reason, by=by.id, at=at)


def _rule(figure: Figure) -> str:
    return Ask(figure.indicator, figure.stage, figure.population).key
