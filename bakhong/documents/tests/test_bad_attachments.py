"""Files that are not what they say, pictures that are too large, bombs: each gets its sentence, within the walls, and nothing is kept."""

import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from pypdf import PdfReader, PdfWriter

from bakhong.documents.actions.storing import open_file
from bakhong.documents.keeping import fit
from bakhong.documents.models import File
from bakhong.documents.refusals import Unreadable
from bakhong.documents.tests.conftest import Store, picture
from bakhong.documents.tests.files import SENTENCE, assembled, pdf_file


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 30_000_000)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def png_bomb() -> bytes:
    """24 million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("RGB", (6000, 4000)).save(out, "PNG", optimize=True)
    return out.getvalue()


def locked_pdf() -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_file(SENTENCE))))
    writer.encrypt("mật khẩu", algorithm="AES-256")
    return written(writer)


def pdf_with(**what: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_file(SENTENCE))))
    if "script" in what:
        writer.add_js(what["script"])
    if "file" in what:
        writer.add_attachment("a.exe", what["file"].encode())
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def long_pdf() -> bytes:
    return pdf_file(*["x"] * 301)


def looping_pdf() -> bytes:
    """A tree of pages that is its own branch."""
    return assembled(
        {1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R] /Count 9 >>"}
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "not_kept"),
        (b"MZ" + b"\x00" * 500, "not_kept"),
        (b"MZ\x90\x00" + pdf_file(SENTENCE), "not_kept"),  # a program that is also a PDF
        (b"<html><script>alert(1)</script></html>", "not_kept"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_kept"),
        (zipped(), "not_kept"),
        (b"GIF89a" + b"\x00" * 100, "not_kept"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100, "heic"),
        (b"%PDF-1.7\n" + b"x" * 100, "damaged"),
        (b"%PDF-" + zipped(), "damaged"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 1000, "damaged"),
        (picture((400, 400))[:900], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "damaged"),
        (png_header(100, 100), "damaged"),
        (png_header(50_000, 50_000), "too_many_pixels"),
        (png_header(6000, 4200), "too_many_pixels"),
        (locked_pdf(), "password"),
        (pdf_with(script="app.alert(1)"), "active"),
        (pdf_with(file="MZ"), "active"),
        (long_pdf(), "too_many_pages"),
        (looping_pdf(), "damaged"),
        (b"\xff\xd8\xff" + b"\x00" * (10 * 1024 * 1024), "too_large"),
    ],
)
def test_it_is_refused_in_a_sentence(content: bytes, code: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        fit(content)
    assert refused.value.code == code
    assert "hãy" in refused.value.message or "Chỉ nhận" in refused.value.message
    assert time.monotonic() - started < 20


def test_what_is_refused_leaves_nothing(store: Store) -> None:
    folder = Path(settings.DATA) / "files"
    before = {path for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Unreadable):
        store(locked_pdf())
    assert {path for path in folder.rglob("*") if path.is_file()} == before
    assert not File.objects.exists()


def test_a_picture_of_25_million_pixels_is_taken() -> None:
    """A photograph of a good telephone, 5760 × 4320; as a JPEG, and as the PNG of a scanner."""
    out = io.BytesIO()
    Image.effect_noise((1440, 1080), 60).resize((5760, 4320)).convert("RGB").save(out, "JPEG", quality=75)
    kept = Image.open(io.BytesIO(fit(out.getvalue()).content))
    assert max(kept.size) <= 2000
    assert len(fit(out.getvalue()).content) <= 450_000


def test_a_bomb_of_pixels_is_unpacked_within_the_walls() -> None:
    bomb = png_bomb()
    assert len(bomb) < 200_000
    assert Image.open(io.BytesIO(fit(bomb).content)).size == (2000, 1333)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_picture_becomes_a_plain_one(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    kept = Image.open(io.BytesIO(fit(picture((30, 20), kind, mode)).content))
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (30, 20))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_telephone(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    kept = Image.open(io.BytesIO(fit(picture((30, 20), exif=exif.tobytes())).content))
    assert kept.size == ((20, 30) if orientation >= 5 else (30, 20))


def test_a_program_hidden_behind_a_picture_does_not_come_along(store: Store) -> None:
    hidden = b"<?php system($_GET[1]); ?>"
    assert hidden not in open_file(store(picture() + hidden))
    commented = picture(comment=hidden)
    assert hidden in commented  # negative control
    assert hidden not in open_file(store(commented))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("\u202egpj.exe", "gpj.pdf"),
        ("a" * 500 + ".pdf", "a" * 120 + ".pdf"),
        ("\ud800.pdf", "giay-to.pdf"),
        ("\x00", "giay-to.pdf"),
        (".pdf", "pdf.pdf"),
        ("Giấy tờ (1).PDF", "Giấy tờ (1).pdf"),
    ],
)
def test_a_name_is_only_a_name(store: Store, name: str, kept: str) -> None:
    file = store(name=name)
    file.refresh_from_db()
    assert file.name == kept
