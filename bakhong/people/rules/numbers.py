"""Identity numbers and telephone numbers as they arrive from spreadsheets."""

import re
from dataclasses import dataclass, field

Value = object  # a cell: text, number, day or nothing

# Source: Ministry of Information and Communications, plan 798/QĐ-BTTTT of 2018: mobile numbers of 11 digits became 10 digits.
_OLD_MOBILE = {
    **{f"016{digit}": f"03{digit}" for digit in "23456789"},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}
_TWELVE = re.compile(r"[0-9]{12}")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")
_PHONE = re.compile(r"(?<!\d)(?:\+?84[ .\-]?|0)?\d(?:[ .\-]?\d){7,9}(?!\d)")
_WHOSE = (
    ("con", r"\bcon(?: trai| gái| dâu| rể)?\b"),
    ("chồng", r"\bchồng\b"),
    ("vợ", r"\bvợ\b"),
    ("bố", r"\b(?:bố|cha|ba)\b"),
    ("mẹ", r"\bmẹ\b"),
    ("cháu", r"\bcháu\b"),
    ("anh chị em", r"\b(?:anh|chị|em)\b"),
    ("hàng xóm", r"\bhàng xóm\b"),
    ("chủ hộ", r"\bchủ hộ\b"),
)
_WHOSE_PATTERNS = [(whose, re.compile(pattern)) for whose, pattern in _WHOSE]
_NONE = re.compile(
    r"(?i)^(?:không|ko|k|0|-+|x|không có|không có đt|không dùng|chưa có|không sd.*|không sử dụng.*)$"
)


@dataclass(frozen=True)
class Told:
    """What a 12-digit number says of its holder. Never where they live: the first digits are where the birth was registered."""

    sex: str
    year: int


def number_tells(number: str) -> Told:
    """
    >>> number_tells("038190012345"), number_tells("038304012345").year
    (Told(sex='female', year=1990), 2004)
    """
    century = int(number[3])
    return Told("female" if century % 2 else "male", 1900 + century // 2 * 100 + int(number[4:6]))


@dataclass(frozen=True)
class NationalId:
    """`value`: 12 digits, or None when there is none. `code`: why it cannot be used. `notes`: what was mended."""

    value: str | None = None
    code: str = ""
    notes: list[str] = field(default_factory=list)


def national_id(value: Value, *, year: int | None = None, sex: str | None = None) -> NationalId:
    """A 12-digit number out of a cell: zeros lost by a number cell put back, spaces and dots dropped.

    An 11-digit (or 10-digit) number loses its leading zeros only in a number cell, yet people copy such cells as text: it is mended where
    the number then agrees with the birth year (where that is known), and said so. Nine digits are an old identity card (CMND).

    >>> national_id(38090012345).value, national_id("038 090 012 345").value, national_id("1001090012345").code
    ('038090012345', '038090012345', 'id_not_12_digits')
    >>> national_id("172345678").code, national_id("").code, national_id(3.8090012345e10).value
    ('id_is_old_card', '', '038090012345')
    >>> national_id("38090012345", year=1951).code
    'id_not_12_digits'
    """
    if value is None or value == "":
        return NationalId()
    if type(value) is str and _TWELVE.fullmatch(value):  # as most are; the rest is for the others
        return NationalId(value, _impossible(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = f"{value:.0f}" if isinstance(value, float) and value == value and abs(value) < 1e15 else str(value)
    if not is_number and _NONE.fullmatch(text.strip()):
        return NationalId()
    if not is_number and re.fullmatch(r"\d(?:[.,]\d+)?[eE]\+?\d+", text.strip()):
        return NationalId(code="id_not_12_digits")  # "3.809E+10": digits are gone
    digits = re.sub(r"[\s.'’`\-_\u00a0]", "", text)
    if not digits:
        return NationalId()
    if not digits.isdecimal() or not digits.isascii():
        return NationalId(code="id_not_12_digits")
    if len(digits) == 12:
        notes = ["id_spaces"] if digits != text.strip() and not is_number else []
        return NationalId(digits, _impossible(digits), notes)
    if len(digits) in (10, 11):
        padded = digits.zfill(12)
        if _impossible(padded) or not _agrees(padded, year, sex):
            return NationalId(code="id_not_12_digits")
        return NationalId(padded, notes=["id_zeros"])
    return NationalId(code="id_is_old_card" if len(digits) in (8, 9) else "id_not_12_digits")


def _impossible(number: str) -> str:
    """Provinces are 001 to 096, countries from 100 on (Source: Circular 59/2021/TT-BCA, annexes); no number has province 000."""
    return "id_not_12_digits" if number.startswith("000") or len(set(number)) == 1 else ""


def _agrees(number: str, year: int | None, sex: str | None) -> bool:
    told = number_tells(number)
    return (year is None or told.year == year) and (sex is None or told.sex == sex)


@dataclass(frozen=True)
class Phone:
    """`value`: the number from 0 on, or None. `whose`: a word of the note ("con", "chồng"); "" when the note names nobody.

    `more`: further numbers in the cell. `code`: why there is none though the cell says something.
    """

    value: str | None = None
    whose: str = ""
    note: str = ""
    more: list[str] = field(default_factory=list)
    code: str = ""
    notes: list[str] = field(default_factory=list)
    has_none: bool = False


def phone(value: Value) -> Phone:
    """A telephone number out of a cell.

    >>> phone(912345678).value, phone("+84 912.345.678").value, phone("0912345678 (con trai)").whose, phone("01682345678").value
    ('0912345678', '0912345678', 'con', '0382345678')
    >>> phone("không có").has_none, phone("12345").code, phone("0912345678/0987654321").more
    (True, 'phone_unclear', ['0987654321'])
    """
    if value is None or value == "":
        return Phone()
    if type(value) is str and len(value) == 10 and _MOBILE.fullmatch(value) and value.isascii():
        return Phone(value)
    text = f"{value:.0f}" if isinstance(value, float) and value == value and abs(value) < 1e15 else str(value)
    text = re.sub(r"^(\d+)\.0$", r"\1", text.strip())
    if not text:
        return Phone()
    if _NONE.fullmatch(text):
        return Phone(has_none=True)
    found: list[str] = []
    notes: list[str] = []
    for match in _PHONE.finditer(text):
        number, note = _mended(re.sub(r"\D", "", match[0]))
        if number and number not in found:
            found.append(number)
            notes += [note] if note and note not in notes else []
    rest = " ".join(re.sub(r"[()\[\]/,;:+.\-]+", " ", _PHONE.sub(" ", text)).split())
    whose = (
        next((who for who, pattern in _WHOSE_PATTERNS if pattern.search(rest.lower())), "") if rest else ""
    )
    if not found:
        return Phone(code="phone_unclear", note=rest, whose=whose)
    return Phone(found[0], whose, rest, found[1:], notes=notes)


def _mended(digits: str) -> tuple[str | None, str]:
    """A number of Viet Nam as it is dialled today, and what was done."""
    note = ""
    if digits.startswith("84") and len(digits) in (11, 12):
        digits = "0" + digits[2:]
    if not digits.startswith("0"):
        digits, note = "0" + digits, "phone_zero"
    if len(digits) == 11 and digits[:4] in _OLD_MOBILE:
        digits, note = _OLD_MOBILE[digits[:4]] + digits[4:], "phone_prefix"
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits, note
    return None, ""
