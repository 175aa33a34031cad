"""Everything once more before it is sent, and sending it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.ids import uuid_of_form
from bakhong.dossiers.actions.fees import due_now
from bakhong.dossiers.actions.filing import file_dossier
from bakhong.dossiers.actions.said import PaperGiven, Receipt
from bakhong.dossiers.applicants import email_wished
from bakhong.dossiers.queries.fees import nothing_words
from bakhong.dossiers.queries.papers import is_reused
from bakhong.eforms.actions.refusals import Incomplete
from bakhong.eforms.queries.review import review
from bakhong.portal.acting import own_claims
from bakhong.portal.filing import Filing, result_modes
from bakhong.portal.views.filing.common import actor_of, read_filing, show, step
from bakhong.portal.views.filing.problems import lines_of, needed
from bakhong.portal.views.filing.results import chosen_mode, given_exemptions
from bakhong.procedures.rules.fees import Due
from bakhong.ui.figures import language


@step("POST")
def file_review(request: HttpRequest, filing: Filing) -> HttpResponse:
    """POST sends the dossier; sent twice, it is one dossier with one receipt. What is not filed here is only said to be ready."""
    if request.method != "POST":
        return _page(request, filing)
    if not filing.is_offered:
        return _page(request, filing, status=409)
    if not filing.is_filed_here:
        return HttpResponseRedirect(filing.url("ready"))
    missing = [row.paper.name() for row in filing.rows() if row.is_missing]
    if missing:
        return _page(
            request,
            filing,
            status=422,
            problem=_("Còn thiếu giấy tờ: %(papers)s.") % {"papers": ", ".join(missing)},
        )
    try:
        _send(request, filing)
    except Incomplete as refusal:
        now = read_filing(filing.draft) or filing  # a source may have said something else meanwhile
        return _page(request, now, status=422, errors=lines_of(now, refusal.errors))
    except Refusal as refusal:
        return _page(request, filing, status=refusal.status, problem=str(refusal))
    return HttpResponseRedirect(filing.url("receipt"))


def _send(request: HttpRequest, filing: Filing) -> Receipt:
    draft = filing.draft
    by = actor_of(request, draft.uuid, draft.village)
    papers = [
        PaperGiven(
            row.paper.code, file, "reused" if is_reused(draft.uuid, row.paper.code, file) else "uploaded"
        )
        for row in filing.rows()
        for file in row.files
    ]
    return file_dossier(
        draft=draft,
        procedure=filing.procedure,
        channel="online",
        papers=papers,
        result_mode=chosen_mode(filing),
        exemptions=given_exemptions(filing),
        by=by,
        at=timezone.now(),
        key=uuid_of_form(draft.uuid, "portal", "file"),
        claims=own_claims(request, draft),
    )


def _fee(filing: Filing) -> Due:
    exemptions = given_exemptions(filing)
    return due_now(
        filing.procedure, filing.draft.village, filing.asked.data, exemptions, "online", timezone.now()
    )


def _nothing(filing: Filing) -> str:
    """Why nothing is to be paid, as the slip will say it."""
    words = nothing_words(filing.offer)
    return words[:1].upper() + words[1:]


def _page(request: HttpRequest, filing: Filing, *, status: int = 200, **context: Any) -> HttpResponse:
    if not filing.is_offered:
        context["problem"] = _(
            "Xã không còn nhận thủ tục này. In trang này để giữ những gì đã khai, hoặc gọi số bên dưới."
        )
    modes: Mapping[str, str] = {mode: words for mode, words, _hint in result_modes(filing.procedure)}
    return show(
        request,
        "file_review",
        filing,
        "@review",
        status=status,
        sections=review(filing.draft, language()),
        rows=filing.rows() if filing.has_papers else [],
        mode=modes[chosen_mode(filing)],
        email=email_wished(filing.draft),
        fee=_fee(filing) if filing.is_filed_here else None,
        nothing=_nothing(filing),
        papers_url=filing.url("papers"),
        result_url=filing.url("result"),
        **{"errors": needed(filing), **context},
    )
