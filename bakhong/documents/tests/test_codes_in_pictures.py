"""QR codes in photographs, read behind the same walls as every file."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from bakhong.documents.codes_in_pictures import codes_in
from bakhong.documents.refusals import Unreadable

TEXT = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"


def picture(*texts: str, scale: int = 6, turn: int = 0, kind: str = "JPEG", size: int = 2600) -> bytes:
    sheet = Image.new("RGB", (size, size), "#d8d2c0")
    for number, text in enumerate(texts):
        held = BytesIO()
        segno.make(text, error="m").save(held, kind="png", scale=scale - 2 * number, border=4)
        code = Image.open(held).convert("RGB").rotate(turn, expand=True, fillcolor="#d8d2c0")
        sheet.paste(code, (150 + 1200 * number, 150))
    out = BytesIO()
    sheet.save(out, kind, **({"quality": 60} if kind == "JPEG" else {}))
    return out.getvalue()


@pytest.mark.parametrize("turn", [0, 17, 90])
def test_it_reads_a_code_in_a_photograph_however_it_is_held(turn: int) -> None:
    assert codes_in(picture(TEXT, turn=turn)) == [TEXT]


def test_it_gives_the_largest_first_and_none_where_there_is_none() -> None:
    assert codes_in(picture(TEXT, "khác", scale=10)) == [TEXT, "khác"]
    assert codes_in(picture()) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not_picture"),
        (b"hello", "not_picture"),
        (b"\xff\xd8\xff" + b"x" * 500, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 500, "damaged"),
    ],
)
def test_it_refuses_what_is_no_picture(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        codes_in(content)
    assert refusal.value.code == code


def test_it_refuses_more_dots_than_any_phone_takes() -> None:
    out = BytesIO()
    Image.new("L", (6000, 5000)).save(out, "PNG")
    with pytest.raises(Unreadable) as refusal:
        codes_in(out.getvalue())
    assert refusal.value.code == "too_many_pixels"
