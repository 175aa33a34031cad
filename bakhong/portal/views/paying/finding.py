"""Typing the code of a paper. Wrong ones are counted: ten an hour from one browser's address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import public
from bakhong.accounts.throttle import TooMany, claim_code, client_address, uncount
from bakhong.core.days import day_of
from bakhong.payments.queries.bills import bill
from bakhong.places.queries import served_unit
from bakhong.portal.views.pages import render_page
from bakhong.portal.views.paying.page import not_found


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay_find(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return render_page(request, "pay_find", served_unit(day_of(now)))
    typed = request.POST.get("ma", "")[:60].strip()
    if not typed:
        return not_found(request, "", status=422, problem=_("Gõ mã khoản thu in trên giấy rồi bấm lại."))
    try:
        key = claim_code(f"pay:{client_address(request)}", at=now)
    except TooMany as refusal:
        return not_found(request, typed, status=429, problem=str(refusal))
    found = bill(typed, on=day_of(now))
    if found is None:
        return not_found(request, typed)
    uncount(key, now)
    return HttpResponseRedirect(reverse("portal:pay", args=[found.charge.reference]))
