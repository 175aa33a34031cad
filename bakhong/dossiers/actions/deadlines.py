"""The time limit runs out: the apology with its new date (once), warnings, and telling whoever supervises."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor, Operator
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import calendar_of, due_after
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.queries.deadlines import (
    can_extend,
    overdue,
    slow_steps,
    soon_due,
    told_before,
    watched_for,
)
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.reasons import reasons

PROGRAM = Operator(id="program", label="Phần mềm")


def apologise(
    *,
    dossier: Dossier,
    new_due_at: datetime,
    reason: str,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Say sorry and name a new moment, once. The slip is form 04.

    Source: Decree 118/2025/NĐ-CP and, before it, 61/2018/NĐ-CP, article 19: appointed anew at most once.

    Raises: Refusal the second time, for a moment that is no later or outside working days; NotAllowed; Conflict.
    """
    said = {"new_due_at": new_due_at.isoformat(), "reason": reason, "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.APOLOGISE, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        _may_apologise(found, new_due_at, reason, note, at)
        assert found.due_at is not None
        happen(
            taken,
            by=by,
            at=at,
            change={"due_at": new_due_at, "apologised_at": at},
            reasons=[reason],
            note=note,
            data={"promised": new_due_at.isoformat(), "before": found.due_at.isoformat()},
        )
        return found


def extend(
    *,
    dossier: Dossier,
    note: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Take the longer limit that the procedure itself gives, counted from the same receipt, because something has to be verified (`note`:
    what, and where). Once, and before the shorter one has passed; the resident is told the new day. It is no apology.

    Raises: Refusal where there is none, the second time, too late, or without a word why; NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.EXTEND, by=by, version=version, key=key, said={"note": note})
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        _may_extend(found, note, at)
        moment = Moment(Kind.EXTEND, found.state, found.state, at)
        new = due_after(found, [moment])
        assert new is not None and found.due_at is not None  # noqa: PT018 (it was received)
        told = {"due_at": new.isoformat(), "before": found.due_at.isoformat()}
        happen(taken, by=by, at=at, change={"due_at": new}, note=note, data=told)
        return found


def _may_extend(found: Dossier, note: str, at: datetime) -> None:
    if not can_extend(found):
        raise Refusal(_("Thủ tục này không có thời hạn dài hơn, hoặc hồ sơ đã được gia hạn."))
    if not words(note, 500):
        raise Refusal(_("Ghi phải xác minh điều gì, ở đâu."))
    if found.due_at is None or at > found.due_at:
        raise Refusal(_("Hồ sơ đã quá hạn nên không gia hạn được: xin lỗi người nộp và hẹn lại."))


def warn_and_escalate(*, at: datetime) -> tuple[int, int]:
    """Note on every dossier near what it is watched for that it is, and on every one past it that it is late; each once for each moment.

    Watched are: taking in what came from afar, the result, the answer of a resident who was asked for more; and, for a warning alone, a
    step that takes longer than its part. Returns how many were warned of and escalated. Whom this is told is the messages' affair.
    """
    warned = _tell_all(soon_due(at), Kind.WARN, at) + _tell_all(slow_steps(at), Kind.WARN, at, is_step=True)
    return warned, _tell_all(overdue(at), Kind.ESCALATE, at)


def _tell_all(rows: Iterable[Dossier], kind: str, at: datetime, *, is_step: bool = False) -> int:
    found = list(rows)
    before = told_before(found)
    return sum(
        _tell(each, kind, at, is_step)
        for each in found
        if (each.pk, kind, _moment(each, is_step).isoformat()) not in before
    )


def _tell(found: Dossier, kind: str, at: datetime, is_step: bool) -> bool:
    """True when it was told. Who holds the row meanwhile is waited for; then it is looked at again."""
    with transaction.atomic():
        now: Dossier = Dossier.objects.select_for_update().get(pk=found.pk)
        due = _moment(found, is_step)
        if now.state != found.state or _moment(now, is_step) != due:
            return False
        told = {"due_at": due.isoformat(), "what": "step" if is_step else watched_for(now.state)}
        if (now.pk, kind, told["due_at"]) in told_before([now]):
            return False
        taken = take(dossier=now, kind=kind, by=PROGRAM, version=None, key=None, said={})
        happen(taken, by=PROGRAM, at=at, data=told)
        return True


def _moment(found: Dossier, is_step: bool) -> datetime:
    moment = found.step_due_at if is_step else found.act_by
    assert moment is not None  # the queries ask for it
    return moment


def _may_apologise(found: Dossier, new_due_at: datetime, reason: str, note: str, at: datetime) -> None:
    told = reasons().get(reason)
    if told is None or "late" not in told.about or (not told.words and not words(note, 500)):
        raise Refusal(_("Chọn lý do chậm; nếu là lý do khác, ghi rõ."))
    if found.apologised_at is not None:
        raise Refusal(_("Hồ sơ này đã xin lỗi và hẹn lại một lần. Mỗi hồ sơ chỉ được hẹn lại một lần."))
    if found.due_at is None or new_due_at.tzinfo is None or new_due_at <= max(found.due_at, at):
        raise Refusal(_("Ngày hẹn mới phải sau ngày hẹn cũ và sau bây giờ."))
    local = new_due_at.astimezone(VIET_NAM)
    calendar = calendar_of(found.village, day_of(at))
    if not calendar.counts(local.date()):
        raise Refusal(_("%(day)s không phải ngày làm việc. Chọn ngày khác.") % {"day": f"{local:%d/%m/%Y}"})
