"""Residents and holders of a code: who they are for the length of a visit. What an e-identity said lives in the session only, sealed.

A resident's visit ends after 15 minutes without a click (phones are lent, computers shared) and after two hours in any case.
One browser is either a member of staff or a resident: becoming the one ends the other.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bakhong.accounts.models import Resident

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
_SESSION = "resident"
_KEPT_FRESH = 60  # seconds between two notes of the visit


@dataclass(frozen=True)
class Claims:
    """What an e-identity says of whoever signed in. Empty text: it does not say. `birth` is "yyyy-mm-dd", `sex` "male" or "female"."""

    national_id: str = ""
    full_name: str = ""
    birth: str = ""
    sex: str = ""
    address: str = ""
    level: int = 1


@dataclass(frozen=True)
class ResidentActor:
    """A resident who has signed in (core.actor.Actor). Holds no permission: their pages show them what is theirs."""

    resident: UUID
    person: UUID | None  # their record in the roll; None: none was found, or the e-identity is of level 1
    level: int
    label: str

    @property
    def id(self) -> str:
        return f"resident:{self.resident}"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


@dataclass(frozen=True)
class HolderActor:
    """Whoever holds the code of a draft or dossier (core.actor.Actor). `kind`: "draft" or "dossier"."""

    kind: str
    uuid: UUID

    @property
    def label(self) -> str:
        return _("Người giữ mã hồ sơ")

    @property
    def id(self) -> str:
        return f"holder:{self.uuid}"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False


def start(request: HttpRequest, resident: Resident, said: Claims, at: datetime) -> None:
    """The visit begins: under a new session key, and without any member of staff or other resident, whose pages all go with them."""
    if request.user.is_authenticated or _is_another(request, resident):
        request.session.flush()
    else:
        request.session.cycle_key()
    rotate_token(request)  # a form that was shown to whoever sat here before cannot be sent again
    request.session[_SESSION] = {
        "uuid": str(resident.uuid),
        "claims": _sealing().encrypt(json.dumps(asdict(said)).encode()).decode(),
        "started": at.timestamp(),
        "seen": at.timestamp(),
    }


def end(request: HttpRequest) -> None:
    """The visit is over, and nothing of it is left in this browser: codes opened, pages filled in, who it was."""
    request.session.flush()


def forget(request: HttpRequest) -> None:
    """No resident any more; whatever else the session holds stays."""
    request.session.pop(_SESSION, None)


def resident_of(request: HttpRequest, at: datetime) -> ResidentActor | None:
    """Who is signed in with an e-identity; None for everybody else, and for who was away too long (their visit ends here)."""
    kept = request.session.get(_SESSION)
    if not isinstance(kept, dict):
        return None
    row = None if _is_over(kept, at) else Resident.objects.filter(uuid=kept["uuid"]).first()
    said = _opened(kept) if row else None
    if row is None or said is None:
        end(request)
        messages.info(request, _("Đã tự thoát vì lâu không dùng. Hãy đăng nhập lại."))
        return None
    if at.timestamp() - kept["seen"] > _KEPT_FRESH:
        request.session[_SESSION] = {**kept, "seen": at.timestamp()}
    return ResidentActor(row.uuid, row.person, row.level, said.full_name)


def claims(request: HttpRequest) -> Claims | None:
    """What the e-identity of this visit said; None where nobody is signed in with one."""
    if getattr(request, "resident", None) is None:
        return None
    kept = request.session.get(_SESSION)
    return _opened(kept) if isinstance(kept, dict) else None


def digest_of(issuer: str, subject: str) -> bytes:
    """32 bytes by which a returning resident is known; the provider's name for them is not kept."""
    return salted_hmac("accounts.resident", f"{issuer}\n{subject}", algorithm="sha256").digest()


def _is_another(request: HttpRequest, resident: Resident) -> bool:
    kept = request.session.get(_SESSION)
    return kept is not None and not (isinstance(kept, dict) and kept.get("uuid") == str(resident.uuid))


def _is_over(kept: dict[str, Any], at: datetime) -> bool:
    now, seen, started = at.timestamp(), float(kept["seen"]), float(kept["started"])
    return now - seen > IDLE.total_seconds() or now - started > LONGEST.total_seconds()


def _opened(kept: dict[str, Any]) -> Claims | None:
    try:
        return Claims(**json.loads(_sealing().decrypt(kept["claims"].encode())))
    except (InvalidToken, KeyError, TypeError, ValueError):  # sealed with a secret that is gone
        return None


def _sealing() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [
        salted_hmac("accounts.claims", "key", secret=each, algorithm="sha256").digest() for each in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
