"""The application as a paper: to read, to print, and, for who wants to, to sign on their own telephone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.accounts.residents import claims
from bakhong.core.errors import NotFound, Refusal
from bakhong.documents.actions.confirming import poll_job
from bakhong.documents.adapters.signing.port import Provider, is_remote
from bakhong.documents.adapters.signing.registry import providers, trial_phone
from bakhong.documents.models import File, JobState
from bakhong.documents.queries.jobs import problem_of
from bakhong.documents.serve import file_response, headers
from bakhong.dossiers.actions.applying import start_application_signing
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.applications import (
    application_job,
    application_key,
    application_of,
    may_be_signed,
)
from bakhong.dossiers.writing.application import application_pdf
from bakhong.portal.acting import themself
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.tracking.common import follower, own, page_of


@own("GET", "HEAD", "POST")
def application(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """What may be done with it. POST asks the telephone; a refusal keeps what was typed."""
    _only_filed_here(dossier)
    if request.method != "POST":
        return _page(request, dossier)
    try:
        job = start_application_signing(
            dossier=dossier,
            provider=request.POST.get("cach", "")[:20],
            account=request.POST.get("so", "")[:40],
            own_number=_own_number(request, dossier),
            by=follower(request, dossier),
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, dossier, problem=str(refusal), status=refusal.status)
    return HttpResponseRedirect(reverse("portal:application_signing", args=[dossier.uuid, job.uuid]))


@own("GET", "HEAD")
def application_file(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The PDF: as it was signed, else as it is to be printed. Made without being kept, where nobody wanted to sign it."""
    _only_filed_here(dossier)
    signed = application_of(dossier, at=timezone.now()).signed
    kept = signed or File.objects.filter(uuid=application_key(dossier), erased_at=None).first()
    if kept is not None:
        return file_response(kept)
    response = HttpResponse(application_pdf(dossier), content_type="application/pdf")
    for name, value in headers("don-to-khai.pdf").items():
        response[name] = value
    return response


@own("GET", "HEAD", "POST")
def application_signing(request: HttpRequest, dossier: Dossier, job: UUID) -> HttpResponse:
    """Waiting for the telephone. The page loads itself anew; pressing asks the provider at once."""
    found = application_job(dossier, job)
    if found is None:
        raise NotFound(_("Không có yêu cầu ký này."))
    if request.method == "POST":
        poll_job(job=found, at=timezone.now())
        return HttpResponseRedirect(request.path)
    response = render_page(
        request,
        "application_signing",
        dossier.village,
        dossier=dossier,
        job=found,
        is_waiting=found.ended_at is None,
        is_signed=found.state == JobState.SIGNED,
        word=JobState(found.state).label,
        problem=problem_of(found),
        code=found.lines.values_list("document", flat=True).first() or "",
        phone=trial_phone(),
        back=page_of(request, dossier),
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def ways() -> list[Provider]:
    """How somebody may sign who has no key of theirs on our server."""
    return [each for each in providers().values() if is_remote(each)]


def _own_number(request: HttpRequest, dossier: Dossier) -> str:
    """The number of whoever signed in, where the dossier is theirs to sign."""
    resident = getattr(request, "resident", None)
    person = themself(request)
    is_theirs = person is not None and person.pk == dossier.person_id
    said = claims(request) if resident and (is_theirs or dossier.filed_by == resident.id) else None
    return said.national_id if said is not None else ""


def _page(request: HttpRequest, dossier: Dossier, *, problem: str = "", status: int = 200) -> HttpResponse:
    response = render_page(
        request,
        "application",
        dossier.village,
        dossier=dossier,
        stands=application_of(dossier, at=timezone.now()),
        may_sign=may_be_signed(dossier),
        ways=ways(),
        own_tail=_own_number(request, dossier)[-4:],
        typed=request.POST.get("so", "")[:40],
        chosen=request.POST.get("cach", ""),
        problem=problem,
        back=page_of(request, dossier),
    )
    response.status_code = status
    response["X-Robots-Tag"] = "noindex"
    return response


def _only_filed_here(dossier: Dossier) -> None:
    if dossier.draft is None:
        raise NotFound(_("Hồ sơ này không có tờ khai ở đây."))
