"""What was paid in some days, by how it came: the list behind the sums of the first screen and of the chair's view."""

from datetime import timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.desk.frame import BadQuestion, page, today, unit_page
from bakhong.desk.views.money.choosing import chosen
from bakhong.payments.models import Method
from bakhong.payments.permissions import VIEW
from bakhong.payments.queries.overview import paid_between, taken_between
from bakhong.places.models import Unit

PER_PAGE, LONGEST = 50, timedelta(days=366)


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit, biller: UUID) -> HttpResponse:
    """`?first=&last=&method=`: today without days; the latest first."""
    one = chosen(request, unit, biller)
    assert one is not None
    first = parse_day(request.GET.get("first", "")) or today()
    last = parse_day(request.GET.get("last", "")) or max(first, today())
    if not 2000 <= first.year < 2100 or not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    method = request.GET.get("method", "")
    rows = paid_between(one, first, last)
    if method in Method.values:
        rows = rows.filter(method=method)
    return page(
        request,
        "desk/money/taken.html",
        unit=unit,
        active="money",
        biller=one,
        first=first,
        last=last,
        method=method,
        methods=Method.choices,
        taken=taken_between(one, first, last),
        shown=Paginator(rows.order_by("-paid_at", "-pk"), PER_PAGE).get_page(request.GET.get("page")),
    )
