"""Digital signatures of a PDF, checked offline: whether the content is untouched, not whom to trust."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .shapes import Bad, RawSignature


def parse(data: bytes) -> RawSignature:
    """Whether every signature holds, whether the last one covers the whole file, and who signed.

    Raises: Bad(damaged) when pyHanko cannot read the signatures.
    """
    try:
        found = PdfFileReader(BytesIO(data), strict=False).embedded_regular_signatures
        states = [_check(signature) for signature in found]
    except Exception as error:  # pyHanko and asn1crypto raise dozens of kinds over hostile input
        raise Bad("damaged") from error
    if not states:
        raise Bad("damaged")
    return {
        "intact": all(intact for intact, _, _ in states),
        "whole_file": states[-1][1],
        "signers": [name for _, _, name in states],
    }


def _check(signature: Any) -> tuple[bool, bool, str]:
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(status.intact and status.valid), whole, _name(signature.signer_cert)


def _name(certificate: Any) -> str:
    names = certificate.subject.native
    return str(names.get("common_name") or certificate.subject.human_friendly)
