"""Rooms below that count working days ask this room for its calendar."""

from datetime import date, timedelta
from typing import Any

from django.dispatch import receiver

from bakhong.people.signals import working_days_asked
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for


@receiver(working_days_asked)
def on_working_days_asked(place_id: int, first: date, last: date, **_sent: Any) -> frozenset[date]:
    """The working days of a place between two days, both included."""
    calendar = calendar_for(Unit.objects.get(pk=place_id), first, last)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return frozenset(day for day in days if calendar.counts(day))
