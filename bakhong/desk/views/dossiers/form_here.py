"""The form of a dossier that was filed in another system, on one screen: what was told there stands already, the officer adds the rest."""

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
from bakhong.core.errors import Refusal
from bakhong.core.numbers import read_count
from bakhong.desk.actions import note_reveal
from bakhong.desk.dense import asked_in, behind_masks, put_cursor, read_wrong, save_every_page, to_type
from bakhong.desk.forms.people import RevealForm
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.masking import mask_known
from bakhong.desk.views.dossiers.answer_files import answered_files
from bakhong.desk.views.dossiers.cases import dossier_at, label_of
from bakhong.desk.views.dossiers.dossier import dossier_page, key_sent, papers_of
from bakhong.dossiers.actions.filling_in import complete_form, open_form
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.permissions import VIEW, may
from bakhong.dossiers.queries.form_here import can_have_form, open_form_of
from bakhong.dossiers.rules.transitions import transitions
from bakhong.eforms.actions import Incomplete, Stale
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.pages import forms_of_sheet, posted_lists
from bakhong.people import looks
from bakhong.people.models import Reason
from bakhong.people.permissions import REVEAL
from bakhong.places.models import Unit
from bakhong.ui.templatetags.ui import error_summary


@dataclass
class Filled:
    """What one press did: `errors` path → sentence, `problem` for the whole."""

    draft: Draft
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    status: int = 200
    posted: dict[str, list[str]] | None = None
    theirs: Mapping[str, Any] = field(default_factory=dict)
    has_checked: bool = False
    is_revealed: bool = False

    def fail(self, refusal: Refusal) -> None:
        self.problem, self.status = str(refusal), refusal.status


@unit_page(VIEW, post=VIEW)
def form_here(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    found = dossier_at(request, unit, dossier)
    if request.method == "POST" and request.POST.get("deed") == "open":
        return _open(request, unit, found)
    draft = open_form_of(found)
    is_theirs = may(transitions()[Kind.FILL_FORM], found, by=request.actor)
    if draft is None or not can_have_form(found) or not is_theirs:
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    done = Filled(draft)
    if request.method != "POST":
        return _page(request, unit, found, done)
    _save(request, done)
    deed = request.POST.get("deed")
    if deed == "reveal" and not done.problem:
        _reveal(request, unit, found, done)
    if deed == "complete" and not done.problem and _complete(request, found, done):
        messages.success(request, _("Đã ghi tờ khai vào hồ sơ."))
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    return _page(request, unit, found, done)


def _open(request: StaffRequest, unit: Unit, found: Dossier) -> HttpResponseBase:
    try:
        open_form(dossier=found, by=request.actor, at=now())
    except Refusal as refusal:
        return dossier_page(request, unit, found, status=refusal.status, problem=refusal)
    return redirect("desk:dossier_form", unit=unit.uuid, dossier=found.uuid)


def _save(request: StaffRequest, done: Filled) -> None:
    done.posted = posted_lists(request.POST)
    revision = read_count(request.POST.get("revision", ""))
    try:
        done.posted |= answered_files(request, done.draft)
        done.errors = save_every_page(done.draft, done.posted, revision=revision, by=request.actor, at=now())
    except Stale as stale:
        done.fail(stale)
        done.theirs = stale.theirs
    except Refusal as refusal:
        done.fail(refusal)


def _complete(request: StaffRequest, found: Dossier, done: Filled) -> bool:
    done.has_checked = True
    try:
        complete_form(dossier=found, by=request.actor, at=now(), key=key_sent(request))
    except Incomplete as incomplete:
        done.errors = incomplete.errors
        done.fail(incomplete)
    except Refusal as refusal:
        done.fail(refusal)
    return not done.problem


def _reveal(request: StaffRequest, unit: Unit, found: Dossier, done: Filled) -> None:
    """The masked numbers stand in this one answer only, which no cache keeps."""
    try:
        note_reveal(
            unit=unit,
            about=("dossier", found.uuid),
            person=found.person,
            whats=behind_masks(done.draft),
            reason=request.POST.get("reveal-reason", ""),
            note=request.POST.get("reveal-note", "").replace("\x00", ""),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        done.fail(refusal)
    else:
        done.is_revealed = True


def _page(request: StaffRequest, unit: Unit, found: Dossier, done: Filled) -> HttpResponse:
    if found.person is not None:
        looks.note(request, found.person, reason=Reason.AT_DESK)
    sheet = open_sheet(done.draft)
    errors = done.errors if done.has_checked or done.problem else read_wrong(done.errors, sheet)
    posted = done.posted if done.status != 200 else None
    forms = forms_of_sheet(sheet, get_language() or "vi", errors, posted)
    hidden = mask_known(asked_in(forms), sheet, request.actor) if not done.is_revealed else set()
    put_cursor(forms)
    return page(
        request,
        "desk/dossiers/form_here.html",
        unit=unit,
        active="queue",
        status=done.status,
        dossier=found,
        code=label_of(found),
        draft=done.draft,
        forms=forms,
        corrected={path for path, row in sheet.rows.items() if row.is_corrected},
        summary=error_summary(*forms)["errors"],
        to_type=to_type(forms),
        papers=papers_of(found, unit),
        problem=done.problem,
        theirs=done.theirs.values(),
        reveal_form=RevealForm(prefix="reveal", initial={"reason": Reason.AT_DESK})
        if hidden and request.actor.may(REVEAL, unit.pk)
        else None,
    )
