"""The frame around every desk page: which unit, which day, what may be reached from here, and plain answers to refusals.

A page is a view decorated with `@unit_page("its.permission")` that ends in `page(request, "desk/….html", unit=unit, active="…")`.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import StaffRequest, View, requires
from bakhong.core.days import day_before, day_of, parse_day
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.ids import uuid_of_form
from bakhong.desk.navigation import crumbs, items
from bakhong.places.models import Unit
from bakhong.places.queries import ancestors, contact_of

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class BadQuestion(Refusal):
    """The address asks for something that cannot be read, such as a day that is not in the calendar."""

    status = 400


@dataclass(frozen=True)
class Asked:
    """What the address asks of every page: figures as known on this day, in the boundaries of that day (None: as they were)."""

    on: date
    boundaries: date | None


def now() -> datetime:
    """The one place where the desk asks the clock."""
    return timezone.now()


def today() -> date:
    return day_of(now())


def sent_as(request: StaffRequest) -> UUID | None:
    """The identifier of what the form in hand makes, however often it is sent; None where it carries no key (`{% form_key %}`)."""
    try:
        key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
    said = sorted(
        (name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken"
    )
    return uuid_of_form(key, request.actor.id, json.dumps([request.path, said]))


def standing_day(unit: Unit, on: date) -> date:
    """The day itself, or the nearest one on which the unit stood: a unit that has ended is shown as of its last day."""
    if unit.valid_to and on >= unit.valid_to:
        return day_before(unit.valid_to)
    return max(on, unit.valid_from) if unit.valid_from else on


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None or not EARLIEST <= day < LATEST:
        raise BadQuestion(
            _("“%(text)s” không phải là một ngày. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 06/05/2025.")
            % {"text": text[:40]}
        )
    return day


def asked(request: HttpRequest) -> Asked:
    """`?on=dd/mm/yyyy&boundaries=dd/mm/yyyy`; today and the unit's own boundaries where they are left out.

    Raises: BadQuestion.
    """
    return Asked(on=_day(request, "on") or today(), boundaries=_day(request, "boundaries"))


def unit_page(permission: str, *, post: str | None = None) -> Callable[[View], View]:
    """A page about the unit its address names (`<uuid:unit>`): the view gets the Unit.

    Without `permission` there it answers 404, as if the unit did not exist. `post` is the further permission for sending the page
    (None: it is only read). Refusals of actions become pages by the middleware of accounts.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: StaffRequest, unit: Unit, **kwargs: Any) -> HttpResponseBase:
            if post and request.method == "POST" and not request.actor.may(post, unit.pk):
                raise NotAllowed(_("Vai trò của bạn chỉ được xem trang này, không được thay đổi."))
            return view(request, unit, **kwargs)

        return requires(permission)(
            require_http_methods(["GET", "HEAD", "POST"] if post else ["GET", "HEAD"])(inner)
        )

    return decorate


def page(
    request: StaffRequest, template: str, *, unit: Unit, active: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Renders a desk page inside the frame: navigation, where we are, the switch to another unit, whom to call."""
    on = today()
    path = [*reversed(ancestors(unit, standing_day(unit, on))), unit]
    context |= {
        "unit": unit,
        "today": on,
        "active": active,
        "nav": items(request, unit, active, on),
        "crumbs": crumbs(request.actor, path, active),
        "switch_url": reverse("desk:units"),
        "unit_contact": _contact(unit, on),
        "sign_out_url": reverse("account_logout"),
        "loading": _loading(),
    }
    return render(request, template, context, status=status)


def _loading() -> dict[str, Any] | None:
    """How far the demo's data are, which are loaded while the site runs already; None once they are there."""
    path = Path(settings.DATA) / "loading.json"
    if not settings.DEMO or not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it went, or is being written
        return None
    return found


def _contact(unit: Unit, on: date) -> dict[str, str]:
    contact = contact_of(unit, on)
    if contact is None:
        return {"unit_name": unit.full_name}
    return {
        "unit_name": unit.full_name,
        "office": contact.unit.full_name,  # of a unit above, where this one has no number of its own
        "phone": contact.phone,
        "person": contact.contact_name,
        "hours": contact.opening_hours,
        "address": contact.address,
    }
