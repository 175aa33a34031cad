"""VietQR: what a bank's app reads from a square.

A payload is tag (two digits), length (two digits), value, one after the other; some values are made the same way. It ends with a check
sum over everything before it.

Source: EMVCo, QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1; NAPAS, QR Format T&C 1.5.2 (38, A000000727).
Banks ignore 52, 62.01 and 62.03 without a contract with a merchant, so the reference goes into 62.08, the note of the transfer.
"""

import re
from binascii import crc_hqx
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bakhong.payments.rules.purposes import LONGEST
from bakhong.payments.rules.vietqr_words import PROBLEMS

GUID = "A000000727"
TO_ACCOUNT, TO_CARD, TO_MERCHANT, CASH_OUT = "QRIBFTTA", "QRIBFTTC", "QRPUSH", "QRCASH"
SERVICES = (TO_ACCOUNT, TO_CARD, TO_MERCHANT, CASH_OUT)
STATIC, DYNAMIC = "11", "12"
DONG, VIET_NAM = "704", "VN"
MOST_DIGITS = 13
LONGEST_PAYLOAD = 512  # EMVCo, 3.1
LONGEST_NAME = 25

_PRINTABLE = re.compile(r"[ -~]*")
_AMOUNT = re.compile(r"(\d{1,13})(\.0{1,2})?")


class BadCode(Exception):
    """No VietQR that holds, or one that must not be made. `code` is for programs, `message` for people."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        self.message = self.in_words("vi")
        super().__init__(self.message)

    def in_words(self, lang: str) -> str:
        return PROBLEMS[self.code][lang == "en"] % self.values


@dataclass(frozen=True)
class Code:
    """What a payload says. `amount` in đồng; `dynamic`: the app does not let it be changed.

    `extra`: the other tags, "62.01" for one inside 62.
    """

    bank_bin: str
    account: str
    service: str = TO_ACCOUNT
    amount: int | None = None
    purpose: str = ""
    dynamic: bool = False
    name: str = ""
    city: str = ""
    mcc: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


def encode(
    *, bank_bin: str, account: str, amount: int | None = None, purpose: str = "", name: str = ""
) -> str:
    """The payload for an account. With an amount it is dynamic: the app does not let the amount be changed.

    >>> encode(bank_bin="970416", account="257678859")
    '00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F'

    Raises: BadCode for what an app or a bank would cut or refuse; nothing is cut here.
    """
    _check(bank_bin, account, amount, purpose, name)
    to = _field("00", GUID) + _field("01", _field("00", bank_bin) + _field("01", account))
    payload = _field("00", "01") + _field("01", STATIC if amount is None else DYNAMIC)
    payload += _field("38", to + _field("02", TO_ACCOUNT)) + _field("53", DONG)
    if amount is not None:
        payload += _field("54", str(amount))
    payload += _field("58", VIET_NAM)
    if name:
        payload += _field("59", name)
    if purpose:
        payload += _field("62", _field("08", purpose))
    payload += "6304"
    return payload + crc(payload)


def _check(bank_bin: str, account: str, amount: int | None, purpose: str, name: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise BadCode("bank", value=bank_bin)
    if not re.fullmatch(r"[0-9A-Z]{5,19}", account):
        raise BadCode("account", value=account)
    if amount is not None and not 1 <= amount < 10**MOST_DIGITS:
        raise BadCode("amount", value=amount)
    if not _PRINTABLE.fullmatch(purpose):
        raise BadCode("purpose_characters")
    if len(purpose) > LONGEST:
        raise BadCode("purpose_length", most=LONGEST, length=len(purpose))
    if not _PRINTABLE.fullmatch(name) or len(name) > LONGEST_NAME:
        raise BadCode("name", most=LONGEST_NAME)


def decode(payload: str) -> Code:
    """Read one and check it: check sum, lengths, doubles, currency, country, the one who is paid.

    >>> found = decode(encode(bank_bin="970416", account="257678859", amount=10000, purpose="Chuyen tien"))
    >>> found.account, found.amount, found.purpose, found.dynamic
    ('257678859', 10000, 'Chuyen tien', True)

    Raises: BadCode.
    """
    fields = _fields_of(payload)
    if fields.get("53") != DONG:
        raise BadCode("currency", value=fields.get("53", ""))
    if fields.get("58") != VIET_NAM:
        raise BadCode("country", value=fields.get("58", ""))
    bank_bin, account, service = _payee(fields)
    note = _parts(fields.get("62", ""))
    return Code(
        bank_bin,
        account,
        service,
        _amount(fields.get("54")),
        note.get("08", ""),
        _is_dynamic(fields.get("01", STATIC)),
        fields.get("59", ""),
        fields.get("60", ""),
        fields.get("52", ""),
        _extra(fields, note),
    )


def tags_of(payload: str) -> list[str]:
    """The outer tags, in the order of the payload. Raises: BadCode.

    >>> tags_of(encode(bank_bin="970416", account="257678859"))
    ['00', '01', '38', '53', '58', '63']
    """
    return list(_fields_of(payload))


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, begun with 0xFFFF) as four hexadecimal digits.

    >>> crc("123456789")
    '29B1'
    """
    return f"{crc_hqx(text.encode('ascii'), 0xFFFF):04X}"


