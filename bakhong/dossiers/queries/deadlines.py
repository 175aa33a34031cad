"""Dossiers near their limit, and past it. The clock of one that waits for the resident stands still."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from bakhong.dossiers.models import Dossier, State

RUNNING = (State.RECEIVED, State.IN_PROGRESS, State.APPROVED)
_AHEAD = timedelta(days=12)  # no warning comes earlier than this before the moment


def soon_due(at: datetime) -> QuerySet[Dossier]:
    """Not late yet, and due within days."""
    return (
        Dossier.objects.filter(state__in=RUNNING, due_at__gt=at, due_at__lte=at + _AHEAD)
        .select_related("village")
        .order_by("due_at", "id")
    )


def overdue(at: datetime) -> QuerySet[Dossier]:
    return (
        Dossier.objects.filter(state__in=RUNNING, due_at__lte=at)
        .select_related("village")
        .order_by("due_at", "id")
    )
