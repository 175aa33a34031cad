"""Vietnamese text: one way to compare, one way to sort.

A key without accents finds, it never identifies: "Nga Thành" and "Nga Thạnh" are two communes.
"""

import unicodedata
from functools import lru_cache

_TONES = {"̀": 1, "̉": 2, "̃": 3, "́": 4, "̣": 5}  # ngang, huyền, hỏi, ngã, sắc, nặng
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: index for index, letter in enumerate(_LETTERS, start=1)}


def nfc(text: str) -> str:
    """The composed form, in which everything is stored."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """Composed, with every run of white space as one space and none at the ends."""
    return " ".join(nfc(text).split())


def is_storable(text: str) -> bool:
    """No NUL, no lone surrogate, no other control character than line ends and tabs.

    >>> is_storable("Nguyễn Văn An\\n"), is_storable("a\\x00"), is_storable("\\ud800")
    (True, False, False)
    """
    return all(char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cs") for char in text)


def name_key(text: str) -> str:
    """Lower case without accents or đ, for finding only.

    >>> name_key("Hoá Quỳ  Đông")
    'hoa quy dong'
    """
    return squeeze(text).lower().translate(_PLAIN)


def identity_key(text: str) -> str:
    """Equal for two spellings of one name that differ only in Unicode form, case, spaces or where the tone mark stands.

    Letters and tones still count, so homographs stay apart.

    >>> identity_key("Xã Hoá Quỳ") == identity_key("xã  Hóa Quỳ"), identity_key("Nga Thành") == identity_key("Nga Thanh")
    (True, False)
    """
    return " ".join(map(_word_identity, squeeze(text).lower().split(" ")))


@lru_cache(maxsize=20_000)  # names are made of a few thousand words
def _word_identity(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    tone = "".join(char for char in decomposed if char in _TONES)
    return "".join(char for char in decomposed if char not in _TONES) + tone


def sort_key(text: str) -> str:
    """A key that sorts as a Vietnamese dictionary does when compared byte by byte (letters first, then tones).

    >>> sorted(["Đông", "Dũng", "An", "Ân", "Ăn"], key=sort_key)
    ['An', 'Ăn', 'Ân', 'Dũng', 'Đông']
    """
    pairs = [_SORTING[char] for char in nfc(squeeze(text).lower())]
    return "".join([letter for letter, _ in pairs]) + "!" + "".join([tone for _, tone in pairs])


class _Plain(dict[int, str]):
    """Code point → what is left of it without accents, worked out once for each character that is met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", "d" if code == ord("đ") else chr(code))
        self[code] = plain = "".join(char for char in decomposed if not unicodedata.combining(char))
        return plain


class _Sorting(dict[str, tuple[str, str]]):
    """Character → (its place in the alphabet, its tone), worked out once for each that is met."""

    def __missing__(self, char: str) -> tuple[str, str]:
        decomposed = unicodedata.normalize("NFD", char)
        tone = next((_TONES[mark] for mark in decomposed if mark in _TONES), 0)
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONES))
        letter = f"~{_ORDER[base]:02d}" if base in _ORDER else base if base.isdigit() else " "
        self[char] = pair = letter, str(tone) if base in _ORDER else ""
        return pair


_PLAIN = _Plain()
_SORTING = _Sorting()
