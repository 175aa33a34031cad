"""A PDF with an empty place for a signature, what is to be signed about it, and the signature put in its place: PAdES B-B, or B-T with a
time stamping authority.

pyHanko does the work; it is called here and in the verification only. Its calls are coroutines, of which only the one that asks for a time
stamp waits for anything.

Source: ETSI EN 319 142-1 (PAdES baseline), ISO 32000-2, 12.8.
"""

import asyncio
import hashlib
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from cryptography import x509 as crypto_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bakhong.documents.adapters.signing.appearance import place_for, style_for
from bakhong.documents.adapters.signing.port import Identity
from bakhong.documents.rules.signatures import AGENCY, PERSON, Kind

_HASH = "sha256"
_RESERVED = 2 * 12_000  # hexadecimal digits: certificates of a chain of four, and a time stamp
_HEAD = struct.Struct(">QQB")
_SIZE = struct.Struct(">I")


class WrongSignature(Exception):
    """The signature value is not of these attributes by this certificate's key."""


@dataclass(frozen=True)
class Prepared:
    """`document` has its place for the signature at `start:end`; `attributes` (DER) are what is signed; `chain` goes into it."""

    document: bytes
    start: int
    end: int
    attributes: bytes
    chain: tuple[bytes, ...]

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.attributes).digest()

    def packed(self) -> bytes:
        """For the store; `attributes` are kept in the database."""
        chain = b"".join(_SIZE.pack(len(each)) + each for each in self.chain)
        return _HEAD.pack(self.start, self.end, len(self.chain)) + chain + self.document

    @classmethod
    def unpacked(cls, packed: bytes, attributes: bytes) -> "Prepared":
        start, end, count = _HEAD.unpack_from(packed)
        at, chain = _HEAD.size, []
        for _ in range(count):
            (size,) = _SIZE.unpack_from(packed, at)
            chain.append(packed[at + _SIZE.size : at + _SIZE.size + size])
            at += _SIZE.size + size
        return cls(packed[at:], start, end, attributes, tuple(chain))


def prepare(
    content: bytes, identity: Identity, *, at: datetime, reason: str, place: str, is_seal: bool = False
) -> Prepared:
    """Add an empty signature to a PDF, after those it has. `at` is the moment claimed in it; `is_seal`: the agency's, not a person's."""
    kind = AGENCY if is_seal else PERSON
    prepared: Prepared = _run(_prepare(content, identity, at=at, reason=reason, place=place, kind=kind))
    return prepared


def embed(prepared: Prepared, certificate: bytes, signature: bytes, *, tsa: Any = None) -> bytes:
    """The signed PDF. `certificate` is the signer's (DER), `tsa` a pyHanko time stamper, or None.

    Raises: WrongSignature, before anything of it is in a file.
    """
    _refuse_wrong(certificate, prepared.attributes, signature)
    identity = Identity(certificate, prepared.chain)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    message = _run(
        _signer(identity, signature).async_sign_prescribed_attributes(_HASH, attributes, timestamper=tsa)
    )
    out = BytesIO(prepared.document)
    # The digest has been signed already; only the positions are used from here on.
    PreparedByteRangeDigest(b"", prepared.start, prepared.end).fill_with_cms(out, message)
    return out.getvalue()


async def _prepare(
    content: bytes, identity: Identity, *, at: datetime, reason: str, place: str, kind: Kind
) -> Prepared:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    earlier = [name for name, *_ in enumerate_sig_fields(writer)]
    is_taken = any(name.startswith(kind.field) for name in earlier)
    field, spot = f"{kind.field}{len(earlier) + 1}", None if is_taken else place_for(writer, kind)
    signer = _signer(identity, None)
    session = PdfSigner(
        PdfSignatureMetadata(
            field_name=field,
            md_algorithm=_HASH,
            location=place or None,
            reason=reason or None,
            name=identity.name,
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=False,
        ),
        signer=signer,
        stamp_style=style_for(spot, identity, at, kind) if spot else None,
        new_field_spec=SigFieldSpec(field, on_page=spot.page, box=spot.box) if spot else SigFieldSpec(field),
    ).init_signing_session(writer)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_RESERVED)
    out = BytesIO()
    digest, _ = document.digest_tbs_document(output=out)
    attributes = await signer.signed_attrs(digest.document_digest, _HASH, use_pades=True)
    return Prepared(
        out.getvalue(),
        digest.reserved_region_start,
        digest.reserved_region_end,
        attributes.dump(),
        identity.chain,
    )


def _signer(identity: Identity, signature: bytes | None) -> ExternalSigner:
    chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chain.register_multiple([x509.Certificate.load(each) for each in identity.chain])
    return ExternalSigner(x509.Certificate.load(identity.certificate), chain, signature, embed_roots=False)


def _refuse_wrong(certificate: bytes, message: bytes, signature: bytes) -> None:
    key = crypto_x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            raise WrongSignature("a kind of key we do not know")
    except InvalidSignature:
        raise WrongSignature("not of this document, or not by this key") from None


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, also where this thread already has a loop running (a browser test drives one)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    answer: list[Any] = []
    thread = threading.Thread(target=lambda: answer.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return answer[0]
