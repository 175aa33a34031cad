"""What stands in an administrative document, as plain data. `docx.py` lays it out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Run:
    """A piece of a paragraph."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Body text, justified with an indented first line; a line break in the text starts a new paragraph."""

    content: str | Sequence[Run]


@dataclass(frozen=True)
class Heading:
    """A section's title, numbered by the caller ("I. KẾT QUẢ"); level 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Items:
    """A list, each item on a line of its own behind a dash."""

    items: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """A table: a header row repeated on every page, then rows of texts (already formatted).

    `widths` are shares of the page's width (any unit); `aligns` one a column; `total_rows` at the end are bold.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    widths: Sequence[float] = ()
    aligns: Sequence[Align] = ()
    total_rows: int = 0
    note: str = ""


Block = Paragraph | Heading | Items | Grid


@dataclass(frozen=True)
class Signer:
    """Who signs: `lines` such as ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), and the name ("" = left open)."""

    lines: Sequence[str]
    name: str = ""


@dataclass(frozen=True)
class Letter:
    """An administrative document with a type name (báo cáo, kế hoạch …) in the layout of Decree 30/2020/NĐ-CP.

    `agency`: the issuing agency, one line each; `parent`: the agency above it. `number` "" leaves room to write;
    `notation` as in "BC-UBND". `day` None leaves the day and month open in `year`. `recipients` end with "Lưu: VT, …".
    """

    agency: Sequence[str]
    notation: str
    place: str
    type_name: str
    subject: str
    blocks: Sequence[Block]
    signer: Signer
    recipients: Sequence[str]
    parent: Sequence[str] = ()
    number: str = ""
    day: date | None = None
    year: int | None = None
    addressees: Sequence[str] = field(default=())
    is_landscape: bool = False


def place_and_day(place: str, day: date | None, year: int | None = None) -> str:
    """The place and day as the decree writes them: a zero before a day below 10 and before January and February.

    Source: Decree 30/2020/NĐ-CP, Annex I, part II, 4.

    >>> place_and_day("Ngọc Phụng", date(2025, 5, 6)), place_and_day("Hà Nội", date(2026, 2, 12))
    ('Ngọc Phụng, ngày 06 tháng 5 năm 2025', 'Hà Nội, ngày 12 tháng 02 năm 2026')
    >>> place_and_day("Hà Nội", None, 2026)
    'Hà Nội, ngày      tháng      năm 2026'
    """
    if day is None:
        return f"{place}, ngày      tháng      năm {year or '     '}"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"
