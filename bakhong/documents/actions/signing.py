"""Signing files: at once with a key at hand, or by a request that the signer confirms elsewhere. Many files are one request."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bakhong.core.actor import Actor
from bakhong.core.tasks import enqueue
from bakhong.documents.actions import jobs
from bakhong.documents.adapters.signing.port import KeyAtHand, ProviderProblem, RemoteKey, ToSign, is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.models import File, JobState, SigningJob
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.seals import agency_id
from bakhong.places.models import Unit


def sign_now(
    *,
    files: Sequence[File],
    provider: str,
    secret: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    place: str = "",
    account: str = "",
    named: str = "",
    seal_of: Unit | None = None,
) -> list[File]:
    """Sign PDFs with a key at hand; gives the signed files in the same order, each replacing the one it was made of.

    All are signed or none. `secret` (passphrase, PIN) is used and forgotten. `account` defaults to the actor's own.
    `named`: whom the papers name as their signer, where they do; the certificate must be theirs. `seal_of`: it is this unit's signature
    that the actor puts, not their own (`actions/sealing.py`).

    Raises: NotAllowed, NotSigned.
    """
    port = key_at_hand(provider)
    jobs.refuse(files, by, is_seal=seal_of is not None)
    account = account or account_of(by)
    identity = jobs.identity_at(port, account, at)
    jobs.refuse_stranger(identity, named, by, at)
    with transaction.atomic():
        job = jobs.new_job(
            files, provider, identity, by=by, at=at, account=account, reason=reason, place=place,
            signer=_signer_id(by, seal_of),
        )  # fmt: skip
        prepared = jobs.prepare(job, files, identity, at)
        lines = jobs.lines_of(job, files, prepared, is_kept=False)
        try:
            values = port.sign(account, identity, secret, [each.attributes for each in prepared])
        except ProviderProblem as problem:
            raise NotSigned(problem.code) from None
        names = [line.document for line in lines]
        signed = jobs.put_together(
            job, dict(zip(names, prepared, strict=True)), dict(zip(names, values, strict=True)), by, at
        )
        jobs.end(job, JobState.SIGNED, at)
    return signed


def start_signing(
    *,
    files: Sequence[File],
    provider: str,
    user_id: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    place: str = "",
    serial: str = "",
    named: str = "",
    seal_of: Unit | None = None,
) -> SigningJob:
    """Ask the signer to confirm on their own device; one confirmation for all files. The answer comes to `confirm_job`.

    `user_id`: their account at the provider. `serial` chooses one of several certificates; `named`, `seal_of` as in `sign_now`.
    Call it outside a transaction: the request must be known here before the provider hears of it.

    Raises: NotAllowed, NotSigned.
    """
    port = _remote(provider)
    jobs.refuse(files, by, is_seal=seal_of is not None)
    identity = jobs.identity_at(port, user_id, at, serial)
    jobs.refuse_stranger(identity, named, by, at)
    with transaction.atomic():
        job = jobs.new_job(
            files, provider, identity, by=by, at=at, account=user_id, reason=reason, place=place,
            signer=_signer_id(by, seal_of),
        )  # fmt: skip
        prepared = jobs.prepare(job, files, identity, at)
        lines = jobs.lines_of(job, files, prepared, is_kept=True)
    wanted = [
        ToSign(line.document, line.file.name, each.digest) for line, each in zip(lines, prepared, strict=True)
    ]
    words = reason or _("Ký %d giấy tờ") % len(files)
    try:
        number = port.start(user_id, identity, wanted, ours=job.uuid.hex, words=words, at=at)
    except ProviderProblem as problem:
        with transaction.atomic():
            jobs.fail(job, problem.code, at, by=by)
        raise NotSigned(problem.code) from None
    # The provider may have called us already: then the job has ended, and keeps how it ended.
    SigningJob.objects.filter(pk=job.pk, state=JobState.PENDING).update(
        transaction=number, state=JobState.WAITING
    )
    job.refresh_from_db()
    enqueue("documents.watch", job=str(job.uuid))
    return job


def _signer_id(by: Actor, unit: Unit | None) -> str:
    return agency_id(unit) if unit is not None else by.id


def account_of(by: Actor) -> str:
    """The name of an actor's key file: what follows the kind in their id.

    >>> from bakhong.core.actor import Operator
    >>> account_of(Operator(id="staff:018f-1")), account_of(Operator())
    ('018f-1', 'operator')
    """
    return by.id.rsplit(":", 1)[-1]


def key_at_hand(code: str) -> KeyAtHand:
    """Raises: NotSigned(unknown_provider)."""
    found = providers().get(code)
    if found is None or is_remote(found):
        raise NotSigned("unknown_provider")
    return found  # type: ignore[return-value]


def _remote(code: str) -> RemoteKey:
    found = providers().get(code)
    if found is None or not is_remote(found):
        raise NotSigned("unknown_provider")
    return found  # type: ignore[return-value]
