"""How far is my dossier? From the slip's QR code at once; what is theirs to do after four digits of the card."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.throttle import TooMany, client_address
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound
from bakhong.dossiers.queries.dossiers import supplement_waited_for, timeline
from bakhong.dossiers.queries.slips import sealed_slip
from bakhong.dossiers.queries.tracking import Tracking
from bakhong.dossiers.queries.tracking import tracked as find
from bakhong.dossiers.queries.updates import told_of
from bakhong.dossiers.rules.codes import plain_tracking_code
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.messaging.queries import inbox
from bakhong.places.queries import served_unit
from bakhong.portal import dossier_code
from bakhong.portal.following import has_electronic_result, kind_of, may_withdraw, opens, why_due
from bakhong.portal.holding import hold, holds, opened
from bakhong.portal.views.pages import render_page


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The slip's random code leads on at once; a dossier's code, which can be guessed, asks for four digits."""
    typed = (request.POST if request.method == "POST" else request.GET).get("ma", "")[:80].strip()
    if plain_tracking_code(typed):
        return HttpResponseRedirect(reverse("portal:tracked", args=[typed.upper().replace(" ", "-")]))
    code = dossier_code.parse(typed)
    if code is None:
        problem = _(
            "“%(text)s” không giống mã hồ sơ. Hãy chép đúng như trên giấy hẹn, cả dấu chấm và dấu gạch."
        )
        empty = _("Gõ mã hồ sơ in trên giấy hẹn rồi bấm lại.") if "ma" in request.GET else ""
        return _ask(request, text=typed, problem=problem % {"text": typed} if typed else empty)
    if request.method != "POST":
        return _ask(request, text=code.text, code=code)
    now = timezone.now()
    try:
        tracking = find(code.text, request.POST.get("so", ""), at=now, source=client_address(request))
    except TooMany as refusal:
        return _ask(request, status=429, text=code.text, code=code, problem=str(refusal), target="so")
    except NotFound as refusal:
        return _ask(request, status=404, text=code.text, code=code, problem=str(refusal), target="so")
    # Its own code can be guessed: it leads no further, and the slip's code is not told for it.
    return show(request, tracking, is_open=False, needs_slip=True)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tracked(request: HttpRequest, code: str) -> HttpResponse:
    """GET: from the slip. POST: four digits open what is theirs to do."""
    now = timezone.now()
    try:
        if not plain_tracking_code(code):
            raise NotFound("")
        tracking = find(code, at=now)
    except NotFound:
        problem = _(
            "Không thấy hồ sơ nào với mã này. Xem lại từng chữ trên giấy hẹn, hoặc gọi bộ phận một cửa."
        )
        return _ask(request, status=404, text=code[:80], problem=problem)
    if request.method != "POST":
        return show(request, tracking, is_open=holds(request, tracking.dossier.uuid))
    try:
        is_right = opens(tracking.dossier, request.POST.get("so", ""), at=now)
    except TooMany as refusal:
        return show(request, tracking, is_open=False, status=429, problem=str(refusal))
    if not is_right:
        problem = _("Bốn số này chưa đúng. Xem lại bốn số cuối trên thẻ căn cước của người có hồ sơ.")
        return show(request, tracking, is_open=False, status=422, problem=problem)
    hold(request, tracking.dossier.uuid)
    return show(request, tracking, is_open=True)


def show(
    request: HttpRequest, tracking: Tracking, *, is_open: bool, status: int = 200, **context: Any
) -> HttpResponse:
    """`is_open`: with what only whoever holds the dossier sees and does."""
    dossier = tracking.dossier
    more: dict[str, Any] = {}
    if is_open:
        with opened(request):
            asked = supplement_waited_for(dossier)
            more = {
                "asked": asked,
                "history": timeline(dossier, for_resident=True),
                "may_withdraw": may_withdraw(dossier),
                "has_result": has_electronic_result(dossier),
                "inbox": list(inbox(holders=[dossier.uuid])[:5]),
                "own_code": tracking_code_of(dossier),
                "updates": told_of(dossier),
                "slips": [each for form in ("02", "03", "04") if (each := sealed_slip(dossier, form))],
            }
    response = render_page(
        request,
        "tracked",
        dossier.village,
        tracking=tracking,
        kind=kind_of(tracking),
        why=why_due(dossier),
        is_open=is_open,
        **more,
        **context,
    )
    response.status_code = status
    response["X-Robots-Tag"] = "noindex"
    return response


def _ask(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(
        request, "track", served_unit(day_of(timezone.now())), **{"target": "ma", **context}
    )
    response.status_code = status
    return response
