"""Text typed in the fonts of before Unicode: TCVN3 (.VnTime …) and VNI (VNI-Times …), seen as Latin letters.

A workbook does not say to the reader which font a cell had, so the letters themselves are judged: a guess is made only
where the text contains what no Vietnamese word in Unicode contains.

Source: TCVN 5712:1993 (VN3) and VNI's published tables; typed from knowledge, checked in tests by round trips.
"""

import unicodedata
from typing import Literal

Coding = Literal["tcvn3", "vni"]

_TCVN3 = dict(
    zip(
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©ª«¬\xad®¡¢£¤¥¦§",
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_MARKS = {
    "ù": "\u0301",
    "ø": "\u0300",
    "û": "\u0309",
    "õ": "\u0303",
    "ï": "\u0323",
    "â": "\u0302",
    "ê": "\u0306",
}
_CIRCUMFLEX = {"á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_pairs() -> dict[str, str]:
    """Base letter and the mark after it → the letter; both cases, and capitals with a small mark."""
    pairs: dict[str, str] = {}
    for base in "aeiouyôö":
        for mark, accent in _MARKS.items():
            if (mark == "â" and base not in "aeo") or (mark == "ê" and base != "a"):
                continue
            pairs[base + mark] = _ALONE.get(base, base) + accent
        if base in "aeo":
            pairs |= {base + mark: base + "\u0302" + accent for mark, accent in _CIRCUMFLEX.items()}
        if base == "a":
            pairs |= {base + mark: base + "\u0306" + accent for mark, accent in _BREVE.items()}
    small = {pair: unicodedata.normalize("NFC", letter) for pair, letter in pairs.items()}
    upper = {pair.upper(): letter.upper() for pair, letter in small.items()}
    mixed = {pair[0].upper() + pair[1]: letter.upper() for pair, letter in small.items()}
    return {**mixed, **upper, **small}


_VNI = _vni_pairs()
_VNI_ALONE = {**_ALONE, **{mark.upper(): letter.upper() for mark, letter in _ALONE.items()}}
_TO_TCVN3 = str.maketrans(_TCVN3)
_UNICODE_LETTERS = frozenset("ăđĩũơưĂĐĨŨƠƯ")
# What TCVN3 makes of Vietnamese and Unicode Vietnamese never writes.
_STRANGE_TCVN3 = frozenset(
    char for char in _TCVN3 if not char.isalpha() or char in "ÆÇËÎÏÐÑÖØÞßåæçëîïñöøûüþä\xad"
) | {"×", "÷"}
# Pairs of VNI that Unicode writes too: "Hoà", "Toán", "Doãn".
_AMBIGUOUS = frozenset({"oà", "oá", "oã"})


def _is_unicode_vietnamese(text: str) -> bool:
    return any(char in _UNICODE_LETTERS or "\u1ea0" <= char <= "\u1ef9" for char in text)


def coding_of(text: str) -> Coding | None:
    """The old font a text was typed in; None for Unicode, for plain ASCII and where it cannot be told.

    >>> coding_of("NguyÔn V¨n ThuËn"), coding_of("Nguyeãn Vaên Thuaän"), coding_of("Nguyễn Văn Thuận")
    ('tcvn3', 'vni', None)
    >>> coding_of("Lê Thị Hòa"), coding_of("Lê Hà"), coding_of("Le Ha"), coding_of("Hoàng Doãn Toán")
    (None, None, None, None)
    """
    if text.isascii() or _is_unicode_vietnamese(text):
        return None
    if _is_vni(text):
        return "vni"
    strange = sum(char in _STRANGE_TCVN3 for char in text)
    return "tcvn3" if strange else None


def _is_vni(text: str) -> bool:
    """Every letter beyond ASCII is a mark behind a vowel or one of VNI's own letters, and not only in pairs Unicode writes too."""
    index, is_sure = 0, _begins_with_d(text)
    while index < len(text):
        pair = text[index : index + 2]
        if pair in _VNI:
            is_sure = is_sure or pair.lower() not in _AMBIGUOUS
            index += 2
        elif text[index].isascii() or text[index] in _VNI_ALONE:
            index += 1
        else:
            return False
    return is_sure


def _begins_with_d(text: str) -> bool:
    return any(char in "ñÑ" and (index == 0 or text[index - 1] == " ") for index, char in enumerate(text))


def decode(text: str, coding: Coding) -> str:
    """
    >>> decode("NguyÔn V¨n §øc", "tcvn3"), decode("Ñoã Thò Böôûi", "vni"), decode("HOAØNG VAÊN ÑÖÙC", "vni")
    ('Nguyễn Văn Đức', 'Đỗ Thị Bưởi', 'HOÀNG VĂN ĐỨC')
    """
    if coding == "tcvn3":
        return unicodedata.normalize("NFC", text.translate(_TO_TCVN3))
    out = []
    index = 0
    while index < len(text):
        pair = _VNI.get(text[index : index + 2])
        out.append(pair or _VNI_ALONE.get(text[index], text[index]))
        index += 2 if pair else 1
    return unicodedata.normalize("NFC", "".join(out))


def mend(text: str, known: Coding | None = None) -> tuple[str, Coding | None]:
    """The text in Unicode, and the coding it was in. `known`: what the rest of its column was typed in.

    A text that may be in either old font is read as its column is; plain Unicode Vietnamese is left as it is.
    """
    if text.isascii():
        return text, None
    coding = None if _is_unicode_vietnamese(text) else known or coding_of(text)
    return (decode(text, coding), coding) if coding else (text, None)


def prevalent(texts: list[str]) -> Coding | None:
    """The coding most of the telling texts of a column are in; None when Unicode is as frequent."""
    counts = {"tcvn3": 0, "vni": 0, "unicode": 0}
    for text in texts:
        if text.isascii():
            continue
        coding = coding_of(text)
        if coding:
            counts[coding] += 1
        elif _is_unicode_vietnamese(text):
            counts["unicode"] += 1
    if counts["tcvn3"] > max(counts["vni"], counts["unicode"]):
        return "tcvn3"
    return "vni" if counts["vni"] > counts["unicode"] else None
