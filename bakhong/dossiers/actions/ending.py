"""Ends without a result: refusing, withdrawing, stopping."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.cancelling import revoke_result
from bakhong.dossiers.actions.charging import give_up_fee
from bakhong.dossiers.actions.stepping import Taken, happen, take, words
from bakhong.dossiers.actions.supplementing import came_from
from bakhong.dossiers.actions.timing import due_after
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.rules.clock import Moment
from bakhong.dossiers.rules.reasons import reasons
from bakhong.dossiers.rules.states import WAITING


def refuse(
    *,
    dossier: Dossier,
    reason: str,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Not taken in, or not settled: with the reason and, where the law says so, where else to go (in `note`).

    Raises: Refusal for an unknown reason or one without its note; NotAllowed; Conflict.
    """
    return _end(Kind.REFUSE, State.REFUSED, "dossier", dossier, reason, note, by, at, version, key)


def stop(
    *,
    dossier: Dossier,
    reason: str,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Work on it stops for good.

    Raises: as `refuse`.
    """
    return _end(Kind.STOP, State.STOPPED, "stop", dossier, reason, note, by, at, version, key)


def ask_withdrawal(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
    came_in_person: bool = False,
) -> Dossier:
    """The resident wants it back; an officer confirms. Not after the result is there.

    Raises: NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(
            dossier=dossier, kind=Kind.ASK_WITHDRAWAL, by=by, version=version, key=key, said={"note": note}
        )
        if taken.done is None:
            happen(
                taken,
                by=by,
                at=at,
                to=State.WITHDRAWING,
                change=_clock_on(taken.dossier, Kind.ASK_WITHDRAWAL, State.WITHDRAWING, at),
                note=note,
                came_in_person=came_in_person,
            )
        return taken.dossier


def confirm_withdrawal(
    *, dossier: Dossier, by: Actor, at: datetime, version: int | None = None, key: UUID | None = None
) -> Dossier:
    """The officer gives it back: it stops here.

    Raises: NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.CONFIRM_WITHDRAWAL, by=by, version=version, key=key, said={})
        if taken.done is None:
            closed = _close(taken, by, at)
            happen(taken, by=by, at=at, to=State.STOPPED, change=_finished(at), data=closed)
        return taken.dossier


def keep(
    *, dossier: Dossier, by: Actor, at: datetime, version: int | None = None, key: UUID | None = None
) -> Dossier:
    """The resident thought better of it: the dossier goes on where it was.

    Raises: NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.KEEP, by=by, version=version, key=key, said={})
        if taken.done is None:
            to = came_from(taken.dossier, Kind.ASK_WITHDRAWAL)
            change = _clock_on(taken.dossier, Kind.KEEP, to, at)
            happen(taken, by=by, at=at, to=to, change=change)
        return taken.dossier


def _end(
    kind: str,
    to: str,
    about: str,
    dossier: Dossier,
    reason: str,
    note: str,
    by: Actor,
    at: datetime,
    version: int | None,
    key: UUID | None,
) -> Dossier:
    told = reasons().get(reason)
    if told is None or about not in told.about:
        raise Refusal(_("Chọn lý do trong danh sách."))
    if not words(note, 500) and (not told.words or "bên dưới" in f"{told.words} {told.do}"):
        raise Refusal(_("Ghi rõ lý do và hướng dẫn cho người dân."))
    with transaction.atomic():
        said = {"reason": reason, "note": note}
        taken = take(dossier=dossier, kind=kind, by=by, version=version, key=key, said=said)
        if taken.done is None:
            closed = _close(taken, by, at)
            happen(
                taken,
                by=by,
                at=at,
                to=to,
                change=_finished(at),
                reasons=[reason],
                note=note,
                data={"words": told.said(), **closed},
            )
        return taken.dossier


def _finished(at: datetime) -> dict[str, Any]:
    return {"finished_at": at, "waiting_since": None, "result_file": None}


def _close(taken: Taken, by: Actor, at: datetime) -> dict[str, bool]:
    """Nothing more is to be paid (what was paid is given back by who keeps the books), and a result that was made and not signed holds
    nothing. Says whether there was one."""
    give_up_fee(dossier=taken.dossier, why=_("Hồ sơ đã kết thúc, không phải nộp nữa."), at=at)
    is_revoked = revoke_result(taken.dossier, why=_("Hồ sơ kết thúc trước khi ký"), by=by, at=at)
    return {"revoked": True} if is_revoked else {}


def _clock_on(dossier: Dossier, kind: str, to: str, at: datetime) -> dict[str, datetime | None]:
    """What becomes of the clock when the dossier begins or ends to wait: leaving a waiting state for another, its pause ends."""
    since = dossier.waiting_since if to in WAITING and dossier.state in WAITING else None
    return {
        "waiting_since": since or (at if to in WAITING else None),
        "due_at": due_after(dossier, [Moment(kind, dossier.state, to, at)]),
    }
