"""The code of a dossier in the national format, and the random code by which its owner follows it.

Source: Circular 01/2018/TT-VPCP, article 19: V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX.
"""

import re
import secrets
from datetime import date

# No 0/O, 1/I/L, U/V: read aloud and copied from paper. 30 letters, 4.9 bits each.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13  # 13 · 4.907 = 63.8 bits
_OFFICE = re.compile(r"[A-Z0-9]{1,6}(\.[A-Z0-9]{1,6}){1,4}")


def dossier_code(office: str, on: date, number: int) -> str:
    """
    >>> dossier_code("000.17.22.H56", date(2021, 5, 31), 1), dossier_code("H56.15646", date(2026, 11, 22), 12345)
    ('000.17.22.H56-210531-0001', 'H56.15646-261122-12345')
    """
    return f"{office}-{on:%y%m%d}-{number:04d}"


def is_office(text: str) -> bool:
    """
    >>> is_office("000.17.22.H56"), is_office("H56.15646"), is_office("H56"), is_office("000.17;22")
    (True, True, False, False)
    """
    return bool(_OFFICE.fullmatch(text))


def office_of(unit: str, province: str) -> str:
    """The office part of a code where the commune has not told its own: the province's letter and number with the unit's code.

    Only H56 (Thanh Hoá) was seen in real codes; another province says "Z" with its own code until somebody enters what is right.

    >>> office_of("15646", "38"), office_of("02350", "08")
    ('H56.15646', 'Z08.02350')
    """
    return f"{'H56' if province == '38' else 'Z' + province}.{unit}"


def new_tracking_code() -> str:
    """64 random bits in groups people can read aloud: "7K3M-9QFW-2XHTA"."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def plain_tracking_code(text: str) -> str:
    """A tracking code as typed, without its groups; "" when it cannot be one.

    >>> plain_tracking_code(" 7k3m 9qfw-2xhta "), plain_tracking_code("7K3M-9QFW"), plain_tracking_code("0O")
    ('7K3M9QFW2XHTA', '', '')
    """
    letters = re.sub(r"[\s\-–.]", "", text[:60]).upper()
    return letters if len(letters) == LENGTH and set(letters) <= set(LETTERS) else ""
