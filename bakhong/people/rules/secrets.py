"""What never belongs into free text: codes and passwords at all, identity and telephone numbers because they have boxes of their own.

Those boxes are sealed or masked and every look at them is noted; a remark is read by whoever opens the page.

Source: domain research 2.2 (team members receive codes on their own telephones) and 11.2 (what swindlers ask for).
"""

import re

from bakhong.people.rules.rows import mask

_ALONE = re.compile(r"\s*\d(?:[ .\-]?\d){3,7}\s*")
# In one piece, or read out in groups ("482 913"); telephone numbers are longer, hours ("14-16") shorter.
_CODE = re.compile(r"(?<![\d/.,\-])(?<!\d )(?:\d{4,8}|\d(?:[ \-]?\d){5,7})(?![\d/.,\-]*\d)(?! \d)")
_DAY = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-(?:19|20)\d\d(?!\d)")
_WORDS = re.compile(
    r"\b(otp|code|mã|ma|mật khẩu|mat khau|pin|pass[^\W\d]*|pw|mk)(?![^\W\d])", re.IGNORECASE
)  # "OTP482913" too
# What stands near such a word rightly: a year, and the short numbers people are to call.
_HARMLESS = re.compile(
    r"\bnăm (?:19|20)\d\d(?!\d)|(?<!\d)(?:1022|1[89]00(?:[ .]?\d){4,6})(?!\d)", re.IGNORECASE
)
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
    >>> [holds_code(each) for each in ("Không đưa OTP cho ai, gọi 1022", "Quét mã QR năm 2026", "OTP 1022 4829")]
    [False, False, True]
    """
    if _ALONE.fullmatch(text):
        return True
    text = _HARMLESS.sub("", _DAY.sub("", text))
    words = [match.span() for match in _WORDS.finditer(text)]
    return any(
        min(abs(number.start() - end), abs(start - number.end())) <= _NEAR
        for number in _CODE.finditer(text)
        for start, end in words
    )


_GAP = r"[ .\-]?"
_DATE = re.compile(r"(?<!\d)\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)\d\d(?!\d)")
# Twelve digits in one piece, or in groups where they begin as numbers of people born in the country do: with 0.
_ID = rf"(?<!\d)(?:\d{{12}}|0\d{{2}}(?:{_GAP}\d){{9}})(?!\d)"
# Ten digits of today, eleven of before 2018, or with the country's code.
_MOBILE = rf"(?<!\d)(?:(?:\+?84|0){_GAP}[35789](?:{_GAP}\d){{8}}|01[2689](?:{_GAP}\d){{8}})(?!\d)"
_NUMBER = re.compile(f"{_ID}|{_MOBILE}")
_DATE_OR_NUMBER = re.compile(f"({_DATE.pattern})|{_NUMBER.pattern}")


def holds_number(text: str) -> bool:
    """True for a text with a 12-digit number of a person, or with the number of a mobile telephone.

    >>> [holds_number(each) for each in ("CCCD 038190001234", "số 038 190 001 234", "gọi 0912.345.678", "+84 912 345 678")]
    [True, True, True, True]
    >>> [holds_number(each) for each in ("Hẹn 06-05-2026 14 giờ", "Từ 07.30-08.30", "1.200.000.000 đồng", "QĐ 1234/2026", "")]
    [False, False, False, False, False]
    """
    return _NUMBER.search(_DATE.sub("/", text)) is not None


def without_numbers(text: str) -> str:
    """The text with such numbers masked, as lists have them that nobody can be asked to type again.

    >>> without_numbers("Con trai 0912 345 678, CCCD 038190001234, từ 06-05-2026")
    'Con trai •••••••678, CCCD •••••••••234, từ 06-05-2026'
    """
    return _DATE_OR_NUMBER.sub(lambda found: found[1] or mask(re.sub(r"\D", "", found[0])), text)
