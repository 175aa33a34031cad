"""Rows about a resident move with them, as those of people do: row-level security reads their village."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.dispatch import receiver

from bakhong.people.signals import facts_recorded

# What still matters where they live now. An invitation or a sample stays where it was drawn.
_FOLLOW = """
UPDATE outreach_attendance row SET village_id = person.village_id FROM people_person person
 WHERE person.id = row.person_id AND row.person_id = ANY(%(ids)s) AND row.village_id <> person.village_id;
UPDATE outreach_beneficiary row SET village_id = person.village_id FROM people_person person
 WHERE person.id = row.person_id AND row.person_id = ANY(%(ids)s) AND row.village_id <> person.village_id;
UPDATE outreach_paymentchannel row SET village_id = paid.village_id FROM outreach_beneficiary paid
 WHERE paid.id = row.beneficiary_id AND paid.person_id = ANY(%(ids)s) AND row.village_id <> paid.village_id;
"""


@receiver(facts_recorded)
def follow_persons(sender: Any, person_ids: Collection[int], **more: Any) -> None:
    """Three statements an action, however many persons it is about."""
    with connection.cursor() as cursor:
        for statement in filter(str.strip, _FOLLOW.split(";")):
            cursor.execute(statement, {"ids": list(person_ids)})
