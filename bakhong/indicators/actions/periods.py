"""Deeds on reporting periods: the province asks, the officer fills and submits, the chair approves, the province accepts or sends back.

Every deed on a submission names the version it was decided on (`expected_version`), so that of two people at once the second is told
what the first did. The same deed by the same person twice is one deed.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import squeeze
from bakhong.indicators.actions.period_figures import publish, withdraw
from bakhong.indicators.actions.reports import demand
from bakhong.indicators.models import (
    Medium,
    Report,
    ReportingPeriod,
    Submission,
    SubmissionEvent,
    SubmissionState,
)
from bakhong.indicators.queries.period_checks import check_cells
from bakhong.indicators.queries.periods import is_asked
from bakhong.indicators.rules.asks import Ask, Cell, CellError, check_cell, parse_asks
from bakhong.indicators.rules.transitions import DEEDS, EDITABLE, Transition
from bakhong.places.models import Unit


class InvalidPeriod(Refusal):
    """A period cannot be opened like this."""


class InvalidCells(Refusal):
    """The grid holds something that cannot be stored; `cells` says where: {ask key: sentence}."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        super().__init__(_("Bảng số liệu có %(count)s chỗ cần sửa.") % {"count": len(cells)})
        self.cells = dict(cells)


class ReasonMissing(Refusal):
    """Whoever gives work back says why."""


class StaleSubmission(Conflict):
    """Somebody else changed the submission in between."""


@transaction.atomic
def open_period(
    *,
    owner: Unit,
    name: str,
    starts_on: date,
    ends_on: date,
    due_on: date,
    asks: Iterable[Ask],
    by: Actor,
    at: datetime,
) -> ReportingPeriod:
    """Asks every commune below the owner for these indicators. The same request twice is one period.

    Raises: NotAllowed, InvalidPeriod.
    """
    demand(by, "periods.manage", owner)
    name, keys = squeeze(name), [ask.key for ask in asks]
    _check_period(name, starts_on, ends_on, due_on, keys)
    wanted = {"starts_on": starts_on, "ends_on": ends_on, "due_on": due_on, "indicators": keys}
    # The name is unique among the owner's periods: of two at once, the second finds the first's.
    period, is_new = ReportingPeriod.objects.get_or_create(
        owner=owner, name=name, withdrawn_at=None, defaults={**wanted, "opened_by": by.id, "opened_at": at}
    )
    if is_new:
        record(
            by=by,
            at=at,
            deed="indicators.open_period",
            object_kind="period",
            object_id=period.uuid,
            place_id=owner.pk,
        )
    elif any(getattr(period, field) != value for field, value in wanted.items()):
        raise InvalidPeriod(_("Đã có kỳ báo cáo tên “%(name)s”. Hãy đặt tên khác.") % {"name": name})
    return period


def _check_years(*days: date) -> None:
    """A slip of the finger such as 9999 would stand in every list, and no month comes after it."""
    if not all(2000 <= day.year < 2100 for day in days):
        raise InvalidPeriod(_("Năm phải nằm trong khoảng từ 2000 đến 2099."))


def _check_period(name: str, starts_on: date, ends_on: date, due_on: date, keys: list[str]) -> None:
    if not name or len(name) > 120:
        raise InvalidPeriod(_("Hãy đặt tên cho kỳ báo cáo, tối đa 120 chữ."))
    if ends_on < starts_on:
        raise InvalidPeriod(_("Ngày cuối kỳ phải từ ngày đầu kỳ trở đi."))
    if due_on < ends_on:
        raise InvalidPeriod(_("Hạn gửi phải từ ngày cuối kỳ trở đi, vì số liệu tính đến ngày cuối kỳ."))
    _check_years(starts_on, due_on)
    if not keys:
        raise InvalidPeriod(_("Hãy chọn ít nhất một chỉ tiêu."))
    if len(set(keys)) < len(keys):
        raise InvalidPeriod(_("Một chỉ tiêu được chọn hai lần với cùng cách tính."))
    if not all(ask.is_known(ends_on) for ask in parse_asks(keys)):
        raise InvalidPeriod(_("Có chỉ tiêu không còn trong danh mục. Hãy tải lại trang rồi chọn lại."))


