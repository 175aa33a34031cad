"""A resident's own pages: what they filed, what is kept for them, what the commune knows about them, and who looked."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakhong.accounts.access import ResidentRequest, resident_only
from bakhong.core.days import day_of
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors, served_unit
from bakhong.portal.views.pages import render_page


def commune_of(request: ResidentRequest) -> Unit:
    """Whose telephone number stands on the page: the commune where they belong, else the unit served here."""
    on = day_of(timezone.now())
    person = getattr(request, "person", None)
    above = [person.village, *ancestors(person.village, on)] if person else []
    return next((unit for unit in above if unit.level == Level.COMMUNE), served_unit(on))


def my_page(request: ResidentRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One of the resident's own pages; whom to call is their commune."""
    person = getattr(request, "person", None)
    response = render_page(
        request, f"mine/{template}", commune_of(request), resident=request.resident, person=person, **context
    )
    response.status_code = status
    return response


@resident_only
@require_safe
def home(request: ResidentRequest) -> HttpResponse:
    return my_page(request, "home")
