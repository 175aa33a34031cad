"""Mobile sessions: the police, a bank or a telecom company comes to a village."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.planned import Planned
from bakhong.people.models import OfAVillage, Person
from bakhong.places.models import Unit


class ProviderKind(models.TextChoices):
    POLICE = "police", _("Công an")
    BANK = "bank", _("Ngân hàng")
    TELECOM = "telecom", _("Doanh nghiệp viễn thông")
    COMMUNE = "commune", _("Cán bộ xã")


class MobileSession(Planned):
    """One provider, one village, one stretch of a day. Its schedule is public, who is invited is not."""

    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    venue = models.CharField(max_length=200)
    provider_kind = models.CharField(max_length=8, choices=ProviderKind)
    provider = models.CharField(max_length=120)
    services = models.JSONField(default=list)  # codes
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    bring = models.CharField(max_length=300, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    privacy = Planned.privacy_of_base | {
        "place": Privacy.PUBLIC,
        "venue": Privacy.PUBLIC,
        "provider_kind": Privacy.PUBLIC,
        "provider": Privacy.PUBLIC,
        "services": Privacy.PUBLIC,
        "starts_at": Privacy.PUBLIC,
        "ends_at": Privacy.PUBLIC,
        "capacity": Privacy.PUBLIC,
        "bring": Privacy.PUBLIC,
        "cancelled_at": Privacy.PUBLIC,
        "cancel_reason": Privacy.PUBLIC,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_period"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="session_capacity"),
        ]
        indexes = [models.Index(fields=["unit", "starts_at"], name="session_list")]


class Invitee(OfAVillage):
    """Somebody asked to come, in the order of the list, with the services they lacked when it was made. `taken_off_at`: not any more."""

    session = models.ForeignKey(MobileSession, on_delete=models.PROTECT, related_name="invitees")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    come_at = models.DateTimeField()
    services = models.JSONField(default=list)
    invited_at = models.DateTimeField()
    taken_off_at = models.DateTimeField(null=True)

    privacy = OfAVillage.privacy_of_base | {
        "session": Privacy.INTERNAL,
        "person": Privacy.INTERNAL,
        "rank": Privacy.INTERNAL,
        "come_at": Privacy.INTERNAL,
        "services": Privacy.PERSONAL,
        "invited_at": Privacy.INTERNAL,
        "taken_off_at": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="invitee_once"),
            models.UniqueConstraint(fields=["session", "rank"], name="invitee_rank"),
        ]
