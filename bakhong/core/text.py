"""Vietnamese text: one way to compare, one way to sort.

A key without accents finds, it never identifies: "Nga Thành" and "Nga Thạnh" are two communes.
"""

import unicodedata

_TONES = {"̀": 1, "̉": 2, "̃": 3, "́": 4, "̣": 5}  # ngang, huyền, hỏi, ngã, sắc, nặng
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: index for index, letter in enumerate(_LETTERS, start=1)}


def nfc(text: str) -> str:
    """The composed form, in which everything is stored."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """Composed, with every run of white space as one space and none at the ends."""
    return " ".join(nfc(text).split())


def name_key(text: str) -> str:
    """Lower case without accents or đ, for finding only.

    >>> name_key("Hoá Quỳ  Đông")
    'hoa quy dong'
    """
    decomposed = unicodedata.normalize("NFD", squeeze(text).lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def identity_key(text: str) -> str:
    """Equal for two spellings of one name that differ only in Unicode form, case, spaces or where the tone mark stands.

    Letters and tones still count, so homographs stay apart.

    >>> identity_key("Xã Hoá Quỳ") == identity_key("xã  Hóa Quỳ"), identity_key("Nga Thành") == identity_key("Nga Thanh")
    (True, False)
    """
    keys = []
    for word in squeeze(text).lower().split(" "):
        decomposed = unicodedata.normalize("NFD", word)
        tone = "".join(char for char in decomposed if char in _TONES)
        keys.append("".join(char for char in decomposed if char not in _TONES) + tone)
    return " ".join(keys)


def sort_key(text: str) -> str:
    """A key that sorts as a Vietnamese dictionary does when compared byte by byte (letters first, then tones).

    >>> sorted(["Đông", "Dũng", "An", "Ân", "Ăn"], key=sort_key)
    ['An', 'Ăn', 'Ân', 'Dũng', 'Đông']
    """
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", squeeze(text).lower()):
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES))
        if base in _ORDER:
            letters.append(f"~{_ORDER[base]:02d}")
            tones.append(str(tone))
        elif base.isdigit():
            letters.append(base)
        else:
            letters.append(" ")
    return "".join(letters) + "!" + "".join(tones)
