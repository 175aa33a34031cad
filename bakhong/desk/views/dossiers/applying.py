"""The application of a dossier at the desk: to print, to have signed on the resident's own telephone, and whether the signature holds."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.text import squeeze
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, label_of
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.actions.storing import open_file
from bakhong.documents.adapters.signing.port import is_remote
from bakhong.documents.adapters.signing.registry import providers, trial_phone
from bakhong.documents.models import File
from bakhong.documents.permissions import SIGN
from bakhong.documents.queries.jobs import problem_of
from bakhong.documents.queries.verification import Verification, verify
from bakhong.documents.serve import file_response, headers
from bakhong.dossiers.actions.applying import start_application_signing
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.permissions import ASSIST, VIEW
from bakhong.dossiers.queries.applications import (
    Application,
    application_key,
    application_of,
    last_application_job,
    may_be_signed,
)
from bakhong.dossiers.writing.application import application_pdf
from bakhong.people import looks
from bakhong.people.models import Reason
from bakhong.places.models import Unit


@unit_page(VIEW, post=ASSIST)
def application(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """POST sends the request to the resident's telephone, or (`viec=hoi`) asks the provider at once."""
    found = _filed_here(request, unit, dossier)
    if request.method != "POST":
        return _page(request, unit, found)
    try:
        _do(request, found)
    except Refusal as refusal:
        return _page(request, unit, found, problem=str(refusal), status=refusal.status)
    return redirect("desk:dossier_application", unit=unit.uuid, dossier=found.uuid)


@unit_page(VIEW)
def application_file(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """The PDF, signed where it is; looked at on record."""
    found = _filed_here(request, unit, dossier)
    if found.person is not None:
        looks.note(request, found.person, reason=Reason.AT_DESK)
    signed = application_of(found, at=now()).signed
    kept = signed or File.objects.filter(uuid=application_key(found), erased_at=None).first()
    if kept is not None:
        return file_response(kept, inline=True)
    response = HttpResponse(application_pdf(found), content_type="application/pdf")
    for name, value in headers(f"don-{label_of(found)}.pdf", inline=True).items():
        response[name] = value
    return response


def _filed_here(request: StaffRequest, unit: Unit, uuid: UUID) -> Dossier:
    found = dossier_at(request, unit, uuid)
    if found.draft is None:
        raise NotFound("")
    return found


def _do(request: StaffRequest, found: Dossier) -> None:
    waiting = application_of(found, at=now()).waiting
    if request.POST.get("viec") == "hoi":
        if waiting is not None:
            poll_job(job=waiting, at=now())
        return
    start_application_signing(
        dossier=found,
        provider=request.POST.get("cach", "")[:20],
        account=request.POST.get("so", "")[:40],
        by=request.actor,
        at=now(),
    )


def _page(
    request: StaffRequest, unit: Unit, found: Dossier, *, problem: str = "", status: int = 200
) -> HttpResponse:
    stands = application_of(found, at=now())
    last = last_application_job(found) if stands.is_plain else None
    return page(
        request,
        "desk/dossiers/application.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=found,
        code=label_of(found),
        stands=stands,
        check=checked(stands),
        is_other=is_other(found, stands),
        last_problem=problem_of(last) if last is not None else "",
        shown=stands.waiting.lines.values_list("document", flat=True).first() if stands.waiting else "",
        ways=[each for each in providers().values() if is_remote(each)],
        may_sign=may_be_signed(found) and request.actor.may(SIGN, unit.pk),
        tail=found.applicant_id_tail,
        typed=request.POST.get("so", "")[:40],
        phone=trial_phone(),
        problem=problem,
    )


def checked(stands: Application) -> Verification | None:
    """Whether the signature holds, read from the file itself. Our store knows since when it is there."""
    if stands.signed is None:
        return None
    return verify(open_file(stands.signed), at=now(), known_since=stands.signed.made_at)


def is_other(found: Dossier, stands: Application) -> bool:
    """True when the certificate does not name the applicant, nor who acts for them: to be looked at, not forbidden."""
    names = [squeeze(name).casefold() for name in (found.applicant_name, found.agent_name) if name]
    return stands.signed is not None and not any(name in stands.signer.casefold() for name in names)


def application_mark(found: Dossier) -> tuple[str, str] | None:
    """A sign and a word for the dossier's own page; None where there is no application here."""
    if found.draft is None:
        return None
    is_signed = application_of(found, at=now()).signed is not None
    return ("done", _("Người nộp đã ký số")) if is_signed else ("none", _("không ký số"))