@transaction.atomic
def extend_period(*, period: ReportingPeriod, due_on: date, by: Actor, at: datetime) -> ReportingPeriod:
    """Gives the communes until another day.

    Raises: NotAllowed, InvalidPeriod.
    """
    demand(by, "periods.manage", period.owner)
    if due_on < period.ends_on:
        raise InvalidPeriod(_("Hạn gửi phải từ ngày cuối kỳ trở đi."))
    _check_years(due_on)
    if due_on != period.due_on:
        was, period.due_on = period.due_on, due_on
        period.save(update_fields=["due_on"])
        _trail(period, "indicators.extend_period", by, at, was=was.isoformat(), due_on=due_on.isoformat())
    return period


@transaction.atomic
def withdraw_period(*, period: ReportingPeriod, by: Actor, at: datetime) -> ReportingPeriod:
    """Takes back a period opened by mistake, as long as nobody has begun to answer it.

    Raises: NotAllowed, InvalidPeriod.
    """
    demand(by, "periods.manage", period.owner)
    # A first draft waits for this lock, or this for the draft.
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if period.submissions.exists():
        raise InvalidPeriod(_("Đã có xã nhập số liệu cho kỳ này nên không thu hồi được nữa."))
    if period.withdrawn_at is None:
        period.withdrawn_at = at
        period.save(update_fields=["withdrawn_at"])
        _trail(period, "indicators.withdraw_period", by, at)
    return period


@transaction.atomic
def save_draft(
    *,
    period: ReportingPeriod,
    unit: Unit,
    cells: Mapping[str, Cell],
    expected_version: int,
    by: Actor,
    at: datetime,
) -> Submission:
    """Keeps the grid as typed. `expected_version` is 0 for the first draft; unchanged cells change nothing.

    Raises: NotAllowed, NotFound (the period does not ask this unit), StaleSubmission, InvalidCells.
    """
    demand(by, "periods.submit", unit)
    if not is_asked(period, unit):
        raise NotFound(_("Đơn vị này không thuộc kỳ báo cáo."))
    kept = _clean(period, cells)
    submission = _begin(period, unit, by, at)
    typed = {key: cell.as_json() for key, cell in kept.items()}
    if submission.cells == typed and submission.state in EDITABLE:
        return submission
    _fresh(submission, expected_version)
    if submission.state not in EDITABLE:
        raise StaleSubmission(_said(submission, _("Bảng số liệu đang khoá.")))
    submission.cells = typed
    _step(submission, "save_draft", submission.state, "", by, at)
    _trail(submission, "indicators.save_draft", by, at)
    return submission


