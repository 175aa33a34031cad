"""What is not filed here: the form is complete, here is the code for the desk, or the package for the national portal."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bakhong.eforms.contents import code_of
from bakhong.eforms.queries.answers import answers_of
from bakhong.eforms.queries.review import review
from bakhong.portal.filing import Filing
from bakhong.portal.holding import mandate_held_under
from bakhong.portal.views.filing.common import show, step
from bakhong.portal.views.filing.problems import needed
from bakhong.ui.figures import language


@step()
def file_ready(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Says plainly what is still missing; nothing is sent anywhere from here."""
    if filing.is_filed_here:
        return HttpResponseRedirect(filing.url("review"))
    return show(
        request,
        "file_ready",
        filing,
        "@review",
        procedure=filing.procedure,
        errors=needed(filing),
        sections=review(filing.draft, language()),
        code="" if mandate_held_under(request, filing.draft.uuid) else code_of(filing.draft),
        bring=filing.papers,
        package_url=filing.url("package"),
    )


@step()
def file_package(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The checked form as JSON, to be kept or handed to a program; incomplete, it leads to what is missing."""
    if filing.is_filed_here or needed(filing):
        return HttpResponseRedirect(filing.url("review" if filing.is_filed_here else "ready"))
    text = json.dumps(_package(filing), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="to-khai-{filing.procedure.code}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _package(filing: Filing) -> dict[str, Any]:
    return {
        "procedure": {"code": filing.procedure.code, "name": filing.procedure.name.vi},
        "commune": {"code": filing.draft.village.code, "name": filing.draft.village.full_name},
        "form": {"code": filing.draft.version.form.code, "version": filing.draft.version.number},
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "answers": answers_of(filing.draft),
        "shown": [
            {
                "title": str(section.title),
                "lines": [[str(line.label), str(line.value)] for line in section.lines],
            }
            for section in review(filing.draft, language())
        ],
        "papers": [paper.vi for paper in filing.papers],
        "papers_held_by_the_state": [paper.vi for paper in filing.held_papers],
    }
