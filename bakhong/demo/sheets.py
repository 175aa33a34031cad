"""Residents as communes keep them in Excel: title rows, two-row headers, old fonts, lost zeros, totals and signatures.

`messy_workbook` says beside the bytes what is wrong in them, cell by cell, so that whoever reads them can be checked.
"""

import io
import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

from bakhong.demo.rules.commune import Resident
from bakhong.people.rules.legacy import _TCVN3

_CODES = {letter: code for code, letter in _TCVN3.items()}
_RELATIONS = {  # for men, for women
    "head": ("Chủ hộ", "Chủ hộ"),
    "spouse": ("Chồng", "Vợ"),
    "parent": ("Bố", "Mẹ"),
    "child": ("Con", "Con"),
    "grandchild": ("Cháu", "Cháu"),
}
_COLUMNS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Quan hệ với chủ hộ",
    "Số điện thoại",
    "Loại điện thoại",
    "Tình trạng",
)
NAME, BIRTH, SEX, ID, RELATION, PHONE, DEVICE, PRESENCE = range(1, 9)


@dataclass(frozen=True)
class Style:
    """How a sheet is kept. `two_rows`: births stand under Nam and Nữ; `numbers`: ids, phones and days are numbers, zeros lost."""

    two_rows: bool = False
    tcvn3: bool = False
    numbers: bool = False
    decomposed: bool = False
    capitals: bool = False


PLAIN = Style()


@dataclass
class Messy:
    """A workbook and the truth about it. `bad`: (sheet, cell, code of the problem, is the row rejected)."""

    data: bytes
    people: int
    bad: list[tuple[str, str, str, bool]] = field(default_factory=list)


def tcvn3(text: str) -> str:
    """As typed in .VnTime; capitals with marks do not exist there but for seven.

    >>> tcvn3("Lê Thị Hoà")
    'Lª ThÞ Hoµ'
    """
    return "".join(_CODES.get(char, _CODES.get(char.lower(), char)) for char in text)


