"""The time limit runs out: the apology with its new date (once), warnings, and telling whoever supervises."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor, Operator
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import calendar_of, first_due, procedure_of
from bakhong.dossiers.models import Dossier, Event, Kind
from bakhong.dossiers.queries.deadlines import overdue, soon_due
from bakhong.dossiers.rules.reasons import reasons
from bakhong.procedures.rules.deadlines import warn_at

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


def warn_and_escalate(*, at: datetime) -> tuple[int, int]:
    """Note on every dossier near its limit that it is, and on every one past it that it is late; each once for each due moment.

    Returns how many were warned of and escalated. Whom this is told is the messages' affair (`dossier_changed`).
    """
    warned = sum(_tell(found, Kind.WARN, at) for found in soon_due(at) if _is_soon(found, at))
    return warned, sum(_tell(found, Kind.ESCALATE, at) for found in overdue(at))


def _tell(found: Dossier, kind: str, at: datetime) -> bool:
    """True when it was not told before. Who holds the row meanwhile is waited for; then it is looked at again."""
    with transaction.atomic():
        now: Dossier = Dossier.objects.select_for_update().get(pk=found.pk)
        if now.due_at != found.due_at or now.state != found.state or now.due_at is None:
            return False
        due = now.due_at.isoformat()
        if Event.objects.filter(dossier=now, kind=kind, data__due_at=due).exists():
            return False
        taken = take(dossier=now, kind=kind, by=PROGRAM, version=None, key=None, said={})
        happen(taken, by=PROGRAM, at=at, data={"due_at": due})
        return True


def _is_soon(found: Dossier, at: datetime) -> bool:
    """From 8 working hours before it is due, or from two thirds of a short limit."""
    procedure = procedure_of(found)
    if procedure is None or found.received_at is None or found.due_at is None:
        return False
    if found.due_at != found.base_due_at:
        return (found.due_at - at).total_seconds() <= 24 * 3600
    when, calendar = first_due(procedure, found.village, found.received_at)
    return warn_at(when, calendar) <= at


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
