"""Pressed by mistake: the deed stays written, with the one that takes it back, and everything stands as if it had not happened."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.actions.timing import moments_of
from bakhong.dossiers.actions.updates import drop_unsent
from bakhong.dossiers.models import Check, Dossier, Event, Kind, PaperCheck, Supplement
from bakhong.dossiers.queries.undone import UNDOES, may_take_back, possible_mistake
from bakhong.dossiers.rules.clock import Moment, pauses_of
from bakhong.dossiers.rules.reasons import NOT_FOUND

_Undo = Callable[[Dossier, Event, Actor, datetime], dict[str, Any]]


def take_back(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Take back the last deed, where it asked for a supplement, ended the dossier without a result, or handed the result over. Clock,
    papers and fee are as before; what the resident was told of it leaves their page, and who was called or written to is told so.

    Raises: Refusal where the last deed is none of these, or of another day; NotAllowed for somebody else's; Conflict.
    """
    with transaction.atomic():
        taken = take(
            dossier=dossier, kind=Kind.TAKE_BACK, by=by, version=version, key=key, said={"note": note}
        )
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        mistake = _mistake(found, by, at)
        happen(
            taken,
            by=by,
            at=at,
            to=mistake.state_from,
            change=_UNDO[Kind(mistake.kind)](found, mistake, by, at),
            note=note,
            data={UNDOES: mistake.number, "kind": mistake.kind},
        )
        if mistake.kind in _ENDS and found.duty_met_at is None and found.fee_amount:
            ask_for_fee(dossier=found, by=by, at=at)
        return found


def _mistake(found: Dossier, by: Actor, at: datetime) -> Event:
    mistake = possible_mistake(found)
    if mistake is None:
        raise Refusal(_("Việc vừa ghi không lấy lại được nữa."))
    if not may_take_back(mistake, by=by, on=day_of(at)):
        if day_of(mistake.at) != day_of(at):
            raise Refusal(_("Chỉ lấy lại được trong ngày đã ghi."))
        raise NotAllowed(_("Người đã ghi, hoặc người được duyệt, mới lấy lại được việc này."))
    return mistake


def _unask(found: Dossier, mistake: Event, by: Actor, at: datetime) -> dict[str, Any]:
    asked = Supplement.objects.select_for_update().get(dossier=found, answered_at=None)
    asked.answered_at, asked.is_taken_back = at, True
    asked.save(update_fields=["answered_at", "is_taken_back"])
    for line in asked.items:
        if line["what"] == "paper" and line["was"] != Check.NOT_FOUND:
            PaperCheck.objects.filter(dossier=found, paper=line["code"]).update(
                state=line["was"] or Check.NOT_NEEDED, reason="", at=at, by=by.id
            )
            if line["reason"] == NOT_FOUND:
                _unlook(found, line["code"], by, at)
    return {"supplement_count": found.supplement_count - 1, "waiting_since": None}


def _unlook(found: Dossier, paper: str, by: Actor, at: datetime) -> None:
    PaperCheck.objects.filter(dossier=found, paper=paper).update(
        looked_up="", looked_up_at=None, looked_up_by=""
    )
    drop_unsent(found, paper, by=by, at=at)


def _unend(found: Dossier, mistake: Event, by: Actor, at: datetime) -> dict[str, Any]:
    """Open again; where it had waited for the resident, it has waited all the while."""
    back = Moment(Kind.TAKE_BACK, found.state, mistake.state_from, at)
    return {"finished_at": None, "waiting_since": pauses_of(moments_of(found, [back]))[1]}


def _unreturn(found: Dossier, mistake: Event, by: Actor, at: datetime) -> dict[str, Any]:
    return {"returned_at": None}


_ENDS = (Kind.REFUSE, Kind.STOP, Kind.CONFIRM_WITHDRAWAL)
_UNDO: dict[Kind, _Undo] = {
    Kind.ASK_SUPPLEMENT: _unask,
    Kind.RETURN_RESULT: _unreturn,
    **dict.fromkeys(_ENDS, _unend),
}
