"""Rows about a resident move with them, as those of people do (row-level security reads their village), and forget them with people."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.dispatch import receiver

from bakhong.people.signals import erased, facts_recorded

# What was said of a double lives where the one does who they are; taken apart again, it goes back.
_SAME = """
WITH RECURSIVE same (id, village_id) AS (
    SELECT id, village_id FROM people_person WHERE id = ANY(%(ids)s) AND merged_into_id IS NULL
    UNION SELECT double.id, same.village_id FROM people_person double JOIN same ON double.merged_into_id = same.id
)
"""
# What still matters where they live now. An invitation or a sample stays where it was drawn.
_FOLLOW = ";".join(
    _SAME + each
    for each in (
        """UPDATE outreach_attendance row SET village_id = same.village_id FROM same
 WHERE same.id = row.person_id AND row.village_id <> same.village_id""",
        """UPDATE outreach_beneficiary row SET village_id = same.village_id FROM same
 WHERE same.id = row.person_id AND row.village_id <> same.village_id""",
        """UPDATE outreach_paymentchannel row SET village_id = same.village_id FROM outreach_beneficiary paid, same
 WHERE paid.id = row.beneficiary_id AND same.id = paid.person_id AND row.village_id <> same.village_id""",
    )
)

# Free words that may name somebody. What was done stays, about a person of whom nothing else is known.
_FORGET = """
UPDATE outreach_visit SET note = '', retract_reason = '' WHERE (note <> '' OR retract_reason <> '')
   AND id IN (SELECT visit_id FROM outreach_visitperson WHERE person_id = ANY(%(ids)s));
UPDATE outreach_commitment SET text = '' WHERE person_id = ANY(%(ids)s);
UPDATE outreach_checkin SET name = '', phone_tail = '', birth_year = 0
 WHERE attendance_id IN (SELECT id FROM outreach_attendance WHERE person_id = ANY(%(ids)s));
UPDATE outreach_paymentchannel SET source_detail = ''
 WHERE beneficiary_id IN (SELECT id FROM outreach_beneficiary WHERE person_id = ANY(%(ids)s));
UPDATE outreach_beneficiary SET paid_by = '' WHERE person_id = ANY(%(ids)s);
"""


@receiver(facts_recorded)
def follow_persons(sender: Any, person_ids: Collection[int], **more: Any) -> None:
    """Three statements an action, however many persons it is about."""
    _run(_FOLLOW, person_ids)


@receiver(erased)
def forget_persons(sender: Any, person_ids: Collection[int], **more: Any) -> None:
    """Runs while the deed holds `app.erasing`, without which the triggers refuse."""
    _run(_FORGET, person_ids)


def _run(statements: str, person_ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        for statement in filter(str.strip, statements.split(";")):
            cursor.execute(statement, {"ids": list(person_ids)})
