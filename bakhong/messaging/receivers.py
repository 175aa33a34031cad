"""Who is forgotten by people is forgotten here."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bakhong.messaging.actions.forgetting import forget
from bakhong.people.models import Person
from bakhong.people.signals import erased


@receiver(erased)
def forget_persons(sender: Any, person_ids: Collection[int], **more: Any) -> None:
    """Runs while the deed holds `app.erasing`, without which the trigger refuses."""
    uuids = Person.objects.filter(pk__in=person_ids).values_list("uuid", flat=True)
    forget(persons=list(uuids), at=timezone.now())
