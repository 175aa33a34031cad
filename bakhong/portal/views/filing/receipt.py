"""What the commune really has: the receipt, shown as often as it is asked for."""

from uuid import UUID

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.dossiers.actions.filing import stored_receipt
from bakhong.dossiers.actions.said import Receipt
from bakhong.dossiers.queries.fees import standing
from bakhong.portal.holding import holds, mandate_held_under, opened
from bakhong.portal.views.filing.common import not_held
from bakhong.portal.views.pages import render_page


@public
@never_cache
@require_safe
def file_receipt(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Asked for before anything was sent, it leads to the review."""
    if not holds(request, draft):
        return not_held(request, draft)
    with opened(request):
        receipt = stored_receipt(draft)
        if receipt is None:
            return HttpResponseRedirect(reverse("portal:file_review", args=[draft]))
        return _page(request, receipt)


def _page(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The code that follows the dossier is not the agent's: their way to it is the mandate, as long as it lasts."""
    mandate = mandate_held_under(request, receipt.dossier.uuid)
    track = reverse("portal:tracked", args=[receipt.tracking_code])
    code = {
        "tracking_code": receipt.tracking_code,
        "qr": qr_of(settings.ORIGIN + track),
        "track_url": track,
        "track_label": _("Xem hồ sơ đến đâu"),
    }
    agents = {"agent_url": reverse("portal:mine_principal", args=[mandate])} if mandate else {}
    response = render_page(
        request,
        "file_receipt",
        receipt.dossier.village,
        dossier=receipt.dossier,
        fee=standing(receipt.dossier),
        files=[{"name": name, "sha256": digest} for name, digest in receipt.files],
        **(agents or code),
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def qr_of(text: str) -> str:
    """A picture of a QR code, as an address that holds the picture itself."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4))
