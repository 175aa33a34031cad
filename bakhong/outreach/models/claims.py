"""What a team is paid for a month, from its visit log."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.base import OfAPlace
from bakhong.outreach.models.teams import Team, TeamMember


class ClaimState(models.TextChoices):
    DRAFT = "draft", _("Đang lập")
    APPROVED = "approved", _("Đã duyệt")


class Claim(OfAPlace):
    """A team's claim sheet for a month (its first day). Amounts in đồng. Nothing of an approved one changes (a trigger)."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="claims")
    month = models.DateField()
    team_amount = models.IntegerField()  # for the team and the month
    day_amount = models.IntegerField()  # for each member and day
    basis = models.CharField(max_length=300)  # the decision that sets the amounts
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    approver_name = models.CharField(max_length=120, blank=True)

    privacy = OfAPlace.privacy_of_base | {
        "team": Privacy.INTERNAL,
        "month": Privacy.INTERNAL,
        "team_amount": Privacy.INTERNAL,
        "day_amount": Privacy.INTERNAL,
        "basis": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
        "approved_at": Privacy.INTERNAL,
        "approved_by": Privacy.INTERNAL,
        "approver_name": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "month"], name="claim_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="claim_month_first_day"),
            models.CheckConstraint(
                condition=Q(team_amount__gte=0) & Q(day_amount__gte=0), name="claim_amounts"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", approved_at=None) | Q(state="approved", approved_at__isnull=False),
                name="claim_approved_whole",
            ),
        ]


class ClaimLine(models.Model):
    """One member on one day. `person_key` is the same for one person in two teams, so that nobody is paid twice for a day."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    member = models.ForeignKey(TeamMember, on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=60)
    day = models.DateField()
    visits = models.SmallIntegerField()

    privacy = {
        "id": Privacy.INTERNAL,
        "claim": Privacy.INTERNAL,
        "member": Privacy.INTERNAL,
        "person_key": Privacy.PERSONAL,
        "day": Privacy.INTERNAL,
        "visits": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_key", "day"], name="claim_day_once"),
            models.CheckConstraint(condition=Q(visits__gte=1), name="claim_line_visits"),
        ]
