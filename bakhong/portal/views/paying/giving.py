"""Saying who pays for another, and the confirmation of what was paid."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.residents import HolderActor
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotFound, Refusal
from bakhong.documents.models import File
from bakhong.documents.serve import file_response
from bakhong.payments.actions.charging import name_helper
from bakhong.payments.actions.receipts import receipt_pdf
from bakhong.payments.queries.bills import Bill
from bakhong.people import scope
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.paying.page import found_or_404, private


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help_pay(request: HttpRequest, reference: str) -> HttpResponse:
    """A neighbour, a relative: their name stands on the confirmation. A page of its own, for the waiting one loads itself anew."""
    now = timezone.now()
    found = found_or_404(reference, now)
    if request.method != "POST":
        return _ask(request, found) if found.is_open else _to_bill(found)
    name, relation = request.POST.get("ten", "")[:200], request.POST.get("la_ai", "")[:100]
    try:
        with scope.holding(keys=[found.charge.uuid]):
            name_helper(
                charge=found.charge,
                name=name,
                relation=relation,
                is_staff=False,
                by=_holder(request, found),
                at=now,
            )
    except Refusal as refusal:
        told = {"problem": str(refusal), "typed": name, "typed_relation": relation}
        return _ask(request, found, status=refusal.status, **told)
    return _to_bill(found)


def _ask(request: HttpRequest, found: Bill, *, status: int = 200, **context: str) -> HttpResponse:
    response = render_page(request, "pay_help", found.charge.biller.unit, charge=found.charge, **context)
    response.status_code = status
    return private(response)


def _to_bill(found: Bill) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("portal:pay", args=[found.charge.reference]))


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The PDF with its code for checking. GET gives the one that is there; POST writes it first where nobody has."""
    now = timezone.now()
    found = found_or_404(reference, now)
    if found.receipt is None:
        raise NotFound(_("Chưa có xác nhận: khoản này chưa được ghi là đã trả."))
    with scope.seeing(OPERATOR):
        file = (
            File.objects.filter(uuid=found.receipt.file, erased_at=None).first()
            if found.receipt.file
            else None
        )
        if file is None and request.method == "POST":
            file = receipt_pdf(receipt=found.receipt, by=_holder(request, found), at=now)
        if file is None:
            return _to_bill(found)
        return file_response(file)


def _holder(request: HttpRequest, found: Bill) -> Actor:
    """Who signed in, else whoever holds the code."""
    resident: Actor | None = getattr(request, "resident", None)
    return resident if resident is not None else HolderActor("charge", found.charge.uuid)
