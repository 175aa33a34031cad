"""Working on a dossier: whose it is, at which step, and who was met about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import procedure_of
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.queries.agencies import has_done
from bakhong.procedures.rules.catalogue import Step


def assign(
    *,
    dossier: Dossier,
    to: Actor | None,
    by: Actor,
    at: datetime,
    note: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Give the dossier to somebody who may work on it (None: to nobody); handing it over to another is the same deed.

    Raises: Refusal when they may not work on dossiers there; NotAllowed; Conflict.
    """
    said = {"to": to.id if to else "", "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.ASSIGN, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        if to is not None and not to.may("dossiers.view", taken.dossier.village_id):
            raise Refusal(_("Người này không giải quyết hồ sơ của địa bàn này."))
        data = {"from": taken.dossier.assigned_label, "to": to.label[:120] if to else ""}
        happen(
            taken,
            by=by,
            at=at,
            change={"assigned_to": said["to"], "assigned_label": data["to"]},
            note=note,
            data=data,
        )
        return taken.dossier


def forward(
    *,
    dossier: Dossier,
    by: Actor,
    at: datetime,
    step: str = "",
    to: Actor | None = None,
    note: str = "",
    proposal: dict[str, Any] | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """On to the next step of the procedure, or to the one named. `proposal`: what the result should say, for whoever decides.

    Raises: Refusal for a step the procedure does not have, or one of another agency (`send_to_agency`); NotAllowed; Conflict.
    """
    said = {"step": step, "to": to.id if to else "", "note": note, "proposal": proposal or {}}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.FORWARD, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        next_one = _step(found, step) if step else _next_step(found)
        if next_one.role == "agency":
            raise Refusal(
                _("Bước này do %(agency)s làm: dùng nút gửi cơ quan phối hợp.") % {"agency": next_one.agency}
            )
        change: dict[str, Any] = {}
        if to is not None:
            change |= {"assigned_to": to.id, "assigned_label": to.label[:120]}
        elif next_one.role == "approve":
            change |= {"assigned_to": "", "assigned_label": ""}
        if proposal:
            change["result_answers"] = {**found.result_answers, **proposal}
        happen(
            taken,
            by=by,
            at=at,
            to=State.IN_PROGRESS,
            step=next_one.code,
            change=change,
            note=note,
            data={"step": next_one.code},
        )
        return found


def send_back(
    *,
    dossier: Dossier,
    note: str,
    by: Actor,
    at: datetime,
    step: str = "",
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Whoever decides does not agree yet: back to the step that works on it, with what is wrong.

    Raises: Refusal without a word why; NotAllowed; Conflict.
    """
    if not words(note, 500):
        raise Refusal(_("Ghi cần làm lại điều gì."))
    with transaction.atomic():
        taken = take(
            dossier=dossier,
            kind=Kind.SEND_BACK,
            by=by,
            version=version,
            key=key,
            said={"note": note, "step": step},
        )
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        procedure = procedure_of(found)
        working = [each.code for each in (procedure.steps if procedure else ()) if each.role == "process"]
        code = step or (working[-1] if working else "receive")
        happen(taken, by=by, at=at, to=State.IN_PROGRESS, step=code, note=note)
        return found


def record_visit(
    *,
    dossier: Dossier,
    came_in_person: bool,
    by: Actor,
    at: datetime,
    note: str = "",
    key: UUID | None = None,
) -> Dossier:
    """Somebody came in about the dossier, or was visited at home: what "no need to come" is counted from."""
    said = {"came": came_in_person, "note": note}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.VISIT, by=by, version=None, key=key, said=said)
        if taken.done is None:
            happen(taken, by=by, at=at, note=note, came_in_person=came_in_person)
        return taken.dossier


def _step(dossier: Dossier, code: str) -> Step:
    procedure = procedure_of(dossier)
    return _there(procedure.step(code) if procedure is not None else None)


def _next_step(dossier: Dossier) -> Step:
    """The one after where it is; a step that another agency has done already is passed over."""
    procedure = procedure_of(dossier)
    found = procedure.step_after(dossier.step) if procedure is not None else None
    while procedure is not None and found is not None and found.role == "agency" and has_done(dossier, found):
        found = procedure.step_after(found.code)
    return _there(found)


def _there(found: Step | None) -> Step:
    if found is None:
        raise Refusal(_("Thủ tục này không có bước đó."))
    return found
