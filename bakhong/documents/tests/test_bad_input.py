"""Every bad file gets one plain sentence, and costs us nothing."""

import io
import os
import resource
import struct
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.utils import translation

from bakhong.documents import process
from bakhong.documents.reading import MAX_BYTES, Unreadable, extract
from bakhong.documents.refusals import REASONS
from bakhong.documents.tests import files

LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
TEXT = "<w:p><w:r><w:t>chữ</w:t></w:r></w:p>"


def refusal(source: bytes | Path, filename: str = "a.docx") -> str:
    """The code of the refusal; its sentence must be Vietnamese, whole and alone."""
    with pytest.raises(Unreadable) as caught:
        extract(source, filename=filename)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert ";" in sentence or "hãy" in sentence
    return caught.value.code


def ole_with(name: str) -> bytes:
    return files.OLE + name.encode("utf-16-le") + bytes(512)


def encrypted_pdf(user_password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(files.pdf_file(files.SENTENCE)))
    writer.encrypt(user_password, "chủ", algorithm="AES-256")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def encrypted_zip_entry() -> bytes:
    source = bytearray(files.docx_of(TEXT))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = source.index(mark)
        struct.pack_into("<H", source, place + offset, 1)
    return bytes(source)


@pytest.mark.parametrize(
    ("source", "filename", "code"),
    [
        (b"", "a.docx", "empty"),
        (b" \r\n\t", "a.txt", "empty"),
        (bytes(range(256)) * 40, "a.txt", "binary"),
        (b"MZ\x90\x00" + bytes(100), "a.docx", "binary"),
        (b"S\x00\xe1\x1e", "a.txt", "binary"),
        (b"S\x00\xe1\x1e", "a.xlsx", "not_excel"),
        (ole_with("EncryptedPackage"), "a.docx", "password"),
        (ole_with("EncryptedPackage"), "a.xlsx", "password"),
        (encrypted_zip_entry(), "a.docx", "password"),
        (encrypted_pdf("mật khẩu"), "a.pdf", "password"),
        (ole_with("WordDocument"), "a.docx", "old_word"),
        (ole_with("Workbook"), "a.xlsx", "old_excel"),
        (files.OLE, "a.msg", "binary"),
        (b"PK\x03\x04" + bytes(60), "a.docx", "damaged"),
        (files.docx_file("chữ")[:-400], "a.docx", "damaged"),
        (files.docx_of(TEXT.replace("</w:p>", "")), "a.docx", "damaged"),
        (files.zip_file({"[Content_Types].xml": "<Types/>"}), "a.docx", "damaged"),
        (files.zip_file([("word/document.xml", TEXT), ("a.txt", "1")]), "a.docx", "damaged"),
        (files.zip_file({"a.docx": files.docx_of(TEXT)}), "a.zip", "archive"),
        (files.zip_file({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", "open_document"),
        (files.zip_file({"ppt/presentation.xml": "<p/>"}), "a.pptx", "slides"),
        (files.docx_of("<w:p/>"), "a.docx", "empty_document"),
        (files.docx_of("<w:p/>", **{"word/media/image1.png": "x"}), "a.docx", "scan"),
        (files.xlsx_file(a=[[None]]), "a.xlsx", "empty_document"),
        (files.pdf_file("", has_image=True), "a.pdf", "scan"),
        (files.pdf_file("CamScanner", has_image=True), "a.pdf", "scan"),
        (files.pdf_file("chữ")[:300], "a.pdf", "damaged"),
        (b"%PDF-1.7\n" + bytes(500), "a.pdf", "damaged"),
        (b"{\\rtf1\\ansi x}", "a.doc", "rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>x", "a.doc", "web_page"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?>", "a.doc", "web_page"),
        (b"\x89PNG\r\n\x1a\n", "a.docx", "image"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "image"),
        (b"\x00\x00\x00\x18ftypheic", "a.pdf", "image"),
        (b"Rar!\x1a\x07", "a.rar", "archive"),
        ("Xã Ngọc Phụng đã đạt ".encode() + b"X\xe3 Ng\xf4", "a.txt", "mixed_encoding"),
        (b"\xff\xfe" + "Xã".encode("utf-16-le") + b"\x00\xd8", "a.txt", "mixed_encoding"),
        (b"X\xb7 Ng\xa4c Ph\xf4ng \xae\xb9t", "a.txt", "legacy_font"),
    ],
)
def test_it_refuses_in_one_sentence(source: bytes, filename: str, code: str) -> None:
    assert refusal(source, filename) == code


def test_it_reads_a_pdf_that_only_forbids_changes() -> None:
    assert extract(encrypted_pdf(""), filename="a.pdf").text == files.SENTENCE


def test_it_refuses_a_huge_file_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "to.docx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200 * 1024 * 1024)
    before = _read_bytes()
    with pytest.raises(Unreadable) as caught:
        extract(path, filename="to.docx")
    assert (caught.value.code, caught.value.status) == ("too_large", 413)
    assert "20 MB" in str(caught.value)
    assert _read_bytes() - before < 1024 * 1024


def _read_bytes() -> int:
    return int(Path("/proc/self/io").read_text().split()[1])


def test_it_stops_copying_a_stream_that_is_too_long() -> None:
    stream = io.BytesIO(bytes(MAX_BYTES * 2))
    with pytest.raises(Unreadable):
        extract(stream, filename="a.txt")
    assert stream.tell() <= MAX_BYTES + 2 * 1024 * 1024


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE])
def test_it_refuses_entities_in_every_part_that_is_read(declaration: str) -> None:
    assert refusal(files.docx_of(TEXT, prolog=declaration)) == "hostile_xml"
    assert refusal(files.docx_of(TEXT, prolog=" " * 5000 + declaration)) == "hostile_xml"
    book = files.shared_strings_file("x")
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        assert (
            refusal(files.replaced(book, part, f"<?xml version='1.0'?>{declaration}<x/>"), "a.xlsx")
            == "hostile_xml"
        )


def bomb(megabytes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with archive.open("word/document.xml", "w") as part:
            for _ in range(megabytes):
                part.write(b" " * 1024 * 1024)
        archive.writestr("[Content_Types].xml", "<Types/>")
    return stream.getvalue()


def test_it_refuses_zip_bombs() -> None:
    assert refusal(bomb(4)) == "bomb"  # 1,000 times its size
    many = ((f"word/{number}.xml", bytes(1024 * 1024)) for number in range(210))
    assert refusal(files.zip_file(many)) == "bomb"  # more than 200 MB in all
    assert refusal(files.zip_file((str(number), b"") for number in range(10_001))) == "bomb"


def test_it_does_not_believe_a_false_size() -> None:
    lying = files.with_false_size(bomb(30), "word/document.xml", 1000)
    assert refusal(lying) == "damaged"
    book = files.shared_strings_file("chữ " * 5000)
    for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"):
        size = zipfile.ZipFile(io.BytesIO(book)).getinfo(part).file_size
        assert refusal(files.with_false_size(book, part, size - 10), "a.xlsx") == "damaged"


def test_it_refuses_a_sheet_with_one_cell_in_the_far_corner() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    assert refusal(files.saved(book), "a.xlsx") == "too_many_cells"


def test_it_reads_a_sheet_whose_far_corner_is_only_coloured() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = 1
    sheet["XFD1048576"].fill = openpyxl.styles.PatternFill("solid", "FFFF00")
    assert extract(files.saved(book), filename="a.xlsx").tables[0].cells == [[1]]


def test_it_refuses_xml_nested_without_end() -> None:
    depth = 100_000
    body = "".join(f'<w:sdt w:id="{number}">' for number in range(depth)) + "</w:sdt>" * depth
    assert refusal(files.docx_of(body)) in {"damaged", "too_heavy"}


def test_it_refuses_a_pdf_bomb() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page,
        4: files.flate_stream(b"q Q " * (60 * 1024 * 1024)),
    }
    assert refusal(files.assembled(objects), "a.pdf") in {"damaged", "too_heavy", "too_slow", "scan"}


def test_it_refuses_a_pdf_whose_pages_are_their_own_parents() -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>",
    }
    assert refusal(files.assembled(objects), "a.pdf") in {"damaged", "too_heavy", "too_slow"}


def test_it_does_not_grow_from_bad_files() -> None:
    refusal(bomb(4))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lying = files.with_false_size(bomb(150), "word/document.xml", 1000)
    grown_by_building = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refusal(lying)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, grown_by_building) < 20 * 1024


