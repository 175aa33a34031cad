"""SePay's list of movements.

Source: its published API (GET /userapi/transactions/list: account_number, since_id, transaction_date_min, limit; Bearer token). Tried
against the simulator beside this file, not against SePay.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import date
from typing import Any

from bakhong.payments.adapters.port import Check, Missed, Silent, UnreadRow
from bakhong.payments.rules.lines import Told
from bakhong.payments.rules.webhooks import BadDelivery, sepay_listed

HOME = "https://my.sepay.vn"
MOST = 5000  # movements of one answer
TIMEOUT = 20.0
_LARGEST = 20_000_000


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token does not follow wherever an answer points to."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def may_be_asked(url: str) -> bool:
    """https, and nobody's name in the address; without it only this very machine (the simulator).

    >>> may_be_asked("https://my.sepay.vn"), may_be_asked("http://127.0.0.1:8080"), may_be_asked("http://my.sepay.vn")
    (True, True, False)
    >>> may_be_asked("http://127.0.0.1:x@evil.example/"), may_be_asked("https://my.sepay.vn@evil.example"), may_be_asked("https://")
    (False, False, False)
    """
    try:
        parts = urllib.parse.urlsplit(url)
        is_whole = (
            bool(parts.hostname) and "@" not in parts.netloc and "\\" not in url and (parts.port or 1) > 0
        )
    except ValueError:
        return False
    return is_whole and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
    )


@dataclass(frozen=True)
class SepayFeed:
    """`url` ends before /userapi; `token` is the API's, not the webhook's."""

    url: str
    token: str
    timeout: float = TIMEOUT

    def missed(self, number: str, *, cursor: str, since: date, until: date) -> Missed:
        asked = {"account_number": number, "limit": str(MOST)}
        asked |= {"since_id": cursor} if cursor else {"transaction_date_min": since.isoformat()}
        rows = self._ask(asked)
        told: list[Told] = []
        unread: list[UnreadRow] = []
        last = int(cursor) if cursor else 0
        for row in sorted(rows, key=_id):
            last = max(last, _id(row))
            try:
                movement = sepay_listed(row, number)
                if movement.on > until:
                    raise BadDelivery("bad_day")
                told.append(movement)
            except BadDelivery as bad:
                if bad.is_ours:
                    unread.append(UnreadRow(str(row.get("id", ""))[:80], _as_it_came(row), bad.code))
        return Missed(tuple(told), str(last) if last else "", tuple(unread), len(rows) >= MOST)

    def check(self, number: str) -> Check:
        try:
            self._ask({"account_number": number, "limit": "1"})
        except Silent as silent:
            return Check(False, f"{self.url}: {silent.problem}")
        return Check(True, f"{self.url} trả lời")

    def _ask(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        if not may_be_asked(self.url):
            raise Silent("bad_address")
        request = urllib.request.Request(  # noqa: S310 - https, or this machine
            f"{self.url.rstrip('/')}/userapi/transactions/list?{urllib.parse.urlencode(asked)}",
            headers={"Accept": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with _OPENER.open(request, timeout=self.timeout) as answer:
                return _rows(answer.read(_LARGEST + 1))
        except urllib.error.HTTPError as error:
            raise Silent(f"http_{error.code}") from None
        except (OSError, ValueError) as error:
            raise Silent(type(error).__name__) from None


def _rows(body: bytes) -> list[dict[str, Any]]:
    if len(body) > _LARGEST:
        raise Silent("too_large")
    try:
        said = json.loads(body, parse_float=str)
    except (ValueError, RecursionError):
        raise Silent("no_json") from None
    rows = said.get("transactions") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise Silent("no_list")
    return [each for each in rows if isinstance(each, dict)]


def _as_it_came(row: dict[str, Any]) -> str:
    """As text that any database keeps: strange letters as their escapes."""
    return json.dumps(row, ensure_ascii=True, sort_keys=True)


def _id(row: dict[str, Any]) -> int:
    said = str(row.get("id", ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else 0
