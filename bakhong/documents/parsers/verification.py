"""Whether a signed PDF holds: each signature untouched, by whom, trusted by the roots given, and what was added after it. Offline.

Revocation is not asked for: that needs the network. What the file itself carries (CRL, OCSP) is not used either.

Source: ISO 32000-2, 12.8; ETSI EN 319 102-1 (validation), of which this is the part that one file can answer.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .limits import extend
from .shapes import Bad

MAX_SIGNATURES = 50
_SECONDS_A_SIGNATURE = 1.0
# Certificates of Vietnamese authorities name either.
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_HARMLESS = (ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


def parse(data: bytes, arguments: Sequence[str]) -> dict[str, Any]:
    """`arguments`: the moment of asking, the moment the file is known since ("" for none), then files of trusted roots (PEM).

    Gives {"signatures": […], "whole_file": bool, "stamped": bool}, see `_check`.

    Raises: Bad(damaged | password | too_many_signatures).
    """
    now, since, *paths = arguments
    try:
        reader = PdfFileReader(BytesIO(data), strict=False)
        if reader.encrypted:
            raise Bad("password")
        found = reader.embedded_regular_signatures
        stamps = reader.embedded_timestamp_signatures
    except Bad:
        raise
    except Exception as error:  # pyHanko and asn1crypto raise dozens of kinds over hostile input
        raise Bad("damaged") from error
    if len(found) + len(stamps) > MAX_SIGNATURES:
        raise Bad("too_many_signatures", limit=MAX_SIGNATURES)
    judge = _Judge(
        _roots(paths), datetime.fromisoformat(now), datetime.fromisoformat(since) if since else None
    )
    signatures = [judge.look(each) for each in found]
    covers = [*(each["coverage"] for each in signatures), *(judge.stamp(each) for each in stamps)]
    return {"signatures": signatures, "whole_file": "file" in covers, "stamped": bool(stamps)}


class _Judge:
    def __init__(self, roots: list[x509.Certificate], now: datetime, since: datetime | None) -> None:
        self.roots = roots
        self.now = now
        self.since = since

    def look(self, signature: Any) -> dict[str, Any]:
        extend(_SECONDS_A_SIGNATURE)
        try:
            return self._look(signature)
        except MemoryError:
            raise
        except Exception:  # one that cannot be read says nothing of the others
            return {"broken": True, "coverage": "", "changes": "unknown"}

    def _look(self, signature: Any) -> dict[str, Any]:
        status = self._status(signature, self.since or self.now)
        stamp = status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.intact and stamp.trusted:
            status = self._status(signature, stamp.timestamp)
        else:
            stamp = None
        said = signature.self_reported_timestamp
        certificate = status.signing_cert
        return {
            "broken": False,
            "intact": bool(status.intact and status.valid),
            "trusted": bool(status.trusted),
            "why": _why_not(status, certificate, self.since or self.now),
            "coverage": _coverage(status),
            "changes": _changes(status),
            "name": _part(certificate.subject, "common_name") or certificate.subject.human_friendly,
            "organisation": _part(certificate.subject, "organization_name"),
            "field": str(signature.field_name or ""),
            "issuer": _part(certificate.issuer, "common_name") or certificate.issuer.human_friendly,
            "serial": f"{certificate.serial_number:x}",
            "said_at": said.astimezone(UTC).isoformat() if said else None,
            "stamped_at": stamp.timestamp.astimezone(UTC).isoformat() if stamp else None,
            "reason": _text(signature.sig_object.get("/Reason")),
            "place": _text(signature.sig_object.get("/Location")),
        }

    def _status(self, signature: Any, moment: datetime) -> Any:
        return validate_pdf_signature(
            signature,
            signer_validation_context=self._context(moment, signature),
            ts_validation_context=self._context(self.now, signature),
            key_usage_settings=_USAGE,
        )

    def stamp(self, signature: Any) -> str:
        try:
            status = validate_pdf_timestamp(signature, validation_context=self._context(self.now, signature))
        except Exception:
            return ""
        return _coverage(status) if status.intact and status.valid else ""

    def _context(self, moment: datetime, signature: Any) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.roots,
            other_certs=list(signature.other_embedded_certs),
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",
        )


def _coverage(status: Any) -> str:
    """`file`, `revision` (more was added after it) or empty."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "file"
    return "revision" if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION else ""


def _changes(status: Any) -> str:
    """What was added after the signature: `none`, `harmless` (other signatures, data to check them by) or `content`."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "none"
    if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION and status.modification_level in _HARMLESS:
        return "harmless"
    # Bytes that belong to no revision are an addition, too, whatever they are for.
    return "content"


def _why_not(status: Any, certificate: x509.Certificate, moment: datetime) -> str:
    if status.trusted or not (status.intact and status.valid):
        return ""
    if status.revoked:
        return "revoked"
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return "expired"
    return "unknown_root"


def _part(name: Any, key: str) -> str:
    value = name.native.get(key, "")
    return " ".join(value) if isinstance(value, list) else str(value)


def _text(value: Any) -> str:
    return str(value)[:300] if value is not None else ""


def _roots(paths: Sequence[str]) -> list[x509.Certificate]:
    found = []
    for path in paths:
        content = Path(path).read_bytes()
        ders = (
            [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
        )
        found += [x509.Certificate.load(der) for der in ders]
    return found
