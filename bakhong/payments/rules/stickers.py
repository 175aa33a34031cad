"""Is what hangs at a stall the code it was given? Whatever could lead money elsewhere is an alarm; a bank's own reprint is none.

The bank and the account decide, with the service that reads them. Banks' apps write the same account in their own way: parts in another
order, 11 or 12, a trade, a name, a town, a note, the check sum in small letters. None of that moves money.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from bakhong.payments.rules.purposes import plain
from bakhong.payments.rules.references import check_character
from bakhong.payments.rules.vietqr import BadCode, Code, decode, tags_of

GENUINE, EQUIVALENT, CHANGED, UNREADABLE = "genuine", "equivalent", "changed", "unreadable"

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")
_SEAL = 10
_TIPS = frozenset({"55", "56", "57"})
# A postcode, the name in another language, and what payment systems may keep for themselves: no app pays by them.
_HARMLESS = frozenset({"61", "64", *map(str, range(80, 100))})


@dataclass(frozen=True)
class Finding:
    """`differences`: bank, account, service, amount, payee, fee, other, broken; or "name", which alone alarms nobody."""

    verdict: str
    differences: tuple[str, ...] = ()


def read(scanned: str) -> Code:
    """What a scanned code says. Raises: BadCode.

    >>> read(" 00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304ae9f ").account
    '257678859'
    """
    return decode(_read_large(scanned))


def _read_large(scanned: str) -> str:
    """With the check sum in capitals, which some apps print small."""
    text = tidy(scanned)
    return text[:-4] + text[-4:].upper()


def tidy(scanned: str) -> str:
    """Without what a scanner puts around a code."""
    return scanned.strip(" \t\r\n\ufeff\u200b")


def compare(printed: str, scanned: str, *, names: Collection[str] = ()) -> Finding:
    """The scanned code beside the payload that was printed. `names`: how the payee may be called.

    >>> printed = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"
    >>> compare(printed, printed).verdict, compare(printed, "hello").verdict
    ('genuine', 'unreadable')
    >>> compare(printed, printed.replace("257678859", "257678850"))
    Finding(verdict='changed', differences=('broken',))

    Source: the attacks of research/reliability-ux.md, "QR sticker swapped at stalls".
    """
    text = tidy(scanned)
    if text == printed:
        return Finding(GENUINE)
    try:
        found = read(text)
    except BadCode as bad:
        return Finding(UNREADABLE if bad.code == "not_emv" else CHANGED, (_difference(bad.code),))
    moved = _moved(decode(printed), found) + _missing(text)
    if moved:
        return Finding(CHANGED, moved)
    return Finding(EQUIVALENT, () if _is_called(found.name, names) else ("name",))


def _difference(code: str) -> str:
    return {"amount": "amount", "not_vietqr": "payee", "bank": "bank", "account": "account"}.get(
        code, "broken"
    )


def _moved(printed: Code, found: Code) -> tuple[str, ...]:
    """What could lead money elsewhere, or another sum of it."""
    told = {
        "bank": found.bank_bin != printed.bank_bin,
        "account": found.account != printed.account,
        "service": found.service != printed.service,
        "amount": found.amount != printed.amount,
    }
    return tuple(name for name, differs in told.items() if differs) + _added(found)


def _missing(text: str) -> tuple[str, ...]:
    """Every bank prints 01 (once or for ever); a code without it was tampered with, or made by no bank."""
    return () if "01" in tags_of(_read_large(text)) else ("other",)


def _added(found: Code) -> tuple[str, ...]:
    """Parts that do not belong to an account of one bank: a second payee (02 to 51), a tip, anything unknown."""
    tags = {tag for tag in found.extra if not tag.startswith("62.")} - _HARMLESS
    told = {
        "payee": any("02" <= tag <= "51" for tag in tags),
        "fee": bool(tags & _TIPS),
        "other": any(tag > "51" and tag not in _TIPS for tag in tags),
    }
    return tuple(name for name, is_there in told.items() if is_there)


def _is_called(name: str, names: Collection[str]) -> bool:
    """
    >>> _is_called("LE THI HOA", ["Lê Thị Hoá"]), _is_called("TRAN VAN BA", ["Lê Thị Hoá"]), _is_called("", [])
    (True, False, True)
    """
    said = plain(name).upper()
    known = {plain(each).upper() for each in names}
    return not said or said in known or any(len(said) >= 20 and each.startswith(said) for each in known)


def seal_text(digest: bytes) -> str:
    """Ten characters to print beside a code and to type by hand: nine of Crockford's base 32 (45 bits) and a check character.

    >>> seal_text(bytes(32))
    'QBF56-WQNT4'
    """
    while True:
        digest = hashlib.sha256(
            digest
        ).digest()  # again where the check character would be one that hands confuse
        number = int.from_bytes(digest[:8], "big")
        body = "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(_SEAL - 1))
        check = check_character(body)
        if check in _CROCKFORD:
            return f"{body[:5]}-{body[5:]}{check}"


def read_seal(text: str) -> str:
    """A seal code as it was typed, in the way we print it; "" where it is none.

    >>> read_seal("qbf56 wqnt4"), read_seal("QBF56-WQNT5"), read_seal("")
    ('QBF56-WQNT4', '', '')
    """
    typed = re.sub(r"[^0-9A-Z]", "", text.upper()).translate(_ALIKE)
    if len(typed) != _SEAL or not set(typed) <= set(_CROCKFORD) or check_character(typed[:-1]) != typed[-1]:
        return ""
    return f"{typed[:5]}-{typed[5:]}"
