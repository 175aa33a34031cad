"""A photograph made fit to keep: its size checked before it is unpacked, turned upright, shrunk, without place, time or thumbnail.

It is painted anew, so that nothing that was hidden in the file (a program behind the picture, a position in its EXIF) comes along.
"""

import base64
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from .shapes import Bad

MAX_PIXELS = 25_000_000
MAX_SIDE = 2000  # an A4 page at 170 dots an inch: read on a screen, and printed
MAX_BYTES = 400_000
_SIDES = (MAX_SIDE, 1600, 1200)
_QUALITIES = (82, 72, 60)
_FORMATS = ("JPEG", "PNG", "WEBP")

Image.MAX_IMAGE_PIXELS = None  # we say it ourselves, before decoding
warnings.simplefilter("ignore")


def parse(data: bytes) -> dict[str, Any]:
    """`{"content": base64 of a JPEG, "width", "height"}`.

    Raises: Bad(not_picture | too_many_pixels | damaged).
    """
    image = open_picture(data)
    if image.width * image.height > MAX_PIXELS:
        raise Bad("too_many_pixels", pixels=round(image.width * image.height / 1e6))
    try:
        shrunk = _upright(image)
        content = _jpeg(shrunk)
    except (OSError, ValueError, SyntaxError, IndexError, TypeError, ZeroDivisionError) as error:
        raise Bad("damaged") from error
    return {"content": base64.b64encode(content).decode(), "width": shrunk.width, "height": shrunk.height}


def open_picture(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=_FORMATS)
    except Exception as error:  # a header made to mislead raises whatever it likes
        raise Bad("damaged") from error


def _upright(image: Image.Image) -> Image.Image:
    """Shrunk first (a JPEG is decoded small), then turned, then painted on white."""
    orientation = image.getexif().get(0x0112, 1)
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    bare = _on_white(image)
    turned = Image.Exif()
    turned[0x0112] = orientation
    bare.info.clear()
    bare._exif = turned
    upright = ImageOps.exif_transpose(bare)
    upright.info.clear()
    return upright


def _on_white(image: Image.Image) -> Image.Image:
    if "transparency" not in image.info and image.mode in ("RGB", "L", "CMYK", "YCbCr", "1"):
        return image.convert("RGB")
    if image.mode in ("I", "I;16", "F"):
        return image.convert("L").convert("RGB")
    clear = image.convert("RGBA")
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    return white


def _jpeg(image: Image.Image) -> bytes:
    content = b""
    for side in _SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            content = _written(image, quality)
            if len(content) <= MAX_BYTES:
                return content
    return content


def _written(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
