"""The port over HTTP and JSON.

Only an answer that names our key counts as received: a page of a hotspot, a proxy or an error handler is 200 as well.
"""

import base64
import hashlib
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bakhong.dossiers.adapters.port import Batch, Check, Declined, NoAnswer

TIMEOUT = 20.0
LARGEST_ANSWER = 50_000_000  # a batch with its papers


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Personal data do not follow wherever an answer points to."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@dataclass(frozen=True)
class HttpExchange:
    """`url` ends before /dong-bo. `timeout`: seconds."""

    code: str
    name: str
    url: str
    token: str
    timeout: float = TIMEOUT

    def push_state(self, key: UUID, body: Mapping[str, Any]) -> None:
        self._push("trang-thai", key, dict(body))

    def push_result(self, key: UUID, body: Mapping[str, Any], name: str, content: bytes) -> None:
        result = {
            "TenGiayTo": name,
            "MaGiayToKetQua": hashlib.sha256(content).hexdigest(),
            "NoiDung": base64.b64encode(content).decode(),
        }
        self._push("ket-qua", key, {**body, "DanhSachGiayToKetQua": [result]})

    def pull_filed(self, cursor: str) -> Batch:
        said = self._ask("GET", "ho-so-moi?" + urllib.parse.urlencode({"sau": cursor}))
        items, after = said.get("HoSo"), said.get("ViTri")
        if not isinstance(items, list) or not isinstance(after, str) or len(after) > 100:
            raise NoAnswer("unreadable", "no list")
        return Batch([each for each in items if isinstance(each, dict)], after)

    def check(self) -> Check:
        try:
            self._ask("GET", "kiem-tra")
        except (NoAnswer, Declined) as failure:
            said = failure.problem if isinstance(failure, NoAnswer) else "declined"
            return Check(False, f"{self.url}: {said} {failure.detail}".strip())
        return Check(True, f"{self.url} trả lời")

    def _push(self, path: str, key: UUID, body: Mapping[str, Any]) -> None:
        said = self._ask("POST", path, body, str(key))
        if said.get("DaNhan") != str(key):
            raise NoAnswer("not_received", "no receipt")

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's
            f"{self.url.rstrip('/')}/dong-bo/{path}",
            json.dumps(body).encode() if body is not None else None,
            headers,
            method=method,
        )
        try:
            with _OPENER.open(request, timeout=self.timeout) as answer:
                return _read(answer.read(LARGEST_ANSWER + 1))
        except urllib.error.HTTPError as error:
            raise _refused(error) from None
        except TimeoutError:
            raise NoAnswer("slow") from None
        except (OSError, ValueError) as error:
            raise NoAnswer("unreachable", type(error).__name__) from None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _refused(error: urllib.error.HTTPError) -> NoAnswer | Declined:
    """Only 409, 413 and 422 with a readable code say that they do not want this one; anything else may be another machine's word."""
    if error.code in (401, 403):
        return NoAnswer("our_credentials", f"HTTP {error.code}")
    if error.code in (409, 413, 422):
        try:
            said = _read(error.read(10_000)).get("Loi")
        except (NoAnswer, OSError, ValueError):
            said = None
        if isinstance(said, str) and said.isascii():
            return Declined(said[:60])
    return NoAnswer("their_error" if error.code >= 500 else "odd_answer", f"HTTP {error.code}")


def _read(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_ANSWER:
        raise NoAnswer("unreadable", "too large")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise NoAnswer("unreadable", "no JSON") from None
    if not isinstance(said, dict):
        raise NoAnswer("unreadable", "no object")
    return said
