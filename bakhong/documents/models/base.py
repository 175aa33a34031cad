"""What the walled tables of this room share."""

from typing import Any, Self

from django.db import models

from bakhong.accounts.permissions import StaffActor, covered_ids
from bakhong.core.actor import Actor, Operator
from bakhong.documents.scope import VIEW


class AreaQuerySet(models.QuerySet[Any]):
    def for_user(self, actor: Actor) -> Self:
        """Only what belongs to the area whose dossiers the actor may see; residents' doors look by owner instead."""
        if isinstance(actor, Operator):
            return self
        if not isinstance(actor, StaffActor):
            return self.none()
        return self.filter(village_id__in=covered_ids(actor.places_where(VIEW), actor.on))
