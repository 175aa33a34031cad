"""The agency's own signature (“con dấu số”): choosing its certificate, trying it, and putting it on what waits.

It follows a person's signature and never stands for one. Whoever keeps the seal puts it on many papers with one secret or one confirmation;
where the operator has left the key's secret, the worker does (docs/adr/0018).
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bakhong.audit.actions import record
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, Refusal
from bakhong.documents.actions import jobs
from bakhong.documents.actions.signing import key_at_hand, sign_now, start_signing
from bakhong.documents.adapters.signing import pades
from bakhong.documents.adapters.signing.port import Identity, Provider, ProviderProblem, is_remote
from bakhong.documents.adapters.signing.registry import providers
from bakhong.documents.adapters.signing.unattended import kept_secret
from bakhong.documents.models import File, Seal, SigningJob
from bakhong.documents.permissions import CHOOSE_SEAL, SEAL, require
from bakhong.documents.problems import NotSigned
from bakhong.documents.queries.seals import InUse, key_name, seal_in_use, waiting
from bakhong.documents.queries.verification import Verification, verify
from bakhong.documents.sealed import seal as sealed
from bakhong.documents.writing.pdf import typst_pdf
from bakhong.places.models import Unit

MOST = 50  # papers of one press
_TRIAL = Path(__file__).resolve().parent.parent / "typst" / "trial.typ"
_log = logging.getLogger(__name__)


def choose_seal(*, unit: Unit, provider: str, account: str, by: Actor, at: datetime) -> Seal:
    """From now on the unit's papers bear this certificate's signature. Only one that works today is kept: it is looked up first.

    `account` is the unit's at a remote provider; a key at hand has its name from the unit. The same again changes nothing.

    Raises: NotAllowed, NotSigned.
    """
    require(CHOOSE_SEAL, unit.pk, by=by)
    port = _port(provider)
    account = account if is_remote(port) else key_name(unit)
    jobs.identity_at(port, account, at)
    before = seal_in_use(unit)
    if before is not None and (before.provider, before.account) == (provider, account):
        return Seal.objects.get(unit=unit, ended_at=None)
    made = Seal(unit=unit, provider=provider, chosen_at=at, chosen_by=by.id)
    made.since = before.since if before is not None else at
    made.account = sealed(account.encode(), f"seal:{made.uuid}")
    try:
        with transaction.atomic():
            Seal.objects.filter(unit=unit, ended_at=None).update(ended_at=at)
            made.save()
            record(
                by=by, at=at, deed="documents.choose_seal", object_kind="seal", object_id=made.uuid,
                place_id=unit.pk, provider=provider,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(_("Có người vừa chọn con dấu số; hãy tải lại trang.")) from None
    return made


def end_seal(*, unit: Unit, by: Actor, at: datetime) -> None:
    """The unit has no seal from now on: what waits for it waits no longer. What bears it keeps it. Twice is once.

    Raises: NotAllowed.
    """
    require(CHOOSE_SEAL, unit.pk, by=by)
    with transaction.atomic():
        found = Seal.objects.select_for_update().filter(unit=unit, ended_at=None).first()
        if found is None:
            return
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        record(
            by=by, at=at, deed="documents.end_seal", object_kind="seal", object_id=found.uuid, place_id=unit.pk,
        )  # fmt: skip


def put_seal(
    *, files: Sequence[File], unit: Unit, by: Actor, at: datetime, secret: str = ""
) -> SigningJob | None:
    """Put the unit's seal on papers, all or none. The job to wait for where it is confirmed elsewhere; else None, and all bear it.

    Call it outside a transaction. Raises: NotAllowed, Refusal, NotSigned.
    """
    seal = _seal(unit)
    if is_remote(_port(seal.provider)):
        return start_signing(
            files=files, provider=seal.provider, user_id=seal.account, reason=_reason(), place=unit.name,
            seal_of=unit, by=by, at=at,
        )  # fmt: skip
    sign_now(
        files=files, provider=seal.provider, secret=secret, account=seal.account, reason=_reason(),
        place=unit.name, seal_of=unit, by=by, at=at,
    )  # fmt: skip
    return None


def put_waiting(*, unit: Unit, by: Actor, at: datetime) -> int:
    """The worker's part: each paper on its own, so that one that cannot be signed holds nothing else up. How many were sealed."""
    secret = kept_secret(seal_in_use(unit))
    done = 0
    for file in waiting(unit)[:MOST] if secret else ():
        try:
            put_seal(files=[file], unit=unit, secret=secret, by=by, at=at)
        except Refusal as problem:
            _log.warning("Con dấu số của %s: %s %s", unit.code, file.uuid, problem)
        else:
            done += 1
    return done


def try_seal(*, unit: Unit, provider: str, secret: str, by: Actor, at: datetime) -> Verification:
    """Sign a sheet that says it is a trial, look whether it holds, and keep nothing.

    Raises: NotAllowed, NotSigned.
    """
    require(SEAL, unit.pk, by=by)
    port, account = key_at_hand(provider), key_name(unit)
    identity: Identity = jobs.identity_at(port, account, at)
    content = typst_pdf(_TRIAL, {"unit": unit.full_name, "place": "https://bakhong.invalid/#con-dau"}, at=at)
    prepared = pades.prepare(content, identity, at=at, reason="", place=unit.name, is_seal=True)
    try:
        (value,) = port.sign(account, identity, secret, [prepared.attributes])
    except ProviderProblem as problem:
        raise NotSigned(problem.code) from None
    found = verify(pades.embed(prepared, identity.certificate, value), at=at)
    record(
        by=by, at=at, deed="documents.try_seal", object_kind="seal", object_id=unit.uuid, place_id=unit.pk,
        holds=found.holds,
    )  # fmt: skip
    return found


def _seal(unit: Unit) -> InUse:
    found = seal_in_use(unit)
    if found is None:
        raise NotSigned("no_seal")
    return found


def _port(code: str) -> Provider:
    found = providers().get(code)
    if found is None:
        raise NotSigned("unknown_provider")
    return found


def _reason() -> str:
    return _("Chữ ký số của cơ quan")