def _fields_of(payload: str) -> dict[str, str]:
    """The outer fields of a payload whose check sum is right."""
    if not _PRINTABLE.fullmatch(payload):
        raise BadCode("characters")
    if len(payload) > LONGEST_PAYLOAD:
        raise BadCode("too_long", most=LONGEST_PAYLOAD)
    if not payload.startswith("000201"):
        raise BadCode("not_emv")
    if len(payload) < 14 or payload[-8:-4] != "6304":
        raise BadCode("no_crc")
    if crc(payload[:-4]) != payload[-4:]:
        raise BadCode("crc", expected=crc(payload[:-4]), found=payload[-4:])
    return _parts(payload)


def _parts(text: str) -> dict[str, str]:
    """tag → value. Raises: BadCode where lengths do not fit or a tag stands twice."""
    found: dict[str, str] = {}
    for tag, value in _walk(text):
        if tag in found:
            raise BadCode("double", tag=tag)
        found[tag] = value
    return found


def _walk(text: str) -> Iterable[tuple[str, str]]:
    at = 0
    while at < len(text):
        head = text[at : at + 4]
        if not re.fullmatch(r"[0-9]{4}", head):
            raise BadCode("tlv", at=at)
        value = text[at + 4 : at + 4 + int(head[2:])]
        if len(value) != int(head[2:]):
            raise BadCode("tlv", at=at)
        yield head[:2], value
        at += 4 + len(value)


def _payee(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """BIN, account, service."""
    outer = _parts(fields.get("38", ""))
    if outer.get("00") != GUID:
        raise BadCode("not_vietqr")
    inner = _parts(outer.get("01", ""))
    bank_bin, account = inner.get("00", ""), inner.get("01", "")
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        raise BadCode("bank", value=bank_bin)
    if not re.fullmatch(r"[0-9A-Za-z]{1,19}", account):
        raise BadCode("account", value=account)
    service = outer.get("02", "")
    if service not in SERVICES:
        raise BadCode("service", value=service)
    return bank_bin, account, service


def _amount(text: str | None) -> int | None:
    """Whole đồng. A point begins decimals here, so "200.000" would be two hundred đồng to one reader: refused."""
    if text is None:
        return None
    match = _AMOUNT.fullmatch(text)
    if not match or not int(match[1]):
        raise BadCode("amount", value=text)
    return int(match[1])


def _is_dynamic(method: str) -> bool:
    if method not in (STATIC, DYNAMIC):
        raise BadCode("method", value=method)
    return method == DYNAMIC


_KNOWN = frozenset({"00", "01", "38", "52", "53", "54", "58", "59", "60", "62", "63"})


def _extra(fields: Mapping[str, str], note: Mapping[str, str]) -> dict[str, str]:
    other = {tag: value for tag, value in fields.items() if tag not in _KNOWN}
    return other | {f"62.{tag}": value for tag, value in note.items() if tag != "08"}


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"
