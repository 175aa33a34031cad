"""A public key infrastructure for tests, by certomancer: root → issuing authority → signers, and a time stamping authority on loopback.

Its certificates are made by other people's code than ours, with the extensions real ones have.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from asn1crypto import tsp
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, ServiceLabel
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ENDS = datetime.now(UTC) + timedelta(days=30)  # of the signers' certificates
_USAGE = {"id": "key_usage", "critical": True}
_AUTHORITY = [
    _USAGE | {"smart-value": {"schema": "key-usage", "params": ["key_cert_sign", "crl_sign"]}},
    {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
]


def _signer(name: str, *usage: str, **more: Any) -> dict[str, Any]:
    return {
        "subject": name,
        "issuer": "issuing",
        "validity": {"valid-from": "2026-01-01T00:00:00+0000", "valid-to": f"{ENDS:%Y-%m-%d}T00:00:00+0000"},
        "extensions": [_USAGE | {"smart-value": {"schema": "key-usage", "params": list(usage)}}],
    } | more


_LONG = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2040-01-01T00:00:00+0000"}
_STAMPS = {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}
_KEYS = ("root", "issuing", "signer", "elliptic", "encipher", "tsa")
_CONFIG: dict[str, Any] = {
    "keysets": {"keys": {"path-prefix": ".", "keys": {name: {"path": f"{name}.pem"} for name in _KEYS}}},
    "pki-architectures": {
        "test": {
            "keyset": "keys",
            "entity-defaults": {"country-name": "VN", "organization-name": "Cơ quan thử"},
            "entities": {name: {"common-name": f"Thử {name}"} for name in _KEYS},
            "certs": {
                "root": {"subject": "root", "issuer": "root", "validity": _LONG, "extensions": _AUTHORITY},
                "issuing": {"subject": "issuing", "issuer": "root", "validity": _LONG, "extensions": _AUTHORITY},
                "signer": _signer("signer", "digital_signature", "non_repudiation"),
                "elliptic": _signer("elliptic", "non_repudiation"),
                "encipher": _signer("encipher", "key_encipherment"),
                "tsa": _signer("tsa", "digital_signature") | {
                    "validity": _LONG,
                    "extensions": [
                        _USAGE | {"smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
                        _STAMPS,
                    ],
                },
            },
            "services": {"time-stamping": {"tsa": {"signing-cert": "tsa"}}},
        }
    },
}  # fmt: skip


class Pki:
    def __init__(self, folder: Path) -> None:
        for name in _KEYS:
            key = (
                ec.generate_private_key(ec.SECP256R1())
                if name == "elliptic"
                else rsa.generate_private_key(public_exponent=65537, key_size=2048)
            )
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (folder / f"{name}.pem").write_bytes(pem)
        config = CertomancerConfig(_CONFIG, key_search_dir=str(folder), lazy_load_keys=True)
        self.arch = config.get_pki_arch(ArchLabel("test"))
        self.folder = folder
        self.root = folder / "root.cert.pem"
        self.root.write_bytes(_pem(self._der("root")))

    def keep(self, folder: Path, name: str, passphrase: str) -> None:
        """Put a signer's key where `Pkcs12` finds it."""
        folder.mkdir(parents=True, exist_ok=True)
        label = CertLabel(name)
        packed = self.arch.package_pkcs12(label, password=passphrase.encode())
        (folder / f"{name}.p12").write_bytes(packed)
        (folder / f"{name}.pem").write_bytes(_pem(self._der(name)) + _pem(self._der("issuing")))

    def _der(self, name: str) -> bytes:
        der: bytes = self.arch.get_cert(CertLabel(name)).dump()
        return der

    @contextmanager
    def stamping(self) -> Iterator[str]:
        """The address of a time stamping authority that runs while the block does; it stamps the real time."""
        stamper = self.arch.service_registry.summon_timestamper(ServiceLabel("tsa"))

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                content = stamper.request_tsa_response(asked).dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()


def _pem(der: bytes) -> bytes:
    from asn1crypto import pem

    armored: bytes = pem.armor("CERTIFICATE", der)
    return armored
