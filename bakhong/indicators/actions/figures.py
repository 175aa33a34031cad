"""Figures enter as printed and are never changed: a correction is a new figure, a withdrawal is a fact of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.indicators.actions.checks import check_report
from bakhong.indicators.actions.entries import FigureEntry, TargetEntry, clean, figure_fields, target_fields
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import Figure, Report, Retraction, Submission, SubmissionState, Target

LOCKED = {SubmissionState.APPROVED, SubmissionState.ACCEPTED}
MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class Confirmed:
    """What was stored, in the order given; entries confirmed before are among them."""

    figures: tuple[Figure, ...]
    targets: tuple[Target, ...]


@transaction.atomic
def confirm_figures(
    *,
    report: Report,
    entries: Sequence[FigureEntry | TargetEntry],
    by: Actor,
    at: datetime,
    check: bool = True,
) -> Confirmed:
    """Store what somebody confirmed that the report says, then run the checks on it.

    `check=False` leaves the checks to a later `check_report` (bulk loading).

    Raises: NotAllowed at any unit an entry is about; Conflict when the report is locked or a key belongs to another report; Refusal.
    """
    demand_unlocked(report)
    if not entries:
        raise Refusal(_("Chưa có số liệu nào được chọn. Hãy xác nhận ít nhất một số liệu."))
    if len(entries) > MOST_ENTRIES:
        raise Refusal(
            _("Một lần xác nhận nhiều nhất %(most)s số liệu. Hãy chia nhỏ.") % {"most": MOST_ENTRIES}
        )
    for unit in {entry.unit or report.unit for entry in entries}:
        demand(by, "figures.confirm", unit)
    before = _known(report, entries)
    rows = [
        _figure(entry, report, by, at) if isinstance(entry, FigureEntry) else _target(entry, report, by, at)
        for entry in entries
        if entry.key not in before
    ]
    figures = [row for row in rows if isinstance(row, Figure)]
    targets = [row for row in rows if isinstance(row, Target)]
    try:
        with transaction.atomic():
            Figure.objects.bulk_create(figures)
            Target.objects.bulk_create(targets)
    except IntegrityError as error:
        raise Conflict(_("Số liệu vừa được người khác xác nhận. Hãy tải lại trang.")) from error
    if rows:
        record(
            by=by,
            at=at,
            deed="indicators.confirm_figures",
            object_kind="report",
            object_id=report.uuid,
            place_id=report.unit_id,
            figures=[str(figure.uuid) for figure in figures],
            targets=[str(target.uuid) for target in targets],
        )
        if check:
            check_report(report=report, by=by, at=at)
    kept_figures = [row for row in before.values() if isinstance(row, Figure)]
    kept_targets = [row for row in before.values() if isinstance(row, Target)]
    return Confirmed(tuple(kept_figures + figures), tuple(kept_targets + targets))


@transaction.atomic
def correct_figure(*, figure: Figure, entry: FigureEntry, reason: str, by: Actor, at: datetime) -> Figure:
    """A new figure that takes the old one's place; both stay in the history.

    `entry.unit` left out is the old figure's; the place in the source is kept where the entry names none.

    Raises: NotAllowed; Conflict when it was corrected or withdrawn already, or is locked; Refusal without a reason.
    """
    figure = _lock(figure)
    demand(by, "figures.confirm", figure.unit)
    if entry.unit is not None and entry.unit.pk != figure.unit_id:
        demand(by, "figures.confirm", entry.unit)
    demand_unlocked(figure.report)
    if entry.key is not None and (
        repeat := Figure.objects.filter(client_key=entry.key, corrects=figure).first()
    ):
        return repeat
    _demand_current(figure)
    reason = _reason(reason)
    new = _figure(_inherit(entry, figure), figure.report, by, at)
    new.corrects = figure
    new.note = reason
    new.save()
    _record(by, at, "indicators.correct_figure", figure, replaced_by=str(new.uuid))
    check_report(report=figure.report, by=by, at=at)
    return new


@transaction.atomic
def retract_figure(*, figure: Figure, reason: str, by: Actor, at: datetime) -> Retraction:
    """Withdraw a figure: it is no longer shown as the unit's, and stays in the history with the reason.

    Raises: NotAllowed; Conflict when it is not current any more or locked; Refusal without a reason.
    """
    figure = _lock(figure)
    demand(by, "figures.confirm", figure.unit)
    demand_unlocked(figure.report)
    _demand_current(figure)
    retraction = Retraction.objects.create(figure=figure, reason=_reason(reason), by=by.id, at=at)
    _record(by, at, "indicators.retract_figure", figure)
    check_report(report=figure.report, by=by, at=at)
    return retraction


@transaction.atomic
def undo_retraction(*, figure: Figure, by: Actor, at: datetime) -> Figure:
    """Bring a withdrawn figure back as a new figure with the same content.

    Raises: NotAllowed; Conflict when it was not withdrawn, was brought back already, or is locked.
    """
    figure = _lock(figure)
    demand(by, "figures.confirm", figure.unit)
    demand_unlocked(figure.report)
    if not Retraction.objects.filter(figure=figure).exists():
        raise Conflict(_("Số liệu này chưa bị rút nên không cần khôi phục."))
    if Figure.objects.filter(corrects=figure).exists():
        raise Conflict(_("Số liệu này đã được khôi phục rồi."))
    new = Figure.objects.get(pk=figure.pk)
    new.pk = None
    new._state.adding = True
    new.uuid, new.client_key = new_uuid(), new_uuid()
    new.corrects, new.entered_by, new.entered_at = figure, by.id, at
    new.save(force_insert=True)
    _record(by, at, "indicators.undo_retraction", figure, replaced_by=str(new.uuid))
    check_report(report=figure.report, by=by, at=at)
    return new


def demand_unlocked(report: Report) -> None:
    """Raises: Conflict when the report was approved or accepted; the message says who can open it again."""
    submission = Submission.objects.filter(report=report).first()
    if submission is None or submission.state not in LOCKED:
        return
    if submission.state == SubmissionState.ACCEPTED:
        raise Conflict(
            _("Báo cáo kỳ này tỉnh đã nhận nên đã khoá. Hãy đề nghị tỉnh trả lại báo cáo rồi sửa.")
        )
    raise Conflict(
        _(
            "Báo cáo kỳ này đã được duyệt nên đã khoá. Hãy đề nghị lãnh đạo rút lại việc duyệt, hoặc tỉnh trả lại, rồi sửa."
        )
    )


def _figure(entry: FigureEntry, report: Report, by: Actor, at: datetime) -> Figure:
    fields = figure_fields(entry, report, day_of(at))
    return Figure(
        client_key=entry.key or new_uuid(), report=report, entered_by=by.id, entered_at=at, **fields
    )


def _target(entry: TargetEntry, report: Report, by: Actor, at: datetime) -> Target:
    fields = target_fields(entry, report, entry.unit or report.unit, day_of(at))
    return Target(
        client_key=entry.key or new_uuid(), report=report, entered_by=by.id, entered_at=at, **fields
    )


def _known(report: Report, entries: Sequence[FigureEntry | TargetEntry]) -> dict[UUID, Figure | Target]:
    """Entries confirmed before, by their client's key."""
    keys = [entry.key for entry in entries if entry.key is not None]
    if len(set(keys)) != len(keys):
        raise Refusal(_("Hai số liệu được gửi cùng một mã. Hãy tải lại trang."))
    found: dict[UUID, Figure | Target] = {}
    if keys:
        found.update({row.client_key: row for row in Figure.objects.filter(client_key__in=keys)})
        found.update({row.client_key: row for row in Target.objects.filter(client_key__in=keys)})
    if any(row.report_id != report.pk for row in found.values()):
        raise Conflict(_("Số liệu này đã được xác nhận trong một báo cáo khác. Hãy mở lại trang."))
    return found


