"""The agency's own signature: with which certificate a unit signs beside its officers (“con dấu số”)."""

from django.db import models
from django.db.models import F, Q

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class Seal(models.Model):
    """One unit's choice of a certificate, as `SigningMethod` is a person's. A row is ended, not changed; one stands at a time.

    `since`: what is signed from this moment on is to bear it; a change of provider carries it on. `account` is sealed.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=20)
    account = models.BinaryField()
    since = models.DateTimeField()
    chosen_at = models.DateTimeField()
    chosen_by = models.CharField(max_length=80)  # an actor's id
    ended_at = models.DateTimeField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "provider": Privacy.INTERNAL,
        "account": Privacy.SENSITIVE,
        "since": Privacy.INTERNAL,
        "chosen_at": Privacy.INTERNAL,
        "chosen_by": Privacy.INTERNAL,
        "ended_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(ended_at=None), name="seal_once"),
            models.CheckConstraint(condition=Q(since__lte=F("chosen_at")), name="seal_since"),
        ]
