"""What this room hears: a fact about people changes what their places count, in the fact's own transaction."""

from typing import Any

from django.dispatch import receiver

from bakhong.indicators.actions.recompute import count_again, households_ever_of, those_shown_for
from bakhong.people.signals import facts_recorded, subjects_recorded


@receiver(facts_recorded)
def _about_people(*, person_ids: list[int], **_given: Any) -> None:
    people = those_shown_for(person_ids)
    count_again(kind="person", ids=people)
    # A household counts while somebody known belongs to it.
    count_again(kind="household", ids=households_ever_of(people))


@receiver(subjects_recorded)
def _about_others(*, kind: str, ids: list[int], **_given: Any) -> None:
    count_again(kind=kind, ids=ids)
