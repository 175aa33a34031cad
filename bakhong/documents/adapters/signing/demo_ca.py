"""A certificate authority for trying things out, made anew in each data folder. Its certificates say "thử nghiệm" in every name.

Nobody outside the demo trusts it: its root stands in DATA/trust/demo.pem, which only a demo site reads.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

MARK = "thử nghiệm"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def new_authority(at: datetime, name: str = f"CA Ba Không ({MARK})") -> Authority:
    key = _new_key()
    subject = _name(name, "")
    certificate = (
        _builder(subject, subject, key, at, 10 * 365)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def issue(
    authority: Authority, name: str, organisation: str, at: datetime, days: int = 365
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """A signer's key and certificate. The name is marked."""
    key = _new_key()
    marked = name if MARK in name else f"{name} ({MARK})"
    certificate = (
        _builder(_name(marked, organisation), authority.certificate.subject, key, at, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return key, certificate


def kept_authority(folder: Path, trust: Path, at: datetime) -> Authority:
    """The authority of this data folder, made at the first call: `folder` for its key, `trust` for its root."""
    path = folder / "demo_ca.pem"
    if path.is_file():
        text = path.read_bytes()
        key = load_pem_private_key(text, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return Authority(key, x509.load_pem_x509_certificate(text))
    made = new_authority(at)
    root = made.certificate.public_bytes(Encoding.PEM)
    private = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(path, private + root)
    _write(trust / "demo.pem", root)
    return made


def keep_signer(
    folder: Path,
    authority: Authority,
    *,
    account: str,
    name: str,
    organisation: str,
    passphrase: str,
    at: datetime,
) -> None:
    """Put a signer's PKCS#12 and certificate where `Pkcs12` finds them; one that is there stays."""
    if (folder / f"{account}.p12").is_file():
        return
    key, certificate = issue(authority, name, organisation, at)
    packed = serialize_key_and_certificates(
        name.encode(), key, certificate, [authority.certificate], BestAvailableEncryption(passphrase.encode())
    )
    pem = certificate.public_bytes(Encoding.PEM) + authority.certificate.public_bytes(Encoding.PEM)
    _write(folder / f"{account}.pem", pem)
    _write(folder / f"{account}.p12", packed)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.replace(path)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str, organisation: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, at: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(secrets.token_bytes(16)) >> 1)
        .not_valid_before(at - _DAY)
        .not_valid_after(at + days * _DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**given: bool) -> x509.KeyUsage:
    names = (
        *(
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
        ),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})
