"""The notifications of SePay and payOS: who sent them, and what they tell. Nothing here trusts a byte.

Source: developer.sepay.vn (webhooks), payos.vn/docs (webhook; signature over the sorted data); domain research 5.3.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bakhong.core.days import VIET_NAM
from bakhong.core.text import is_storable, squeeze
from bakhong.payments.rules.lines import IN, LARGEST, MOST_CONTENT, OUT, Told, bare

LARGEST_BODY = 64 * 1024  # bytes; theirs are below 2 kB
_WHOLE = re.compile(r"\d{1,15}(?:\.0{1,2})?")
_MOMENT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?"
)
_TOO_OLD = 300  # seconds that a signed moment may lie in the past or future


class BadDelivery(Exception):
    """It tells of no movement of this account. `code` says why; `is_ours` false: of another account, or a trial."""

    def __init__(self, code: str, *, is_ours: bool = True) -> None:
        super().__init__(code)
        self.code, self.is_ours = code, is_ours


def text_of(body: bytes) -> str:
    """The body as text that can be kept.

    Raises: BadDelivery(too_large | not_text).
    """
    if len(body) > LARGEST_BODY:
        raise BadDelivery("too_large")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadDelivery("not_text") from None
    if not is_storable(text):
        raise BadDelivery("not_text")
    return text


def parsed(text: str) -> dict[str, Any]:
    """The object of a body; numbers with a point stay as they are written, for money is never a float.

    Raises: BadDelivery(not_json).

    >>> parsed('{"amount": 200000.00}')
    {'amount': '200000.00'}
    """
    try:
        found = json.loads(text, parse_float=str, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadDelivery("not_json") from None
    if not isinstance(found, dict):
        raise BadDelivery("not_json")
    return found


def sepay(text: str, account_number: str) -> Told:
    """What a notification of SePay tells. Moments are of Viet Nam. A balance of 0 after money came in is none.

    Raises: BadDelivery.
    """
    return _sepay(parsed(text), account_number)


def _sepay(body: Mapping[str, Any], account_number: str) -> Told:
    _require_account(account_number, _text(body, "accountNumber"), _text(body, "subAccount"))
    direction = _text(body, "transferType")
    if direction not in (IN, OUT):
        raise BadDelivery("bad_direction")
    at = _moment(_text(body, "transactionDate"))
    return Told(
        direction,
        _amount(body.get("transferAmount")),
        at.date(),
        at,
        content=_note(_text(body, "content") or _text(body, "description")),
        reference=_text(body, "referenceCode", 80),
        balance_after=_balance(body.get("accumulated")),
        external_id=sepay_id(body),
    )


def sepay_listed(row: Mapping[str, Any], account_number: str) -> Told:
    """The same movement as SePay's list tells it: other names, money in and out in two fields or with its direction, numbers as text.

    Raises: BadDelivery.
    """
    direction: str
    amount: int | None
    came, went = _whole(row.get("amount_in")), _whole(row.get("amount_out"))
    if came is not None and went is not None:
        direction, amount = (IN, came) if came else (OUT, went)
    else:
        direction, amount = _text(row, "transfer_type"), _whole(row.get("transfer_amount"))
    body = {
        "id": row.get("id"),
        "accountNumber": row.get("account_number"),
        "subAccount": row.get("sub_account"),
        "transferType": direction,
        "transferAmount": amount,
        "transactionDate": row.get("transaction_date"),
        "content": row.get("transaction_content") or row.get("content"),
        "referenceCode": row.get("reference_number"),
        "accumulated": row.get("accumulated"),
    }
    return _sepay(body, account_number)


def sepay_row(text: str, account_number: str) -> Told:
    """`sepay_listed` of a row that was kept as text.

    Raises: BadDelivery.
    """
    return sepay_listed(parsed(text), account_number)


def sepay_id(body: Mapping[str, Any]) -> str:
    """Raises: BadDelivery(no_id)."""
    return _given(_text(body, "id", 80))


def payos(text: str, account_number: str) -> Told:
    """What a notification of payOS tells: always money that came in.

    Raises: BadDelivery.
    """
    body = parsed(text)
    data = _data(body)
    if _text(body, "code") != "00" or _text(data, "code") not in ("00", ""):
        raise BadDelivery("not_paid", is_ours=False)
    _require_account(account_number, _text(data, "accountNumber"), _text(data, "virtualAccountNumber"))
    if _text(data, "currency") not in ("VND", ""):
        raise BadDelivery("bad_currency")
    at = _moment(_text(data, "transactionDateTime"))
    return Told(
        IN,
        _amount(data.get("amount")),
        at.date(),
        at,
        content=_note(_text(data, "description")),
        reference=_text(data, "reference", 80),
        payer_name=_note(_text(data, "counterAccountName"))[:120],
        external_id=payos_id(body),
    )


def payos_id(body: Mapping[str, Any]) -> str:
    """A link may be paid twice: its number and the bank's reference together.

    Raises: BadDelivery(no_id).
    """
    data = _data(body)
    return _given(f"{_text(data, 'paymentLinkId', 40)}:{_text(data, 'reference', 39)}".strip(":"))


def payos_signature(data: Mapping[str, Any], key: str) -> str:
    """HMAC-SHA256 over whatever fields arrived, sorted by name, joined as a=1&b=2, nothing as an empty word.

    >>> payos_signature({"b": None, "a": 1}, "key") == hmac.new(b"key", b"a=1&b=", hashlib.sha256).hexdigest()
    True
    """
    words = "&".join(f"{name}={_as_signed(data[name])}" for name in sorted(data))
    return _hmac(key, words.encode("utf-8", "surrogatepass"))


def is_from_payos(text: str, key: str) -> bool:
    """Raises: BadDelivery where it cannot be read."""
    body = parsed(text)
    try:
        expected = payos_signature(_data(body), key)
    except RecursionError:
        raise BadDelivery("not_json") from None
    return bool(key) and _equal(_text(body, "signature"), expected)


def is_from_sepay(
    body: bytes, key: str, *, authorization: str, signature: str, timestamp: str, now: float
) -> bool:
    """By `Authorization: Apikey <key>`, or by `signature`: HMAC-SHA256 of the body in hex ("sha256=" before it is left out).

    With a `timestamp` (Unix seconds) the signature is of "<timestamp>.<body>", and five minutes old at most.
    """
    if not key:
        return False
    if signature:
        if timestamp and not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return False
        if timestamp and abs(now - int(timestamp)) > _TOO_OLD:
            return False
        signed = f"{timestamp}.".encode() + body if timestamp else body
        return _equal(signature.removeprefix("sha256=").lower(), _hmac(key, signed))
    return _equal(authorization, f"Apikey {key}")


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _hmac(key: str, content: bytes) -> str:
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def _as_signed(value: Any) -> str:
    if value is None or value in ("null", "undefined"):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        items = [dict(sorted(each.items())) if isinstance(each, dict) else each for each in value]
        return json.dumps(items, separators=(",", ":"), ensure_ascii=False)
    if isinstance(value, dict):
        return json.dumps(dict(sorted(value.items())), separators=(",", ":"), ensure_ascii=False)
    return str(value)


def _data(body: Mapping[str, Any]) -> Mapping[str, Any]:
    data = body.get("data")
    if not isinstance(data, dict):
        raise BadDelivery("not_json")
    return data


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _text(body: Mapping[str, Any], name: str, most: int = 4000) -> str:
    """A field as text: nothing for a list, an object, true or false."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if (
        isinstance(value, int) and abs(value) > 10**80
    ):  # writing out a larger one is what a hostile sender wants
        return ""
    return str(value).strip()[:most]


