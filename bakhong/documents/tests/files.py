"""Files for the tests, good and bad, built here so that none has to be kept."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import docx
import openpyxl
import xlsxwriter
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

SENTENCE = "Xã Ngọc Phụng có 4.795/5.205 người trưởng thành kích hoạt tài khoản, đạt 92,1%."

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def docx_file(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, texts in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def docx_of(body: str, prolog: str = "", **parts: str) -> bytes:
    """A Word file whose body is this XML."""
    document = f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zip_file({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **parts})


def zip_file(entries: dict[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, content)
    return stream.getvalue()


def replaced(source: bytes, name: str, content: str | bytes) -> bytes:
    """The zip file with one entry exchanged or added."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        entries: dict[str, str | bytes] = {entry: archive.read(entry) for entry in archive.namelist()}
    return zip_file(entries | {name: content})


def with_false_size(source: bytes, name: str, size: int) -> bytes:
    """The zip file claiming another unpacked size for one entry, in both of its headers."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        entry = archive.getinfo(name)
    changed = bytearray(source)
    struct.pack_into("<L", changed, entry.header_offset + 22, size)
    central = source.index(b"PK\x01\x02")
    while source[central + 46 : central + 46 + len(name)] != name.encode():
        central = source.index(b"PK\x01\x02", central + 1)
    struct.pack_into("<L", changed, central + 24, size)
    return bytes(changed)


def xlsx_file(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def shared_strings_file(text: str) -> bytes:
    """A workbook that keeps its texts apart from its cells, as Excel does."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("a").write_string(0, 0, text)
    return stream.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def pdf_file(*pages: str, has_image: bool = False) -> bytes:
    """A PDF with a text layer: one line of text a page, through a font that maps codes to Unicode one to one."""
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end"
    )
    kids = " ".join(f"{10 + 2 * index} 0 R" for index in range(len(pages)))
    image = "/XObject << /Im 7 0 R >>" if has_image else ""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        4: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 >>",
        5: _stream(cmap),
        7: _stream(b"\x00", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"),
    }
    for index, text in enumerate(pages):
        number = 10 + 2 * index
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F 3 0 R >> {image} >> >>"
        ).encode()
        show = f"BT /F 13 Tf 50 780 Td <{text.encode('utf-16-be').hex()}> Tj ET" if text else "/Im Do"
        objects[number + 1] = _stream(show.encode())
    return assembled(objects)


def _stream(content: bytes, extra: str = "") -> bytes:
    return f"<< {extra} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def flate_stream(content: bytes) -> bytes:
    return _stream(zlib.compress(content, 9), "/Filter /FlateDecode")


def assembled(objects: dict[int, bytes]) -> bytes:
    """The objects as a PDF file with its cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = {}
    for number, content in objects.items():
        offsets[number] = len(out)
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        known = number in offsets
        out += (
            f"{offsets.get(number, 0):010d} {0 if known else 65535:05d} {'n' if known else 'f'} \n".encode()
        )
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def signed_pdf(source: bytes, name: str = "Nguyễn Văn A") -> bytes:
    """The PDF signed with a certificate made for the purpose."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    signer = signers.SimpleSigner.load_pkcs12_data(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, None, serialization.BestAvailableEncryption(b"x")
        ),
        other_certs=[],
        passphrase=b"x",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(source), strict=False)
    field = f"Signature{source.count(b'/ByteRange') + 1}"
    fields.append_signature_field(writer, fields.SigFieldSpec(field))
    meta = signers.PdfSignatureMetadata(field_name=field)
    return signers.sign_pdf(writer, meta, signer=signer).getvalue()


def with_update(source: bytes) -> bytes:
    """The PDF with something added afterwards, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(source), strict=False)
    writer.root["/Note"] = generic.pdf_string("khác")
    writer.update_root()
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
