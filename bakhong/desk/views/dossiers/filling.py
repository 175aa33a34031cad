"""The form of somebody who stands at the desk, on one screen: what is known is shown with its source, what is not is typed.

Every press saves what was typed; only “Nhận hồ sơ” takes the dossier in, when nothing is missing any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import read_count
from bakhong.desk.actions import note_reveal
from bakhong.desk.arrivals import DESK, Arrival, arrival, arrival_of, arrivals_by, keep_arrival
from bakhong.desk.dense import (
    asked_in,
    behind_masks,
    put_contradictions,
    put_cursor,
    read_wrong,
    save_every_page,
    to_type,
)
from bakhong.desk.forms.people import RevealForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.look_ups import LOOK_UP, ask_for_row, may_look
from bakhong.desk.masking import mask_known
from bakhong.desk.news import keep_email, news_box
from bakhong.desk.paper_rows import PaperRow, keep_papers, rows_of
from bakhong.desk.views.dossiers.answer_files import answered_files
from bakhong.desk.views.dossiers.cases import lines_of
from bakhong.desk.walk_in import recognise
from bakhong.documents.models import File
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.timing import first_due
from bakhong.dossiers.actions.walk_in import receive_at_desk
from bakhong.dossiers.models import ResultMode
from bakhong.dossiers.permissions import RECEIVE
from bakhong.dossiers.queries.exemptions import ticked_beforehand
from bakhong.dossiers.queries.fees import nothing_words
from bakhong.dossiers.queries.papers import kept_for
from bakhong.eforms.actions import Incomplete, SourceChanged, Stale, drop_draft, link_person
from bakhong.eforms.models import Draft, KnownBy, OperatedBy, State
from bakhong.eforms.queries.answers import Sheet, answers_in, conditions_data, open_sheet
from bakhong.eforms.queries.pages import forms_of_sheet, posted_lists
from bakhong.people import looks
from bakhong.people.models import Reason
from bakhong.people.permissions import REVEAL
from bakhong.people.queries.identity import index_of, masked_id, national_id_of
from bakhong.people.queries.residents import agent_of
from bakhong.people.registers import names_of
from bakhong.places.models import Unit
from bakhong.procedures.labels import FILED
from bakhong.procedures.queries.catalogue import Offer, code_of_draft, offer
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.deadlines import Due
from bakhong.ui.templatetags.ui import error_summary


@dataclass
class Work:
    """What one press did: `errors` path → sentence, `problem` for the whole."""

    draft: Draft
    offer: Offer
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200
    posted: dict[str, list[str]] | None = None
    rows: list[PaperRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    theirs: Mapping[str, Any] = field(default_factory=dict)
    has_checked: bool = False
    is_revealed: bool = False
    arrival: Arrival = DESK

    @property
    def procedure(self) -> Procedure:
        return self.offer.procedure

    def fail(self, refusal: Refusal) -> None:
        self.problem, self.status = str(refusal), refusal.status


@unit_page(RECEIVE, post=RECEIVE)
def filling(request: StaffRequest, unit: Unit, procedure: str, draft: UUID) -> HttpResponseBase:
    work = found_work(request, unit, procedure, draft)
    if "keep" in request.POST:
        return _keep(request, work)
    if work.draft.state == State.SUBMITTED:
        return redirect("desk:slip", unit=unit.uuid, dossier=work.draft.uuid)
    if request.method != "POST":
        return filling_page(request, unit, work)
    deed = request.POST.get("deed", "save")
    if deed == "scan":
        return _recognise(request, unit, work)
    if deed == "drop":
        drop_draft(draft=work.draft, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ tờ khai."))
        return redirect("desk:intake", unit=unit.uuid)
    save_all(request, work)
    if deed == "again" and not work.problem:
        _ask_again(request, work)
    if deed.startswith(LOOK_UP) and not work.problem:
        _look_up(request, work, deed.removeprefix(LOOK_UP))
    if deed == "reveal" and not work.problem:
        _reveal(request, unit, work)
    if deed == "receive" and not work.problem:
        received = _receive(request, unit, work)
        if received is not None:
            return received
    return filling_page(request, unit, work)


def found_work(request: StaffRequest, unit: Unit, code: str, uuid: UUID) -> Work:
    """Raises: NotFound for a draft of elsewhere, one that was dropped, or another procedure's form."""
    draft = (
        Draft.objects.for_user(request.actor)
        .select_related("version__form", "person__village", "village")
        .defer("version__spec")
        .filter(uuid=uuid, village=unit)
        .exclude(state=State.DROPPED)
        .first()
    )
    found = offer(unit, code, today())
    if draft is None or found is None or code_of_draft(draft, today()) != code:
        raise NotFound("")
    said = arrival_of(draft)
    possible = arrivals_by(found.procedure.channels)
    return Work(draft, found, arrival=said if said in possible or not possible else possible[0])


