"""Residents' pages: each answers one question, in one response, without JavaScript and without signing in."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bakhong.accounts.access import public
from bakhong.core.days import day_of
from bakhong.core.text import squeeze
from bakhong.indicators.queries.public import PublicNo, public_figures, three_noes
from bakhong.places.models import Level, Unit
from bakhong.places.queries import contact_of, find_units, in_boundaries, is_within, served_unit

KEPT_SECONDS = 60
_CODE = re.compile(r"[\w.-]{1,40}", re.ASCII)
LAST_DAY_BEFORE = date(2025, 6, 30)  # communes were re-drawn on 1 July 2025


@dataclass(frozen=True)
class Found:
    """A commune, and the former one whose name was typed."""

    unit: Unit
    former: Unit | None = None


def _here() -> tuple[Unit, date]:
    """The unit this installation serves, and today."""
    on = day_of(timezone.now())
    return served_unit(on), on


def render_page(request: HttpRequest, template: str, unit: Unit, **context: Any) -> HttpResponse:
    """Whom to call stands on every page."""
    contact = contact_of(unit, day_of(timezone.now()))
    context |= {
        "unit": unit,
        "contact": contact,
        "unit_contact": {
            "unit_name": unit.full_name,
            "phone": contact.phone if contact else "",
            "person": contact.contact_name if contact else "",
            "hours": contact.opening_hours if contact else "",
            "address": contact.address if contact else "",
        },
    }
    return render(request, f"portal/{template}.html", context)


def _noes(unit: Unit, on: date, limit: int | None) -> tuple[PublicNo, ...]:
    """Kept for a minute: a crowd on the front page must not become a crowd on the database."""
    key = f"portal.noes.{unit.pk}.{on}.{limit}.{get_language()}"
    found: tuple[PublicNo, ...] | None = cache.get(key)
    if found is None:
        found = three_noes(unit, on=on, limit=limit)
        if any(no.figures for no in found):  # the first figures show at once
            cache.set(key, found, KEPT_SECONDS)
    return found


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    unit, on = _here()
    return render_page(request, "front", unit, noes=_noes(unit, on, 3))


@public
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    return render_page(request, "papers", _here()[0])


@public
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """Find the commune one lives in, also by the name it had before it was merged."""
    unit, on = _here()
    text = squeeze(request.GET.get("ten", "").replace("\x00", " "))[:60]
    found = [Found(commune) for commune in find_units(text, on, within=unit, level=Level.COMMUNE)]
    shown = {row.unit.pk for row in found}
    for former in find_units(text, LAST_DAY_BEFORE, within=unit, level=Level.COMMUNE):
        for part in in_boundaries(former, on).parts:
            if part.unit.pk not in shown or former.name != part.unit.name:
                found.append(Found(part.unit, former))
    wanted = request.GET.get("thu-tuc", "")  # a procedure waits for its commune
    if not _CODE.fullmatch(wanted):
        wanted = ""
    return render_page(request, "communes", unit, text=text, found=found, wanted=wanted)


@public
@require_safe
def commune(request: HttpRequest, unit: UUID) -> HttpResponse:
    served, on = _here()
    found = Unit.objects.filter(uuid=unit, level=Level.COMMUNE, valid_to=None).first()
    if found is None or not (found == served or is_within(found.pk, served.pk, on)):
        raise Http404
    return render_page(request, "commune", found, figures=public_figures(found, on=on))


@public
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    unit, on = _here()
    return render_page(request, "figures", unit, noes=_noes(unit, on, None))
