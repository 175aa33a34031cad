"""Taking the slip and the result, asking for the dossier back, and thinking better of it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from bakhong.documents.serve import file_response, headers
from bakhong.dossiers.actions.ending import ask_withdrawal, keep
from bakhong.dossiers.actions.results import return_result
from bakhong.dossiers.models import Dossier, ResultMode, State
from bakhong.dossiers.queries.slips import sealed_slip
from bakhong.dossiers.writing.slips import receipt_pdf
from bakhong.portal.following import result_of
from bakhong.portal.holding import mandate_held_under
from bakhong.portal.views.tracking.common import follower, own, page_of


@own("GET", "HEAD")
def slip(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Form 01, to print or to keep; `mau` another one that bears the commune's seal. Before there is one the dossier's page says what
    comes next."""
    form = request.GET.get("mau", "01")[:2]
    if mandate_held_under(request, dossier.uuid):  # the code stands on it
        return HttpResponseRedirect(page_of(request, dossier))
    sealed = sealed_slip(dossier, form)
    if sealed is not None:
        return file_response(sealed.file)
    if form != "01" or dossier.received_at is None:
        return HttpResponseRedirect(page_of(request, dossier))
    response = HttpResponse(receipt_pdf(dossier, at=timezone.now()), content_type="application/pdf")
    for name, value in headers(f"giay-hen-{dossier.code}.pdf").items():
        response[name] = value
    return response


@own("POST")
def take_result(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """The file itself; the first time, the dossier knows that its result is with the resident, without a way to the office."""
    file = result_of(dossier)
    response = file_response(file)  # read before anything is noted: what cannot be read was not given
    if dossier.state == State.DONE:
        return_result(
            dossier=dossier,
            how=ResultMode.ELECTRONIC,
            by=follower(request, dossier),
            at=timezone.now(),
            came_in_person=False,
        )
    return response


@own("POST")
def withdraw(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Asking twice is asking once; `thoi` takes it back."""
    now, by = timezone.now(), follower(request, dossier)
    if "thoi" in request.POST:
        if dossier.state == State.WITHDRAWING:
            keep(dossier=dossier, by=by, at=now)
    elif dossier.state != State.WITHDRAWING:
        ask_withdrawal(dossier=dossier, by=by, at=now, note=request.POST.get("vi_sao", "")[:500])
    return HttpResponseRedirect(page_of(request, dossier))
