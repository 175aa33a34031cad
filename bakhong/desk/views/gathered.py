"""What the pages of trainings, sessions, tasks, lists and surveys share."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest

from bakhong.desk.frame import today
from bakhong.people.rules.services import services
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children
from bakhong.ui.figures import Figure, language


def places_of(unit: Unit) -> list[Unit]:
    """Where something can take place: a village, or the villages of a commune and the commune itself.

    Raises: Http404 for other units.
    """
    if unit.level == Level.VILLAGE:
        return [unit]
    if unit.level != Level.COMMUNE:
        raise Http404
    return [*children(unit, today()), unit]


def service_names(codes: Any) -> list[str]:
    return [services()[code].name(language()) for code in codes if code in services()]


def service_name(code: str) -> str:
    return services()[code].name(language()) if code in services() else code


def posted(request: HttpRequest) -> Any:
    """The form's data where it was sent."""
    return request.POST if request.method == "POST" else None


def effect(part: int, whole: int, counted: str) -> Figure:
    """A share with everything a number needs, as of today."""
    return Figure(numerator=part, denominator=whole, counted=counted, on=today(), is_day_of_count=True)


def soon() -> Any:
    """A day a week from now, for a form's first suggestion."""
    return today() + timedelta(days=7)