def workbook(
    title: str,
    as_of: date,
    sheets: Mapping[str, Sequence[Resident]],
    styles: Mapping[str, Style] | None = None,
    *,
    marks: Mapping[str, Mapping[int, str]] | None = None,
    bad: bool = False,
    seed: int = 1,
) -> Messy:
    """One sheet a village. `marks`: title of a further column → serial → what stands there. `bad`: some cells are spoilt."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})  # noqa: DTZ001 - a file has no zone
    made = Messy(b"", sum(len(members) for members in sheets.values()))
    for name, members in sheets.items():
        page = _Page(book, name, (styles or {}).get(name, PLAIN), marks or {}, random.Random(seed))  # noqa: S311 - no secret
        page.head(title, as_of)
        page.body(members)
        if bad:
            made.bad += page.spoil(members)
        page.foot(members)
    book.close()
    made.data = out.getvalue()
    return made


class _Page:
    def __init__(
        self,
        book: Workbook,
        name: str,
        style: Style,
        marks: Mapping[str, Mapping[int, str]],
        rng: random.Random,
    ) -> None:
        self.page: Any = book.add_worksheet(name)
        self.book, self.name, self.style, self.marks, self.rng = book, name, style, marks, rng
        self.first = 7 if style.two_rows else 5

    def typed(self, text: str) -> str:
        if self.style.tcvn3:
            return tcvn3(text)
        text = text.upper() if self.style.capitals else text
        return unicodedata.normalize("NFD", text) if self.style.decomposed else text

    def head(self, title: str, as_of: date) -> None:
        self.page.write(0, 0, self.typed("ỦY BAN NHÂN DÂN"))
        self.page.write(1, 2, self.typed(title))
        self.page.write(2, 2, f"(Tính đến ngày {as_of:%d/%m/%Y})")
        self.page.set_column(1, 1, 24)
        self.page.set_column(2, 9, 14)
        titles = [*_COLUMNS, *self.marks]
        if not self.style.two_rows:
            for column, text in enumerate(titles):
                self.page.write(4, column, self.typed(text))
            return
        bold = self.book.add_format({"bold": True})
        for column, text in enumerate(titles):
            if column not in (BIRTH, SEX):
                self.page.merge_range(4, column, 5, column, self.typed(text), bold)
        self.page.merge_range(4, BIRTH, 4, SEX, self.typed("Ngày, tháng, năm sinh"), bold)
        self.page.write(5, BIRTH, "Nam")
        self.page.write(5, SEX, self.typed("Nữ"))
        for column in range(len(titles)):
            self.page.write(6, column, column + 1)

    def body(self, members: Sequence[Resident]) -> None:
        for row, each in enumerate(members, start=self.first):
            self.page.write(row, 0, row - self.first + 1)
            self.page.write_string(row, NAME, self.typed(each.name))
            self._birth(row, each)
            self._numbers(row, each)
            words = _RELATIONS[each.relation]
            self.page.write(row, RELATION, self.typed(words[each.sex == "female"]))
            if each.age >= 15:
                self.page.write(row, DEVICE, self.typed(_device(each, self.rng)))
            self.page.write(row, PRESENCE, self.typed(_presence(each)))
            for column, said in enumerate(self.marks.values(), start=len(_COLUMNS)):
                if said.get(each.serial):
                    self.page.write(row, column, self.typed(said[each.serial]))

    def _birth(self, row: int, each: Resident) -> None:
        column = (SEX if each.sex == "female" else BIRTH) if self.style.two_rows else BIRTH
        if len(each.born) == 4:
            self.page.write_number(row, column, int(each.born))
        elif self.style.numbers:
            self.page.write_number(row, column, (each.surely - date(1899, 12, 30)).days)
        else:
            form = self.rng.choice(("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"))
            self.page.write_string(row, column, each.surely.strftime(form))
        if not self.style.two_rows:
            self.page.write(row, SEX, self.typed("Nữ" if each.sex == "female" else "Nam"))

    def _numbers(self, row: int, each: Resident) -> None:
        if self.style.numbers:
            self.page.write_number(row, ID, int(each.national_id))
        else:
            spaced = self.rng.random() < 0.1
            number = f"{each.national_id[:3]} {each.national_id[3:]}" if spaced else each.national_id
            self.page.write_string(row, ID, number)
        if not each.phone:
            return
        if each.holder == "relative":
            self.page.write_string(row, PHONE, self.typed(f"{each.phone} ({each.phone_note})"))
        elif self.style.numbers:
            self.page.write_number(row, PHONE, int(each.phone))
        else:
            dotted = f"{each.phone[:4]}.{each.phone[4:7]}.{each.phone[7:]}"
            self.page.write_string(row, PHONE, self.rng.choice((each.phone, dotted, f"+84{each.phone[1:]}")))

    def spoil(self, members: Sequence[Resident]) -> list[tuple[str, str, str, bool]]:
        """Cells as they are found in real files, each in a row of its own among the last ones."""
        bad = []
        spoils = (
            (BIRTH, "31/02/1990", "birth_date_invalid", True),
            (ID, "0991900123456", "id_not_12_digits", True),
            (BIRTH, "01/01/2099", "birth_date_future", True),
            (BIRTH, "01/01/1905", "age_unlikely", False),
            (PHONE, "hỏi trưởng thôn", "phone_unclear", False),
        )
        for back, (column, value, code, rejects) in enumerate(spoils, start=2):
            row, each = self.first + len(members) - back, members[-back]
            if self.style.two_rows and column == BIRTH:
                column = SEX if each.sex == "female" else BIRTH
            self.page.write_string(row, column, self.typed(value))
            if column in (BIRTH, SEX) and not rejects:
                # With its zeros lost as well, the number would contradict the year and the row be rejected for that.
                self.page.write_string(row, ID, each.national_id)
            bad.append((self.name, f"{'ABCDEFGHIJ'[column]}{row + 1}", code, rejects))
        return bad

    def foot(self, members: Sequence[Resident]) -> None:
        row = self.first + len(members)
        self.page.write(row, NAME, self.typed("Tổng cộng"))
        self.page.write(row, BIRTH, len(members))
        self.page.write(row + 2, PHONE, self.typed("Người lập biểu"))


def _device(each: Resident, rng: random.Random) -> str:
    if each.device == "smartphone":
        return (
            "Smartphone"
            if (each.device_year or 2025) > 2018
            else f"Samsung ({2025 - (each.device_year or 2025)} năm)"
        )
    return rng.choice(("Cục gạch", "Máy phổ thông")) if each.device == "basic" else "Không"


def _presence(each: Resident) -> str:
    if each.presence == "abroad":
        return f"XKLĐ {each.whereabouts}"
    return f"Vắng ({each.whereabouts})" if each.presence == "away" else "Có mặt"
