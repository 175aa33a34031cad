"""What the things a commune plans have in common: whose they are, who made them, and the form they came from."""

from django.db import models

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.base import OfAPlace


class Planned(OfAPlace):
    """`client_key`: a form sent twice is one row."""

    client_key = models.UUIDField(unique=True)
    created_by = models.CharField(max_length=80)  # an actor's id
    created_by_label = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    privacy_of_base = OfAPlace.privacy_of_base | {
        "client_key": Privacy.INTERNAL,
        "created_by": Privacy.INTERNAL,
        "created_by_label": Privacy.PERSONAL,
        "created_at": Privacy.INTERNAL,
    }

    class Meta:
        abstract = True
