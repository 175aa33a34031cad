"""The text in the QR code of an identity card.

Source: domain research 6.3: chip card (CCCD) `number|old number|name|ddMMyyyy|sex|address|ddMMyyyy of issue`, seven fields; the card of
2024 (Circular 16/2024/TT-BCA) has at least these seven, what follows is kept as it came because its order was not verified.
The 12-digit number: Decree 137/2015/NĐ-CP, article 13 and Circular 59/2021/TT-BCA (three digits of the place of registration,
one of century and sex, two of the birth year, six at random; there is no check digit).
"""

import re
import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bakhong.people.rules.numbers import number_tells

_SEPARATOR = re.compile(r"\s*[|¦‖]\s*")
# What keyboards-like scanners make of letters they cannot type.
_GARBLED = re.compile(r"[?\ufffd□¿]")
_LABEL = re.compile(r"^\s*[^|:]{2,40}:\s*")


@dataclass(frozen=True)
class Card:
    """A card's fields; None where the text does not say. `warnings` are codes, see `bakhong.people.problems`."""

    national_id: str | None
    old_id: str | None = None
    full_name: str | None = None
    born_on: date | None = None
    sex: str | None = None
    address: str | None = None
    issued_on: date | None = None
    tail: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def parse(text: str) -> Card | None:
    """The card a scanned or pasted text tells of; None when it is no such text.

    >>> card = parse("038090012345|172345678|Nguyễn Văn An|15031990|Nam|Thôn 1, Ngọc Phụng, Thường Xuân, Thanh Hóa|01052021")
    >>> card.national_id, card.old_id, card.full_name, card.born_on.isoformat(), card.sex, card.warnings
    ('038090012345', '172345678', 'Nguyễn Văn An', '1990-03-15', 'male', [])
    >>> parse("038190012345||Nguy?n Th? B|00001990|N?|Thôn 1|01052021").warnings
    ['letters_lost', 'born_on_partial']
    >>> parse("xin chào") is None
    True
    """
    text = unicodedata.normalize("NFC", text).strip().strip("\ufeff")
    parts = [_LABEL.sub("", part).strip() for part in _SEPARATOR.split(text)]
    if len(parts) < 2 or not re.fullmatch(r"[\d\s.]{9,16}", parts[0]):
        return None
    warnings: list[str] = []
    number = re.sub(r"\D", "", parts[0])
    if len(number) != 12:
        warnings.append("id_not_12_digits")
    if len(parts) < 7:
        warnings.append("fields_missing")
    get = dict(enumerate(parts)).get
    old = re.sub(r"\D", "", get(1) or "")
    if old and len(old) not in (9, 12):
        warnings.append("old_id_odd")
    name, address = get(2) or None, get(5) or None
    if any(value and letters_lost(value) for value in (name, address, get(4))):
        warnings.append("letters_lost")
    born_on, born_code = _day(get(3) or "")
    issued_on, issued_code = _day(get(6) or "")
    warnings += [f"born_on_{born_code}"] if born_code else []
    warnings += [f"issued_on_{issued_code}"] if issued_code and len(parts) >= 7 else []
    sex = _sex(get(4) or "")
    if sex is None and get(4):
        warnings.append("sex_unknown")
    told = number_tells(number) if len(number) == 12 else None
    if told:
        if sex and told.sex != sex:
            warnings.append("id_sex_differs")
        if born_on and told.year != born_on.year:
            warnings.append("id_year_differs")
    if born_on and issued_on and issued_on < born_on:
        warnings.append("issued_before_birth")
    return Card(
        number if len(number) == 12 else None,
        old or None,
        name,
        born_on,
        sex,
        address,
        issued_on,
        parts[7:],
        warnings,
    )


def letters_lost(text: str) -> bool:
    """Whether a scanner put something else where a letter was.

    >>> letters_lost("Nguy?n"), letters_lost("Nguyễn")
    (True, False)
    """
    return _GARBLED.search(text) is not None


def _day(text: str) -> tuple[date | None, str]:
    """A day (ddMMyyyy, or with / - .) and what is wrong with it: "", "missing", "partial" or "invalid"."""
    if not text:
        return None, "missing"
    match = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})|(\d{2})(\d{2})(\d{4})", text)
    if not match:
        return None, "partial" if re.fullmatch(r"(?:\d{2}[/.\-]?)?\d{4}", text) else "invalid"
    day, month, year = (int(part) for part in match.groups() if part is not None)
    if not day or not month:
        return None, "partial"
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "invalid"


def _sex(text: str) -> str | None:
    """
    >>> _sex("Nữ"), _sex("N?"), _sex("NAM"), _sex("x")
    ('female', 'female', 'male', None)
    """
    word = text.strip().lower()
    if word in {"nam", "male", "m"}:
        return "male"
    if word in {"nữ", "nu", "nư", "female", "f"} or re.fullmatch(r"n[^a]{1,3}", word):
        return "female"
    return None