def _clean(period: ReportingPeriod, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells the period asks for, empty ones left out.

    Raises: InvalidCells.
    """
    asks = {ask.key: ask for ask in parse_asks(period.indicators)}
    wrong: dict[str, str] = {}
    for key, cell in cells.items():
        if key not in asks:
            wrong[key] = _("Kỳ này không hỏi chỉ tiêu này.")
            continue
        try:
            check_cell(asks[key], cell)
        except CellError as error:
            wrong[key] = cell_sentence(error.code)
    if wrong:
        raise InvalidCells(wrong)
    kept = {key: _tidy(cells[key]) for key in asks if key in cells}
    return {key: cell for key, cell in kept.items() if not cell.is_empty or cell.note}


def _tidy(cell: Cell) -> Cell:
    return replace(cell, note=squeeze(cell.note)[:500])


def cell_sentence(code: str) -> str:
    """What is wrong with a cell and what to do."""
    return {
        "negative": _("Số người, số hồ sơ… không thể nhỏ hơn 0."),
        "too_large": _("Số này quá lớn. Hãy kiểm tra lại số chữ số."),
        "zero_whole": _("Tổng số phải lớn hơn 0. Nếu không có đối tượng nào thì để trống và ghi lý do."),
        "percent_range": _("Tỷ lệ phải từ 0 đến 1.000, nhiều nhất bốn chữ số sau dấu phẩy."),
    }[code]


def _begin(period: ReportingPeriod, unit: Unit, by: Actor, at: datetime) -> Submission:
    """The unit's submission, locked; made at the first draft. Two first drafts at once meet in the unique key."""
    if Submission.objects.filter(period=period, unit=unit).exists():
        return _locked(period, unit)
    # The lock that withdraw_period takes: the new row's own check of its key comes only at the commit.
    if ReportingPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk).withdrawn_at:
        raise NotFound(_("Kỳ báo cáo này đã được thu hồi."))
    report, _new = Report.objects.get_or_create(
        client_key=uuid5(NAMESPACE_URL, f"period:{period.uuid}:{unit.uuid}"),
        defaults={
            "unit": unit,
            "title": _("Báo cáo kỳ %(period)s") % {"period": period.name},
            "medium": Medium.PERIOD,
            "text_sha256": hashlib.sha256(b"").hexdigest(),
            "reported_on": period.ends_on,
            "entered_by": by.id,
            "entered_at": at,
        },
    )
    Submission.objects.get_or_create(period=period, unit=unit, defaults={"report": report, "version": 0})
    return _locked(period, unit)


def _locked(period: ReportingPeriod, unit: Unit) -> Submission:
    found = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("period", "period__owner", "unit", "report")
        .filter(period=period, unit=unit)
        .first()
    )
    if found is None:
        raise NotFound(_("Đơn vị này chưa nhập gì cho kỳ báo cáo."))
    return found


