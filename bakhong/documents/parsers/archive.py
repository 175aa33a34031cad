"""Zip containers (.docx, .xlsx) opened with limits, before anything is unpacked."""

import re
import zipfile
import zlib
from io import BytesIO

from .shapes import Bad

MAX_ENTRIES = 10_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 100
_FREE_SIZE = 1024 * 1024  # below this, any ratio is harmless

_MAIN_PART = re.compile(r"word/document\d*\.xml")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)


class Archive:
    """A checked zip file; `names` are its entries."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise Bad("damaged") from error
        entries = self._zip.infolist()
        self.names = [entry.filename for entry in entries]
        _refuse_bomb(entries)
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise Bad("password")
        if len(set(self.names)) < len(self.names):
            raise Bad("damaged")

    def read(self, name: str) -> bytes:
        """One entry, never more than it declared.

        Raises: Bad(damaged | hostile_xml).
        """
        try:
            data = self._zip.read(name)
        except _BROKEN as error:
            raise Bad("damaged") from error
        # No Office program writes a document type declaration; entity bombs need one.
        if _DECLARATION.search(data[:4096]):
            raise Bad("hostile_xml")
        return data


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Bad("bomb")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise Bad("bomb")
    for entry in entries:
        if entry.file_size > _FREE_SIZE and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Bad("bomb")


def main_part(archive: Archive) -> str | None:
    """The part that holds a Word document's body (Word on the web calls it `document2.xml`)."""
    return next((name for name in archive.names if _MAIN_PART.fullmatch(name)), None)


def kind_of(archive: Archive) -> str:
    """`docx` or `xlsx`.

    Raises: Bad for the other things that are zip files inside.
    """
    names = set(archive.names)
    if main_part(archive):
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise Bad("old_excel")
    if any(name.startswith("ppt/") for name in names):
        raise Bad("slides")
    if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
        raise Bad("open_document")
    raise Bad("damaged" if "[Content_Types].xml" in names else "archive")
