"""A provider of the SmartCA kind on loopback, for tests and the demo: real certificates and signatures, and a network that misbehaves.

    with Simulator(at) as simulator: SmartCA(simulator.url, *simulator.credentials, webhook_secret="…")

The signer's number says what the phone does (`HABITS`): 12 digits ending in 0000 confirm at once, 0002 refuses … `lose`, `repeat` and
`delay` are about the webhook: it never comes, comes three times, or comes late. Nothing in it is kept.
"""

import base64
import html
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding

from bakhong.documents.adapters.signing import demo_ca
from bakhong.documents.adapters.signing.port import Code

# Last four digits of the number → what the signer, or the provider, does.
HABITS = {
    "0000": "confirm",
    "0001": "expire",
    "0002": "reject",
    "0003": "refuse_key",
    "0004": "fail",
    "0005": "wrong_signature",
    "0403": "revoked",
    "0404": "nobody",
}
_CODES = {
    "expire": Code.EXPIRED,
    "reject": Code.REJECTED,
    "refuse_key": Code.KEY_REFUSED,
    "fail": Code.FAILED,
}
_SP = ("demo.apps.signserviceapi.com", "demo")


@dataclass
class Transaction:
    user: str
    ours: str
    files: dict[str, bytes]
    ready_at: float
    words: str = ""
    code: Code | None = None  # what the signer pressed on the phone's page


@dataclass
class Network:
    """`webhook`: where to call, with its secret in it. `answers_after` seconds the phone is picked up. The rest misbehaves."""

    webhook: str = ""
    answers_after: float = 0.0
    lose: bool = False
    repeat: int = 1
    delay: float = 0.0
    waits_for_phone: bool = False


