"""The QR codes in a photograph: of a card at a stall, of a slip."""

from typing import Any

import zxingcpp
from PIL import Image, ImageOps

from .picture import MAX_PIXELS, open_picture
from .shapes import Bad

MOST = 10
_SIDES = (1600, 2400)  # a code that fills little of a large photo is found in the second look


def parse(data: bytes) -> dict[str, Any]:
    """`{"codes": [text, …]}`, the largest first; none where none is found.

    Raises: Bad(too_many_pixels | damaged).
    """
    image = open_picture(data)
    if image.width * image.height > MAX_PIXELS:
        raise Bad("too_many_pixels", pixels=round(image.width * image.height / 1e6))
    try:
        image.draft("L", (_SIDES[-1], _SIDES[-1]))
        grey = ImageOps.grayscale(image)
    except (OSError, ValueError, SyntaxError, IndexError, TypeError) as error:
        raise Bad("damaged") from error
    for side in _SIDES:
        found = _codes(grey, side)
        if found:
            return {"codes": found}
    return {"codes": []}


def _codes(grey: Image.Image, side: int) -> list[str]:
    looked = grey.copy()
    looked.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    found = zxingcpp.read_barcodes(looked, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    sized = sorted(found, key=lambda each: -_width(each))
    return [each.text for each in sized if each.valid][:MOST]


def _width(code: Any) -> int:
    at = code.position
    wide: int = abs(at.top_right.x - at.bottom_left.x) + abs(at.top_right.y - at.bottom_left.y)
    return wide
