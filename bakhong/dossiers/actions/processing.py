"""Working on a dossier: whose it is, at which step, with which other agency, and who was met about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import calendar_of, procedure_of
from bakhong.dossiers.models import AgencyAsk, Dossier, Kind, State
from bakhong.procedures.rules.catalogue import Step
from bakhong.procedures.rules.deadlines import due


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
        next_one = _step(found, step)
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


def send_to_agency(
    *,
    dossier: Dossier,
    agency: str,
    what: str,
    by: Actor,
    at: datetime,
    step: str = "",
    due_at: datetime | None = None,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """Sent to another agency (liên thông), whose own limit begins. `due_at` None: the limit of the step, where it has one.

    The resident's clock goes on: it is the State they wait for.

    Raises: Refusal without an agency, or while one has not answered yet; NotAllowed; Conflict.
    """
    said = {"agency": agency, "what": what, "step": step}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.SEND_TO_AGENCY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        name = words(agency, 150)
        if not name:
            raise Refusal(_("Ghi tên cơ quan phối hợp."))
        if AgencyAsk.objects.filter(dossier=found, agency=name, answered_at=None).exists():
            raise Refusal(_("%(agency)s chưa trả lời lần trước.") % {"agency": name})
        when = due_at or _agency_due(found, step, at)
        AgencyAsk.objects.create(
            village_id=found.village_id,
            dossier=found,
            dossier_uuid=found.uuid,
            person_id=found.person_id,
            agency=name,
            step=step,
            what=words(what, 300),
            sent_at=at,
            due_at=when,
        )
        happen(
            taken,
            by=by,
            at=at,
            to=State.IN_PROGRESS,
            step=step or found.step,
            change={"agency": name, "step_due_at": when},
            data={"agency": name, "due_at": when.isoformat() if when else ""},
        )
        return found


def hear_from_agency(
    *,
    dossier: Dossier,
    agency: str,
    answer: str,
    by: Actor,
    at: datetime,
    version: int | None = None,
    key: UUID | None = None,
) -> Dossier:
    """The other agency has answered.

    Raises: Refusal when it was not asked; NotAllowed; Conflict.
    """
    said = {"agency": agency, "answer": answer}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.HEAR_FROM_AGENCY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        open_ones = AgencyAsk.objects.filter(dossier=found, answered_at=None).order_by("sent_at")
        asked = open_ones.filter(agency=words(agency, 150)).first()
        if asked is None:
            raise Refusal(_("Hồ sơ này không chờ trả lời của cơ quan đó."))
        asked.answered_at, asked.answer = at, words(answer, 300)
        asked.save(update_fields=["answered_at", "answer"])
        still = open_ones.first()
        is_late = asked.due_at is not None and at > asked.due_at
        happen(
            taken,
            by=by,
            at=at,
            to=State.IN_PROGRESS,
            change={"agency": still.agency if still else ""},
            note=answer,
            data={"agency": asked.agency, "is_late": is_late},
        )
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
    found = None
    if procedure is not None:
        found = procedure.step(code) if code else procedure.step_after(dossier.step)
    if found is None:
        raise Refusal(_("Thủ tục này không có bước đó."))
    return found


def _agency_due(dossier: Dossier, step: str, at: datetime) -> datetime | None:
    procedure = procedure_of(dossier)
    found = procedure.step(step) if procedure is not None else None
    if found is None or found.limit is None:
        return None
    return due(at, found.limit, calendar_of(dossier.village, at.date())).due_at
