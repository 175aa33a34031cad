"""The link “Sai?” of the review: a filled in value that cannot be typed over. The answer stays; its source is asked to be set right."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.core.errors import NotFound, Refusal
from bakhong.eforms.actions.correcting import correct_answer
from bakhong.eforms.queries.pages import chosen_form
from bakhong.eforms.queries.review import ReviewLine, review
from bakhong.portal.filing import Filing
from bakhong.portal.views.filing.common import actor_of, show, step
from bakhong.ui.figures import language

_PREFIX = "dung"
_LONGEST = 500  # characters of one text sent


@step("POST")
def file_correct(request: HttpRequest, filing: Filing, path: str) -> HttpResponse:
    line = _line(filing, path)
    if request.method != "POST":
        return _page(request, filing, line)
    wanted = [text[:_LONGEST] for text in request.POST.getlist(f"{_PREFIX}-{path}")]
    reason = request.POST.get("vi_sao", "")[:_LONGEST].strip()
    if not any(text.strip() for text in wanted) or not reason:
        problem = _("Ghi thông tin đúng, và vì sao ông/bà biết là sai.")
        return _page(request, filing, line, status=422, problem=problem, wanted=wanted, reason=reason)
    try:
        correct_answer(
            draft=filing.draft,
            path=path,
            wanted=wanted,
            reason=reason,
            by=actor_of(request, filing.draft.uuid, filing.draft.village),
            at=timezone.now(),
        )
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        status, problem = refusal.status, str(refusal)
        return _page(request, filing, line, status=status, problem=problem, wanted=wanted, reason=reason)
    return HttpResponseRedirect(filing.url("review"))


def _line(filing: Filing, path: str) -> ReviewLine:
    """Raises: Http404, for a question that was not filled in."""
    lines = (line for section in review(filing.draft, language()) for line in section.lines)
    found = next((line for line in lines if line.path == path and line.can_correct), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    filing: Filing,
    line: ReviewLine,
    *,
    status: int = 200,
    problem: str = "",
    wanted: Sequence[str] = (),
    reason: str = "",
) -> HttpResponse:
    """With the box the question has on its own page, empty at first."""
    asked = filing.asked.by_path[line.path]
    form = chosen_form([asked], language(), posted={line.path: list(wanted)}, prefix=_PREFIX)
    form.fields[line.path].label = _("Thông tin đúng")
    context = {"line": line, "field": form[line.path], "problem": problem, "reason": reason}
    return show(request, "file_correct", filing, "@review", status=status, **context)
