"""What is seen of a signature on the page: at the place the layout left for it, which is found in the PDF itself.

A layout marks the place by a link to the page of verification whose address ends in the `place` of a kind (typst/decree30.typ), so that
nothing has to be kept beside the file, and whoever clicks on a signature comes to where it is checked.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from bakhong.core.days import VIET_NAM
from bakhong.documents.adapters.signing.port import Identity
from bakhong.documents.rules.signatures import Kind
from bakhong.documents.writing.pdf import typst_pdf

_LAYOUT = Path(__file__).resolve().parent.parent.parent / "typst" / "signature_mark.typ"


@dataclass(frozen=True)
class Place:
    """`page` counts from 0; `box`: left, bottom, right, top in points."""

    page: int
    box: tuple[int, int, int, int]


def place_for(writer: Any, kind: Kind) -> Place | None:
    """Where the layout of a PDF (a pyHanko writer of it) wants a signature of this kind; None where it left no place."""
    for number in range(int(writer.root["/Pages"]["/Count"])):
        page = writer.find_page_for_modification(number)[0].get_object()
        for each in page.get("/Annots", ()):
            note = each.get_object()
            if str(note.get("/A", {}).get("/URI", "")).endswith(kind.place):
                left, bottom, right, top = (round(float(side)) for side in note["/Rect"])
                return Place(number, (left, bottom, right, top))
    return None


def style_for(place: Place, identity: Identity, at: datetime, kind: Kind) -> StaticStampStyle:
    left, bottom, right, top = place.box
    return StaticStampStyle(
        border_width=0,
        background=_Drawn(_drawn(identity, at, kind, right - left, top - bottom)),
        background_layout=layout.SimpleBoxLayoutRule(
            x_align=layout.AxisAlignment.ALIGN_MID,
            y_align=layout.AxisAlignment.ALIGN_MID,
            margins=layout.Margins(),
        ),
    )


def moment_shown(at: datetime) -> str:
    """
    >>> from datetime import UTC
    >>> moment_shown(datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC))
    '22/11/2026 10:00:05 +07:00'
    """
    told = at.astimezone(VIET_NAM)
    return f"{told:%d/%m/%Y %H:%M:%S} {told.isoformat()[-6:]}"


def _drawn(identity: Identity, at: datetime, kind: Kind, width: int, height: int) -> bytes:
    data = {
        "kind": kind.code,
        "name": identity.name,
        "agency": identity.organisation,
        "time": moment_shown(at),
        "width": width,
        "height": height,
    }
    return typst_pdf(_LAYOUT, data, at=at)


class _Drawn(ImportedPdfPage):
    """A page that was never a file."""

    def __init__(self, content: bytes) -> None:
        super().__init__("")  # type: ignore[no-untyped-call]
        self.content = content

    def render(self) -> bytes:
        writer: Any = self._ensure_writer
        drawn = writer.import_page_as_xobject(PdfFileReader(BytesIO(self.content)))
        self.resources.xobject["/Drawn"] = drawn
        left, bottom, right, top = drawn.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=right - left, height=top - bottom)
        return b"/Drawn Do"
