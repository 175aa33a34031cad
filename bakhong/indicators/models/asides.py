"""Printed figures that somebody looked at and left out, so that the next clerk does not wonder about them."""

from django.db import models
from django.db.models import Q

from bakhong.core.privacy import Privacy
from bakhong.indicators.models.figures import Report


class SetAside(models.Model):
    """One place of a report is not to be stored. `key` is the client key its figure would have had."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="asides")
    key = models.UUIDField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # taken up again

    privacy = {
        "id": Privacy.INTERNAL,
        "report": Privacy.INTERNAL,
        "key": Privacy.INTERNAL,
        "by": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"], condition=Q(withdrawn_at=None), name="aside_standing_once"
            )
        ]
