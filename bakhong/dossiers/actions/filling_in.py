"""A dossier that was filed in another system gets its form here: opened with what was told there, completed by an officer."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound
from bakhong.dossiers.actions.stepping import happen, take
from bakhong.dossiers.applicants import Applicant, applicant_of, contact_columns, person_meant
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.permissions import require_for
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.form_here import can_have_form, open_form_of, told_values
from bakhong.dossiers.rules.transitions import transitions
from bakhong.eforms.actions.judging import judge_draft, recognise
from bakhong.eforms.actions.prefilling import fill_in
from bakhong.eforms.actions.starting import start_draft
from bakhong.eforms.actions.submitting import submit_draft
from bakhong.eforms.models import Draft, OperatedBy
from bakhong.eforms.queries.answers import answers_in, open_sheet


def open_form(*, dossier: Dossier, by: Actor, at: datetime) -> Draft:
    """The form of the procedure with what the other system told, one for each dossier; opened by a second officer it is the same. The
    applicant is not here, so that nothing is filled in from the roll or a register.

    Raises: Conflict where it has a form or is over; NotFound where the catalogue does not have the procedure; NotAllowed.
    """
    require_for(transitions()[Kind.FILL_FORM], dossier, by=by)
    with transaction.atomic():
        found = Dossier.objects.select_for_update(of=("self",)).select_related("village").get(pk=dossier.pk)
        earlier = open_form_of(found)
        if earlier is not None:
            return earlier
        procedure = procedure_of(found)
        if procedure is None:
            raise NotFound(_("Không có thủ tục này."))
        if not can_have_form(found):
            raise Conflict(_("Hồ sơ này đã có tờ khai, hoặc không còn được giải quyết."))
        draft = start_draft(
            key=found.uuid,
            form=procedure.desk_form,
            procedure=procedure.code,
            unit=found.village,
            operated_by=OperatedBy.OFFICER,
            by=by,
            at=at,
        ).draft
        fill_in(draft=draft, said=told_values(found), by=by, at=at)
        audit.record(
            by=by,
            at=at,
            deed="dossiers.open_form",
            object_kind="dossier",
            object_id=found.uuid,
            place_id=found.village_id,
        )
        return draft


def complete_form(
    *, dossier: Dossier, by: Actor, at: datetime, version: int | None = None, key: UUID | None = None
) -> Dossier:
    """The form is the dossier's from now on: its answers are what result, facts, fee and copies are made of. How the applicant is reached
    is taken from it where the other system did not tell.

    Raises: Incomplete (of eforms) with what is wrong in the form; NotFound before it was opened; NotAllowed; Conflict.
    """
    with transaction.atomic():
        taken = take(dossier=dossier, kind=Kind.FILL_FORM, by=by, version=version, key=key, said={})
        found = taken.dossier
        if taken.done is not None:
            return found
        draft = open_form_of(found)
        if draft is None:
            raise NotFound(_("Không có tờ khai này."))
        submit_draft(draft=draft, by=by, at=at, answers=())
        sheet = open_sheet(draft)
        answers = answers_in(sheet)
        applicant = applicant_of(sheet.spec, answers, found.person)
        happen(
            taken,
            by=by,
            at=at,
            change={"draft": draft, "answer_count": len(answers)} | _reached(found, applicant),
            data={"form": draft.version.form.code, "answers": len(answers)},
        )
        _judge(found, draft, applicant, by, at)
        return found


def _reached(found: Dossier, applicant: Applicant) -> dict[str, object]:
    return contact_columns(
        found.uuid,
        phone="" if found.applicant_phone else applicant.phone,
        email="" if found.applicant_email else applicant.email,
    )


def _judge(found: Dossier, draft: Draft, applicant: Applicant, by: Actor, at: datetime) -> None:
    """What had to be typed although it was known counts as asked again, whoever typed it."""
    on = day_of(found.submitted_at)
    if found.person is not None:
        recognise(draft=draft, person=found.person, on=on, by=by, at=at)
    else:
        meant = person_meant(applicant.name, applicant.national_id)
        judge_draft(draft=draft, person=meant, on=on, by=OPERATOR, at=at)
