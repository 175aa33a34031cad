"""One page of the form: shown with what was saved, and saved even where something is wrong."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.numbers import read_count
from bakhong.documents.refusals import Unreadable
from bakhong.eforms.actions.refusals import Stale
from bakhong.eforms.actions.saving import save_page
from bakhong.eforms.queries.pages import page_form, posted_lists
from bakhong.portal.filing import Filing
from bakhong.portal.views.filing.common import actor_of, read_filing, show, step
from bakhong.portal.views.filing.filling_in import ask_again, silent_registers
from bakhong.portal.views.filing.uploads import stored_answers
from bakhong.ui.figures import language


@step("POST")
def file_page(request: HttpRequest, filing: Filing, page: str) -> HttpResponse:
    """A page that the answers so far leave out leads on to the review, which says what is still missing."""
    if filing.sheet.spec.page(page) is None:
        raise Http404
    if page not in {each.code for each in filing.asked.pages}:
        return HttpResponseRedirect(filing.url("review"))
    if request.method == "POST":
        return _save(request, filing, page)
    return _page(request, filing, page)


def _save(request: HttpRequest, filing: Filing, page: str) -> HttpResponse:
    """`keep` comes from the browser's script when the page is left: it saves and says nothing."""
    posted = posted_lists(request.POST)
    try:
        posted |= stored_answers(request, filing, page)
        saved = save_page(
            draft=filing.draft,
            page=page,
            posted=posted,
            by=actor_of(request, filing.draft.uuid, filing.draft.village),
            at=timezone.now(),
            revision=_revision(request),
        )
    except Stale as refusal:
        if "keep" in request.POST:
            return HttpResponse(status=409)
        return _page(request, filing, page, posted=posted, status=409, stale=refusal)
    except Unreadable as refusal:
        return _page(request, filing, page, posted=posted, status=422, problem=str(refusal))
    if "keep" in request.POST:
        return HttpResponse(status=204)
    now = read_filing(saved.draft)
    assert now is not None
    if "hoi-lai" in request.POST:
        return _ask_again(request, now, page)
    if "lui" in request.POST:
        return HttpResponseRedirect(now.before(page))
    if saved.errors:
        return _page(request, now, page, errors=saved.errors, posted=posted, status=422)
    if saved.next_page == page or _takes_file_back(
        request, filing, page
    ):  # a row more or less, a file taken back
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(now.url("review") if "sua" in request.GET else now.after(page))


def _ask_again(request: HttpRequest, filing: Filing, page: str) -> HttpResponse:
    """The page again, with what a register that was silent before says now."""
    try:
        ask_again(request, filing.draft)
    except Refusal as refusal:
        return _page(request, filing, page, status=refusal.status, problem=str(refusal))
    return HttpResponseRedirect(request.get_full_path())


def _takes_file_back(request: HttpRequest, filing: Filing, page: str) -> bool:
    lines = filing.asked.of_page(page)
    return any(line.question.type == "file" and line.path in request.POST for line in lines)


def _revision(request: HttpRequest) -> int | None:
    """Which state of the draft the page showed; None where it does not say."""
    return read_count(request.POST.get("_revision", ""))


def _page(
    request: HttpRequest,
    filing: Filing,
    page: str,
    *,
    errors: Mapping[str, str] | None = None,
    posted: Mapping[str, list[str]] | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    today = day_of(timezone.now())
    form = page_form(filing.draft, page, language(), errors=errors, posted=posted, on=today)
    if form is None:
        return HttpResponseRedirect(filing.url("review"))
    silent = silent_registers(request, filing.draft)
    return show(request, "file_page", filing, page, status=status, form=form, silent=silent, **context)
