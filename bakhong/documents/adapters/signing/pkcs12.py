"""Keys in PKCS#12 files that the operator put into DATA/secrets/signing: <account>.p12, and its certificate beside it as <account>.pem.

The web never takes a private key (docs/adr/0014). The passphrase comes with each request to sign and is kept nowhere, unless the operator
lays it beside the key as <account>.pass: for an agency's seal that the worker puts by itself (docs/adr/0018).
"""

import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from bakhong.documents.adapters.signing.port import Check, Identity, ProviderProblem


class Pkcs12:
    """`folder` holds the files; an account is a file's name without its ending."""

    code = "pkcs12"
    name = "Tệp khoá trên máy chủ (PKCS#12)"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(self) -> Check:
        keys = sorted(self.folder.glob("*.p12"))
        loose = [path.name for path in [*keys, *sorted(self.folder.glob("*.pass"))] if _is_loose(path)]
        if loose:
            return Check(False, f"tệp khoá người khác đọc được: {', '.join(loose)}; hãy chmod 600")
        bare = [path.name for path in keys if not path.with_suffix(".pem").is_file()]
        if bare:
            return Check(False, f"thiếu tệp chứng thư .pem bên cạnh: {', '.join(bare)}")
        return Check(True, f"{len(keys)} khoá trong {self.folder}")

    def identities(self, account: str) -> list[Identity]:
        path = self._path(account, ".pem")
        if path is None or not self._path(account, ".p12"):
            return []
        try:
            certificates = x509.load_pem_x509_certificates(path.read_bytes())
        except ValueError:
            raise ProviderProblem("no_certificate", path.name) from None
        first, *others = (each.public_bytes(Encoding.DER) for each in certificates)
        return [Identity(first, tuple(others))]

    def sign(self, account: str, identity: Identity, secret: str, messages: Sequence[bytes]) -> list[bytes]:
        path = self._path(account, ".p12")
        if path is None:
            raise ProviderProblem("no_certificate")
        try:
            key, certificate, _ = load_key_and_certificates(path.read_bytes(), secret.encode())
        except ValueError:
            raise ProviderProblem("wrong_secret") from None
        if certificate is None or certificate.public_bytes(Encoding.DER) != identity.certificate:
            raise ProviderProblem("no_certificate", "the .pem beside the key is of another")
        return [_signature(key, each) for each in messages]

    def kept_secret(self, account: str) -> str:
        """ "" also where others may read the file: `check` says so."""
        path = self._path(account, ".pass")
        return "" if path is None or _is_loose(path) else path.read_text().rstrip("\r\n")

    def _path(self, account: str, ending: str) -> Path | None:
        if not account or not all(char.isalnum() or char in "-_" for char in account):
            return None
        path = self.folder / f"{account}{ending}"
        return path if path.is_file() else None


def _is_loose(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _signature(key: object, message: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256()))
    raise ProviderProblem("no_certificate", "neither RSA nor ECDSA")
