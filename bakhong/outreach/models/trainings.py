"""Trainings, who was there, and what people typed on the attendance page."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.planned import Planned
from bakhong.people.models import Adoption, OfAVillage, Person
from bakhong.places.models import Unit


class Training(Planned):
    """`place` is the village it is held in (or the commune). `token` opens the attendance page while the training lasts; nothing else."""

    title = models.CharField(max_length=200)
    services = models.JSONField(default=list)  # codes: what was taught, and what its effect is measured by
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    venue = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    trainer = models.CharField(max_length=120)
    token = models.CharField(max_length=40, unique=True)
    cancelled_at = models.DateTimeField(null=True)

    privacy = Planned.privacy_of_base | {
        "title": Privacy.PUBLIC,
        "services": Privacy.PUBLIC,
        "place": Privacy.PUBLIC,
        "venue": Privacy.PUBLIC,
        "starts_at": Privacy.PUBLIC,
        "ends_at": Privacy.PUBLIC,
        "trainer": Privacy.PERSONAL,
        "token": Privacy.SENSITIVE,
        "cancelled_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_period")
        ]
        indexes = [models.Index(fields=["unit", "-starts_at"], name="training_list")]


class Attended(models.TextChoices):
    CODE = "code", _("tự điểm danh bằng mã QR")
    LIST = "list", _("người hướng dẫn đánh dấu")


class Attendance(OfAVillage):
    """Somebody was there. `withdrawn_at`: ticked by mistake; ticking again takes that back. `adoption` is the fact it made."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    how = models.CharField(max_length=4, choices=Attended)
    adoption = models.ForeignKey(Adoption, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    privacy = OfAVillage.privacy_of_base | {
        "training": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "how": Privacy.INTERNAL,
        "adoption": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
        "withdrawn_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["training", "person"], name="attendance_once")]


class CheckIn(OfAVillage):
    """What somebody typed on the attendance page. It is looked up in the roll by a member of staff later, never by the page itself.

    `key` is a keyed digest of the entry, so that the same one sent twice is one row. `attendance`: whom it was; `is_dismissed`: nobody.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="checkins")
    name = models.CharField(max_length=120)
    birth_year = models.SmallIntegerField()
    phone_tail = models.CharField(max_length=4)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, null=True, related_name="checkins")
    is_dismissed = models.BooleanField(default=False)

    privacy = OfAVillage.privacy_of_base | {
        "training": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "birth_year": Privacy.PERSONAL,
        "phone_tail": Privacy.PERSONAL,
        "key": Privacy.INTERNAL,
        "at": Privacy.INTERNAL,
        "attendance": Privacy.INTERNAL,
        "is_dismissed": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["training", "key"], name="checkin_once"),
            models.CheckConstraint(
                condition=Q(attendance=None) | Q(is_dismissed=False), name="checkin_known_or_dismissed"
            ),
        ]
