"""What to pay and how, on one page that also works on the phone that has to pay; and whether the bank has said that it came."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.payments.queries.bill_words import explained
from bakhong.payments.queries.bills import Bill, bill, is_told_at_once
from bakhong.payments.queries.charges import qr_svg
from bakhong.places.queries import contact_of, served_unit
from bakhong.portal.views.pages import render_page

WAIT = 20  # seconds after which a page without a script loads itself anew


def found_or_404(reference: str, at: datetime) -> Bill:
    """Raises: NotFound."""
    found = bill(reference, on=day_of(at))
    if found is None:
        raise NotFound(_("Không có khoản thu nào với mã này. Xem lại từng chữ trên giấy."))
    return found


@public
@never_cache
@require_safe
def pay(request: HttpRequest, reference: str) -> HttpResponse:
    now = timezone.now()
    found = bill(reference, on=day_of(now))
    if found is None:
        return not_found(request, reference)
    return _show(request, found, at=now)


@public
@never_cache
@require_safe
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """A few bytes, asked for every three seconds: the page loads itself anew when `mark` is another one."""
    found = found_or_404(reference, timezone.now())
    return JsonResponse({"state": found.charge.state, "mark": found.mark})


def _show(request: HttpRequest, found: Bill, *, at: datetime) -> HttpResponse:
    biller = found.charge.biller
    contact = contact_of(biller.unit, day_of(at))
    phone = biller.phone or (contact.phone if contact else "")
    head, told = explained(found, phone)
    reference = found.charge.reference
    response = render_page(
        request,
        "pay",
        biller.unit,
        bill=found,
        charge=found.charge,
        biller=biller,
        phone=phone,
        trouble_head=head,
        trouble_told=told,
        square=SafeString(qr_svg(found.payload)) if found.has_code else "",
        status_url=reverse("portal:pay_status", args=[reference]),
        wait=WAIT,
        is_live=is_told_at_once(found, at=at),
    )
    return private(response)


def not_found(request: HttpRequest, reference: str, *, status: int = 404, problem: str = "") -> HttpResponse:
    response = render_page(
        request,
        "pay_find",
        served_unit(day_of(timezone.now())),
        text=reference[:60],
        target="ma",
        problem=problem
        or _("Không có khoản thu nào với mã này. Xem lại từng chữ trên giấy, hoặc gọi số dưới đây."),
    )
    response.status_code = status
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """The address holds the code: no search engine keeps it, and no other site is told where somebody came from."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
