"""What somebody published, what is being asked of it, and what was done about it. Nothing here is ever overwritten."""

from bakhong.indicators.models.asides import SetAside
from bakhong.indicators.models.counts import Balance, Build, CountSpan, Delta, Kind
from bakhong.indicators.models.daily import DailyReport
from bakhong.indicators.models.figures import Figure, Medium, Qualifier, Report, Retraction, Role, Target
from bakhong.indicators.models.findings import AnswerKind, Finding, FindingAnswer
from bakhong.indicators.models.followups import FollowUp, FollowUpEvent, FollowUpState
from bakhong.indicators.models.periods import ReportingPeriod, Submission, SubmissionEvent, SubmissionState

__all__ = [
    "AnswerKind",
    "Balance",
    "Build",
    "CountSpan",
    "DailyReport",
    "Delta",
    "Figure",
    "Finding",
    "FindingAnswer",
    "FollowUp",
    "FollowUpEvent",
    "FollowUpState",
    "Kind",
    "Medium",
    "Qualifier",
    "Report",
    "ReportingPeriod",
    "Retraction",
    "Role",
    "SetAside",
    "Submission",
    "SubmissionEvent",
    "SubmissionState",
    "Target",
]
