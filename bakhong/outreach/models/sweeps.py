"""The frozen order of a sweep, the printed sheets that follow it, and the notices left at the door."""

from django.db import models
from django.db.models import Q

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.base import OfAPlace
from bakhong.outreach.models.choices import PartOfDay
from bakhong.outreach.models.teams import Campaign, Team
from bakhong.people.models import Household, OfAVillage


class SweepPlan(OfAPlace):
    """The order of villages and households, hardest first, as it stood on a day. Frozen: planning again makes another one."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="plans")
    on = models.DateField()
    services = models.JSONField(default=list)
    weights = models.JSONField(default=dict)  # part → weight, as used
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    privacy = OfAPlace.privacy_of_base | {
        "campaign": Privacy.INTERNAL,
        "on": Privacy.INTERNAL,
        "services": Privacy.INTERNAL,
        "weights": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }


class SweepItem(OfAVillage):
    """A village (`household` None) or a household in it, with its place in the order and why.

    `score` 0–100. `parts`: `[{"code", "value", "weight", "points", "of", "all"}]`, numbers as text. `missing`: people × services
    still to do.
    """

    plan = models.ForeignKey(SweepPlan, on_delete=models.CASCADE, related_name="items")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    rank = models.IntegerField()
    score = models.DecimalField(max_digits=6, decimal_places=2)
    parts = models.JSONField(default=list)
    missing = models.IntegerField()
    people = models.IntegerField()
    best_time = models.CharField(max_length=10, blank=True, choices=PartOfDay)

    privacy = OfAVillage.privacy_of_base | {
        "plan": Privacy.INTERNAL,
        "household": Privacy.PERSONAL,
        "rank": Privacy.PERSONAL,
        "score": Privacy.PERSONAL,
        "parts": Privacy.PERSONAL,
        "missing": Privacy.PERSONAL,
        "people": Privacy.PERSONAL,
        "best_time": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "village", "household"], nulls_distinct=False, name="sweep_item_once"
            ),
            models.CheckConstraint(condition=Q(score__range=(0, 100)), name="sweep_item_score"),
        ]
        indexes = [models.Index(fields=["plan", "village", "rank"], name="sweep_item_order")]


class Sheet(OfAVillage):
    """A printed sheet of one village: `code` stands on it, and each row is one visit to one household."""

    plan = models.ForeignKey(SweepPlan, on_delete=models.PROTECT, null=True, related_name="sheets")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="sheets")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=8, unique=True)  # random, without letters that look alike
    services = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    privacy = OfAVillage.privacy_of_base | {
        "plan": Privacy.INTERNAL,
        "campaign": Privacy.INTERNAL,
        "team": Privacy.INTERNAL,
        "code": Privacy.INTERNAL,
        "services": Privacy.INTERNAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }


class SheetRow(OfAVillage):
    """`missing`: `{person's uuid: [codes of services]}` as printed, so that the ticks mean the same when typed back."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    number = models.SmallIntegerField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    missing = models.JSONField(default=dict)

    privacy = OfAVillage.privacy_of_base | {
        "sheet": Privacy.INTERNAL,
        "number": Privacy.INTERNAL,
        "household": Privacy.PERSONAL,
        "missing": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_number"),
            models.UniqueConstraint(fields=["sheet", "household"], name="sheet_row_household"),
        ]


class Notice(OfAVillage):
    """Says who will come when. Residents call the commune and read `code` to know that the team is real."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=8, unique=True)
    planned_on = models.DateField()
    part_of_day = models.CharField(max_length=10, choices=PartOfDay)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    privacy = OfAVillage.privacy_of_base | {
        "household": Privacy.PERSONAL,
        "team": Privacy.INTERNAL,
        "campaign": Privacy.INTERNAL,
        "code": Privacy.INTERNAL,
        "planned_on": Privacy.PERSONAL,
        "part_of_day": Privacy.PERSONAL,
        "made_at": Privacy.INTERNAL,
        "made_by": Privacy.INTERNAL,
    }
