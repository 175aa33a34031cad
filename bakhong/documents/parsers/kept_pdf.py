"""Whether a PDF may be kept as it is: it opens, without a password, has pages, and does nothing when it is opened.

It is kept byte for byte, for it may be signed.
"""

from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from .shapes import Bad

MAX_PAGES = 300
_ACTIVE = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute"}

_BROKEN = (
    *(PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, AssertionError),
    *(NotImplementedError, ArithmeticError, RecursionError),
)


def parse(data: bytes) -> dict[str, Any]:
    """`{"pages": number, "is_signed": bool}`.

    Raises: Bad(damaged | password | too_many_pages | active).
    """
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise Bad("password")
        pages = len(reader.pages)
        active = _does_something(reader.trailer["/Root"].get_object())
    except _BROKEN as error:
        raise Bad("damaged") from error
    if not pages:
        raise Bad("damaged")
    if pages > MAX_PAGES:
        raise Bad("too_many_pages", limit=MAX_PAGES)
    if active:
        raise Bad("active")
    return {"pages": pages, "is_signed": b"/ByteRange" in data}


def _does_something(root: Any) -> bool:
    """Scripts and programs that a reader would run by itself; and files inside files, where a bomb or a virus hides."""
    names = root.get("/Names", {}).get_object() if "/Names" in root else {}
    if "/JavaScript" in names or "/EmbeddedFiles" in names or "/AA" in root:
        return True
    action = root["/OpenAction"].get_object() if "/OpenAction" in root else None
    return isinstance(action, dict) and action.get("/S") in _ACTIVE
