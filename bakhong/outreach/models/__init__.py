"""The tables of this room; every column says how private it is."""

from bakhong.outreach.models.announcements import Announcement
from bakhong.outreach.models.base import OfAPlace, PlaceQuerySet
from bakhong.outreach.models.beneficiaries import Beneficiary, BenefitKind, Channel, PaymentChannel
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
from bakhong.outreach.models.sessions import Invitee, MobileSession, ProviderKind
from bakhong.outreach.models.surveys import Reply, SampledPerson, Survey, SurveyRound, SurveyStratum, Wave
from bakhong.outreach.models.sweeps import Notice, Sheet, SheetRow, SweepItem, SweepPlan
from bakhong.outreach.models.tasks import CampaignTask, TaskState
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
from bakhong.outreach.models.trainings import Attendance, Attended, CheckIn, Training
from bakhong.outreach.models.visits import Commitment, Visit, VisitHelp, VisitMember, VisitPerson

__all__ = [
    "FINISHED",
    "MET",
    "Announcement",
    "Attendance",
    "Attended",
    "Beneficiary",
    "BenefitKind",
    "Campaign",
    "CampaignTask",
    "CampaignVillage",
    "Channel",
    "CheckIn",
    "Claim",
    "ClaimLine",
    "ClaimState",
    "Commitment",
    "Condition",
    "Invitee",
    "MemberRole",
    "MobileSession",
    "Notice",
    "OfAPlace",
    "Outcome",
    "PartOfDay",
    "PaymentChannel",
    "PlaceQuerySet",
    "ProviderKind",
    "Reply",
    "Result",
    "Road",
    "SampledPerson",
    "Sheet",
    "SheetRow",
    "SignedHow",
    "Survey",
    "SurveyRound",
    "SurveyStratum",
    "SweepItem",
    "SweepPlan",
    "TaskState",
    "Team",
    "TeamMember",
    "TeamVillage",
    "Training",
    "Visit",
    "VisitHelp",
    "VisitMember",
    "VisitPerson",
    "Wave",
    "WhosePhone",
]
