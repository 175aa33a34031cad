"""An identity card of nobody, photographed by hand: on a table, aslant, a little dark, with the grain of a cheap telephone."""

from io import BytesIO

import segno
from PIL import Image, ImageDraw

_CARD = (1400, 880)  # pixels
_TABLE, _PLASTIC, _INK = "#8a7a60", "#d9ecd6", "#1d2a24"
# Corners of the card on the photo, from the upper left one round with the sun: held by hand, from above and from the right.
_CORNERS = ((210.0, 260.0), (1660.0, 160.0), (1740.0, 1090.0), (130.0, 1170.0))
_PHOTO = (1900, 1350)


def photo_of_card(text: str, *, quality: int = 70) -> bytes:
    """A JPEG of a card with `text` in its QR code; without a code where the text is ""."""
    seen = _seen(_drawn(text))
    grain = Image.effect_noise(_PHOTO, 26).convert("RGB")
    out = BytesIO()
    Image.blend(seen, grain, 0.18).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _drawn(text: str) -> Image.Image:
    card = Image.new("RGB", _CARD, _PLASTIC)
    pen = ImageDraw.Draw(card)
    pen.rectangle((70, 330, 410, 790), fill="#b9a58f")  # the face
    for line in range(7):
        pen.rectangle((470, 380 + 60 * line, 1000 + 37 * (line % 4), 400 + 60 * line), fill=_INK)
    if text:
        held = BytesIO()
        segno.make(text, error="m").save(held, kind="png", scale=5, border=4)
        code = Image.open(held).convert("RGB").resize((330, 330))
        card.paste(code, (_CARD[0] - 380, 40))
    return card


def _seen(card: Image.Image) -> Image.Image:
    """As the lens shows it, lying on a table."""
    mask = Image.new("L", _CARD, 255)
    table = Image.new("RGB", _PHOTO, _TABLE)
    table.paste(_aslant(card), (0, 0), _aslant(mask))
    return table


def _aslant(picture: Image.Image) -> Image.Image:
    return picture.transform(_PHOTO, Image.Transform.PERSPECTIVE, _back_to_card(), Image.Resampling.BICUBIC)


def _back_to_card() -> list[float]:
    """The eight numbers by which Pillow finds, for a point of the photo, its point of the card."""
    width, height = _CARD
    flat = ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(_CORNERS, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Gauss and Jordan."""
    for column in range(len(rows)):
        best = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        head = rows[column][column]
        rows[column] = [value / head for value in rows[column]]
        for row, line in enumerate(rows):
            if row != column:
                rows[row] = [a - line[column] * b for a, b in zip(line, rows[column], strict=True)]
    return [row[-1] for row in rows]
