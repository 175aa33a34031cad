"""What is not filed here: the form is complete, here is the code for the desk, or what is needed on the national portal."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.core.errors import Refusal
from bakhong.dossiers.actions.exchange_codes import note_draft_code
from bakhong.dossiers.queries.filed_elsewhere import noted_draft_code
from bakhong.eforms.contents import code_of
from bakhong.eforms.queries.review import review
from bakhong.people import scope
from bakhong.portal.filing import Filing
from bakhong.portal.holding import mandate_held_under
from bakhong.portal.packing import as_json, as_zip
from bakhong.portal.views.filing.common import actor_of, show, step
from bakhong.portal.views.filing.problems import needed
from bakhong.ui.figures import language


@step("POST")
def file_ready(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Says plainly what is still missing; nothing is sent anywhere from here. POST `ma`: it was filed on the national portal under this
    code."""
    if filing.is_filed_here:
        return HttpResponseRedirect(filing.url("review"))
    if request.method != "POST":
        return _page(request, filing)
    if filing.procedure.filed != "national_portal":
        return HttpResponseRedirect(filing.url("ready"))
    draft = filing.draft
    try:
        note_draft_code(
            draft=draft,
            code=request.POST.get("ma", "")[:200],
            by=actor_of(request, draft.uuid, draft.village),
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, filing, problem=str(refusal), status=refusal.status)
    return HttpResponseRedirect(filing.url("ready") + "#da-nop")


def _page(request: HttpRequest, filing: Filing, *, problem: str = "", status: int = 200) -> HttpResponse:
    return show(
        request,
        "file_ready",
        filing,
        "@review",
        status=status,
        procedure=filing.procedure,
        problem=problem,
        typed=request.POST.get("ma", "")[:80],
        noted=_noted(filing),
        errors=needed(filing),
        sections=review(filing.draft, language()),
        code="" if mandate_held_under(request, filing.draft.uuid) else code_of(filing.draft),
        rows=filing.rows(),
        package_url=filing.url("package"),
        papers_url=filing.url("papers") if filing.has_papers else "",
    )


def _noted(filing: Filing) -> str:
    """Under which code this draft was filed; no row of others is read."""
    with scope.seeing(OPERATOR):
        return noted_draft_code(filing.draft)


@step()
def file_package(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The checked form with its papers in one file; `?kieu=json`: for a program. Incomplete, it leads to what is missing."""
    if filing.is_filed_here or needed(filing):
        return HttpResponseRedirect(filing.url("review" if filing.is_filed_here else "ready"))
    at = timezone.now()
    is_json = request.GET.get("kieu") == "json"
    response = HttpResponse(
        as_json(filing, at) if is_json else as_zip(filing, at),
        content_type="application/json; charset=utf-8" if is_json else "application/zip",
    )
    name = f"to-khai-{filing.procedure.code}.{'json' if is_json else 'zip'}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
