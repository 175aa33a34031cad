"""The tables of this room; every column says how private it is."""

from bakhong.outreach.models.base import OfAPlace, PlaceQuerySet
from bakhong.outreach.models.choices import (
    FINISHED,
    MET,
    Outcome,
    PartOfDay,
    Result,
    SignedHow,
    WhosePhone,
)
from bakhong.outreach.models.claims import Claim, ClaimLine, ClaimState
from bakhong.outreach.models.sweeps import Notice, Sheet, SheetRow, SweepItem, SweepPlan
from bakhong.outreach.models.teams import (
    Campaign,
    CampaignVillage,
    Condition,
    MemberRole,
    Road,
    Team,
    TeamMember,
    TeamVillage,
)
from bakhong.outreach.models.visits import Commitment, Visit, VisitHelp, VisitMember, VisitPerson

__all__ = [
    "FINISHED",
    "MET",
    "Campaign",
    "CampaignVillage",
    "Claim",
    "ClaimLine",
    "ClaimState",
    "Commitment",
    "Condition",
    "MemberRole",
    "Notice",
    "OfAPlace",
    "Outcome",
    "PartOfDay",
    "PlaceQuerySet",
    "Result",
    "Road",
    "Sheet",
    "SheetRow",
    "SignedHow",
    "SweepItem",
    "SweepPlan",
    "Team",
    "TeamMember",
    "TeamVillage",
    "Visit",
    "VisitHelp",
    "VisitMember",
    "VisitPerson",
    "WhosePhone",
]
