"""What a file is, told by its content and never by its name."""

import re

from .shapes import Bad

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"MSCF")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!/")
_WEB_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|svg)\b|^mime-version:", re.I)


def container_of(head: bytes) -> str:
    """`zip`, `pdf` or `text`, from the first bytes (1,024 are enough).

    Raises: Bad when it is something else that we recognise and cannot read.
    """
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise Bad("damaged")
    if head.startswith(_OLE):
        return "ole"
    if b"%PDF-" in head:
        return "pdf"
    _refuse_others(head)
    return "text"


def _refuse_others(head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{\\rtf"):
        raise Bad("rtf")
    if head.startswith(_ARCHIVES):
        raise Bad("archive")
    if head.startswith(_PROGRAMS):
        raise Bad("binary")
    if _is_image(head):
        raise Bad("image")
    if start.startswith(b"<?xml") or _WEB_PAGE.match(start):
        raise Bad("web_page")


def _is_image(head: bytes) -> bool:
    is_media = head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    # "BM" also begins ordinary text: a bitmap has zeros in its header.
    return is_media or (head.startswith(_IMAGES) and (not head.startswith(b"BM") or b"\x00" in head[:26]))


def is_old_workbook(data: bytes) -> bool:
    """An .xls among Microsoft's old containers."""
    return (
        any(_entry(name) in data for name in ("Workbook", "Book")) and _entry("EncryptedPackage") not in data
    )


def _entry(name: str) -> bytes:
    return name.encode("utf-16-le")


def refuse_ole(data: bytes) -> None:
    """Say which of Microsoft's old containers it is.

    Old .xls is refused, too, but for lists (`xls.py` says why).

    Raises: Bad, always.
    """
    for name, code in (
        ("EncryptedPackage", "password"),
        ("WordDocument", "old_word"),
        ("Workbook", "old_excel"),
        ("Book", "old_excel"),
    ):
        if _entry(name) in data:
            raise Bad(code)
    raise Bad("binary")
