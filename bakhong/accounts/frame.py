"""The frame around this room's pages about a unit."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of

_PAGES = (
    ("people", "accounts.view", _lazy("Người và vai trò")),
    ("phones", "accounts.view", _lazy("Thẻ cho thành viên tổ")),
    ("roster", "roster.view", _lazy("Cán bộ và chứng thư số")),
    ("trail", "audit.view", _lazy("Nhật ký")),
)


def page(
    request: StaffRequest, template: str, *, unit: Unit, active: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about a unit: navigation between this room's pages that the person may open, and whom to call."""
    today = day_of(timezone.now())
    context |= {
        "unit": unit,
        "today": today,
        "nav": [
            {"url": "/desk/", "label": _("Bàn làm việc"), "current": False},
            *_nav(request, unit, active),
        ],
        "unit_contact": contact(unit, today),
    }
    return render(request, template, context, status=status)


def contact(unit: Unit, on: date) -> dict[str, str]:
    """Whom to call, for the foot of a page."""
    found = contact_of(unit, on)
    return {
        "unit_name": unit.full_name,
        "phone": found.phone if found else "",
        "person": found.contact_name if found else "",
    }


def _nav(request: StaffRequest, unit: Unit, active: str) -> list[dict[str, Any]]:
    return [
        {"url": reverse(f"accounts:{name}", args=[unit.uuid]), "label": label, "current": name == active}
        for name, permission, label in _PAGES
        if request.actor.may(permission, unit.pk)
    ]


def language(request: HttpRequest) -> str:
    """The language of the page, "vi" or "en"."""
    return str(getattr(request, "LANGUAGE_CODE", "vi"))[:2]