@dataclass
class Simulator:
    at: datetime
    network: Network = field(default_factory=Network)
    port: int = 0
    names: dict[str, tuple[str, str]] = field(default_factory=dict)  # number → (name, organisation)
    authority: demo_ca.Authority | None = None

    def __post_init__(self) -> None:
        self.authority = self.authority or demo_ca.new_authority(self.at, f"SmartCA ({demo_ca.MARK})")
        self.signers: dict[str, tuple[rsa.RSAPrivateKey, x509.Certificate]] = {}
        self.transactions: dict[str, Transaction] = {}
        self.calls: list[str] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def credentials(self) -> tuple[str, str]:
        return _SP

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    # --- what the provider does -------------------------------------------------------------------------------------

    def answer(self, path: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.calls.append(path)
        if (said.get("sp_id"), said.get("sp_password")) != _SP:
            return 401, {"status_code": 401, "message": "SP_CREDENTIAL_INVALID"}
        parts = path.strip("/").split("/")
        if parts == ["v1", "credentials", "get_certificate"]:
            return self._certificate(str(said.get("user_id", "")))
        if parts == ["v1", "signatures", "sign"]:
            return self._sign(said)
        if parts[:3] == ["v1", "signatures", "sign"] and parts[4:] == ["status"]:
            return self._status(parts[3])
        return 404, {"status_code": 404, "message": "NOT_FOUND"}

    def _certificate(self, user: str) -> tuple[int, dict[str, Any]]:
        habit = habit_of(user)
        if habit == "nobody" or not user:
            return 400, {"status_code": 400, "message": "CREDENTIAL_NOT_FOUND"}
        if habit == "revoked":
            return 403, {"status_code": 403, "message": "CREDENTIAL_STATUS_INVALID"}
        _, certificate = self._signer(user)
        assert self.authority is not None
        found = {
            "cert_id": secrets.token_hex(8),
            "serial_number": f"{certificate.serial_number:x}",
            "cert_data": _base64(certificate.public_bytes(Encoding.DER)),
            "chain_data": {"ca_cert": _base64(self.authority.der), "root_cert": None},
        }
        return 200, {"status_code": 200, "message": "Success", "data": {"user_certificates": [found]}}

    def _sign(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        code = secrets.token_hex(16)
        files = {each["doc_id"]: bytes.fromhex(each["data_to_be_signed"]) for each in said["sign_files"]}
        made = Transaction(
            user=said["user_id"],
            ours=said["transaction_id"],
            files=files,
            ready_at=time.monotonic() + self.network.answers_after,
            words=said.get("transaction_desc", ""),
        )
        self.transactions[code] = made
        if not self.network.waits_for_phone:
            self.ring(code)
        data = {"transaction_id": made.ours, "tran_code": code}
        return 200, {"status_code": 200, "message": "sig_wait_for_user_confirm", "data": data}

    def _status(self, code: str) -> tuple[int, dict[str, Any]]:
        made = self.transactions.get(code)
        if made is None:
            return 404, {"status_code": 404, "message": "TRANSACTION_NOT_FOUND"}
        status, signatures = self._outcome(made)
        data = {"transaction_id": made.ours, "signatures": signatures}
        return 200, {
            "status_code": 200 if status == Code.SIGNED else int(status),
            "message": "",
            "data": data,
        }

    def _outcome(self, made: Transaction) -> tuple[Code, list[dict[str, Any]]]:
        if made.code is None and (self.network.waits_for_phone or time.monotonic() < made.ready_at):
            return Code.WAITING, []
        code = made.code or _CODES.get(habit_of(made.user), Code.SIGNED)
        return code, self._signatures(made) if code == Code.SIGNED else []

    def _signatures(self, made: Transaction) -> list[dict[str, Any]]:
        key, _ = self._signer(made.user)
        is_wrong = habit_of(made.user) == "wrong_signature"
        return [
            {
                "doc_id": name,
                "signature_value": _base64(_signature(key, bytes(32) if is_wrong else digest)),
                "timestamp_signature": None,
            }
            for name, digest in made.files.items()
        ]

    def _signer(self, user: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        with self._lock:
            if user not in self.signers:
                name, organisation = self.names.get(user, (f"Người ký {user[-4:]}", ""))
                assert self.authority is not None
                self.signers[user] = demo_ca.issue(self.authority, name, organisation, self.at)
            return self.signers[user]

    # --- the phone, and the call back -------------------------------------------------------------------------------

    def waiting(self) -> list[tuple[str, Transaction]]:
        return [(code, made) for code, made in self.transactions.items() if made.code is None]

    def press(self, code: str, *, is_yes: bool) -> None:
        """The signer presses a button on the phone."""
        made = self.transactions[code]
        made.code = Code.SIGNED if is_yes else Code.REJECTED
        self.ring(code)

    def press_at(self, path: str) -> None:
        """The address of a button: /phone/<transaction>/<yes or no>; the transaction's number is its secret."""
        _, _, code, answer = path.split("/")[:4]
        if code in self.transactions and self.transactions[code].code is None:
            self.press(code, is_yes=answer == "yes")

    def page(self) -> str:
        """The signer's telephone, which shows all that waits."""
        rows = "".join(_row(code, made) for code, made in self.waiting())
        return _PHONE.format(rows=rows or "<p>Chưa có yêu cầu ký nào. Trang tự tải lại.</p>")

    def ring(self, code: str) -> None:
        """Call the webhook, as the network lets it."""
        if self.network.webhook and not self.network.lose:
            threading.Thread(target=self._call, args=(code,), daemon=True).start()

    def _call(self, code: str) -> None:
        made = self.transactions[code]
        time.sleep(max(0.0, made.ready_at - time.monotonic()) + self.network.delay)
        status, signatures = self._outcome(made)
        said = {
            "sp_id": _SP[0],
            "status_code": int(status),
            "message": status.name,
            "transaction_id": made.ours,
            "signed_files": signatures,
        }
        for _ in range(self.network.repeat):
            _post(self.network.webhook, said)


_PHONE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="refresh" content="4">
<meta name="viewport" content="width=device-width"><title>Điện thoại thử nghiệm</title>
<style>body{{font:19px sans-serif;margin:20px;max-width:420px}}button{{font:inherit;padding:12px 20px;margin:4px}}</style>
<h1>Điện thoại thử nghiệm</h1>{rows}</html>"""


def _row(code: str, made: Transaction) -> str:
    names = "".join(f"<li>{html.escape(name)}</li>" for name in made.files)
    buttons = "".join(
        f'<form method="post" action="/phone/{code}/{answer}" style="display:inline"><button>{word}</button></form>'
        for answer, word in (("yes", "Xác nhận ký"), ("no", "Từ chối"))
    )
    return f"<h2>{html.escape(made.words)}</h2><ul>{names}</ul>{buttons}"


def habit_of(user: str) -> str:
    return HABITS.get(user[-4:], "confirm")


def _signature(key: rsa.RSAPrivateKey, digest: bytes) -> bytes:
    return key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _post(url: str, said: dict[str, Any]) -> None:
    request = urllib.request.Request(url, json.dumps(said).encode(), {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            answer.read()
    except (urllib.error.URLError, OSError):
        return  # a call that is lost: whoever waits asks


def _handler(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/phone/"):
                self._pressed()
                return
            status, said = simulator.answer(self.path, json.loads(body))
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            self._page(200, simulator.page())

        def _page(self, status: int, content: str) -> None:
            raw = content.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def _pressed(self) -> None:
            simulator.press_at(self.path)
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Handler
