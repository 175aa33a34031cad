"""One dossier: what was answered and where it comes from, the papers, what happened; beside it what to do next."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.core.numbers import read_count
from bakhong.desk.actions import note_reveal
from bakhong.desk.dossier_deeds import BY_EVENT, Deed, offered
from bakhong.desk.forms.people import RevealForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.look_ups import look_boxes, mark_held
from bakhong.desk.masking import hidden_in, reviewed
from bakhong.desk.views.dossiers.applying import application_mark
from bakhong.desk.views.dossiers.asked_again import asked_again
from bakhong.desk.views.dossiers.cases import dossier_at, due_explained, label_of
from bakhong.desk.views.dossiers.elsewhere import elsewhere_box
from bakhong.desk.views.dossiers.fees import fee_box
from bakhong.desk.views.dossiers.prints import links, with_slip
from bakhong.desk.views.dossiers.queue import Sought, mark_of, step_of
from bakhong.documents.models import File
from bakhong.documents.queries.files import latest
from bakhong.documents.queries.seals import sealing_of
from bakhong.documents.serve import file_response
from bakhong.dossiers.models import Attachment, Check, Dossier, Event, Given, Kind, PaperCheck
from bakhong.dossiers.permissions import VIEW, may
from bakhong.dossiers.queries.applications import APPLICATION
from bakhong.dossiers.queries.catalogue import step_name
from bakhong.dossiers.queries.dossiers import Happened, supplement_waited_for, timeline
from bakhong.dossiers.queries.form_here import can_have_form
from bakhong.dossiers.queries.queue import after
from bakhong.dossiers.rules.transitions import transitions
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.review import ReviewSection
from bakhong.eforms.queries.unreported import unreported
from bakhong.people import looks
from bakhong.people.models import Reason
from bakhong.people.permissions import REVEAL
from bakhong.places.models import Unit

MARKS = {
    Check.ATTACHED: "done",
    Check.SEEN: "done",
    Check.NOT_FOUND: "late",
    Check.MISSING: "error",
    Check.NOT_NEEDED: "none",
}


@unit_page(VIEW)
def dossier(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponse:
    return dossier_page(request, unit, dossier_at(request, unit, dossier))


@unit_page(VIEW, post=VIEW)
def deed(request: StaffRequest, unit: Unit, dossier: UUID, event: str) -> HttpResponseBase:
    """One press of a button beside the dossier. Who may do it the action asks; here only what was typed is read.

    Where somebody was faster (409), the page says who did what, with what was typed still in its boxes.
    """
    found = dossier_at(request, unit, dossier)
    asked = BY_EVENT.get(event)
    if asked is None or asked.act is None:
        raise NotFound("")
    if request.method != "POST":
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    form = asked.form(request.POST, dossier=found, on=today(), event=event)
    if not form.is_valid():
        return dossier_page(request, unit, found, bound=form, status=422)
    try:
        _do(request, asked, found, form.said())
    except Refusal as refusal:
        again = dossier_at(request, unit, dossier)
        return dossier_page(request, unit, again, bound=form, status=refusal.status, problem=refusal)
    said = _("Đã ghi: %(deed)s.") % {"deed": asked.label}
    messages.success(request, with_slip(said, unit, found, event))
    return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)


@unit_page(VIEW, post=REVEAL)
def reveal(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """The whole numbers stand in this one answer only, which no cache keeps."""
    found = dossier_at(request, unit, dossier)
    if request.method != "POST":
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    try:
        note_reveal(
            unit=unit,
            about=("dossier", found.uuid),
            person=found.person,
            whats=hidden_in(reviewed(found, "vi")),
            reason=request.POST.get("reveal-reason", ""),
            note=request.POST.get("reveal-note", "").replace("\x00", ""),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        return dossier_page(request, unit, found, status=refusal.status, problem=refusal)
    return dossier_page(request, unit, found, is_revealed=True)


def _do(request: StaffRequest, asked: Deed, found: Dossier, said: dict[str, Any]) -> None:
    assert asked.act is not None
    more: dict[str, Any] = {"version": version_sent(request)} if asked.needs_version else {}
    asked.act(dossier=found, by=request.actor, at=now(), key=key_sent(request), **more, **said)


def version_sent(request: StaffRequest) -> int:
    """The version the page was made from. A page that names none is as old as can be."""
    found = read_count(request.POST.get("version", ""))
    return -1 if found is None else found


def key_sent(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None


@unit_page(VIEW)
def attachment(request: StaffRequest, unit: Unit, dossier: UUID, file: UUID) -> HttpResponseBase:
    """A file of the dossier: a paper, or the result as it stands."""
    found = dossier_at(request, unit, dossier)
    stored = File.objects.filter(uuid=file, owner_kind="dossier", owner=found.uuid).first()
    if stored is None:
        raise NotFound("")
    _note(request, found)
    return file_response(stored, inline=request.GET.get("xem") == "1")


# --- the page ----------------------------------------------------------------------------------------------------------


def dossier_page(
    request: StaffRequest,
    unit: Unit,
    found: Dossier,
    *,
    bound: Any = None,
    status: int = 200,
    problem: Refusal | None = None,
    is_revealed: bool = False,
    typed_reasons: Mapping[str, str] | None = None,
) -> HttpResponse:
    _note(request, found)
    sections = reviewed(found, get_language() or "vi", is_revealed=is_revealed)
    deeds = offered(found, request.actor, on=today(), bound=bound)
    first = deeds[0] if deeds and deeds[0].key == "F9" else None
    result = result_file(found)
    return page(
        request,
        "desk/dossiers/dossier.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=found,
        code=label_of(found),
        procedure_name=found.summary or found.procedure_name,
        mark=mark_of(found, now()),
        step=step_of(found, now()),
        step_name=step_name(found),
        sections=sections,
        asked_again=asked_again(found.draft),
        unreported=_unreported(found, sections),
        reveal_form=_reveal_form(request, unit, sections, is_revealed),
        may_fill_form=can_have_form(found) and may(transitions()[Kind.FILL_FORM], found, by=request.actor),
        papers=papers_of(found, unit, request.actor, typed_reasons),
        application_mark=application_mark(found),
        result_url=_file_url(unit, found, result) if result else "",
        result_is_signed=bool(result and result.is_signed),
        result_seal=sealing_of(result) if result and result.is_signed else None,
        timeline=[told(line) for line in timeline(found)],
        waited_for=supplement_waited_for(found),
        first=first,
        others=deeds[1:] if first else deeds,
        form=bound,
        lost_deed=_lost(bound, deeds),
        problem=str(problem) if problem else "",
        kept=isinstance(problem, Conflict) and bound is not None,
        explanation=due_explained(found),
        prints=links(found),
        next_url=_next_url(request, unit, found),
        **fee_box(request, unit, found),
        **elsewhere_box(request, unit, found),
    )


def _unreported(found: Dossier, sections: list[ReviewSection]) -> set[str]:
    """What was corrected here without anybody being asked to set it right where it is kept."""
    if found.draft is None or not any(line.is_corrected for each in sections for line in each.lines):
        return set()
    return unreported(found.draft, open_sheet(found.draft))


def _reveal_form(request: StaffRequest, unit: Unit, sections: list[ReviewSection], is_revealed: bool) -> Any:
    if is_revealed or not hidden_in(sections) or not request.actor.may(REVEAL, unit.pk):
        return None
    return RevealForm(prefix="reveal", initial={"reason": Reason.AT_DESK})


def _next_url(request: StaffRequest, unit: Unit, found: Dossier) -> str:
    """Of the next one in the list this page was opened from."""
    sought = Sought.of(request)
    following = after(request.actor, unit, found, at=now(), wish=sought.wish(request.actor.id))
    if following is None:
        return ""
    return reverse("desk:dossier", args=[unit.uuid, following.uuid]) + sought.carried()


def _lost(bound: Any, deeds: list[Any]) -> Any:
    """What was typed for a deed that is not possible any more: shown to be copied."""
    if bound is None or any(each.event == bound.event for each in deeds):
        return None
    return [(field.label, field.value()) for field in bound if field.value() not in (None, "", [], False)]


def _note(request: StaffRequest, found: Dossier) -> None:
    if found.person is not None:
        looks.note(request, found.person, reason=Reason.AT_DESK)


def result_file(found: Dossier) -> File | None:
    file = File.objects.filter(uuid=found.result_file).first() if found.result_file else None
    return latest(file) if file is not None else None


def _file_url(unit: Unit, found: Dossier, file: File) -> str:
    return reverse("desk:dossier_file", args=[unit.uuid, found.uuid, file.uuid]) + "?xem=1"


def papers_of(
    found: Dossier, unit: Unit, by: Actor | None = None, typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Each paper with what became of it and its files; files of papers nobody named come last. `by`: who may look papers up here (None:
    nobody); `typed`: paper → a reason not kept yet."""
    files: dict[str, list[dict[str, Any]]] = {}
    for row in Attachment.objects.filter(dossier=found).order_by("id"):
        if row.file is None:
            continue
        url = reverse("desk:dossier_file", args=[unit.uuid, found.uuid, row.file]) + "?xem=1"
        files.setdefault(row.paper, []).append({"name": row.name, "url": url, "how": Given(row.how).label})
    checks = list(PaperCheck.objects.filter(dossier=found).order_by("id"))
    boxes = look_boxes(found, checks, by) if by is not None else {}
    shown = [
        {
            "code": each.paper,
            "name": each.name,
            "mark": mark_held(each)
            if each.state == Check.HELD
            else (MARKS[Check(each.state)], Check(each.state).label),
            "reason": each.reason,
            "look": boxes.get(each.paper),
            "typed": (typed or {}).get(each.paper),
            "files": files.pop(each.paper, []),
        }
        for each in checks
    ]
    return shown + [
        {"code": code, "name": _other_name(code), "mark": ("none", ""), "reason": "", "files": rows}
        for code, rows in files.items()
    ]


def _other_name(code: str) -> str:
    return _("Đơn, tờ khai") if code == APPLICATION else code


def told(line: Happened) -> dict[str, Any]:
    event: Event = line.event
    lines = [*line.reasons, *([line.note] if line.note else [])]
    return {
        "at": line.at,
        "what": line.what,
        "who": line.who,
        "in_person": event.came_in_person,
        "at_home": event.kind == Kind.VISIT and not event.came_in_person,
        "lines": [f"{_('Bước')}: {line.step}", *lines] if line.step else lines,
    }
