"""What is read out over the loudspeaker, pasted into chat groups and hung on the wall."""

from django.db import models
from django.db.models import F, Q

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.planned import Planned
from bakhong.places.models import Unit


class Announcement(Planned):
    """For some villages (none: the whole commune), from a day to a day, both included. `accepted` are the warnings its writer stood by."""

    title = models.CharField(max_length=120)
    body = models.TextField()
    villages = models.ManyToManyField(Unit, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    accepted = models.JSONField(default=list)
    withdrawn_at = models.DateTimeField(null=True)

    privacy = Planned.privacy_of_base | {
        "title": Privacy.PUBLIC,
        "body": Privacy.PUBLIC,
        "starts_on": Privacy.PUBLIC,
        "ends_on": Privacy.PUBLIC,
        "accepted": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="announcement_period")
        ]
