"""Households: made once, joined and left by facts about persons."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.core.text import squeeze
from bakhong.people.actions.recording import Saying, learn
from bakhong.people.models import Household, Person, Source
from bakhong.people.permissions import EDIT, require
from bakhong.places.models import Unit


def make_household(
    *,
    village: Unit,
    members: Mapping[Person, str],
    by: Actor,
    at: datetime,
    code: str = "",
    address: str = "",
    true_from: date | None = None,
    source: str = Source.OFFICER,
) -> Household:
    """A household of these persons, each with their relation to its head (`models.Relation`).

    Without a day: always; for who leaves another household for it, from the day it is told, as in `set_members`.

    Raises: NotAllowed; Refusal without exactly one head among its members, or for somebody of another village.
    """
    require(EDIT, village.pk, by=by)
    _check(village.pk, members)
    with transaction.atomic():
        household = Household.objects.create(
            village=village, code=squeeze(code)[:30], address=squeeze(address)[:200]
        )
        audit.record(
            by=by,
            at=at,
            deed="people.make_household",
            object_kind="household",
            object_id=household.uuid,
            place_id=village.pk,
            members=len(members),
        )
        learn(
            sayings=[
                Saying(
                    {"household": str(household.uuid), "relation": relation},
                    person=person,
                    true_from=true_from or (day_of(at) if person.household_id else None),
                )
                for person, relation in members.items()
            ],
            source=source,
            by=by,
            at=at,
            deed="people.record_fact",
        )
    return household


def set_members(
    *,
    household: Household,
    members: Mapping[Person, str],
    by: Actor,
    at: datetime,
    true_from: date | None = None,
    source: str = Source.OFFICER,
) -> list[Person]:
    """From a day on the household is these persons; who was in it and is not named has left. Returns those for whom something changed.

    Without a day: from the day it is told, or it would stand below what a list says of a day.

    Raises: NotAllowed; Refusal without exactly one head, or for somebody of another village.
    """
    require(EDIT, household.village_id, by=by)
    _check(household.village_id, members)
    with transaction.atomic():
        Household.objects.select_for_update().get(pk=household.pk)
        before = {
            person: person.relation
            for person in Person.objects.filter(household=household, is_known=True, merged_into=None)
        }
        wanted = {person: relation for person, relation in members.items() if before.get(person) != relation}
        said = {
            person: {"household": str(household.uuid), "relation": word} for person, word in wanted.items()
        }
        said |= {person: {"household": "", "relation": ""} for person in before if person not in members}
        if not said:
            return []
        return learn(
            sayings=[
                Saying(values, person=person, true_from=true_from or day_of(at))
                for person, values in said.items()
            ],
            source=source,
            by=by,
            at=at,
            deed="people.set_members",
        )


def _check(village_id: int, members: Mapping[Person, str]) -> None:
    if list(members.values()).count("head") != 1:
        raise Refusal(_("Một hộ có đúng một chủ hộ."))
    if any(person.village_id != village_id for person in members):
        raise Refusal(_("Người của một hộ ở cùng một thôn. Hãy ghi nơi ở mới của người đó trước."))
