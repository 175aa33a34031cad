"""The agency's own signature: which certificate, which papers bear it, which wait for it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bakhong.core.actor import Actor
from bakhong.documents import scope
from bakhong.documents.keeping import PDF
from bakhong.documents.models import AGENCY, File, Purpose, Seal, SigningJob, SigningLine
from bakhong.documents.sealed import CannotOpen, unseal
from bakhong.places.models import Unit

_BY_AGENCY = SigningLine.objects.filter(signed=OuterRef("pk"), job__signer__startswith=AGENCY)


@dataclass(frozen=True)
class InUse:
    """The seal a unit has. `account` is "" where it can no longer be opened. `since`: what is signed from then on is to bear it."""

    provider: str
    account: str
    since: datetime
    chosen_at: datetime


@dataclass(frozen=True)
class Sealing:
    """`name`: whose seal a paper bears, as the certificate has it; "" for none. `is_missing`: it should bear one and does not yet."""

    name: str
    at: datetime | None
    is_missing: bool


def agency_id(unit: Unit) -> str:
    """The signer's id of jobs by the unit itself."""
    return f"{AGENCY}{unit.uuid}"


def key_name(unit: Unit) -> str:
    """The name of the unit's key file on the server, without its ending; nobody chooses it, so that nobody's own key is taken for it."""
    return f"xa-{unit.code}"


def seal_in_use(unit: Unit) -> InUse | None:
    row = Seal.objects.filter(unit=unit, ended_at=None).first()
    return InUse(row.provider, _account(row), row.since, row.chosen_at) if row is not None else None


def waiting(unit: Unit) -> QuerySet[File]:
    """What is to bear the unit's seal and does not, the oldest first: results that a person signed digitally, and slips kept to be sent.

    As row-level security lets the connection see. Nothing where the unit has no seal.
    """
    seal = seal_in_use(unit)
    if seal is None:
        return File.objects.none()
    rows = File.objects.filter(
        Q(purpose=Purpose.RESULT, is_signed=True)
        | Q(purpose=Purpose.SLIP, owner_kind="dossier", replaces=None),
        village=unit,
        made_at__gte=seal.since,
        media_type=PDF,
        replaced_by=None,
        revoked_at=None,
        erased_at=None,
    )
    return rows.filter(~Exists(_BY_AGENCY)).order_by("id")


def waiting_for(actor: Actor, unit: Unit) -> QuerySet[File]:
    """`waiting`, of what the actor may see."""
    return waiting(unit).for_user(actor)  # type: ignore[attr-defined,no-any-return]


def unsealed(actor: Actor, unit: Unit) -> set[UUID]:
    """Whose results wait for the unit's seal: their owners, of what the actor may see."""
    return set(waiting_for(actor, unit).filter(purpose=Purpose.RESULT).values_list("owner", flat=True))


def seal_on(file: File) -> str:
    """Whose seal this version bears, as the certificate names it; "" for none."""
    return sealing_of(file).name


def sealing_of(file: File) -> Sealing:
    """What may be said of a paper's seal, also to who may see the paper alone."""
    with scope.everything():
        rows = SigningLine.objects.filter(signed=file, job__signer__startswith=AGENCY)
        line = rows.select_related("job").first()
        if line is not None:
            return Sealing(line.job.signer_name, file.made_at, False)
        return Sealing("", None, waiting(file.village).filter(pk=file.pk).exists())


def seal_jobs(unit: Unit) -> QuerySet[SigningJob]:
    """The requests for the unit's seal, newest first."""
    return SigningJob.objects.filter(signer=agency_id(unit)).prefetch_related("lines__file").order_by("-id")


def _account(row: Seal) -> str:
    try:
        return unseal(row.account, f"seal:{row.uuid}").decode()
    except CannotOpen:
        return ""
