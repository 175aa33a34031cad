"""Handing a dossier in: the draft is closed, the papers are its own, and the receipt comes when all of it is stored."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.accounts.residents import Claims
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.papers import attach, judged, note_checks
from bakhong.dossiers.actions.said import PaperGiven, Receipt
from bakhong.dossiers.actions.stepping import Taken, digest_of, happen
from bakhong.dossiers.applicants import Applicant, applicant_of, email_wished, person_meant
from bakhong.dossiers.models import Attachment, Channel, Dossier, Kind, ResultMode, State
from bakhong.dossiers.permissions import require_for
from bakhong.dossiers.rules.codes import new_tracking_code
from bakhong.dossiers.rules.transitions import transitions
from bakhong.dossiers.tracking import tracking_code_of, tracking_columns
from bakhong.eforms.actions.asking import ask_registers
from bakhong.eforms.actions.judging import judge_draft
from bakhong.eforms.actions.refusals import SourceChanged
from bakhong.eforms.actions.submitting import offer_anew, submit_draft
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import Sheet, answers_in, open_sheet, subject_of
from bakhong.eforms.queries.forms import spec_of
from bakhong.people.models import Person
from bakhong.people.queries.residents import agent_of
from bakhong.people.registers import Answer
from bakhong.places.models import Unit
from bakhong.procedures.queries.catalogue import offer
from bakhong.procedures.queries.local import procedure as procedure_at
from bakhong.procedures.rules.catalogue import Procedure

__all__ = ["file_dossier", "filed", "stored_receipt", "tracking_code_of"]


def file_dossier(
    *,
    draft: Draft,
    procedure: Procedure | str,
    channel: str,
    papers: Sequence[PaperGiven],
    result_mode: str,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
    exemptions: Sequence[str] = (),
    result_address: str = "",
    came_in_person: bool | None = None,
    claims: Claims | None = None,
) -> Receipt:
    """Hand in a draft with its papers. When this returns, all of it is stored for good; so it must not run inside another transaction.

    The same draft again gives the same receipt. `claims`: what the e-identity of this visit says.
    `came_in_person` None: whoever files directly stood at the desk.

    Raises: Incomplete (of eforms) with what is wrong in the form; PapersMissing with all that is wrong with the papers; NotAllowed;
    Refusal; Conflict when the key was used for something else, or the commune does not offer the procedure any more.
    """
    heard = ask_registers(draft=draft, by=by, at=at)
    try:
        # Durable: the receipt would otherwise be a promise that a later error takes back.
        with transaction.atomic(durable=True):
            return filed(
                draft=draft,
                procedure=procedure,
                channel=channel,
                papers=papers,
                result_mode=result_mode,
                by=by,
                at=at,
                key=key,
                exemptions=exemptions,
                result_address=result_address,
                came_in_person=came_in_person,
                claims=claims,
                heard=heard,
            )
    except SourceChanged:
        # What the sources say now went away with the transaction: write it again, so that the page shows it.
        offer_anew(draft=draft, by=by, at=at, claims=claims, answers=heard)
        raise


def filed(
    *,
    draft: Draft,
    procedure: Procedure | str,
    channel: str,
    papers: Sequence[PaperGiven],
    result_mode: str,
    by: Actor,
    at: datetime,
    key: UUID | None,
    exemptions: Sequence[str],
    result_address: str,
    came_in_person: bool | None,
    claims: Claims | None,
    heard: Sequence[Answer],
) -> Receipt:
    """The inside of `file_dossier`, for the deed that files and receives at once; whoever calls it opens the transaction, and has asked the
    registers before (`heard`)."""
    held = _held(draft)
    earlier = stored_receipt(held.uuid)
    if earlier is not None:
        return earlier
    found = _procedure(procedure, held.village, at)
    _check(found, held.village, channel, result_mode, at)
    submit_draft(draft=held, by=by, at=at, claims=claims, answers=heard)
    sheet = open_sheet(held)
    person = subject_of(held)
    answers, told = answers_in(sheet), dict(sheet.asked.data)
    lines = judged(found, papers, told)
    applicant = applicant_of(spec_of(held.version), answers, person, email_wished(held))
    _judge(sheet, person, applicant, heard, by, at)
    code = new_tracking_code()
    fee = due_now(found, held.village, told, exemptions, channel, at)
    dossier = Dossier(
        uuid=held.uuid,
        village=held.village,
        draft=held,
        person=person,
        procedure=found.code,
        procedure_version=found.version,
        procedure_name=found.title()[:300],
        agent_name=agent_of(held.mandate) if held.mandate else str(answers.get("requester_name", ""))[:120],
        agent_mandate=held.mandate,
        channel=channel,
        operated_by=held.operated_by,
        filed_by=by.id,
        submitted_at=at,
        fee_amount=fee.amount,
        fee_lines=fee.as_json(),
        exemptions=list(exemptions),
        result_mode=result_mode,
        result_address=result_address[:200],
        answer_count=len(answers),
        file_count=sum(each.file is not None for each in papers),
        summary=found.short.of("vi")[:300],
        **applicant.columns(held.uuid),
        **tracking_columns(code, held.uuid),
    )
    rule = transitions()[Kind.FILE]
    require_for(rule, dossier, by=by)
    _not_empty(dossier)
    dossier.save(force_insert=True)
    files = attach(dossier, papers, by, at)
    note_checks(dossier, found, lines, by, at)
    said = digest_of(Kind.FILE, {"draft": held.uuid, "papers": [(each.paper, each.how) for each in papers]})
    happen(
        Taken(dossier, rule, said, key),
        by=by,
        at=at,
        to=State.SUBMITTED,
        data={"channel": channel, "operated_by": dossier.operated_by, "files": len(files)},
        came_in_person=channel == Channel.DIRECT if came_in_person is None else came_in_person,
    )
    if dossier.fee_amount:  # nothing was asked for before: there is nothing to take back
        ask_for_fee(dossier=dossier, by=by, at=at)
    return Receipt(dossier, code, files)


def _judge(
    sheet: Sheet,
    person: Person | None,
    applicant: Applicant,
    heard: Sequence[Answer],
    by: Actor,
    at: datetime,
) -> None:
    """Whoever typed all of it without an account is looked for in the roll, to count what was asked again; they are shown nothing of it."""
    meant = person or person_meant(applicant.name, applicant.national_id)
    who = by if person is not None else OPERATOR
    judge_draft(draft=sheet.draft, person=meant, on=day_of(at), by=who, at=at, sheet=sheet, answers=heard)


def stored_receipt(uuid: UUID) -> Receipt | None:
    """The receipt of a dossier that was handed in before, as it stands."""
    rows = Dossier.objects.filter(uuid=uuid)
    if not rows.exists():  # nearly always: the whole row is asked for only where there is one
        return None
    dossier: Dossier = rows.select_related("person", "village").get()
    files = Attachment.objects.filter(dossier=dossier).exclude(file=None).order_by("id")
    return Receipt(dossier, tracking_code_of(dossier), tuple(files.values_list("name", "sha256")), True)


def _held(draft: Draft) -> Draft:
    """The draft's row, held: the same form sent twice at one moment waits here."""
    rows = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("person", "village", "version")
        .defer("version__spec")
    )
    found: Draft | None = rows.filter(pk=draft.pk).first()
    if found is None:
        raise NotFound(_("Không có tờ khai này."))
    return found


def _procedure(procedure: Procedure | str, unit: Unit, at: datetime) -> Procedure:
    found = procedure_at(unit, procedure, day_of(at)) if isinstance(procedure, str) else procedure
    if found is None:
        raise NotFound(_("Không có thủ tục này."))
    return found


def _check(procedure: Procedure, unit: Unit, channel: str, result_mode: str, at: datetime) -> None:
    """What the commune itself says of the procedure binds, whoever's page it came from."""
    offered = offer(unit, procedure.code, day_of(at))
    if offered is None:
        raise Conflict(_("Xã không còn nhận thủ tục này."))
    if channel not in Channel.values or channel not in offered.procedure.channels:
        raise Refusal(_("Thủ tục này không nộp được bằng cách đã chọn."))
    if result_mode not in ResultMode.values:
        raise Refusal(_("Chọn cách nhận kết quả."))


def _not_empty(dossier: Dossier) -> None:
    if not dossier.answer_count and not dossier.file_count:
        raise Refusal(_("Hồ sơ chưa có câu trả lời hay giấy tờ nào, nên chưa nộp được."))
