"""The phone number somebody signs in with, and the six digits they choose for it."""

import re
from datetime import date

_MOBILE = re.compile(r"0[35789]\d{8}")
_ROWS = ("01234567890", "09876543210")
# Digits of the keypad in a line, and words spelt with it that everybody tries first.
_DRAWN = frozenset({"147258", "258369", "159357", "357159", "147369", "369258", "258147", "789456", "456789"})
OLDEST = 1900


def mobile(text: str) -> str | None:
    """A Vietnamese mobile number as ten digits; None when it is none.

    Source: Circular 22/2014/TT-BTTTT and the change of prefixes of 2018 (mobile numbers have ten digits, 03, 05, 07, 08, 09).

    >>> mobile("+84 912 345 678"), mobile("0912.345.678"), mobile("912345678"), mobile("0237 385 2246")
    ('0912345678', '0912345678', '0912345678', None)
    """
    digits = re.sub(r"[\s.\-()]", "", text)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    elif len(digits) == 9 and not digits.startswith("0"):
        digits = "0" + digits
    return digits if digits.isascii() and _MOBILE.fullmatch(digits) else None


def pin_digits(text: str) -> str:
    """What was meant by digits typed with spaces, full-width or not.

    >>> pin_digits(" 48 15 16 ")
    '481516'
    """
    return "".join(str(int(char)) for char in text if char.isdecimal())


def weakness(pin: str, *, phone: str, on: date) -> str:
    """Why these six digits are too easy to guess: "length", "repeated", "row", "date", "phone"; "" when they are good enough.

    A date of birth is what a neighbour tries first: 150390, 031590, 199003, 031990 and a year with two more digits.
    Source: NIST SP 800-63B, section 5.1.1.2 (compare with the commonly used), for memorised digits.

    >>> on = date(2026, 11, 22)
    >>> [weakness(each, phone="0912345678", on=on) for each in ("12345", "000000", "121212", "123456", "150390", "196203", "345678")]
    ['length', 'repeated', 'repeated', 'row', 'date', 'date', 'row']
    >>> weakness("912345", phone="0912345678", on=on), weakness("485137", phone="0912345678", on=on)
    ('phone', '')
    """
    if len(pin) != 6 or not pin.isdecimal():
        return "length"
    if len(set(pin)) < 3 or pin[:3] == pin[3:] or pin[:2] * 3 == pin:
        return "repeated"
    if pin in _DRAWN or any(pin in row for row in _ROWS):
        return "row"
    if _is_date(pin, on):
        return "date"
    return "phone" if pin in phone else ""


def _is_date(pin: str, on: date) -> bool:
    """DDMMYY, MMDDYY, YYMMDD, MMYYYY, YYYYMM, or a year of the living before or after two digits."""
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])
    if _is_day(first, second) or _is_day(second, first) or _is_day(third, second):
        return True
    years = range(OLDEST, on.year + 1)
    return int(pin[:4]) in years or int(pin[2:]) in years


def _is_day(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12
