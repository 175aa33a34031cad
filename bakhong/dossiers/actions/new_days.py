"""Days off that were said after dossiers were received (a storm closed the office): applied to those in hand, told to their applicants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.actions.timing import due_after
from bakhong.dossiers.models import Dossier, Kind
from bakhong.procedures.rules.calendar import NoWorkingDays


@dataclass(frozen=True)
class Moved:
    """A dossier, when it was promised, and when it is due by the calendar of today: later."""

    dossier: Dossier
    before: datetime
    after: datetime


def moved(rows: Iterable[Dossier]) -> Iterator[Moved]:
    """Those of the dossiers that the calendar of today makes due later than they were promised. A day that was taken back moves nothing:
    no promise comes nearer; nor does a day that was named anew with an apology move."""
    found = ((each, each.due_at, _later(each)) for each in rows)
    return (Moved(each, before, after) for each, before, after in found if before and after)


def apply_days(*, dossier: Dossier, by: Actor, at: datetime, key: UUID | None = None) -> Dossier:
    """The promise moves to where the calendar of today has it; its applicant is told the new day. The day before stays in the history.

    Raises: Conflict where it would not move later; NotAllowed.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.APPLY_DAYS, by=by, version=None, key=key, said={})
        found = taken.dossier
        if taken.done is not None:
            return found
        new, before = _later(found), found.due_at
        if new is None or before is None:
            raise Conflict(_("Lịch làm việc không làm ngày hẹn của hồ sơ này lùi lại."))
        told = {"due_at": new.isoformat(), "before": before.isoformat()}
        happen(taken, by=by, at=at, change={"due_at": new}, data=told)
        return found


def _later(found: Dossier) -> datetime | None:
    try:
        new = due_after(found)
    except NoWorkingDays:
        return None
    return new if new is not None and found.due_at is not None and new > found.due_at else None
