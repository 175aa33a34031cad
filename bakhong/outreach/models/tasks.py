"""Tasks of mass organisations and supervising leaders in a campaign."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.planned import Planned
from bakhong.places.models import Unit


class TaskState(models.TextChoices):
    OPEN = "open", _("đang làm")
    DONE = "done", _("đã xong")
    CANCELLED = "cancelled", _("đã huỷ")


class CampaignTask(Planned):
    """What `body` ("Hội Phụ nữ") or one person is to bring about at `place` by a day.

    Where it can be counted: so many (`wanted`) people, households or shops there have `service`; `had` is how many had it at first.
    """

    title = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    body = models.CharField(max_length=120, blank=True)
    role = models.CharField(
        max_length=40, blank=True
    )  # a code of accounts.rules.roles: everybody who holds it there
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="campaign_tasks"
    )
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40, blank=True)
    wanted = models.PositiveIntegerField(null=True)
    had = models.PositiveIntegerField(null=True)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    result = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True)
    moved_by_label = models.CharField(max_length=120, blank=True)

    privacy = Planned.privacy_of_base | {
        "title": Privacy.PERSONAL,
        "detail": Privacy.PERSONAL,
        "body": Privacy.INTERNAL,
        "role": Privacy.INTERNAL,
        "assigned_to": Privacy.INTERNAL,
        "place": Privacy.INTERNAL,
        "service": Privacy.INTERNAL,
        "wanted": Privacy.INTERNAL,
        "had": Privacy.INTERNAL,
        "due_on": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "result": Privacy.PERSONAL,
        "moved_at": Privacy.INTERNAL,
        "moved_by_label": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(service="", wanted=None, had=None)
                | (~Q(service="") & Q(wanted__gt=0, had__isnull=False)),
                name="task_counted_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(role="") | Q(assigned_to__isnull=False), name="task_is_somebodys"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="task_due")]
