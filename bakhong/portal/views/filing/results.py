"""How the result is to be given back, and whether a fee is waived."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from bakhong.eforms.rules.logic import evaluate
from bakhong.portal.filing import Filing, result_modes
from bakhong.portal.holding import note, write_note
from bakhong.portal.views.filing.common import show, step


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
    write_note(request, filing.draft.uuid, cach=chosen, giam=",".join(given))
    return HttpResponseRedirect(filing.url("review"))


def chosen_mode(request: HttpRequest, filing: Filing) -> str:
    """The way chosen on this device; the first way offered where nothing was chosen here."""
    modes = [mode for mode, _words, _hint in result_modes(filing.procedure)]
    chosen = note(request, filing.draft.uuid).get("cach", "")
    return chosen if chosen in modes else modes[0]


def given_exemptions(request: HttpRequest, filing: Filing) -> list[str]:
    return [code for code in note(request, filing.draft.uuid).get("giam", "").split(",") if code]


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
        chosen=chosen_mode(request, filing),
        exemptions=exemptions,
        given=given_exemptions(request, filing),
        **context,
    )
