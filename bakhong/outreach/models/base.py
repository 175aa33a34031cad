"""What the tables of this room share. Rows about residents hang on a village (`people.models.OfAVillage`) behind row-level security;
rows about the work itself (teams, campaigns) hang on a unit and are seen where the work is seen."""

from typing import Any, Self

from django.db import models

from bakhong.accounts.permissions import StaffActor, covered_ids, covering_ids
from bakhong.core.actor import Actor, Operator
from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


def units_seen(actor: Actor) -> frozenset[int] | None:
    """The units whose teams and campaigns this actor may see: what they cover, and what covers them, because a team of the commune
    serves the village. None: everywhere (the operator)."""
    if isinstance(actor, Operator):
        return None
    if not isinstance(actor, StaffActor):
        return frozenset()
    known: frozenset[int] | None = actor.__dict__.get("_outreach_units")
    if known is None:
        places = actor.places_where("outreach.view") | actor.places_where("outreach.claims")
        above = [covering_ids(place, actor.on) for place in places]
        known = frozenset(covered_ids(places, actor.on) if places else ()).union(*above)
        actor.__dict__["_outreach_units"] = known
    return known


class PlaceQuerySet(models.QuerySet[Any]):
    def for_user(self, actor: Actor) -> Self:
        """Only what belongs to units whose campaign the actor may see."""
        units = units_seen(actor)
        return self if units is None else self.filter(unit_id__in=units)


class OfAPlace(models.Model):
    """A row about the campaign's own work at a unit, mostly a commune. It tells nothing about a resident."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    objects = PlaceQuerySet.as_manager()
    privacy_of_base = {"id": Privacy.INTERNAL, "uuid": Privacy.INTERNAL, "unit": Privacy.INTERNAL}

    class Meta:
        abstract = True
