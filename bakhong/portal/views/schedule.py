"""When the police, a bank or a telecom company comes to which village. Nothing on it is about anybody."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.outreach.queries.sessions import public_schedule
from bakhong.people.rules.services import services
from bakhong.places.queries import served_unit
from bakhong.portal.views.pages import render_page
from bakhong.ui.figures import language


@public
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    unit = served_unit(day_of(now))
    lines = [
        (each, [services()[code].name(language()) for code in each.services if code in services()])
        for each in public_schedule(unit, now)
    ]
    return render_page(request, "schedule", unit, lines=lines)
