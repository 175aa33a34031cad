"""What every request to sign goes through, whichever way the signature is made."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid5

from django.db import transaction

from bakhong.accounts.queries import may_sign_with
from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict
from bakhong.core.tasks import enqueue
from bakhong.documents import stores
from bakhong.documents.actions.storing import open_file, store_made
from bakhong.documents.adapters.signing import pades
from bakhong.documents.adapters.signing.port import Identity, Provider, ProviderProblem
from bakhong.documents.adapters.signing.registry import time_stamper
from bakhong.documents.adapters.signing.unattended import puts_itself
from bakhong.documents.keeping import PDF
from bakhong.documents.models import File, JobState, Purpose, SigningJob, SigningLine
from bakhong.documents.permissions import SEAL, SIGN, require
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.seals import seal_on
from bakhong.documents.sealed import seal
from bakhong.documents.signals import file_signed, signing_failed

CONFIRM_WITHIN = timedelta(minutes=5)  # SmartCA integration document: state 4001
_RESIDENTS = ("resident:", "holder:")  # ids of actors who sign for themselves
_THEIRS = (Purpose.APPLICATION, Purpose.ATTACHMENT, Purpose.PAPER)
_DOCUMENT_SIGNS = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def refuse(files: Sequence[File], by: Actor, *, is_seal: bool = False) -> None:
    """Staff sign where they may; residents sign what is theirs, which the door has let them open. The agency's seal is a right of its own.

    Raises: NotAllowed, NotSigned(not_pdf | revoked | changed).
    """
    assert files
    for file in files:
        if is_seal:
            require(SEAL, file.village_id, by=by)
        elif not (by.id.startswith(_RESIDENTS) and file.purpose in _THEIRS):
            require(SIGN, file.village_id, by=by)
        if file.media_type != PDF:
            raise NotSigned("not_pdf")
        if file.revoked_at is not None:
            raise NotSigned("revoked")
        if File.objects.filter(replaces=file).exists() or (is_seal and seal_on(file)):
            raise NotSigned("changed")


def identity_at(port: Provider, account: str, at: datetime, serial: str = "") -> Identity:
    """The certificate to sign with: of those in force the one that lasts longest, or the one with this serial number.

    Raises: NotSigned.
    """
    try:
        found = port.identities(account)
    except ProviderProblem as problem:
        raise NotSigned(problem.code) from None
    chosen = [each for each in found if serial in ("", each.serial)]
    if not chosen:
        raise NotSigned("no_certificate")
    valid = [each for each in chosen if each.valid_from <= at <= each.valid_to]
    if not valid:
        raise NotSigned("certificate_period")
    return max(valid, key=lambda each: each.valid_to)


def refuse_stranger(identity: Identity, named: str, by: Actor, at: datetime) -> None:
    """A paper that names its signer bears no one else's certificate; before any telephone rings. "" names nobody.

    Raises: NotSigned.
    """
    if named and not may_sign_with(by, named, identity.serial, identity.issuer, identity.name, day_of(at)):
        raise NotSigned("stranger")


def new_job(
    files: Sequence[File],
    provider: str,
    identity: Identity,
    *,
    by: Actor,
    at: datetime,
    account: str,
    reason: str,
    place: str,
    signer: str,
) -> SigningJob:
    """`signer`: the actor's id, or the agency's whose seal the actor puts."""
    job = SigningJob(
        village_id=files[0].village_id,
        owner=files[0].owner,
        provider=provider,
        signer=signer,
        signer_name=identity.name[:200],
        certificate=identity.certificate,
        reason=reason[:200],
        place=place[:200],
        started_at=at,
        expires_at=at + CONFIRM_WITHIN,
    )
    job.account = seal(account.encode(), f"signing_job:{job.uuid}")
    job.save()
    record(
        by=by, at=at, deed="documents.ask_signature", object_kind="signing_job", object_id=job.uuid,
        place_id=job.village_id, provider=provider, files=[str(file.uuid) for file in files],
    )  # fmt: skip
    return job


def prepare(job: SigningJob, files: Sequence[File], identity: Identity, at: datetime) -> list[pades.Prepared]:
    """Each file with an empty place for its signature."""
    return [
        pades.prepare(
            open_file(file), identity, at=at, reason=job.reason, place=job.place, is_seal=job.is_seal
        )
        for file in files
    ]


def lines_of(
    job: SigningJob, files: Sequence[File], prepared: Sequence[pades.Prepared], *, is_kept: bool
) -> list[SigningLine]:
    """The lines of a job. `is_kept`: the prepared PDFs wait in the store for an answer."""
    # Shown here and on the signer's phone, so that they can compare.
    stem = "".join(secrets.choice(_DOCUMENT_SIGNS) for _ in range(6))
    return SigningLine.objects.bulk_create(
        SigningLine(
            job=job,
            number=number,
            file=file,
            document=f"{stem}-{number}",
            prepared=stores.put(each.packed()) if is_kept else "",
            attributes=each.attributes,
        )
        for number, (file, each) in enumerate(zip(files, prepared, strict=True), start=1)
    )


def put_together(
    job: SigningJob,
    prepared: Mapping[str, pades.Prepared],
    values: Mapping[str, bytes],
    by: Actor,
    at: datetime,
) -> list[File]:
    """The signed files; `prepared` and `values` by the lines' documents. In the caller's transaction: all or none.

    Raises: NotSigned(wrong_signature | changed | no_stamp).
    """
    lines = list(job.lines.select_related("file", "file__village").order_by("number"))
    made = [
        _signed(job, line, prepared[line.document], values.get(line.document, b""), by, at) for line in lines
    ]
    if not job.is_seal and puts_itself(lines[0].file.village):
        enqueue("documents.seal_waiting", unit=lines[0].file.village_id)
    return made


def _signed(
    job: SigningJob, line: SigningLine, prepared: pades.Prepared, value: bytes, by: Actor, at: datetime
) -> File:
    file = line.file
    try:
        made = store_made(
            key=uuid5(job.uuid, str(line.number)), content=_content(job, prepared, value), name=file.name,
            owner=(file.owner_kind, file.owner), unit=file.village, purpose=file.purpose, by=by, at=at,
            person_uuid=file.person_uuid, code=file.verify_code, replaces=file, is_signed=True,
        )  # fmt: skip
    except Conflict:
        raise NotSigned("changed") from None
    SigningLine.objects.filter(pk=line.pk).update(signed=made)
    record(
        by=by, at=at, deed="documents.sign", object_kind="file", object_id=made.uuid, place_id=file.village_id,
        job=str(job.uuid), replaces=str(file.uuid), sha256=made.sha256,
    )  # fmt: skip
    file_signed.send(sender=SigningJob, file=made, replaced=file, job=job)
    return made


def _content(job: SigningJob, prepared: pades.Prepared, value: bytes) -> bytes:
    try:
        return pades.embed(prepared, bytes(job.certificate or b""), value, tsa=time_stamper())
    except pades.WrongSignature:
        raise NotSigned("wrong_signature") from None
    except ProviderProblem as problem:
        raise NotSigned(problem.code) from None


def end(job: SigningJob, state: str, at: datetime, *, code: int | None = None, problem: str = "") -> None:
    job.state, job.ended_at, job.code, job.problem = state, at, code, problem
    job.save(update_fields=["state", "ended_at", "code", "problem"])
    for name in job.lines.exclude(prepared="").values_list("prepared", flat=True):
        transaction.on_commit(partial(stores.drop, name))


def fail(
    job: SigningJob,
    problem: str,
    at: datetime,
    *,
    by: Actor,
    state: str = JobState.FAILED,
    code: int | None = None,
) -> None:
    """It ended without a signature: `problem` is why, as `problem_of` puts it in words; `code` is the provider's answer."""
    end(job, state, at, code=code, problem=problem)
    record(
        by=by, at=at, deed="documents.fail_signature", object_kind="signing_job", object_id=job.uuid,
        place_id=job.village_id, problem=problem,
    )  # fmt: skip
    signing_failed.send(sender=SigningJob, job=job)
