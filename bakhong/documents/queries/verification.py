"""Is this signed PDF as it was signed, and whom do we believe? From the file alone, without the network."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bakhong.documents import trust
from bakhong.documents.process import parse_in_child
from bakhong.documents.refusals import Unreadable
from bakhong.documents.rules.signatures import AGENCY

MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Signer:
    """One signature. `signed_at` is what a time stamping authority says, else what the signer's own clock said (`is_stamped`).

    `valid`: untouched, and by somebody we trust. `why_not`: a plain sentence, empty when valid. `is_agency`: it stands in the place of
    the agency's own signature; whose it is only the certificate says.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    signed_at: datetime | None
    is_stamped: bool
    intact: bool
    trusted: bool
    valid: bool
    reason: str
    place: str
    why_not: str
    is_agency: bool = False


@dataclass(frozen=True)
class Verification:
    """`intact`: there is a signature, and none was broken. `trusted`: all lead to a root of ours. `whole_file`: nothing but signatures
    (and data to check them by) was added after the first one. `problem`: a plain sentence, empty when all three hold."""

    intact: bool
    trusted: bool
    whole_file: bool
    signers: tuple[Signer, ...]
    problem: str

    @property
    def holds(self) -> bool:
        return self.intact and self.trusted and self.whole_file


def verify(
    content: bytes,
    *,
    at: datetime,
    known_since: datetime | None = None,
    roots: Sequence[Path] | None = None,
    is_passing_by: bool = False,
) -> Verification:
    """Check every signature of a PDF.

    `known_since`: when we know the file to have existed already (it lies in our store): the certificates are judged as of then. Otherwise
    a signature without a time stamp is judged as of `at`, for its own clock proves nothing. `roots` default to `trust.roots()`.
    `is_passing_by`: for a public page, where one file is looked at at a time.

    Raises: Unreadable (not a PDF, damaged, a password, too large, another one is looked at).
    """
    if not content.startswith(b"%PDF-"):
        raise Unreadable("not_pdf" if content else "empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", {"limit": MAX_BYTES // (1024 * 1024)})
    paths = trust.roots() if roots is None else roots
    since = known_since.isoformat() if known_since else ""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        arguments = [at.isoformat(), since, *map(str, paths)]
        said = parse_in_child("verification", file, arguments, is_passing_by=is_passing_by)
    return _judged(said)


def _judged(said: dict[str, Any]) -> Verification:
    found: list[dict[str, Any]] = said["signatures"]
    intact = bool(found) and all(not each["broken"] and each["intact"] for each in found)
    trusted = intact and all(each["trusted"] for each in found)
    whole = bool(found) and all(each["changes"] in ("none", "harmless") for each in found)
    signers = tuple(_signer(each) for each in found if not each["broken"])
    return Verification(intact, trusted, whole, signers, _problem(found, intact, whole, signers))


def _problem(found: list[dict[str, Any]], intact: bool, whole: bool, signers: tuple[Signer, ...]) -> str:
    if not found:
        return _("Tệp này không có chữ ký số nào.")
    if not intact:
        return _("Nội dung đã bị sửa sau khi ký, hoặc chữ ký bị hỏng. Đừng tin tệp này.")
    if not whole:
        return _("Có phần được thêm vào sau khi ký mà chữ ký không bảo vệ. Đừng tin tệp này.")
    return next((each.why_not for each in signers if each.why_not), "")


def _signer(said: dict[str, Any]) -> Signer:
    moment = said["stamped_at"] or said["said_at"]
    return Signer(
        name=said["name"],
        organisation=said["organisation"],
        issuer=said["issuer"],
        serial=said["serial"],
        signed_at=datetime.fromisoformat(moment) if moment else None,
        is_stamped=bool(said["stamped_at"]),
        intact=said["intact"],
        trusted=said["trusted"],
        valid=said["intact"] and said["trusted"],
        reason=said["reason"],
        place=said["place"],
        why_not=_why_not(said),
        is_agency=said["field"].startswith(AGENCY.field),
    )


def _why_not(said: dict[str, Any]) -> str:
    if not said["intact"]:
        return _("Nội dung đã bị sửa sau khi ký.")
    sentences = {
        "revoked": _("Chứng thư số của người ký đã bị thu hồi."),
        "expired": _(
            "Chứng thư số của người ký không còn hạn, và không có dấu thời gian chứng tỏ đã ký khi còn hạn."
        ),
        "unknown_root": _("Không nhận ra nơi cấp chứng thư số này, nên chưa thể tin người ký."),
    }
    return sentences.get(said["why"], "")
