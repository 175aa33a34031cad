"""How an application stands: signed by whom, waiting for a telephone, or neither."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from bakhong.documents.models import File, SigningJob
from bakhong.dossiers.models import Dossier, Event, Kind, State, Supplement

APPLICATION = "application"  # the file's purpose, and the paper's code among the attachments
_OPEN = frozenset({State.SUBMITTED, State.RECEIVED, State.IN_PROGRESS, State.SUPPLEMENT, State.DUTY})


@dataclass(frozen=True)
class Application:
    """`signed`: the signed version of what is answered now. `signer`: as the certificate names them; "" once erased."""

    signed: File | None
    signer: str
    signed_at: datetime | None
    waiting: SigningJob | None

    @property
    def is_plain(self) -> bool:
        return self.signed is None and self.waiting is None


def application_key(dossier: Dossier) -> UUID:
    """The uuid of the application's file. Answers given later make another paper."""
    later = Supplement.objects.filter(dossier=dossier, answers__isnull=False).count()
    return uuid5(dossier.uuid, f"application/{later}")


def may_be_signed(dossier: Dossier) -> bool:
    """While somebody may still read it: before anything is decided."""
    return dossier.draft_id is not None and dossier.state in _OPEN


def application_of(dossier: Dossier, *, at: datetime) -> Application:
    """The signed application and by whom, else the request to sign it that still runs at `at`, if any."""
    key = application_key(dossier)
    signed = File.objects.filter(replaces__uuid=key, is_signed=True, erased_at=None).first()
    if signed is not None:
        said = _event(dossier, signed)
        return Application(signed, str(said.data.get("signer", "")) if said else "", signed.made_at, None)
    waiting = SigningJob.objects.filter(lines__file__uuid=key, ended_at=None, expires_at__gt=at)
    return Application(None, "", None, waiting.order_by("-id").first())


def application_job(dossier: Dossier, uuid: UUID) -> SigningJob | None:
    """A request to sign this dossier's application; one about anything else does not exist."""
    rows = SigningJob.objects.filter(uuid=uuid, owner=dossier.uuid, lines__file__purpose=APPLICATION)
    return rows.distinct().first()


def last_application_job(dossier: Dossier) -> SigningJob | None:
    """The last request for what is answered now, however it ended."""
    rows = SigningJob.objects.filter(lines__file__uuid=application_key(dossier))
    return rows.order_by("-id").first()


def _event(dossier: Dossier, signed: File) -> Event | None:
    rows = Event.objects.filter(dossier=dossier, kind=Kind.SIGN_APPLICATION)
    return next((each for each in rows if each.data.get("file") == str(signed.uuid)), None)
