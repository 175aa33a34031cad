"""The link “Sai?” of the review: a filled in value that cannot be typed over. The answer stays; its source is asked to be set right."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound, Refusal
from bakhong.eforms.actions.correcting import correct_answer
from bakhong.eforms.queries.review import ReviewLine, review
from bakhong.portal.filing import Filing
from bakhong.portal.views.filing.common import actor_of, show, step
from bakhong.ui.figures import language


@step("POST")
def file_correct(request: HttpRequest, filing: Filing, path: str) -> HttpResponse:
    line = _line(filing, path)
    if request.method != "POST":
        return _page(request, filing, line)
    typed = {name: request.POST.get(name, "")[:500].strip() for name in ("dung", "vi_sao")}
    if not typed["dung"] or not typed["vi_sao"]:
        problem = _("Ghi thông tin đúng, và vì sao ông/bà biết là sai.")
        return _page(request, filing, line, status=422, problem=problem, typed=typed)
    try:
        correct_answer(
            draft=filing.draft,
            path=path,
            wanted=[typed["dung"]],
            reason=typed["vi_sao"],
            by=actor_of(request, filing.draft.uuid, filing.draft.village),
            at=timezone.now(),
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _page(request, filing, line, status=refusal.status, problem=str(refusal), typed=typed)
    return HttpResponseRedirect(filing.url("review"))


def _line(filing: Filing, path: str) -> ReviewLine:
    """Raises: Http404, for a question that was not filled in."""
    lines = (line for section in review(filing.draft, language()) for line in section.lines)
    found = next((line for line in lines if line.path == path and line.can_correct), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, filing: Filing, line: ReviewLine, *, status: int = 200, **context: Any
) -> HttpResponse:
    return show(request, "file_correct", filing, "@review", status=status, line=line, **context)
