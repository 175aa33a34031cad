"""The square on the page is read by a reader of other hands as the text we put in."""

import io

import pytest
import segno
import zxingcpp
from PIL import Image, ImageFilter

from bakhong.payments.rules.vietqr import decode
from bakhong.payments.tests.vietqr_vectors import VECTORS, Vector


def picture(payload: str, scale: int = 6) -> Image.Image:
    made = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(made, kind="png", scale=scale, border=4)
    return Image.open(made).convert("L")


def read(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image)
    return found[0].text if found else ""


@pytest.mark.parametrize("vector", VECTORS)
def test_the_picture_says_what_we_meant(vector: Vector) -> None:
    assert read(picture(vector[4])) == vector[4]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_bad_copy_is_still_read(vector: Vector) -> None:
    """Small, blurred, turned and grey, as a photograph of a copy is."""
    image = picture(vector[4], scale=4).rotate(7, expand=True, fillcolor=255)
    image = image.filter(ImageFilter.GaussianBlur(1)).point(lambda shade: 60 + shade // 2)
    assert decode(read(image)).account == vector[1]


def test_a_picture_of_something_else_is_not_taken_for_it() -> None:
    """Negative control."""
    assert read(picture("https://example.vn")) != VECTORS[0][4]
    assert read(Image.new("L", (300, 300), 255)) == ""