def _inherit(entry: FigureEntry, old: Figure) -> FigureEntry:
    return replace(
        entry,
        unit=entry.unit or old.unit,
        start=entry.start if entry.start is not None else old.start,
        end=entry.end if entry.end is not None else old.end,
        excerpt=entry.excerpt or old.excerpt,
        counted_from=entry.counted_from or old.counted_from,
        counted_to=entry.counted_to or old.counted_to,
        published_on=entry.published_on or old.published_on,
    )


def _lock(figure: Figure) -> Figure:
    """The row itself, held until the deed is done, so that two corrections at once cannot both go through."""
    try:
        return (
            Figure.objects.select_for_update(of=("self",))
            .select_related("unit", "report__unit")
            .get(pk=figure.pk)
        )
    except Figure.DoesNotExist:
        raise NotFound(_("Không tìm thấy số liệu này.")) from None


def _demand_current(figure: Figure) -> None:
    if Retraction.objects.filter(figure=figure).exists():
        raise Conflict(_("Số liệu này đã bị rút. Hãy tải lại trang để xem bản mới nhất."))
    if Figure.objects.filter(corrects=figure).exists():
        raise Conflict(_("Số liệu này đã được người khác sửa. Hãy tải lại trang để xem bản mới nhất."))


def _reason(reason: str) -> str:
    reason = clean(reason, 300)
    if not reason:
        raise Refusal(_("Hãy ghi lý do, để người xem sau này hiểu vì sao số liệu thay đổi."))
    return reason


def _record(by: Actor, at: datetime, deed: str, figure: Figure, **details: str) -> None:
    record(
        by=by,
        at=at,
        deed=deed,
        object_kind="figure",
        object_id=figure.uuid,
        place_id=figure.unit_id,
        report=str(figure.report.uuid),
        **details,
    )
