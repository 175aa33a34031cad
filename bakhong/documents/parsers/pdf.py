"""Text of a PDF that has a text layer."""

from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bakhong.documents.rules.characters import clean

from .limits import extend
from .shapes import MAX_TEXT, Bad, RawExtract

MAX_PAGES = 1_000
_SECONDS_A_PAGE = 0.15  # three times what a full page took, for slower machines
# A scanning program may print a line of its own on each page.
_SCAN_CHARACTERS = 40

_BROKEN = (
    *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, AssertionError),
    *(NotImplementedError, ArithmeticError, RecursionError),
)


def parse(data: bytes) -> RawExtract:
    """Raises: Bad(damaged | password | too_long | scan)."""
    try:
        return _parse(data)
    except _BROKEN as error:
        raise Bad("damaged") from error


def _parse(data: bytes) -> RawExtract:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Bad("password")
    if not 0 < len(reader.pages) <= MAX_PAGES:
        raise Bad("too_long" if reader.pages else "damaged")
    pages = []
    for page in reader.pages:
        pages.append(clean(page.extract_text()).strip("\n"))
        extend(_SECONDS_A_PAGE)
        if sum(map(len, pages)) > MAX_TEXT:
            raise Bad("too_long")
    bare = [index for index, text in enumerate(pages) if _is_picture(reader.pages[index], text)]
    if not any(text.strip() for text in pages) or len(bare) == len(pages):
        raise Bad("scan")
    warnings: list[tuple[str, dict[str, Any]]] = []
    if bare:
        warnings.append(("scanned_pages", {"pages": ", ".join(str(index + 1) for index in bare[:20])}))
    return {
        "kind": "pdf",
        "text": "\n".join(pages),
        "tables": [],
        "pages": len(pages),
        "warnings": warnings,
        # The byte range of a signature cannot be compressed.
        "is_signed": b"/ByteRange" in data,
    }


def _is_picture(page: Any, text: str) -> bool:
    """True for a page with a picture and next to no text."""
    if len("".join(text.split())) >= _SCAN_CHARACTERS:
        return False
    objects = page["/Resources"].get("/XObject") if "/Resources" in page else None
    items = objects.get_object().values() if objects is not None else ()
    return any(item.get_object().get("/Subtype") == "/Image" for item in items)
