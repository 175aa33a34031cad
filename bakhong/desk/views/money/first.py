"""The accountant's first screen."""

from uuid import UUID

from django.http import HttpResponse

from bakhong.accounts.access import StaffRequest
from bakhong.desk.frame import page, unit_page
from bakhong.desk.views.money.choosing import chosen, switch
from bakhong.payments.permissions import VIEW
from bakhong.places.models import Unit


@unit_page(VIEW)
def first(request: StaffRequest, unit: Unit, biller: UUID | None = None) -> HttpResponse:
    """How the money stands: what is unexplained, what waits, what to do next."""
    one = chosen(request, unit, biller)
    return page(
        request,
        "desk/money/first.html",
        unit=unit,
        active="money",
        biller=one,
        billers=switch(request, unit, "desk:money", one),
    )
