"""Codes received by telephone and passwords must never be written down, least of all by somebody who helps.

Source: domain research 2.2 (team members receive codes on their own telephones) and 11.2 (what swindlers ask for).
"""

import re

_ALONE = re.compile(r"\s*\d(?:[ .\-]?\d){3,7}\s*")
_CODE = re.compile(r"(?<![\d/.,\-])\d{4,8}(?![\d/.,\-]*\d)")
_WORDS = re.compile(r"\b(otp|mã|ma|mật khẩu|mat khau|pin|pass\w*|passcode|pw|mk)\b", re.IGNORECASE)
_NEAR = 25  # characters between the word and the number


def holds_code(text: str) -> bool:
    """True for a text that is nothing but 4 to 8 digits, or that has such a number close to a word for a code.

    Days, amounts and house numbers pass.

    >>> [holds_code(each) for each in ("123456", "12 34 56", "OTP là 482913", "mật khẩu: 12345678")]
    [True, True, True, True]
    >>> [holds_code(each) for each in ("Hẹn 06/05/2026", "Nhà số 1234 đầu ngõ", "Hẹn tối mai", "Máy mua 2014", "")]
    [False, False, False, False, False]
    """
    if _ALONE.fullmatch(text):
        return True
    words = [match.span() for match in _WORDS.finditer(text)]
    return any(
        min(abs(number.start() - end), abs(start - number.end())) <= _NEAR
        for number in _CODE.finditer(text)
        for start, end in words
    )
