"""The daily report of a village or commune: what was known on an evening, frozen."""

from django.db import models
from django.db.models import Q

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class DailyReport(models.Model):
    """One issue of a unit's report of a day. Rows are only ever added (a trigger): whoever knows better makes the next issue.

    `content` holds every number and word that was sent (`rules.daily`), `sha256` is of its canonical text; the trail keeps the same hash.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True)
    client_key = models.UUIDField(unique=True)  # the same form sent twice is one issue
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="daily_reports")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()  # 1, then 2 for a second one of the same day
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=80)
    made_by_label = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "day": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "content": Privacy.INTERNAL,  # counts, and a plan that the form asks to keep free of names
        "sha256": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
        "made_by_label": Privacy.PERSONAL,
        "made_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "number"], name="daily_issue_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="daily_number"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.day} ({self.number})"
