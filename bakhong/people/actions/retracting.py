"""Taking facts back, by new facts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.bulk import insert_many
from bakhong.core.days import day_of
from bakhong.people.actions.adopting import retract_along
from bakhong.people.actions.projecting import project_again
from bakhong.people.actions.recording import as_lists_show, homes_of, tell_households
from bakhong.people.models import Adoption, Fact, Person, Source
from bakhong.people.permissions import EDIT, require
from bakhong.people.queries.retractions import taken_back
from bakhong.people.signals import facts_recorded


def retract_facts(
    *,
    facts: Sequence[Fact],
    by: Actor,
    at: datetime,
    deed: str = "people.retract_fact",
    permission: str = EDIT,
    adoptions: Sequence[Adoption] = (),
) -> tuple[list[Person], list[Person]]:
    """Take facts back by new facts. Returns (people of whom nothing is known any more, people who stand as before).

    Facts taken back already are passed over. `adoptions`: what was said of services of persons besides. Raises: NotAllowed.
    """
    for place_id in {fact.village_id for fact in facts} | {each.village_id for each in adoptions}:
        require(permission, place_id, by=by)
    with transaction.atomic():
        ids = {fact.person_id for fact in facts}
        ids |= {each.person_id for each in adoptions if each.person_id is not None}
        locked = list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        # A retraction of a retraction restores; what a live retraction names is gone already.
        gone = taken_back(Fact, [fact.pk for fact in facts])
        insert_many(
            [
                Fact(
                    person_id=fact.person_id,
                    village_id=fact.village_id,
                    retracts=fact,
                    source=Source.OFFICER,
                    learned_at=at,
                    recorded_by=by.id,
                )
                for fact in facts
                if fact.pk not in gone
            ]
        )
        retract_along(adoptions, by=by, at=at)
        shown = as_lists_show(locked)
        was_known = {person.pk: person.is_known for person in shown}
        homes = homes_of(shown)
        project_again(shown, day_of(at))
        audit.record_many(
            by=by,
            at=at,
            deed=deed,
            object_kind="person",
            objects=[(person.uuid, person.village_id) for person in shown],
        )
        facts_recorded.send(sender=Fact, person_ids=[person.pk for person in shown])
        tell_households([home for _person, home in homes ^ homes_of(shown)])
    removed = [person for person in shown if was_known[person.pk] and not person.is_known]
    return removed, [person for person in shown if person.is_known]
