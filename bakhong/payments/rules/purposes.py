"""The note of a transfer: what banks pass on unharmed is unaccented ASCII, at most 25 characters.

Source: the limit of NAPAS' own kit; longer notes pass some banks only. Apps and banks drop or change everything but letters, digits and
`. _ -`.
"""

import re
import unicodedata

from bakhong.core.text import squeeze

LONGEST = 25

_DONG = str.maketrans("đĐ", "dD")


def unaccented(text: str) -> str:
    """Vietnamese letters without their marks; everything else stays.

    >>> unaccented("Phí chứng thực 12/2026 – Đợt 1")
    'Phi chung thuc 12/2026 – Dot 1'
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_DONG))
    return unicodedata.normalize(
        "NFC", "".join(each for each in decomposed if not unicodedata.combining(each))
    )


def plain(text: str) -> str:
    """Only what banks pass on: letters and digits without marks, blanks, `. _ -`. The case is kept.

    >>> plain("Tiền nước T11/2026 (đợt 2)")
    'Tien nuoc T11 2026 dot 2'
    """
    return squeeze(re.sub(r"[^A-Za-z0-9 ._-]+", " ", unaccented(text)))


def purpose_of(reference: str, words: str = "") -> str:
    """The reference, then as many whole words as 25 characters hold: without the words nothing is lost.

    >>> purpose_of("BK777777777777S", "Tiền nước tháng 11"), purpose_of("BK777777777777S", "Chứngthựcbảnsao")
    ('BK777777777777S Tien nuoc', 'BK777777777777S')
    """
    told = reference
    for word in plain(words).split():
        if len(told) + 1 + len(word) > LONGEST:
            break
        told += f" {word}"
    return told
