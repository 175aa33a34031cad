"""Who is forgotten by people is forgotten here."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bakhong.payments.actions.forgetting import forget_persons
from bakhong.people.signals import erased


@receiver(erased)
def forget_erased(
    sender: Any,
    person_ids: Collection[int],
    names: Collection[str],
    household_ids: Collection[int],
    organisation_ids: Collection[int],
    **more: Any,
) -> None:
    """Runs while the deed holds `app.erasing`, without which the triggers refuse."""
    forget_persons(
        person_ids=person_ids,
        names=names,
        household_ids=household_ids,
        organisation_ids=organisation_ids,
        at=timezone.now(),
    )
