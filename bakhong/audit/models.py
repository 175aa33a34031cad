"""The trail: deeds as append-only events, and the seals that chain them.

Events are inserted in the deed's own transaction and never touched again (triggers refuse). One sealer numbers and hashes committed
events in batches, so that the chain never makes two deeds wait for each other.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy

_INTERNAL = Privacy.INTERNAL


class Event(models.Model):
    """One deed. It never holds a personal value: objects are named by kind and opaque id."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=80)
    deed = models.CharField(max_length=80)  # "places.merge_villages"
    object_kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=80)
    place_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    privacy = {
        "id": _INTERNAL,
        "uuid": _INTERNAL,
        "at": _INTERNAL,
        "actor_id": _INTERNAL,
        "deed": _INTERNAL,
        "object_kind": _INTERNAL,
        "object_id": _INTERNAL,
        "place_id": _INTERNAL,
        "details": _INTERNAL,
    }

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="audit_event_object"),
            models.Index(fields=["place_id", "at"], name="audit_event_place"),
        ]


class Seal(models.Model):
    """The place of one event in the chain: sha256 over the hash before it and the event's canonical JSON."""

    number = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    privacy = {"number": _INTERNAL, "event": _INTERNAL, "hash": _INTERNAL, "sealed_at": _INTERNAL}