def submit(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    """The officer hands the grid to the chair. Errors found must be corrected or explained in the note of their line first.

    Raises: NotAllowed, StaleSubmission, InvalidCells.
    """
    return _move(submission, "submit", expected_version, "", by, at)


def take_back(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    """The officer takes the grid back before the chair has approved it."""
    return _move(submission, "take_back", expected_version, "", by, at)


def return_to_clerk(
    *, submission: Submission, reason: str, expected_version: int, by: Actor, at: datetime
) -> Submission:
    """The chair gives the grid back to the officer, saying why."""
    return _move(submission, "return_to_clerk", expected_version, reason, by, at)


def approve(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    """The chair approves: the cells become figures, locked, and the province has them."""
    return _move(submission, "approve", expected_version, "", by, at)


def take_back_approval(
    *, submission: Submission, expected_version: int, by: Actor, at: datetime
) -> Submission:
    """The chair takes the approval back before the province has decided: the figures are withdrawn."""
    return _move(submission, "take_back_approval", expected_version, "", by, at)


def accept(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    return _move(submission, "accept", expected_version, "", by, at)


def undo_accept(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    return _move(submission, "undo_accept", expected_version, "", by, at)


def send_back(
    *, submission: Submission, reason: str, expected_version: int, by: Actor, at: datetime
) -> Submission:
    """The province gives the submission back with the reason. Its figures stand until the commune approves others."""
    return _move(submission, "send_back", expected_version, reason, by, at)


def undo_send_back(*, submission: Submission, expected_version: int, by: Actor, at: datetime) -> Submission:
    """The province takes the return back, unless the commune has already begun to correct."""
    return _move(submission, "undo_send_back", expected_version, "", by, at)


@transaction.atomic
def _move(
    submission: Submission, deed: str, expected_version: int, reason: str, by: Actor, at: datetime
) -> Submission:
    step = DEEDS[deed]
    submission = _locked(submission.period, submission.unit)
    demand(by, step.permission, submission.period.owner if step.by_owner else submission.unit)
    if _is_repeated(submission, deed, step, expected_version, by):
        return submission
    _fresh(submission, expected_version)
    _check_step(submission, deed, step, reason)
    if deed == "approve":
        publish(submission, by=by, at=at)
    elif deed == "take_back_approval":
        withdraw(submission, reason=_("Lãnh đạo đơn vị rút lại phê duyệt"), by=by, at=at)
    _step(submission, deed, step.target, squeeze(reason)[:2000], by, at)
    _trail(submission, f"indicators.{deed}", by, at)
    return submission


def _check_step(submission: Submission, deed: str, step: Transition, reason: str) -> None:
    """Raises: StaleSubmission, ReasonMissing, InvalidCells."""
    if submission.state not in step.sources:
        raise StaleSubmission(_said(submission, _("Việc này không còn làm được.")))
    if step.needs_reason and not squeeze(reason):
        raise ReasonMissing(_("Hãy ghi rõ lý do trả lại để người nhận biết cần sửa gì."))
    if deed == "submit":
        _check_ready(submission)
    if deed == "undo_send_back" and _is_touched(submission):
        raise StaleSubmission(_said(submission, _("Đơn vị đã bắt đầu sửa nên không huỷ trả lại được nữa.")))


def _check_ready(submission: Submission) -> None:
    """Something is filled, nothing is half filled, and every error found is explained.

    Raises: InvalidCells.
    """
    wrong = {
        finding.ask: finding.message
        for finding in check_cells(submission.period, submission.unit, submission.cells, submission.report_id)
        if finding.is_blocking
    }
    if wrong:
        raise InvalidCells(wrong)
    asks = parse_asks(submission.period.indicators)
    if not any(Cell.from_json(submission.cells.get(ask.key, {})).is_complete(ask) for ask in asks):
        raise InvalidCells({asks[0].key: _("Chưa có chỉ tiêu nào được nhập.")})


def _is_touched(submission: Submission) -> bool:
    """Whether the unit has typed since the province sent it back: every draft is an event."""
    last = submission.events.order_by("-pk").first()
    return last is None or last.deed != "send_back"


def _is_repeated(
    submission: Submission, deed: str, step: Transition, expected_version: int, by: Actor
) -> bool:
    """The same button pressed twice: the state is there already, and it was this person who brought it there."""
    if submission.state != step.target or submission.version != expected_version + 1:
        return False
    last = submission.events.order_by("-pk").first()
    return last is not None and last.by == by.id and last.deed == deed


def _fresh(submission: Submission, expected_version: int) -> None:
    if submission.version != expected_version:
        raise StaleSubmission(
            _said(submission, _("Nội dung bạn đang xem đã cũ, thay đổi của bạn chưa được lưu."))
        )


def _said(submission: Submission, start: str) -> str:
    """The sentence with who did what last."""
    last = submission.events.order_by("-pk").first()
    if last is None:
        return start
    when = last.at.astimezone(VIET_NAM)
    return _("%(start)s Lần cuối: %(who)s lúc %(hour)s ngày %(day)s, trạng thái “%(state)s”.") % {
        "start": start,
        "who": last.by_label,
        "hour": when.strftime("%H:%M"),
        "day": format_day(day_of(last.at)),
        "state": SubmissionState(last.state).label,
    }


def _step(submission: Submission, deed: str, state: str, reason: str, by: Actor, at: datetime) -> None:
    submission.state = state
    submission.version += 1
    submission.save(update_fields=["state", "version", "cells"])
    SubmissionEvent.objects.create(
        submission=submission, deed=deed, state=state, reason=reason, by=by.id, by_label=by.label[:120], at=at
    )


def _trail(thing: ReportingPeriod | Submission, deed: str, by: Actor, at: datetime, **details: str) -> None:
    kind = "period" if isinstance(thing, ReportingPeriod) else "submission"
    place = thing.owner_id if isinstance(thing, ReportingPeriod) else thing.unit_id
    record(by=by, at=at, deed=deed, object_kind=kind, object_id=thing.uuid, place_id=place, **details)