def test_it_says_which_file_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "thiếu.docx", tmp_path):
        with pytest.raises(Unreadable, match=path.name):
            extract(path, filename=path.name)


def test_it_reads_a_pipe_given_by_its_path() -> None:
    reader, writer = os.pipe()
    os.write(writer, files.SENTENCE.encode())
    os.close(writer)
    assert extract(f"/dev/fd/{reader}", filename="-").text == files.SENTENCE
    os.close(reader)


def test_it_leaves_no_files_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    refusal(bomb(4))
    extract(files.docx_file("chữ"), filename="a.docx")
    assert os.listdir(tmp_path) == []


def test_it_does_not_take_more_than_it_asked_from_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    source = files.docx_file("chữ " * 1000)
    assert extract(source, filename="a.docx").kind == "docx"
    monkeypatch.setattr(process, "MAX_ANSWER", 100)
    assert refusal(source) == "damaged"


def test_it_says_that_it_is_busy_instead_of_filling_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_SLOT_SECONDS", 0.01)
    taken = [process._SLOTS.acquire(blocking=False) for _ in range(3)]
    try:
        assert taken == [True] * 3
        assert refusal(files.docx_file("chữ")) == "busy"
    finally:
        for _ in taken:
            process._SLOTS.release()


def test_every_reason_has_something_to_do() -> None:
    with translation.override("vi"):
        for code in REASONS:
            sentence = str(Unreadable(code, {"limit": 20, "pixels": 30, "name": "a.docx"}))
            assert "hãy" in sentence, code
            assert "%" not in sentence, code
