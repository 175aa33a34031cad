"""What a provider answers about a request to sign: by calling us, by being asked, once, several times, late or never."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bakhong.core.errors import NotFound
from bakhong.documents import stores
from bakhong.documents.actions import jobs
from bakhong.documents.adapters.signing import pades
from bakhong.documents.adapters.signing.port import Code, Outcome, ProviderProblem, RemoteKey, is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.models import JobState, SigningJob
from bakhong.documents.problems import NotSigned, sentence

_GRACE = timedelta(seconds=60)  # their clock, the network, our queue
_ENDS = {
    Code.EXPIRED: (JobState.EXPIRED, "expired"),
    Code.REJECTED: (JobState.REJECTED, "rejected"),
    Code.KEY_REFUSED: (JobState.FAILED, "key_refused"),
    Code.FAILED: (JobState.FAILED, "failed"),
}


@dataclass(frozen=True)
class Signer:
    """Who asked for the signature, when their answer comes without them (core.actor.Actor)."""

    id: str
    label: str

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


def confirm_job(*, provider: str, transaction_number: str, result: Outcome, at: datetime) -> SigningJob:
    """Take a provider's answer. The first that ends the job counts: the same again, or another after it, changes nothing.

    `transaction_number` is theirs or ours. A signature that does not fit ends the job as failed.

    Raises: NotFound.
    """
    with transaction.atomic():
        job = _locked(provider, transaction_number)
        if job is None:
            raise NotFound(sentence("unreadable"))
        if job.ended_at is None:
            _take(job, result, at)
    return job


def poll_job(*, job: SigningJob, at: datetime) -> SigningJob:
    """Ask the provider how a job stands. Silence changes nothing until the time to confirm is long over."""
    port = providers().get(job.provider)
    if job.ended_at is not None or port is None or not is_remote(port):
        return job
    try:
        result = _asked(port, job)  # type: ignore[arg-type]
    except ProviderProblem:
        result = Outcome(Code.WAITING)
    if result.code == Code.WAITING and at > job.expires_at + _GRACE:
        result = Outcome(Code.EXPIRED)
    return confirm_job(provider=job.provider, transaction_number=job.uuid.hex, result=result, at=at)


def _asked(port: RemoteKey, job: SigningJob) -> Outcome:
    return port.status(job.transaction) if job.transaction else Outcome(Code.WAITING)


def _locked(provider: str, number: str) -> SigningJob | None:
    all_jobs = SigningJob.objects.select_for_update().filter(provider=provider)
    is_plain = bool(number) and number.isascii() and number.isprintable()
    found = all_jobs.filter(transaction=number).first() if is_plain else None
    if found is None and (ours := _uuid(number)):
        found = all_jobs.filter(uuid=ours).first()
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _take(job: SigningJob, result: Outcome, at: datetime) -> None:
    by = Signer(job.signer, job.signer_name)
    if result.code == Code.WAITING:
        return
    if result.code != Code.SIGNED:
        state, problem = _ENDS[result.code]
        jobs.fail(job, problem, at, by=by, state=state, code=int(result.code))
        return
    try:
        with transaction.atomic():
            jobs.put_together(job, _kept(job), result.signatures, by, at)
            jobs.end(job, JobState.SIGNED, at, code=int(Code.SIGNED))
    except NotSigned as problem:
        jobs.fail(job, problem.code, at, by=by, code=int(Code.SIGNED))


def _kept(job: SigningJob) -> dict[str, pades.Prepared]:
    return {
        line.document: pades.Prepared.unpacked(stores.get(line.prepared), bytes(line.attributes or b""))
        for line in job.lines.all()
    }
