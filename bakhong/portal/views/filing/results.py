"""How the result is to be given back, and whether a fee is waived."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.eforms.actions.wishing import save_wishes
from bakhong.eforms.rules.logic import evaluate
from bakhong.portal.filing import Filing, result_modes
from bakhong.portal.views.filing.common import actor_of, show, step


@step("POST")
def file_result(request: HttpRequest, filing: Filing) -> HttpResponse:
    if not filing.is_filed_here:
        return HttpResponseRedirect(filing.after("@result"))
    modes = result_modes(filing.procedure)
    if request.method != "POST":
        return _page(request, filing, modes)
    chosen = request.POST.get("cach", "")
    if chosen not in {mode for mode, _words, _hint in modes}:
        return _page(request, filing, modes, problem=_("Hãy chọn một cách nhận kết quả."), status=422)
    known = {each.code for each in filing.procedure.fee.exemptions}
    given = [code for code in request.POST.getlist("giam") if code in known]
    draft = filing.draft
    save_wishes(
        draft=draft,
        wishes={"result_mode": chosen, "exemptions": given},
        by=actor_of(request, draft.uuid, draft.village),
        at=timezone.now(),
    )
    return HttpResponseRedirect(filing.url("review"))


def chosen_mode(filing: Filing) -> str:
    """The way that was chosen, on whatever device; the first way offered where none was."""
    modes = [mode for mode, _words, _hint in result_modes(filing.procedure)]
    chosen = filing.draft.wishes.get("result_mode", "")
    return chosen if chosen in modes else modes[0]


def given_exemptions(filing: Filing) -> list[str]:
    """The reasons for a waiver that were ticked, as far as the procedure still knows them."""
    known = {each.code for each in filing.procedure.fee.exemptions}
    return [code for code in filing.draft.wishes.get("exemptions", []) if code in known]


def _page(
    request: HttpRequest,
    filing: Filing,
    modes: list[tuple[str, str, str]],
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    exemptions = [each for each in filing.procedure.fee.exemptions if evaluate(each.when, filing.asked.data)]
    return show(
        request,
        "file_result",
        filing,
        "@result",
        status=status,
        modes=modes,
        chosen=chosen_mode(filing),
        exemptions=exemptions,
        given=given_exemptions(filing),
        **context,
    )
