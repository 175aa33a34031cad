"""PDF by typst: an archive format, with its own fonts, whose Vietnamese can be read back; and layouts of decree 30."""

import io
import subprocess
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from bakhong.documents.writing.pdf import FONTS, ROOMS, typst_pdf

AT = datetime(2026, 11, 22, 3, 4, 5, 678, tzinfo=UTC)
# Every letter of the alphabet with every tone, both cases.
LETTERS = "".join(
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in ("", *"̣̀́̉̃")
)

DOCUMENT = """#import "/documents/typst/decree30.typ": *
#let d = json(bytes(sys.inputs.data))
#show: document.with(d)
#header(d)
#title("Giấy xác nhận", about: d.about)
#d.body
#lines((("Họ, chữ đệm, tên", d.name), ("Nơi ở", "")))
#signature(d)
"""
SLIP = """#import "/documents/typst/slip_a5.typ": *
#let d = json(bytes(sys.inputs.data))
#show: slip.with(d)
#slip-header(d)
#slip-title(d, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", code: d.dossier)
#slip-lines((("Họ và tên", d.name), ("Hẹn trả", moment(d.due))))
#slip-signatures(("Người nộp hồ sơ", d.name), ("Người tiếp nhận", d.signer))
"""
STRIP = """#import "/documents/typst/slip_80mm.typ": *
#let d = json(bytes(sys.inputs.data))
#show: strip.with(d)
#strip-header(d)
#strip-title("Giấy hẹn trả kết quả", code: d.dossier)
#strip-lines((("Họ và tên", d.name), ("Hẹn trả", moment(d.due))))
#strip-qr(d, "Quét để xem hồ sơ đến đâu")
"""


def qr() -> str:
    out = io.BytesIO()
    segno.make("https://xa.example/kiem-tra/7K3M9QFW2XHTAB/", micro=False).save(out, kind="svg")
    return out.getvalue().decode()


def data(**values: Any) -> dict[str, Any]:
    return {
        "parent": "UBND tỉnh Thanh Hoá",
        "agency": "Uỷ ban nhân dân xã Thường Xuân",
        "number": "12/XN-UBND",
        "place": "Thường Xuân",
        "day": "2026-02-02",
        "subject": "Xác nhận",
        "about": "Tình trạng hôn nhân",
        "body": LETTERS,
        "name": "Lê Thị Hoá",
        "authority": "KT. Chủ tịch",
        "position": "Phó Chủ tịch",
        "signer": "Nguyễn Văn Thử",
        "recipients": ["Như trên;", "Lưu: VT."],
        "dossier": "000.17.22.H56-261122-0001",
        "due": "2026-11-25T15:30:00+07:00",
        "qr": qr(),
        "verify": {
            "code": "7K3M-9QFW-2XHT-AB",
            "url": "xa.example/kiem-tra/",
            "link": "https://xa.example/kiem-tra/7K3M9QFW2XHTAB/",
            "qr": qr(),
        },
    } | values


@pytest.fixture
def make() -> Any:
    """`make(source, data)`: a template beside the layouts for as long as the test needs it."""
    made: list[Path] = []

    def pdf(source: str, values: dict[str, Any]) -> bytes:
        # typst reads nothing outside the folder of the rooms.
        path = ROOMS / "documents" / "typst" / f"_test_{id(made)}_{len(made)}.typ"
        made.append(path)
        path.write_text(source)
        return typst_pdf(path, values, at=AT)

    yield pdf
    for path in made:
        path.unlink()


def text_of(content: bytes, *options: str) -> str:
    if which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine: install poppler-utils")
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize("source", [DOCUMENT, SLIP, STRIP], ids=["decree30", "slip_a5", "slip_80mm"])
def test_it_is_an_archive_format_with_all_it_needs_inside(make: Any, source: str) -> None:
    """What PDF/A-2b asks and one can look up: the mark, the colours, the fonts, no encryption, no script. veraPDF was not run."""
    content = make(source, data())
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    meta = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in meta
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in meta
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert "/DestOutputProfile" in root["/OutputIntents"][0]
    assert not reader.is_encrypted
    assert "/ID" in reader.trailer
    fonts = fonts_of(reader)
    assert fonts
    assert all(name.split("+")[1].startswith("Liberation") and embedded for name, embedded in fonts)


def fonts_of(reader: PdfReader) -> set[tuple[str, bool]]:
    found = set()
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            below = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = below["/FontDescriptor"].get_object()
            found.add((str(below["/BaseFont"])[1:], "/FontFile2" in descriptor or "/FontFile3" in descriptor))
    return found


def test_every_vietnamese_letter_is_read_back(make: Any) -> None:
    body = " ".join(LETTERS)
    text = text_of(make(DOCUMENT, data(body=body)))
    assert [letter for letter in LETTERS if letter not in text] == []
    assert unicodedata.is_normalized("NFC", text)


def test_it_has_the_parts_of_decree_30(make: Any) -> None:
    text = text_of(make(DOCUMENT, data()))
    for part in (
        "UBND TỈNH THANH HOÁ",
        "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/XN-UBND",
        "Thường Xuân, ngày 02 tháng 02 năm 2026",
        "GIẤY XÁC NHẬN",
        "KT. CHỦ TỊCH",
        "Nơi nhận:",
        "7K3M-9QFW-2XHT-AB",
    ):
        assert part in text
    assert "Nơi ở" not in text  # what is empty is left out


@pytest.mark.parametrize(
    ("source", "size"), [(DOCUMENT, (595, 842)), (SLIP, (420, 595)), (STRIP, (227, None))]
)
def test_its_paper_is_what_the_printer_has(make: Any, source: str, size: tuple[int, int | None]) -> None:
    box = PdfReader(io.BytesIO(make(source, data()))).pages[0].mediabox
    assert round(box.width) == size[0]
    assert size[1] in (None, round(box.height))


def test_what_people_wrote_is_never_markup(make: Any) -> None:
    """Their words cannot read a file, call a function or break the page."""
    wild = '#read("/documents/apps.py") $x$ *b* _i_ \\ ] [ " <a> @b // c /* d */ = e ```f``` ${{'
    text = text_of(make(DOCUMENT, data(body=wild, name=wild)), "-layout")
    flat = " ".join(text.split())
    assert '#read("/documents/apps.py")' in flat
    assert "DocumentsConfig" not in flat
    assert "*b* _i_" in flat


def test_the_same_data_give_the_same_file(make: Any) -> None:
    first, again = make(DOCUMENT, data()), make(DOCUMENT, data())
    assert first == again
    assert b"2026-11-22T03:04:05" in first


def test_the_fonts_bring_their_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
    assert len(list(FONTS.glob("*.ttf"))) == 6