def _require_account(ours: str, *theirs: str) -> None:
    """Raises: BadDelivery(no_account | other_account)."""
    numbers = set(filter(None, map(bare, theirs)))
    if not numbers:
        raise BadDelivery("no_account")
    if bare(ours) not in numbers:
        raise BadDelivery("other_account", is_ours=False)


def _given(word: str) -> str:
    if not word or not is_storable(word):
        raise BadDelivery("no_id")
    return word


def _note(text: str) -> str:
    """A note as it may be kept: one line, nothing a database or a page would choke on."""
    return squeeze("".join(char if is_storable(char) else " " for char in text))[:MOST_CONTENT]


def _amount(value: Any) -> int:
    """Whole đồng above 0, as a number or as text.

    >>> _amount("200000.00"), _amount(200000)
    (200000, 200000)
    """
    number = _whole(value)
    if number is None or not 0 < number <= LARGEST:
        raise BadDelivery("bad_amount")
    return number


def _balance(value: Any) -> int | None:
    number = _whole(value)
    return number if number and number <= LARGEST else None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else None
    if isinstance(value, str) and value.isascii() and _WHOLE.fullmatch(value):
        return int(value.partition(".")[0])
    return None


def _moment(text: str) -> datetime:
    """
    >>> _moment("2026-05-06 07:08:09").isoformat()
    '2026-05-06T07:08:09+07:00'
    """
    match = _MOMENT.fullmatch(text) if text.isascii() else None
    if match is None:
        raise BadDelivery("bad_day")
    year, month, day, hour, minute, second = (int(each or 0) for each in match.groups())
    try:
        found = datetime(year, month, day, hour, minute, second, tzinfo=VIET_NAM)
    except ValueError:
        raise BadDelivery("bad_day") from None
    if not date(2000, 1, 1) <= found.date() <= date(2100, 1, 1):
        raise BadDelivery("bad_day")
    return found
