"""A person's answers are forgotten with what else is known of them."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from bakhong.core.actor import OPERATOR
from bakhong.eforms.actions.erasing import forget_answers_of
from bakhong.people.signals import erased


@receiver(erased)
def forget_answers(sender: Any, person_ids: Collection[int], **kwargs: Any) -> None:
    forget_answers_of(person_ids, by=OPERATOR, at=timezone.now())
