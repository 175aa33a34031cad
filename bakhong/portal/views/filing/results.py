"""How the result is to be given back, where news may be written to, and whether a fee is waived."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bakhong.dossiers.applicants import EMAIL_WISH, asks_for_email, email_wished
from bakhong.eforms.actions.wishing import save_wishes
from bakhong.eforms.rules.answers import Wrong, email_in
from bakhong.eforms.rules.logic import evaluate
from bakhong.eforms.sentences import sentence
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
        problem = _("Hãy chọn một cách nhận kết quả.")
        return _page(request, filing, modes, problem=problem, target="cach_0", status=422)
    typed = request.POST.get("thu", "")[:200].strip()
    email = email_in(typed)
    if typed and email is None:
        problem = sentence(Wrong("email_invalid"))
        return _page(request, filing, modes, problem=problem, target="thu", status=422)
    known = {each.code for each in filing.procedure.fee.exemptions}
    given = [code for code in request.POST.getlist("giam") if code in known]
    draft = filing.draft
    save_wishes(
        draft=draft,
        wishes={"result_mode": chosen, "exemptions": given, EMAIL_WISH: email or ""},
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
        exemptions=exemptions,
        wants_email=not asks_for_email(filing.sheet.spec),
        **_said(request, filing),
        **context,
    )


def _said(request: HttpRequest, filing: Filing) -> dict[str, Any]:
    """What stands on the page: what was just typed, right or wrong, else what was kept."""
    if request.method == "POST":
        posted = request.POST
        return {
            "chosen": posted.get("cach", ""),
            "given": posted.getlist("giam"),
            "email": posted.get("thu", "")[:200],
        }
    return {
        "chosen": chosen_mode(filing),
        "given": given_exemptions(filing),
        "email": email_wished(filing.draft),
    }
