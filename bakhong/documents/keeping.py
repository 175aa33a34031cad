"""What may be kept: pictures and PDFs, told by their content, checked behind the walls of `parsers/`."""

import base64
import hashlib
import tempfile
from dataclasses import dataclass
from typing import Any

from bakhong.documents.process import parse_in_child
from bakhong.documents.refusals import Unreadable

MAX_BYTES = 10 * 1024 * 1024

JPEG, PDF = "image/jpeg", "application/pdf"
PICTURES_AND_PDF = frozenset({"picture", "pdf"})

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypavif")


@dataclass(frozen=True)
class Fit:
    """A content fit to keep. `sha256` is of `content`, `sent_sha256` of what was sent."""

    content: bytes
    media_type: str
    sha256: str
    sent_sha256: str
    pages: int | None = None
    is_signed: bool = False


def fit(content: bytes, allowed: frozenset[str] = PICTURES_AND_PDF) -> Fit:
    """Raises: Unreadable(empty | too_large | not_kept | heic | password | damaged | active | too_many_pixels | …)."""
    if not content:
        raise Unreadable("empty")
    if len(content) > MAX_BYTES:
        raise Unreadable("too_large", {"limit": MAX_BYTES // (1024 * 1024)})
    kind = kind_of(content)
    if kind not in allowed:
        raise Unreadable("not_kept")
    if kind == "picture":
        return _picture(content)
    said = _child("kept_pdf", content)
    digest = hashlib.sha256(content).hexdigest()
    return Fit(content, PDF, digest, digest, said["pages"], said["is_signed"])


def kind_of(content: bytes) -> str:
    """`picture`, `pdf` or `other`; the name is never asked.

    A PDF begins at its first byte: what comes before may be another kind of file for another program.

    Raises: Unreadable(heic).

    >>> kind_of(b"%PDF-1.7"), kind_of(b"MZ%PDF-1.7")
    ('pdf', 'other')
    """
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "picture"
    if content[4:12] in _HEIC:
        raise Unreadable("heic")
    return "other"


def _picture(content: bytes) -> Fit:
    painted = base64.b64decode(_child("picture", content)["content"])
    sent, kept = hashlib.sha256(content).hexdigest(), hashlib.sha256(painted).hexdigest()
    return Fit(painted, JPEG, kept, sent)


def _child(container: str, content: bytes) -> dict[str, Any]:
    # Unlinked at once; the child gets its descriptor.
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return parse_in_child(container, file)
