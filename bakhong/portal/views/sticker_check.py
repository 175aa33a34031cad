"""Is the code that hangs here the seller's? Anybody may ask, with a photo, or the code's text; the photo is not kept."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.permissions import covered_ids
from bakhong.accounts.throttle import claim_code, client_address
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.payments.actions.stickers import check_in_public
from bakhong.payments.models import Market
from bakhong.payments.queries.stalls import account_words, place_words
from bakhong.payments.queries.stickers import Judged
from bakhong.places.queries import served_unit
from bakhong.portal.photos import codes_of_photo
from bakhong.portal.views.pages import render_page

TRIES = 120  # an hour from one address: a whole market may stand behind one


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sticker_check(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    at = timezone.now()
    try:
        claim_code(f"sticker:{client_address(request)}", at=at, tries=TRIES)
        judged = check_in_public(
            scanned=_scanned(request),
            seal=request.POST.get("niem-phong", "")[:40],
            market=_market(request),
            number=request.POST.get("so", "")[:20],
            at=at,
        )
    except Refusal as refusal:
        target = "niem-phong" if request.POST.get("niem-phong") and request.POST.get("ma") else "anh"
        return _page(request, status=refusal.status, problem=str(refusal), target=target)
    return _page(request, **_told(judged))


def _markets() -> QuerySet[Market]:
    """Those of the commune this installation serves, or of all communes of its province."""
    on = day_of(timezone.now())
    rows = Market.objects.filter(unit__in=covered_ids([served_unit(on).pk], on), valid_to=None)
    return rows.select_related("unit").order_by("name", "unit__full_name", "pk")


def _market(request: HttpRequest) -> Market | None:
    asked = request.POST.get("cho", "")
    return next((each for each in _markets() if str(each.uuid) == asked), None)


def _scanned(request: HttpRequest) -> list[str]:
    """The text that was pasted, else all codes the photo holds. Raises: Refusal."""
    text = request.POST.get("ma", "")[:2000].strip()
    photo = request.FILES.get("anh")
    if text or photo is None:
        return [text]
    return codes_of_photo(photo)


def _told(judged: Judged) -> dict[str, Any]:
    """No more than stands on the card: who sells where, and the account's last four digits."""
    stall = judged.stall
    told: dict[str, Any] = {"judged": judged, "verdict": str(judged.verdict)}
    if stall is not None:
        told |= {"place": place_words(stall), "holder": stall.account_holder, "owner": stall.owner_name}
        told |= {
            "account": account_words(stall.bank_bin, stall.account),
            "is_gone": stall.valid_to is not None,
        }
    return told


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context["typed"] = {
        "ma": request.POST.get("ma", "")[:600],
        "seal": request.POST.get("niem-phong", "")[:40],
        "market": request.POST.get("cho", "")[:40],
        "number": request.POST.get("so", "")[:20],
    }
    context["markets"] = [(str(each.uuid), each.name, each.unit.full_name) for each in _markets()]
    response = render_page(request, "sticker_check", served_unit(day_of(timezone.now())), **context)
    response.status_code = status
    return response
