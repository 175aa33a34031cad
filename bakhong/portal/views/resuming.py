"""Going on with a draft, on another device or after a long while: the return code and the number of the card."""

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
from bakhong.eforms.models import Draft, State
from bakhong.eforms.queries.resuming import find_by_code
from bakhong.places.queries import served_unit
from bakhong.portal.holding import hold
from bakhong.portal.views.pages import render_page


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """One answer for a code that is none, a card that is another one's, and a draft that is gone."""
    if request.method != "POST":
        return _page(request, is_away="may" in request.GET)
    typed = {name: request.POST.get(name, "")[:60].strip() for name in ("ma", "the")}
    try:
        draft = find_by_code(typed["ma"], typed["the"], timezone.now(), source=client_address(request))
    except TooMany as refusal:
        return _page(request, status=429, problem=str(refusal), typed=typed)
    except NotFound:
        problem = _("Mã hoặc số thẻ chưa đúng. Xem lại từng chữ trên ảnh đã chụp; thẻ là của người có hồ sơ.")
        return _page(request, status=422, problem=problem, typed=typed)
    hold(request, draft.uuid)
    return HttpResponseRedirect(_where(draft))


def _where(draft: Draft) -> str:
    if draft.state == State.SUBMITTED:
        return reverse("portal:file_receipt", args=[draft.uuid])
    if draft.page:
        return reverse("portal:file_page", args=[draft.uuid, draft.page])
    return reverse("portal:file_code", args=[draft.uuid])


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    response = render_page(request, "resume", served_unit(day_of(timezone.now())), **context)
    response.status_code = status
    return response
