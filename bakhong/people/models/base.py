"""What the tables of this room share: people hang on a village, and every list starts with whose village it is."""

from typing import Any, Self

from django.db import models

from bakhong.core.actor import Actor
from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.people.scope import villages_of
from bakhong.places.models import Unit


class AreaQuerySet(models.QuerySet[Any]):
    def for_user(self, actor: Actor) -> Self:
        """Only what lies where the actor may see people."""
        villages = villages_of(actor)
        return self if villages is None else self.filter(village_id__in=villages)


class OfAVillage(models.Model):
    """A row about people of one village (or of a commune, where the village is not known). Row-level security reads `village_id`."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    objects = AreaQuerySet.as_manager()
    privacy_of_base = {"id": Privacy.INTERNAL, "uuid": Privacy.INTERNAL, "village": Privacy.PERSONAL}

    class Meta:
        abstract = True
