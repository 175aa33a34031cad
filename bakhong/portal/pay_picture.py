"""A picture to keep on the phone: the square, and below it in words what a bank's app must show."""

from functools import cache
from io import BytesIO
from pathlib import Path

import segno
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from bakhong import documents
from bakhong.core.numbers import format_money
from bakhong.payments.queries.bills import Bill

WIDTH, MARGIN, SQUARE = 720, 40, 600
_FONTS = Path(documents.__file__).parent / "fonts"


def picture(bill: Bill) -> bytes:
    """A PNG of two colours and few greys, about 15 kB."""
    lines = _lines(bill)
    height = MARGIN + SQUARE + sum(size + 16 for _text, size, _bold in lines) + MARGIN
    image = Image.new("L", (WIDTH, height), 255)
    square = _square(bill.payload)
    image.paste(square, ((WIDTH - square.width) // 2, 20))
    draw = ImageDraw.Draw(image)
    top = SQUARE + MARGIN
    for text, size, bold in lines:
        font = _fitting(text, size, bold)
        draw.text((WIDTH // 2, top), text, font=font, fill=20, anchor="ma")
        top += size + 16
    out = BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _lines(bill: Bill) -> list[tuple[str, int, bool]]:
    """(text, size, bold) from top to bottom."""
    return [
        (format_money(bill.to_pay), 60, True),
        (f"{bill.bank} {bill.account}", 36, True),
        (bill.holder, 32, False),
        (_("Nội dung: %(note)s") % {"note": bill.charge.purpose}, 32, False),
        (bill.charge.title, 26, False),
    ]


def _square(payload: str) -> Image.Image:
    """At most `SQUARE` pixels wide; each of its dots the same whole number of them."""
    code = segno.make(payload, error="m", micro=False)
    out = BytesIO()
    code.save(out, kind="png", scale=SQUARE // code.symbol_size(border=4)[0], border=4)
    return Image.open(out).convert("L")


def _fitting(text: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    """The largest up to `size` in which the text is no wider than the picture."""
    font = _font(size, bold)
    while size > 14 and font.getlength(text) > WIDTH - 2 * MARGIN:
        size -= 2
        font = _font(size, bold)
    return font


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    return ImageFont.truetype(str(_FONTS / name), size)
