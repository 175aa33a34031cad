"""The square as a picture, to be kept on the phone and opened in a bank's app."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.core.errors import NotFound
from bakhong.payments.queries.bills import Bill
from bakhong.portal.pay_picture import picture
from bakhong.portal.views.paying.page import found_or_404


@public
@never_cache
@require_safe
def code_png(request: HttpRequest, reference: str) -> HttpResponse:
    found = _payable(reference)
    response = HttpResponse(picture(found), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="ma-qr-{found.charge.reference}.png"'
    return response


def _payable(reference: str) -> Bill:
    """Raises: NotFound where nothing is to be transferred (any more)."""
    found = found_or_404(reference, timezone.now())
    if not found.has_code:
        raise NotFound(_("Khoản này không còn mã để chuyển khoản."))
    return found
