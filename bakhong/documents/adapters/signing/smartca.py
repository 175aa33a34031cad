"""Remote signing of the SmartCA kind: hashes only, confirmed on the signer's phone, answered by webhook and by asking.

Source: VNPT, "Tài liệu tích hợp VNPT SmartCA" 4.x, section 3 (get_certificate, sign, status, webhook) and its table of transaction states.
Tried against `simulator.py`, not against the provider itself. The provider does not sign its webhook: the address we register with it
carries our secret, and a signature is checked against the certificate before it is used.
"""

import base64
import binascii
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bakhong.documents.adapters.signing.port import Check, Code, Identity, Outcome, ProviderProblem, ToSign

TIMEOUT = 15.0
LARGEST_ANSWER = 2_000_000
_ENDED = {Code.EXPIRED, Code.REJECTED, Code.KEY_REFUSED, Code.FAILED, Code.WAITING}


@dataclass
class SmartCA:
    """`url` ends before /v1; `webhook_secret` stands in the address of ours that the provider calls."""

    url: str
    sp_id: str
    sp_password: str
    webhook_secret: str
    code: str = "smartca"
    name: str = "VNPT SmartCA (xác nhận trên điện thoại)"
    account_label: str = "Số căn cước đăng ký SmartCA"

    def check(self) -> Check:
        if not self.url:
            return Check(False, "chưa cấu hình (BAKHONG_SMARTCA_URL)")
        try:
            self._ask("credentials/get_certificate", user_id="000000000000", transaction_id=str(uuid4()))
        except ProviderProblem as problem:
            # It knows us and not this number: it answers.
            return Check(problem.code == "no_certificate", f"{self.url}: {problem}")
        return Check(True, f"{self.url} trả lời")

    def identities(self, account: str) -> list[Identity]:
        said = self._ask("credentials/get_certificate", user_id=account, transaction_id=str(uuid4()))
        found = _list(_dict(said.get("data")).get("user_certificates"))
        return [_identity(each) for each in found]

    def start(
        self,
        account: str,
        identity: Identity,
        documents: Sequence[ToSign],
        *,
        ours: str,
        words: str,
        at: datetime,
    ) -> str:
        files = [
            {
                "doc_id": each.document,
                "file_type": "pdf",
                "sign_type": "hash",
                "data_to_be_signed": each.digest.hex(),
            }
            for each in documents
        ]
        said = self._ask(
            "signatures/sign",
            user_id=account,
            transaction_id=ours,
            transaction_desc=words,
            serial_number=identity.serial,
            time_stamp=f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}",
            sign_files=files,
        )
        transaction = _dict(said.get("data")).get("tran_code")
        if not isinstance(transaction, str) or not transaction:
            raise ProviderProblem("unreadable", "no tran_code")
        return transaction

    def status(self, transaction: str) -> Outcome:
        # The number is theirs: nothing in it may lead to another address.
        if not transaction.replace("-", "").isalnum():
            raise ProviderProblem("unreadable", "an odd tran_code")
        said = self._ask(f"signatures/sign/{transaction}/status")
        return _outcome(said, _list(_dict(said.get("data")).get("signatures")))

    def webhook(self, secret: str, body: bytes) -> tuple[str, Outcome]:
        if not self.webhook_secret or not hmac.compare_digest(secret.encode(), self.webhook_secret.encode()):
            raise ProviderProblem("wrong_caller")
        said = _read(body)
        ours = said.get("transaction_id")
        if said.get("sp_id") != self.sp_id or not isinstance(ours, str):
            raise ProviderProblem("unreadable")
        return ours, _outcome(said, _list(said.get("signed_files")))

    def _ask(self, path: str, **said: Any) -> dict[str, Any]:
        body = json.dumps({"sp_id": self.sp_id, "sp_password": self.sp_password, **said}).encode()
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's
            f"{self.url.rstrip('/')}/v1/{path}", body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return _read(answer.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            raise ProviderProblem(_HTTP.get(error.code, "unavailable"), f"HTTP {error.code}") from None
        except (OSError, ValueError) as error:
            raise ProviderProblem("unavailable", type(error).__name__) from None


# 401 SP_CREDENTIAL_INVALID; 403 CREDENTIAL_STATUS_INVALID (expired or revoked)
_HTTP = {400: "no_certificate", 401: "our_credentials", 403: "certificate_status", 404: "no_certificate"}


def _outcome(said: Mapping[str, Any], signatures: list[Any]) -> Outcome:
    status = said.get("status_code")
    if status in (200, Code.SIGNED):
        values = {
            each["doc_id"]: _bytes(each.get("signature_value"))
            for each in map(_dict, signatures)
            if isinstance(each.get("doc_id"), str)
        }
        if values and all(values.values()):
            return Outcome(Code.SIGNED, values)
        # 200 without signatures is a provider that has not finished.
        return Outcome(Code.WAITING)
    if isinstance(status, int) and status in _ENDED:
        return Outcome(Code(status))
    raise ProviderProblem("unreadable", "an unknown status")


def _identity(said: Any) -> Identity:
    data = _dict(said)
    chain = _dict(data.get("chain_data"))
    certificates = [
        _bytes(data.get("cert_data")),
        *(_bytes(chain.get(key)) for key in ("ca_cert", "root_cert")),
    ]
    if not certificates[0]:
        raise ProviderProblem("unreadable", "no cert_data")
    identity = Identity(certificates[0], tuple(each for each in certificates[1:] if each))
    try:
        _ = identity.serial
    except ValueError:
        raise ProviderProblem("unreadable", "no certificate in cert_data") from None
    return identity


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderProblem("unreadable") from None
    if not isinstance(said, dict):
        raise ProviderProblem("unreadable")
    return said


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _bytes(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""
