"""Which characters a document may carry into and out of the house."""

import re

from bakhong.core.text import nfc

# Control characters, lone surrogates and non-characters; tab and newline stay.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Zero-width characters that chat programs slip into numbers and names.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")


def clean(text: str) -> str:
    """Composed (NFC) text with `\\n` line ends, without control, invisible or forbidden characters.

    >>> clean("Xa\u0303 A\\r\\n1\\x002\u200b3")
    'Xã A\\n123'
    """
    if text.isprintable():  # none of those is, and most texts are
        return nfc(text)
    text = _NEWLINES.sub("\n", text)
    return nfc(_INVISIBLE.sub("", _FORBIDDEN.sub("", text)))


def one_line(text: str) -> str:
    """Clean text with every run of tabs and line ends as one space: what may stand in a cell.

    >>> one_line("Thôn 1\\n\\tThôn 2 ")
    'Thôn 1 Thôn 2'
    """
    if text.isprintable():
        return nfc(text).strip()
    return re.sub(r"[ ]*[\t\n]+[ ]*", " ", clean(text)).strip()
