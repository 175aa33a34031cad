"""Codes received by telephone and passwords must never be written down, least of all by somebody who helps.

Source: domain research 2.2 (team members receive codes on their own telephones) and 11.2 (what swindlers ask for).
"""

import re

_ALONE = re.compile(r"\s*\d(?:[ .\-]?\d){3,7}\s*")
# In one piece, or read out in groups ("482 913"); telephone numbers are longer, hours ("14-16") shorter.
_CODE = re.compile(r"(?<![\d/.,\-])(?<!\d )(?:\d{4,8}|\d(?:[ \-]?\d){5,7})(?![\d/.,\-]*\d)(?! \d)")
_DAY = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-(?:19|20)\d\d(?!\d)")
_WORDS = re.compile(
    r"\b(otp|code|mã|ma|mật khẩu|mat khau|pin|pass[^\W\d]*|pw|mk)(?![^\W\d])", re.IGNORECASE
)  # "OTP482913" too
_NEAR = 25  # characters between the word and the number


def holds_code(text: str) -> bool:
    """True for a text that is nothing but 4 to 8 digits, or that has such a number close to a word for a code.

    Days, amounts and house numbers pass.

    >>> [holds_code(each) for each in ("123456", "12 34 56", "OTP là 482913", "mật khẩu: 12345678")]
    [True, True, True, True]
    >>> [holds_code(each) for each in ("Hẹn 06/05/2026", "Nhà số 1234 đầu ngõ", "Hẹn tối mai", "Máy mua 2014", "")]
    [False, False, False, False, False]
    >>> [holds_code(each) for each in ("Mã xác nhận là 482 913", "otp:48-29-13", "OTP482913")]
    [True, True, True]
    >>> [holds_code(each) for each in ("Quét mã QR lúc 14-16 giờ", "Mã QR, gọi 0912 345 678", "Mã QR ngày 06-05-2026")]
    [False, False, False]
    """
    if _ALONE.fullmatch(text):
        return True
    text = _DAY.sub("", text)
    words = [match.span() for match in _WORDS.finditer(text)]
    return any(
        min(abs(number.start() - end), abs(start - number.end())) <= _NEAR
        for number in _CODE.finditer(text)
        for start, end in words
    )
