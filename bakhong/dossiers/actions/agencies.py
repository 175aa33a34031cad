"""Steps that another agency does (liên thông): sent there with its own limit, and its answer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.stepping import happen, take, words
from bakhong.dossiers.actions.timing import calendar_of, procedure_of
from bakhong.dossiers.models import AgencyAsk, Dossier, Kind, State
from bakhong.procedures.rules.catalogue import Step
from bakhong.procedures.rules.deadlines import due, step_dues


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
    """Sent to another agency (liên thông), whose own limit begins. `step`: of the procedure, which it does; it tells the agency where none
    is named. `due_at` None: what the step has, its own limit or its share of the whole from now on.

    The resident's clock goes on: it is the State they wait for; and so does the office's own step.

    Raises: Refusal without an agency, for a step that is none of another agency, or while one has not answered yet; NotAllowed; Conflict.
    """
    said = {"agency": agency, "what": what, "step": step, "due_at": due_at.isoformat() if due_at else ""}
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.SEND_TO_AGENCY, by=by, version=version, key=key, said=said)
        if taken.done is not None:
            return taken.dossier
        found = taken.dossier
        its = _agency_step(found, step) if step else None
        name = words(agency, 150) or (its.agency if its is not None else "")
        if not name:
            raise Refusal(_("Ghi tên cơ quan phối hợp."))
        if AgencyAsk.objects.filter(dossier=found, agency=name, answered_at=None).exists():
            raise Refusal(_("%(agency)s chưa trả lời lần trước.") % {"agency": name})
        when = due_at or (_due_of(found, its, at) if its is not None else None)
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
            change={"agency": name} | ({"step_due_at": when} if when else {}),
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


def _agency_step(dossier: Dossier, code: str) -> Step:
    procedure = procedure_of(dossier)
    found = procedure.step(code) if procedure is not None else None
    if found is None or found.role != "agency":
        raise Refusal(_("Thủ tục này không có bước đó."))
    return found


def _due_of(dossier: Dossier, step: Step, at: datetime) -> datetime:
    """The step's own limit from now on, or its share of the whole limit, counted from now on too."""
    calendar = calendar_of(dossier.village, day_of(at))
    if step.limit is not None:
        return due(at, step.limit, calendar).due_at
    procedure = procedure_of(dossier)
    assert procedure is not None
    whole = due(at, procedure.limit, calendar)
    return step_dues(whole, [step.share, 100 - step.share], calendar)[0] if step.share < 100 else whole.due_at
