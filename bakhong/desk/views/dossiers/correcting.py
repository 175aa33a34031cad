"""The link “Sai?” of the dense screen: a filled in value that cannot be typed over is asked to be set right at its source."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.masking import masked_line
from bakhong.desk.views.dossiers.cases import kept
from bakhong.desk.views.dossiers.filling import Work, found_work
from bakhong.dossiers.permissions import RECEIVE
from bakhong.eforms.actions.correcting import correct_answer
from bakhong.eforms.models import State
from bakhong.eforms.queries.answers import open_sheet
from bakhong.eforms.queries.pages import chosen_form
from bakhong.eforms.queries.review import ReviewLine, review_of
from bakhong.places.models import Unit

_PREFIX = "right"


@unit_page(RECEIVE, post=RECEIVE)
def correct(request: StaffRequest, unit: Unit, procedure: str, draft: UUID, path: str) -> HttpResponseBase:
    """The answer stays what the source says; the dossier goes on."""
    work = found_work(request, unit, procedure, draft)
    line = _line(work, path)
    if request.method != "POST":
        return _page(request, unit, work, line)
    wanted = [text[:500] for text in request.POST.getlist(f"{_PREFIX}-{path}")]
    reason = kept(request, "reason", 300).strip()
    try:
        if not reason or not any(text.strip() for text in wanted):
            raise Refusal(_("Ghi thông tin đúng, và căn cứ vào đâu."))
        correct_answer(draft=work.draft, path=path, wanted=wanted, reason=reason, by=request.actor, at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        work.fail(refusal)
        return _page(request, unit, work, line, wanted, reason)
    messages.success(request, _("Đã báo sửa: %(label)s. Hồ sơ vẫn nhận được.") % {"label": line.label})
    return redirect("desk:filling", unit=unit.uuid, procedure=procedure, draft=draft)


def _line(work: Work, path: str) -> ReviewLine:
    """Raises: NotFound, for a question that was not filled in."""
    if work.draft.state == State.OPEN:
        for section in review_of(open_sheet(work.draft), get_language() or "vi"):
            for line in section.lines:
                if line.path == path and line.can_correct:
                    return masked_line(line)
    raise NotFound("")


def _page(
    request: StaffRequest,
    unit: Unit,
    work: Work,
    line: ReviewLine,
    wanted: list[str] | None = None,
    reason: str = "",
) -> HttpResponse:
    asked = open_sheet(work.draft).asked.by_path[line.path]
    form = chosen_form([asked], get_language() or "vi", posted={line.path: wanted or []}, prefix=_PREFIX)
    form.fields[line.path].label = _("Thông tin đúng")
    return page(
        request,
        "desk/dossiers/correct.html",
        unit=unit,
        active="intake",
        status=work.status,
        procedure=work.procedure,
        draft=work.draft,
        line=line,
        field=form[line.path],
        reason=reason,
        problem=work.problem,
    )
