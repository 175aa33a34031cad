"""Plain text in the encodings that commune offices really have."""

import re

from bakhong.core.text import nfc
from bakhong.documents.rules.characters import clean

from .shapes import MAX_TEXT, Bad, RawExtract

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_MULTIBYTE = re.compile(rb"[\xc3\xc4\xc6]..?|\xe1[\xba\xbb][\x80-\xbf]", re.S)
_VIETNAMESE = frozenset(
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
    "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴ"
)
_TYPOGRAPHY = frozenset("“”‘’–—…•§«»°±²³·×÷\N{NO-BREAK SPACE}₫®©‰€")


def parse(data: bytes) -> RawExtract:
    """The text of a .txt file.

    Raises: Bad(binary | mixed_encoding | legacy_font | too_long | empty).
    """
    if len(data) > MAX_TEXT * 3:
        raise Bad("too_long")
    text = clean(decode(data))
    if len(text) > MAX_TEXT:
        raise Bad("too_long")
    if not text.strip():
        raise Bad("empty")
    return {"kind": "text", "text": text, "tables": [], "pages": None, "warnings": []}


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 with a byte order mark, or Windows-1258 where every letter is Vietnamese.

    >>> decode("Xã Ngọc Phụng".encode("utf-16")), decode(b"Xa\\xde")
    ('Xã Ngọc Phụng', 'Xã')
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], name)
    if _looks_binary(data):
        raise Bad("binary")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _decode_marked(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise Bad("mixed_encoding") from error
    if "\x00" in text:
        raise Bad("binary")
    return text


def _looks_binary(data: bytes) -> bool:
    """NUL bytes, or more than 1 in 100 control characters."""
    if b"\x00" in data:
        return True
    kept = data.translate(None, delete=bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32)))
    return (len(data) - len(kept)) * 100 > len(data)


def _decode_legacy(data: bytes) -> str:
    letters = len([byte for byte in data[:100_000] if byte >= 0x80])
    multibyte = sum(len(match) for match in _MULTIBYTE.findall(data[:100_000]))
    if multibyte * 2 > letters:
        raise Bad("mixed_encoding")
    try:
        text = nfc(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise Bad("legacy_font") from error
    strange = {char for char in text if ord(char) >= 0x80} - _VIETNAMESE - _TYPOGRAPHY
    if strange:
        raise Bad("legacy_font" if any(char.isalpha() for char in text) else "binary")
    return text
