"""Digital teams, who is in them and for which villages; campaigns and the conditions they meet."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bakhong.accounts.models import User
from bakhong.core.ids import new_uuid
from bakhong.core.privacy import Privacy
from bakhong.outreach.models.base import OfAPlace
from bakhong.places.models import Unit

_PERIOD = Q(valid_to=None) | Q(valid_to__gt=F("valid_from"))


class Team(OfAPlace):
    """A community digital team of a commune. Two may bear one name after communes were joined: `continues` says which one it was before."""

    name = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_as")
    decision = models.CharField(max_length=120, blank=True)  # number and day of what set it up
    note = models.CharField(max_length=300, blank=True)

    privacy = OfAPlace.privacy_of_base | {
        "name": Privacy.PUBLIC,
        "valid_from": Privacy.PUBLIC,
        "valid_to": Privacy.PUBLIC,
        "continues": Privacy.INTERNAL,
        "decision": Privacy.PUBLIC,
        "note": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=_PERIOD, name="team_period")]

    def __str__(self) -> str:
        return self.name


class MemberRole(models.TextChoices):
    LEADER = "leader", _("Tổ trưởng")
    DEPUTY = "deputy", _("Tổ phó")
    MEMBER = "member", _("Thành viên")


class TeamMember(models.Model):
    """Somebody of a team for a period; they need no account. `substitutes` names whom they stand in for."""

    uuid = models.UUIDField(default=new_uuid, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    role = models.CharField(max_length=8, choices=MemberRole, default=MemberRole.MEMBER)
    position = models.CharField(
        max_length=120, blank=True
    )  # what they are otherwise: village head, youth union
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    substitutes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="substituted_by"
    )

    privacy = {
        "id": Privacy.INTERNAL,
        "uuid": Privacy.INTERNAL,
        "team": Privacy.INTERNAL,
        "user": Privacy.INTERNAL,
        "name": Privacy.PERSONAL,
        "phone": Privacy.PERSONAL,
        "role": Privacy.INTERNAL,
        "position": Privacy.PERSONAL,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
        "substitutes": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            # Ended on the first day: never was one.
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="team_member_period"
            ),
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(valid_to=None), name="team_member_user_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamVillage(models.Model):
    """The team goes to this village, for a period."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="villages")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    privacy = {
        "id": Privacy.INTERNAL,
        "team": Privacy.INTERNAL,
        "village": Privacy.PUBLIC,
        "valid_from": Privacy.INTERNAL,
        "valid_to": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="team_village_period"
            ),
            models.UniqueConstraint(
                fields=["team", "village"], condition=Q(valid_to=None), name="team_village_once"
            ),
        ]


class Campaign(OfAPlace):
    """Services to bring to villages between two days (both included), by a decision. `services`: codes of `people`."""

    name = models.CharField(max_length=200)
    services = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    decision = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)

    privacy = OfAPlace.privacy_of_base | {
        "name": Privacy.PUBLIC,
        "services": Privacy.PUBLIC,
        "starts_on": Privacy.PUBLIC,
        "ends_on": Privacy.PUBLIC,
        "decision": Privacy.PUBLIC,
        "created_at": Privacy.INTERNAL,
        "created_by": Privacy.INTERNAL,
        "closed_at": Privacy.INTERNAL,
        "closed_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_period"),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignVillage(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="villages")
    village = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    privacy = {"id": Privacy.INTERNAL, "campaign": Privacy.INTERNAL, "village": Privacy.PUBLIC}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "village"], name="campaign_village_once")]


class Road(models.TextChoices):
    CAR = "car", _("Ô tô vào được")
    MOTORBIKE = "motorbike", _("Chỉ xe máy vào được")
    FOOT = "foot", _("Phải đi bộ hoặc đi thuyền")


class Condition(OfAPlace):
    """What it is like to work in a village, as somebody saw it on a day; the latest holds. `unit` is the village.

    `signal`: 0 no mobile data … 4 good everywhere. `distance_km`: from the commune's office.
    """

    on = models.DateField()
    signal = models.SmallIntegerField(null=True)
    distance_km = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    base_stations = models.SmallIntegerField(null=True)
    road = models.CharField(max_length=10, blank=True, choices=Road)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    privacy = OfAPlace.privacy_of_base | {
        "on": Privacy.PUBLIC,
        "signal": Privacy.PUBLIC,
        "distance_km": Privacy.PUBLIC,
        "base_stations": Privacy.PUBLIC,
        "road": Privacy.PUBLIC,
        "note": Privacy.INTERNAL,
        "source": Privacy.INTERNAL,
        "recorded_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signal=None) | Q(signal__range=(0, 4)), name="condition_signal"
            ),
            models.CheckConstraint(
                condition=Q(distance_km=None) | Q(distance_km__range=(0, 500)), name="condition_distance"
            ),
            models.CheckConstraint(
                condition=Q(base_stations=None) | Q(base_stations__gte=0), name="condition_stations"
            ),
        ]
