"""Requests to sign, and how somebody signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from bakhong.core.actor import Actor
from bakhong.documents.models import SigningJob, SigningMethod
from bakhong.documents.problems import sentence
from bakhong.documents.sealed import CannotOpen, unseal


def jobs_of(actor: Actor) -> QuerySet[SigningJob]:
    """The actor's own requests, newest first."""
    return SigningJob.objects.filter(signer=actor.id).prefetch_related("lines__file").order_by("-id")


def job_of(actor: Actor, uuid: UUID) -> SigningJob | None:
    """One request of the actor's own; another's does not exist."""
    return jobs_of(actor).filter(uuid=uuid).first()


def open_jobs() -> Sequence[SigningJob]:
    """All requests that wait for an answer, the oldest first."""
    return list(SigningJob.objects.filter(ended_at=None).order_by("expires_at"))


def problem_of(job: SigningJob) -> str:
    """Why it came to nothing, in a plain sentence; empty while it may still come, and when it was signed."""
    return sentence(job.problem) if job.problem else ""


@dataclass(frozen=True)
class Method:
    """How somebody signs. `account` is shown to themselves only."""

    provider: str
    account: str
    is_preferred: bool
    changed_at: datetime


def methods_of(actor: Actor) -> list[Method]:
    """The ways the actor set up, the preferred one first."""
    rows = SigningMethod.objects.filter(signer=actor.id).order_by("-is_preferred", "provider")
    return [Method(row.provider, _account(row), row.is_preferred, row.changed_at) for row in rows]


def _account(row: SigningMethod) -> str:
    if not row.account:
        return ""
    try:
        return unseal(row.account, f"signing_method:{row.uuid}").decode()
    except CannotOpen:
        return ""
