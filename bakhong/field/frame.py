"""The frame around the team's pages: who may open them, what is in the bar, whom to call."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import StaffRequest, View, requires
from bakhong.accounts.frame import contact
from bakhong.core.days import day_of
from bakhong.places.models import Unit
from bakhong.places.queries import served_unit

PERMISSION = "outreach.visit"

_PAGES = (
    ("home", _("Hôm nay")),
    ("search", _("Tìm nhà")),
    ("absent", _("Đi vắng")),
    ("log", _("Đã làm")),
)


def now() -> datetime:
    """The one place where the field's pages ask the clock."""
    return timezone.now()


def today() -> date:
    return day_of(now())


def field_page(*methods: str) -> Callable[[View], View]:
    """A page for whoever may visit somewhere. Which village it is about, the view finds out and answers 404 for all others."""

    def decorate(view: View) -> View:
        allowed = require_http_methods(["GET", "HEAD", *methods])(view)
        return requires(PERMISSION, anywhere=True)(allowed)

    return decorate


def page(
    request: StaffRequest,
    template: str,
    *,
    active: str = "",
    unit: Unit | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """`unit`: whose telephone number stands at the foot of the page."""
    on = today()
    context |= {
        "today": on,
        "nav": [
            {"url": reverse(f"field:{name}"), "label": label, "current": name == active}
            for name, label in _PAGES
        ],
        "unit_contact": contact(unit or served_unit(on), on),
    }
    return render(request, f"field/{template}.html", context, status=status)


def entrance_page(
    request: HttpRequest, template: str, *, unit: Unit | None, status: int = 200, **context: Any
) -> HttpResponse:
    """A page before anybody has signed in."""
    on = today()
    context["unit_contact"] = contact(unit or served_unit(on), on)
    return render(request, f"field/{template}.html", context, status=status)