# --- what one press does ---------------------------------------------------------------------------------------------


def _keep(request: StaffRequest, work: Work) -> HttpResponse:
    """The page's script saves what is typed by itself; papers, and what is chosen beside the form, wait for a press."""
    _save_answers(request, work)
    if work.problem:
        return HttpResponse(work.problem, status=work.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def save_all(request: StaffRequest, work: Work) -> None:
    """Every page of the form that is asked, then the papers; what cannot be kept is told and shown again."""
    _read_arrival(request, work)
    _save_answers(request, work)
    _keep_papers(request, work)


def _save_answers(request: StaffRequest, work: Work) -> None:
    posted = posted_lists(request.POST)
    work.posted = posted
    revision = request.POST.get("revision", "")
    try:
        posted |= answered_files(request, work.draft)
        work.errors |= save_every_page(
            work.draft, posted, revision=read_count(revision), by=request.actor, at=now()
        )
    except Stale as stale:
        work.fail(stale)
        work.theirs = stale.theirs
    except Refusal as refusal:
        work.fail(refusal)


def _read_arrival(request: StaffRequest, work: Work) -> None:
    said = arrival(request.POST.get("arrival", ""), work.arrival)
    if said in arrivals_by(work.procedure.channels):
        work.arrival = said
    try:
        keep_arrival(draft=work.draft, said=work.arrival, by=request.actor, at=now())
        keep_email(request.POST, work.draft, by=request.actor, at=now())
    except Refusal as refusal:
        work.fail(refusal)


def _keep_papers(request: StaffRequest, work: Work) -> None:
    work.rows = rows_of(work.procedure, work.draft, conditions_data(work.draft), request.POST)
    keep_papers(
        work.rows,
        draft=work.draft,
        posted=request.POST,
        files=request.FILES,
        own=_own_files(work),
        by=request.actor,
        at=now(),
    )
    wrong = next((row.problem for row in work.rows if row.problem), "")
    if wrong:
        work.problem, work.status = work.problem or wrong, 422


def _own_files(work: Work) -> list[File]:
    """What the applicant gave before: only with themself here, for whoever was sent has no business with it."""
    draft = work.draft
    is_theirs = draft.person is not None and draft.known_by == KnownBy.OFFICER and work.arrival.is_met
    return kept_for(draft.person.uuid) if is_theirs and draft.person is not None else []


def _ask_again(request: StaffRequest, work: Work) -> None:
    """A register that did not answer may do so now; what was typed meanwhile stays."""
    try:
        link_person(
            draft=work.draft,
            person=work.draft.person,
            known_by=work.draft.known_by,
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        work.fail(refusal)


def _look_up(request: StaffRequest, work: Work, code: str) -> None:
    try:
        ask_for_row(work.rows, code, draft=work.draft, by=request.actor, at=now())
    except Refusal as refusal:
        work.fail(refusal)


def _reveal(request: StaffRequest, unit: Unit, work: Work) -> None:
    """The masked numbers stand in this one answer only, which no cache keeps."""
    try:
        note_reveal(
            unit=unit,
            about=("draft", work.draft.uuid),
            person=work.draft.person,
            whats=behind_masks(work.draft),
            reason=request.POST.get("reveal-reason", ""),
            note=request.POST.get("reveal-note", "").replace("\x00", ""),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        work.fail(refusal)
    else:
        work.is_revealed = True


def _receive(request: StaffRequest, unit: Unit, work: Work) -> HttpResponseBase | None:
    work.has_checked = True
    try:
        receipt = receive_at_desk(
            draft=work.draft,
            procedure=work.procedure,
            papers=[given for row in work.rows for given in row.given()],
            result_mode=request.POST.get("result_mode", ""),
            result_address=request.POST.get("result_address", "").replace("\x00", ""),
            exemptions=_exemptions(request, work.procedure),
            channel=work.arrival.channel,
            came_in_person=work.arrival.came_in_person,
            by=request.actor,
            at=now(),
        )
    except SourceChanged as changed:
        work.errors, work.posted = changed.errors, None  # the new values stand in the boxes
        work.fail(changed)
    except Incomplete as incomplete:
        work.errors = incomplete.errors
        work.fail(incomplete)
    except PapersMissing as missing:
        for row in work.rows:
            row.problem = missing.problems.get(row.paper.code, "")
        work.fail(missing)
    except Refusal as refusal:
        work.fail(refusal)
    else:
        return redirect("desk:slip", unit=unit.uuid, dossier=receipt.dossier.uuid)
    return None


def _exemptions(request: StaffRequest, procedure: Procedure) -> list[str]:
    known = {each.code for each in procedure.fee.exemptions}
    return [code for code in request.POST.getlist("exemption") if code in known]


def _recognise(request: StaffRequest, unit: Unit, work: Work) -> HttpResponseBase:
    """A draft that was begun without knowing whose it is: the applicant's card tells."""
    found = recognise(request.POST.get("scan", ""), actor=request.actor, unit=unit, on=today())
    work.notes = found.notes
    if found.person is None and found.card is None:
        work.problem, work.status = _("Không tìm thấy người này. Quét lại thẻ, hoặc gõ số định danh."), 422
        return filling_page(request, unit, work)
    number = (found.card.national_id if found.card else "") or (
        national_id_of(found.person) if found.person else ""
    )
    if work.draft.card_index is not None and bytes(work.draft.card_index) != index_of(number or ""):
        work.problem, work.status = _("Thẻ này không phải của người có tờ khai."), 422
        return filling_page(request, unit, work)
    is_met = found.person is not None and work.arrival.is_met
    known_by = KnownBy.OFFICER if is_met else KnownBy.CARD
    try:
        link_person(
            draft=work.draft,
            person=found.person,
            known_by=known_by.value,
            card=found.card,
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        work.fail(refusal)
        return filling_page(request, unit, work)
    return redirect(request.path)


# --- the page ----------------------------------------------------------------------------------------------------------


def filling_page(request: StaffRequest, unit: Unit, work: Work) -> HttpResponse:
    draft, procedure = work.draft, work.procedure
    lang = get_language() or "vi"
    if draft.person is not None:
        looks.note(request, draft.person, reason=Reason.AT_DESK)
    sheet = open_sheet(draft)
    rows = work.rows or rows_of(procedure, draft, sheet.asked.data)
    errors = work.errors if work.has_checked or work.problem else read_wrong(work.errors, sheet)
    forms = forms_of_sheet(sheet, lang, errors, work.posted if work.status != 200 else None)
    hidden = mask_known(asked_in(forms), sheet, request.actor) if not work.is_revealed else set()
    put_contradictions(forms, sheet, lang, today())
    put_cursor(forms)
    known = ticked_beforehand(draft, procedure, today())
    exemptions = _exemptions(request, procedure) if request.method == "POST" else list(known)
    due = _due(work)
    return page(
        request,
        "desk/dossiers/filling.html",
        unit=unit,
        active="intake",
        status=work.status,
        draft=draft,
        procedure=procedure,
        procedure_name=procedure.short.of(lang),
        filed=FILED[procedure.filed],
        is_general=not procedure.form,
        person=draft.person,
        masked=masked_id(draft.person) if draft.person else "",
        reveal_form=RevealForm(prefix="reveal", initial={"reason": Reason.AT_DESK})
        if hidden and request.actor.may(REVEAL, unit.pk)
        else None,
        agent=agent_of(draft.mandate) if draft.mandate else "",
        silent=names_of(draft.silent),
        begun=_begun(draft, request.actor.id),
        forms=forms,
        correct_base=f"{request.path}sai/" if draft.person_id else "",
        corrected={path for path, row in sheet.rows.items() if row.is_corrected},
        summary=error_summary(*forms)["errors"],
        to_type=to_type(forms),
        rows=rows,
        own=_own_files(work),
        may_look=may_look(draft),
        problem=work.problem,
        theirs=work.theirs.values(),
        notes=work.notes,
        arrivals=arrivals_by(procedure.channels),
        arrival=work.arrival,
        result_modes=ResultMode.choices,
        result_mode=request.POST.get("result_mode") or ResultMode.DESK,
        result_address=request.POST.get("result_address", ""),
        **news_box(request.POST, draft, sheet.spec),
        exemptions=[
            (each, each.code in exemptions, known.get(each.code, "")) for each in procedure.fee.exemptions
        ],
        fee=_fee(work, sheet, exemptions),
        nothing=nothing_words(work.offer).capitalize(),
        due=due,
        due_lines=lines_of(due) if due else [],
    )


def _begun(draft: Draft, me: str) -> str:
    """Who began it, where it was not the officer: what they typed stands already."""
    return "" if draft.opened_by == me else str(OperatedBy(draft.operated_by).label)


def _fee(work: Work, sheet: Sheet, exemptions: list[str]) -> Any:
    try:
        return due_now(
            work.procedure, work.draft.village, answers_in(sheet), exemptions, work.arrival.channel, now()
        )
    except Refusal:
        return None


def _due(work: Work) -> Due | None:
    try:
        return first_due(work.procedure, work.draft.village, now())[0]
    except ValueError:  # an office that never opens
        return None
