"""The audit trail of a unit, in words."""

from datetime import datetime, time, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bakhong.accounts.access import StaffRequest, requires
from bakhong.accounts.forms import TrailForm
from bakhong.accounts.frame import page
from bakhong.accounts.permissions import covered_ids
from bakhong.accounts.queries import labels_of
from bakhong.audit.queries import events_at
from bakhong.core.actor import OPERATOR
from bakhong.core.days import VIET_NAM, day_of
from bakhong.places.models import Level, Unit

_PER_PAGE = 50


def words() -> dict[str, Any]:
    """{deed: its name} of every room: each says its own in `deeds.py`."""
    return _words("WORDS")


def kinds() -> dict[str, Any]:
    """{kind of object: its name} of every room."""
    return _words("KINDS")


@cache
def _words(table: str) -> dict[str, Any]:
    """One table, WORDS of deeds or KINDS of objects, of all rooms together."""
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("bakhong.") and find_spec(f"{config.name}.deeds"):
            found |= getattr(import_module(f"{config.name}.deeds"), table, {})
    return found


@requires("audit.view")
@require_GET
def trail(request: StaffRequest, unit: Unit) -> HttpResponse:
    known = words()
    form = TrailForm(request.GET or None, deeds=known)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    events = events_at(
        covered_ids([unit.pk], day_of(timezone.now())),
        # What belongs to no place (signing in, loading data) is the province's to see.
        with_placeless=unit.level == Level.PROVINCE,
        since=_midnight(asked.get("since")),
        until=_midnight(asked.get("until"), days=1),
        deed=asked.get("deed") or "",
        actor_id=request.GET.get("actor", "")[:80].replace("\x00", ""),
    )
    shown = Paginator(events, _PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "accounts/trail.html",
        unit=unit,
        active="trail",
        form=form,
        shown=shown,
        lines=_lines(shown, known),
    )


def _midnight(day: Any, days: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=days), time(), VIET_NAM) if day else None


def _lines(events: Any, known: dict[str, Any]) -> list[dict[str, Any]]:
    events = list(events)
    labels = labels_of({event.actor_id for event in events}) | {OPERATOR.id: OPERATOR.label}
    places = Unit.objects.in_bulk({event.place_id for event in events if event.place_id})
    return [
        {
            "event": event,
            "deed": known.get(event.deed, event.deed),
            "actor": labels.get(event.actor_id, event.actor_id),
            "place": places.get(event.place_id),
            "kind": kinds().get(event.object_kind, ""),
        }
        for event in events
    ]
