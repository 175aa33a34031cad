"""Households: made once, joined and left by facts about persons."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.audit import actions as audit
from bakhong.core.actor import Actor
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

    Raises: NotAllowed; Refusal without exactly one head among its members.
    """
    require(EDIT, village.pk, by=by)
    if list(members.values()).count("head") != 1:
        raise Refusal(_("Một hộ có đúng một chủ hộ."))
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
                    true_from=true_from,
                )
                for person, relation in members.items()
            ],
            source=source,
            by=by,
            at=at,
            deed="people.record_fact",
        )
    return household
