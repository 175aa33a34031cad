"""What was ordered about a number: a task given to someone, with a day, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.places.models import Unit


class FollowUpState(models.TextChoices):
    OPEN = "open", _("mới giao")
    STARTED = "started", _("đang làm")
    DONE = "done", _("đã xong")
    CANCELLED = "cancelled", _("đã huỷ")


class FollowUp(models.Model):
    uuid = models.UUIDField(default=new_uuid, unique=True)
    client_key = models.UUIDField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="followups")
    indicator = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="followups"
    )
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    created_by = models.CharField(max_length=80)
    created_by_label = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "client_key": Privacy.INTERNAL,
        "unit": Privacy.INTERNAL,
        "indicator": Privacy.INTERNAL,
        "title": Privacy.PERSONAL,
        "detail": Privacy.PERSONAL,
        "assigned_to": Privacy.INTERNAL,
        "due_on": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "created_by": Privacy.INTERNAL,
        "created_by_label": Privacy.PERSONAL,
        "created_at": Privacy.INTERNAL,
    }

    class Meta:
        indexes = [models.Index(fields=["assigned_to", "state", "due_on"], name="followup_assignee")]


class FollowUpEvent(models.Model):
    followup = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=FollowUpState)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=80)
    by_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    privacy = {
        "id": Privacy.INTERNAL,
        "followup": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "text": Privacy.PERSONAL,
        "by": Privacy.INTERNAL,
        "by_label": Privacy.PERSONAL,
        "at": Privacy.INTERNAL,
    }
