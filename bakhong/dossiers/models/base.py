"""What the tables of this room share: a dossier belongs to a commune, and is seen where its work is seen."""

from typing import Self

from django.db import models

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator
from bakhong.core.privacy import Privacy
from bakhong.people.models import OfAVillage, Person
from bakhong.people.models.base import AreaQuerySet

VIEW = "dossiers.view"


def units_seen(actor: Actor) -> frozenset[int] | None:
    """The units whose dossiers this actor may see, former ones of the area too. None: everywhere (the operator)."""
    if isinstance(actor, Operator):
        return None
    if not isinstance(actor, StaffActor):
        return frozenset()
    known: frozenset[int] | None = actor.__dict__.get("_dossiers_units")
    if known is None:
        places = actor.places_where(VIEW)
        known = covered_ids(places, actor.on) if places else frozenset()
        actor.__dict__["_dossiers_units"] = known
    return known


class CaseQuerySet(AreaQuerySet):
    def for_user(self, actor: Actor) -> Self:
        """Only dossiers of communes where the actor may see them."""
        units = units_seen(actor)
        return self if units is None else self.filter(village_id__in=units)


class OfACommune(OfAVillage):
    """`village` is the commune that handles the dossier. Row-level security reads it, or the uuid a code opens, or the person."""

    objects = CaseQuerySet.as_manager()  # type: ignore[misc]  # a narrower one

    class Meta:
        abstract = True


class OfADossier(OfACommune):
    """A row of one dossier. `dossier_uuid` and `person` repeat the dossier's, because the wall reads them here."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="%(class)ss")
    dossier_uuid = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    privacy_of_dossier = OfACommune.privacy_of_base | {
        "dossier": Privacy.INTERNAL,
        "dossier_uuid": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
    }

    class Meta:
        abstract = True
