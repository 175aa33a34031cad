from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.indicators.actions import FigureEntry, correct_figure, retract_figure, undo_retraction
from bakhong.indicators.models import Figure, Report, ReportingPeriod, Submission, SubmissionState
from bakhong.indicators.queries import history
from bakhong.indicators.tests.conftest import Clerk
from bakhong.places.models import Unit

pytestmark = pytest.mark.django_db
DAY = date(2025, 5, 6)
RIGHT = FigureEntry("eid_accounts", numerator=4975, denominator=5205, stage="activated", population="adults")


@pytest.fixture
def figure(ngoc_phung: Unit, put: Callable[..., Figure]) -> Figure:
    return put(ngoc_phung, 4795, 5205, DAY)


def _correct(figure: Figure, by: Actor, at: datetime, reason: str = "Gõ đảo số") -> Figure:
    return correct_figure(figure=figure, entry=RIGHT, reason=reason, by=by, at=at)


def test_correcting_adds_a_figure_and_keeps_the_old_one(figure: Figure, actor: Actor, at: datetime) -> None:
    new = _correct(figure, actor, at)
    assert list(Figure.objects.current()) == [new]
    assert (new.corrects, new.numerator, new.counted_to) == (figure, 4975, DAY)
    figure.refresh_from_db()
    assert figure.numerator == 4795
    assert Event.objects.get(deed="indicators.correct_figure").details["replaced_by"] == str(new.uuid)


def test_the_history_says_who_when_and_why(figure: Figure, actor: Actor, at: datetime) -> None:
    new = _correct(figure, actor, at)
    retract_figure(figure=new, reason="Nguồn đính chính", by=actor, at=at)
    rows = {row.figure.uuid: row for row in history(figure.unit, "eid_accounts")}
    assert (rows[figure.uuid].state, rows[figure.uuid].reason) == ("corrected", "Gõ đảo số")
    assert rows[figure.uuid].corrected_by == new.uuid
    assert (rows[new.uuid].state, rows[new.uuid].reason, rows[new.uuid].changed_by) == (
        "retracted",
        "Nguồn đính chính",
        "test",
    )


def test_it_is_corrected_once(figure: Figure, actor: Actor, at: datetime) -> None:
    _correct(figure, actor, at)
    with pytest.raises(Conflict, match="đã được người khác sửa"):
        _correct(figure, actor, at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**{**_columns(figure), "corrects": figure})


def test_a_correction_needs_a_reason(figure: Figure, actor: Actor, at: datetime) -> None:
    with pytest.raises(Refusal, match="lý do"):
        _correct(figure, actor, at, reason="  ")


def test_only_who_confirms_there_corrects(
    figure: Figure, old_units: Callable[[str], Unit], at: datetime
) -> None:
    elsewhere = Clerk(frozenset({"figures.confirm"}), frozenset({old_units("15472").pk}))
    with pytest.raises(NotAllowed):
        _correct(figure, elsewhere, at)
    with pytest.raises(NotAllowed):
        retract_figure(figure=figure, reason="Sai", by=elsewhere, at=at)
    assert list(Figure.objects.current()) == [figure]


def test_retracting_takes_a_figure_away_and_undoing_brings_it_back_as_a_new_one(
    figure: Figure, actor: Actor, at: datetime
) -> None:
    retract_figure(figure=figure, reason="Nhầm xã", by=actor, at=at)
    assert not Figure.objects.current().exists()
    with pytest.raises(Conflict, match="đã bị rút"):
        retract_figure(figure=figure, reason="Nhầm xã", by=actor, at=at)
    back = undo_retraction(figure=figure, by=actor, at=at)
    assert list(Figure.objects.current()) == [back]
    assert (back.numerator, back.corrects) == (figure.numerator, figure)
    with pytest.raises(Conflict, match="đã được khôi phục"):
        undo_retraction(figure=figure, by=actor, at=at)


def test_a_standing_figure_has_nothing_to_undo(figure: Figure, actor: Actor, at: datetime) -> None:
    with pytest.raises(Conflict, match="chưa bị rút"):
        undo_retraction(figure=figure, by=actor, at=at)


@pytest.mark.parametrize(
    ("state", "words"),
    [(SubmissionState.APPROVED, "rút lại việc duyệt"), (SubmissionState.ACCEPTED, "đề nghị tỉnh trả lại")],
)
def test_a_locked_report_stays_as_it_is(
    state: str, words: str, figure: Figure, actor: Actor, at: datetime, old_units: Callable[[str], Unit]
) -> None:
    _submit(figure.report, state, old_units("396"), at)
    with pytest.raises(Conflict, match=words):
        _correct(figure, actor, at)
    with pytest.raises(Conflict, match=words):
        retract_figure(figure=figure, reason="Sai", by=actor, at=at)


def test_a_report_sent_back_can_be_corrected(
    figure: Figure, actor: Actor, at: datetime, old_units: Callable[[str], Unit]
) -> None:
    _submit(figure.report, SubmissionState.SENT_BACK, old_units("396"), at)
    assert _correct(figure, actor, at)


def _submit(report: Report, state: str, owner: Unit, at: datetime) -> None:
    period = ReportingPeriod.objects.create(
        owner=owner,
        name="Tháng 5",
        starts_on=DAY,
        ends_on=DAY,
        due_on=DAY,
        indicators=[],
        opened_by="test",
        opened_at=at,
    )
    Submission.objects.create(period=period, unit=report.unit, report=report, state=state)


def _columns(figure: Figure) -> dict[str, object]:
    names = ("report", "unit", "indicator", "definition_version", "numerator", "entered_by", "entered_at")
    return {name: getattr(figure, name) for name in names}
