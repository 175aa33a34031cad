"""Names of persons as lists keep them: in capitals, with titles, with notes behind."""

import re
from dataclasses import dataclass

from bakhong.core.text import name_key, squeeze

NAME_LENGTH = 120
_TITLE = re.compile(r"^(?:(?:ông|bà|cụ)\.?|(?:anh|chị|ô|b)\.)\s+(?=\S+\s+\S)", re.IGNORECASE)
_NUMBER = re.compile(r"^\d{1,5}\s*[.)/:\-]\s*")
_NOTE = re.compile(r"\s*[(\[{]([^)\]}]*)[)\]}]?\s*")
_TAIL = re.compile(r"\s+[-–—:]\s*(.+)$")
_WORDS = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*", re.UNICODE)


@dataclass(frozen=True)
class Name:
    """`value`: the name as it stands on a card, None where the cell holds none. `note`: what stood in brackets or behind a dash."""

    value: str | None = None
    note: str = ""
    code: str = ""


def person_name(value: object) -> Name:
    """
    >>> person_name("NGUYỄN  THỊ HOA").value, person_name("2. Bà lê thị tư (đã mất)")
    ('Nguyễn Thị Hoa', Name(value='Lê Thị Tư', note='đã mất', code=''))
    >>> person_name("H'Hen NIÊ").value, person_name(123).code, person_name("  ").value, person_name("NGUYễN VĂN AN").value
    ("H'Hen Niê", 'name_invalid', None, 'Nguyễn Văn An')
    >>> person_name("?!#x~").code
    'name_invalid'
    """
    if value is None or value == "":
        return Name()
    text = squeeze(str(value))
    if not text:
        return Name()
    notes = [match.strip() for match in _NOTE.findall(text)]
    text = _NUMBER.sub("", squeeze(_NOTE.sub(" ", text)))
    if tail := _TAIL.search(text):
        notes.append(tail[1])
        text = text[: tail.start()]
    text = _TITLE.sub("", text).strip(" .,;:*-–_")
    note = "; ".join(note for note in notes if note)
    if not any(char.isalpha() for char in text):
        return Name(None, note, "name_invalid" if text or note else "")
    is_noise = 2 * sum(char.isalpha() for char in text) < len(text.replace(" ", ""))
    if is_noise or any(char.isdigit() for char in text) or len(text) > NAME_LENGTH or not text.isprintable():
        return Name(None, note, "name_invalid")
    return Name(_cased(text), note)


def _cased(text: str) -> str:
    """As on a card, unless somebody took care of the case already.

    A word that begins small or has capitals inside small letters comes from the capitals key or an old font.
    """
    words = text.split(" ")
    if all(_is_cared_for(word) for word in words) and not (len(words) > 1 and text.isupper()):
        return text
    return " ".join(_title(word) for word in words)


def _is_cared_for(word: str) -> bool:
    return all(
        part[:1].isupper() and (len(part) == 1 or part[1:].islower())
        for part in re.split(r"['’ʼ`\-]", word)
        if part
    )


def _title(word: str) -> str:
    parts = re.split(r"(['’ʼ`\-])", word.lower())
    return "".join(part[:1].upper() + part[1:] for part in parts)


def looks_like_name(text: str) -> bool:
    """Whether a cell could hold a person's name: two to eight words of letters.

    >>> looks_like_name("Nguyễn Văn A"), looks_like_name("Thôn 1"), looks_like_name("x")
    (True, False, False)
    """
    words = text.split()
    return (
        2 <= len(words) <= 8
        and all(_WORDS.fullmatch(word.strip(".,()")) for word in words)
        and name_key(words[0]) not in {"thon", "ban", "xom", "khu", "to", "xa", "phuong", "tong", "cong"}
    )


def veiled(name: str) -> str:
    """A name that whoever has the paper can compare, and that tells nobody else whose it is: the first word, of the last one a letter.

    >>> veiled("Lê Thị Hoá"), veiled("Quỳ"), veiled("H'Hen Niê"), veiled("")
    ('Lê T. H***', 'Q***', "H'Hen N***", '')
    """
    words = squeeze(name).split(" ")
    if not words[-1]:
        return ""
    first, between = words[:1] if len(words) > 1 else [], words[1:-1]
    return " ".join([*first, *(f"{word[0]}." for word in between), f"{words[-1][0]}***"])
