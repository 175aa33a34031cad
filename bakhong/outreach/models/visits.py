"""Visits to households: who was met, what was done for whom and with whose phone, and what was promised."""

from django.db import models
from django.db.models import F, Q

from bakhong.core.privacy import Privacy
from bakhong.outreach.models.choices import Outcome, PartOfDay, Result, SignedHow, WhosePhone
from bakhong.outreach.models.sweeps import Sheet
from bakhong.outreach.models.teams import Campaign, Team, TeamMember
from bakhong.people.models import Consent, Household, OfAVillage, Person


class Visit(OfAVillage):
    """One call at one household (or at people without a recorded household). Only its retraction is ever added to it (a trigger).

    `client_key` comes from whoever records it: the same visit sent again is the same row. `content_hash` tells a repetition from a
    different visit under the same key.
    """

    client_key = models.UUIDField(unique=True)
    content_hash = models.CharField(max_length=64)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, related_name="visits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="visits")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="visits")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, related_name="visits")
    visited_on = models.DateField()
    part_of_day = models.CharField(max_length=10, choices=PartOfDay)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.CharField(max_length=500, blank=True)
    next_on = models.DateField(null=True)
    next_part = models.CharField(max_length=10, blank=True, choices=PartOfDay)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.CharField(max_length=80, blank=True)
    retract_reason = models.CharField(max_length=300, blank=True)

    privacy = OfAVillage.privacy_of_base | {
        "client_key": Privacy.INTERNAL,
        "content_hash": Privacy.INTERNAL,
        "campaign": Privacy.INTERNAL,
        "team": Privacy.INTERNAL,
        "household": Privacy.PERSONAL,
        "sheet": Privacy.INTERNAL,
        "visited_on": Privacy.PERSONAL,
        "part_of_day": Privacy.PERSONAL,
        "outcome": Privacy.PERSONAL,
        "note": Privacy.PERSONAL,
        "next_on": Privacy.PERSONAL,
        "next_part": Privacy.PERSONAL,
        "recorded_at": Privacy.INTERNAL,
        "recorded_by": Privacy.INTERNAL,
        "retracted_at": Privacy.INTERNAL,
        "retracted_by": Privacy.INTERNAL,
        "retract_reason": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(next_on__gte=F("visited_on")), name="visit_next_later"
            ),
            models.CheckConstraint(
                condition=Q(retracted_at=None, retracted_by="")
                | (Q(retracted_at__isnull=False) & ~Q(retracted_by="")),
                name="visit_retraction_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["village", "visited_on"], name="visit_village_day"),
            models.Index(fields=["household", "visited_on"], name="visit_household_day"),
        ]


class VisitMember(OfAVillage):
    """Who of the team went: what the claim sheet counts."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="members")
    member = models.ForeignKey(TeamMember, on_delete=models.PROTECT, related_name="visits")

    privacy = OfAVillage.privacy_of_base | {"visit": Privacy.INTERNAL, "member": Privacy.INTERNAL}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "member"], name="visit_member_once")]


class VisitPerson(OfAVillage):
    """A person the visit was about; `was_met` is False for those who were away."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    was_met = models.BooleanField()

    privacy = OfAVillage.privacy_of_base | {
        "visit": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
        "was_met": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="visit_person_once")]


class VisitHelp(OfAVillage):
    """What became of one service for one person. Whose phone received the code is said; the code itself is never stored."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="helps")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="helps")
    service = models.CharField(max_length=40)  # a code of people
    result = models.CharField(max_length=10, choices=Result)
    reason = models.CharField(max_length=40, blank=True)  # a code of people: why not
    provider = models.CharField(max_length=40, blank=True)
    whose_phone = models.CharField(max_length=8, blank=True, choices=WhosePhone)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = OfAVillage.privacy_of_base | {
        "visit": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
        "service": Privacy.PERSONAL,
        "result": Privacy.PERSONAL,
        "reason": Privacy.PERSONAL,
        "provider": Privacy.PERSONAL,
        "whose_phone": Privacy.PERSONAL,
        "consent": Privacy.INTERNAL,
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "person", "service"], name="visit_help_once"),
            # On somebody else's phone only with the resident's word.
            models.CheckConstraint(
                condition=~Q(whose_phone__in=["relative", "officer"])
                | ~Q(result__in=["done", "registered"])
                | Q(consent__isnull=False),
                name="visit_help_consent",
            ),
            models.CheckConstraint(condition=~Q(result="tried") | ~Q(reason=""), name="visit_help_reason"),
        ]


class Commitment(OfAVillage):
    """A household's signed promise: these services by that day. Whether it was kept follows from the facts of adoption."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="commitments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="commitments")
    services = models.JSONField(default=list)
    text = models.CharField(max_length=300)
    signed_on = models.DateField()
    due_on = models.DateField()
    signed_how = models.CharField(max_length=10, choices=SignedHow)

    privacy = OfAVillage.privacy_of_base | {
        "visit": Privacy.INTERNAL,
        "person": Privacy.PERSONAL,
        "services": Privacy.PERSONAL,
        "text": Privacy.PERSONAL,
        "signed_on": Privacy.PERSONAL,
        "due_on": Privacy.PERSONAL,
        "signed_how": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("signed_on")), name="commitment_due_later")
        ]
        indexes = [models.Index(fields=["village", "due_on"], name="commitment_due")]
