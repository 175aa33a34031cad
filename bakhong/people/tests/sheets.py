"""Workbooks of residents as communes keep them, made from a seed, with the truth beside. No name in them is a real person's."""

import io
import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter import Workbook

from bakhong.people.rules.legacy import _TCVN3, _VNI

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đỗ", "Bùi", "Lương", "Cầm", "Lò", "Hà")
MIDDLES = {"male": ("Văn", "Đức", "Hữu", "Bá", "Xuân"), "female": ("Thị", "Thu", "Ngọc", "Thị Kim")}
GIVENS = (
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hoà",
    "Hương",
    "Khánh",
    "Lợi",
    "Mạnh",
    "Nga",
    "Phượng",
    "Quý",
    "Sơn",
    "Thuỷ",
    "Tuấn",
    "Yến",
)
AS_OF = date(2026, 5, 6)


@dataclass(frozen=True)
class Truth:
    """Who a row is really about."""

    name: str
    birth: str
    sex: str
    national_id: str
    phone: str
    village: str
    household: int
    relation: str


@dataclass
class Made:
    """A workbook, its people (those to be taken in), and its bad cells: (sheet, cell, code)."""

    data: bytes
    people: list[Truth] = field(default_factory=list)
    bad: list[tuple[str, str, str]] = field(default_factory=list)


def population(seed: int, size: int, villages: tuple[str, ...] = ("Thôn 1", "Thôn 2")) -> list[Truth]:
    rng = random.Random(seed)
    people: list[Truth] = []
    used: set[str] = set()
    household = 0
    while len(people) < size:
        household += 1
        village = villages[household % len(villages)]
        for member in range(rng.randint(1, 5)):
            sex = rng.choice(("male", "female"))
            year = rng.randint(1935, 2010)
            born = date(year, rng.randint(1, 12), rng.randint(1, 28))
            number = ""
            while not number or number in used:
                first = "0" if year < 2000 else "2"
                digit = str(int(first) + (sex == "female"))
                number = f"038{digit}{year % 100:02d}{rng.randint(0, 999999):06d}"
            used.add(number)
            name = f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES[sex])} {rng.choice(GIVENS)}"
            relation = "head" if member == 0 else rng.choice(("spouse", "child", "parent"))
            phone = f"09{rng.randint(10_000_000, 99_999_999)}" if rng.random() < 0.6 else ""
            people.append(Truth(name, born.isoformat(), sex, number, phone, village, household, relation))
    return people[:size]


_WORDS = {"head": "Chủ hộ", "spouse": "Vợ", "child": "Con", "parent": "Mẹ"}
_FROM_UNICODE = {letter: code for code, letter in _TCVN3.items()}
_TO_VNI = {letter: pair for pair, letter in _VNI.items()} | {
    "đ": "ñ",
    "ư": "ö",
    "ơ": "ô",
    "Đ": "Ñ",
    "ỉ": "æ",
    "ĩ": "ó",
    "ị": "ò",
}


def tcvn3(text: str) -> str:
    """As typed in .VnTime: capitals with accents do not exist there but for seven."""
    return "".join(_FROM_UNICODE.get(char, _FROM_UNICODE.get(char.lower(), char)) for char in text)


def vni(text: str) -> str:
    return "".join(_TO_VNI.get(char, char) for char in text)


STYLES = ("plain", "two_rows", "tcvn3", "vni", "nfd", "capitals", "numbers", "sections")


def workbook(seed: int, people: list[Truth], style: str = "plain") -> Made:
    """The people as a workbook of one sheet a village (`sections`: all on one, under headings)."""
    rng = random.Random(seed)
    out = io.BytesIO()
    made = Made(b"", list(people))
    book = Workbook(out, {"in_memory": True})
    groups: dict[str, list[Truth]] = {}
    for each in people:
        groups.setdefault(each.village, []).append(each)
    if style == "sections":
        page = book.add_worksheet("Danh sách")
        row = _head(page, book, style)
        for village, members in groups.items():
            page.write(row, 1, village)
            row = _body(page, row + 1, members, style, rng)
        _foot(page, row)
    else:
        for village, members in groups.items():
            page = book.add_worksheet(village)
            row = _body(page, _head(page, book, style), members, style, rng)
            _foot(page, row)
    book.close()
    made.data = out.getvalue()
    return made


def _typed(text: str, style: str) -> str:
    if style == "tcvn3":
        return tcvn3(text)
    if style == "vni":
        return vni(text)
    if style == "nfd":
        return unicodedata.normalize("NFD", text)
    return text.upper() if style == "capitals" else text


def _head(page: Any, book: Workbook, style: str) -> int:
    page.write(0, 0, _typed("UBND XÃ THƯỜNG XUÂN", style if style != "vni" else "plain"))
    page.write(1, 2, _typed("Danh sách nhân khẩu", style))
    page.write(2, 2, f"(Tính đến ngày {AS_OF:%d/%m/%Y})")
    titles = [
        "STT",
        "Họ và tên",
        "Ngày sinh",
        "Giới tính",
        "Số CCCD",
        "Quan hệ với chủ hộ",
        "Số điện thoại",
        "Ghi chú",
    ]
    if style == "two_rows":
        bold = book.add_format({"bold": True})
        for column in (0, 1, 4, 5, 6, 7):
            page.merge_range(4, column, 5, column, titles[column], bold)
        page.merge_range(4, 2, 4, 3, "Ngày, tháng, năm sinh", bold)
        page.write(5, 2, "Nam")
        page.write(5, 3, "Nữ")
        for column in range(8):
            page.write(6, column, column + 1)
        return 7
    for column, title in enumerate(titles):
        page.write(4, column, _typed(title, style))
    return 5


def _body(page: Any, row: int, members: list[Truth], style: str, rng: random.Random) -> int:
    for number, each in enumerate(members, start=1):
        page.write(row, 0, number)
        page.write_string(row, 1, _typed(each.name, style))
        born = date.fromisoformat(each.birth)
        shown = rng.choice(
            [
                f"{born:%d/%m/%Y}",
                f"{born.day}/{born.month}/{born.year}",
                f"{born:%d-%m-%Y}",
                f"{born:%d.%m.%Y}",
            ]
        )
        if style == "two_rows":
            page.write(row, 2 if each.sex == "male" else 3, shown)
        else:
            page.write(row, 2, (born - date(1899, 12, 30)).days if style == "numbers" else shown)
            page.write(row, 3, _typed("Nam" if each.sex == "male" else "Nữ", style))
        if style == "numbers":
            page.write_number(row, 4, int(each.national_id))
        else:
            spaced = rng.random() < 0.1
            page.write_string(
                row, 4, f"{each.national_id[:3]} {each.national_id[3:]}" if spaced else each.national_id
            )
        page.write(row, 5, _typed(_WORDS[each.relation], style))
        if each.phone:
            if style == "numbers":
                page.write_number(row, 6, int(each.phone))
            else:
                page.write_string(
                    row,
                    6,
                    rng.choice(
                        [
                            each.phone,
                            f"+84{each.phone[1:]}",
                            f"{each.phone[:4]}.{each.phone[4:7]}.{each.phone[7:]}",
                            f"{each.phone} (con)",
                        ]
                    ),
                )
        row += 1
    return row


def _foot(page: Any, row: int) -> None:
    page.write(row, 1, "Tổng cộng")
    page.write(row, 2, row)
    page.write(row + 2, 5, "Người lập biểu")
    page.write(row + 5, 5, "Nguyễn Văn Lập")


BAD_CELLS: tuple[tuple[str, int, Any], ...] = (
    ("birth_date_invalid", 2, "31/02/1990"),
    ("birth_date_invalid", 2, "không nhớ"),
    ("birth_date_future", 2, "01/01/2099"),
    ("id_not_12_digits", 4, "0381900123456"),
    ("id_not_12_digits", 4, "12345"),
    ("id_not_12_digits", 4, "chưa làm"),
    ("name_invalid", 1, "123456"),
    ("name_missing", 1, ""),
    ("age_unlikely", 2, "01/01/1905"),
    ("phone_unclear", 6, "hỏi trưởng thôn"),
    ("sex_unclear", 3, "??"),
)


def bad_workbook(seed: int) -> Made:
    """Ten people, some of whose cells are wrong; `bad` says which."""
    rng = random.Random(seed)
    people = population(seed, 10, ("Thôn 1",))
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Thôn 1")
    row = _head(page, book, "plain")
    _body(page, row, people, "plain", rng)
    bad = []
    for index in rng.sample(range(10), 3):
        code, column, value = rng.choice(BAD_CELLS)
        if value == "":
            page.write_blank(row + index, column, None, book.add_format())
        else:
            page.write_string(row + index, column, value)
        bad.append(("Thôn 1", f"{'ABCDEFGH'[column]}{row + index + 1}", code))
    _foot(page, row + 10)
    book.close()
    return Made(out.getvalue(), people, bad)


def broken(seed: int, data: bytes) -> bytes:
    """The bytes of a workbook damaged: cut, flipped, emptied, or something else altogether."""
    rng = random.Random(seed)
    kind = seed % 6
    if kind == 0:
        return data[: rng.randint(1, len(data) - 1)]
    if kind == 1:
        spoilt = bytearray(data)
        for _ in range(rng.randint(1, 200)):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        return bytes(spoilt)
    if kind == 2:
        return rng.randbytes(rng.randint(1, 3000))
    if kind == 3:
        return b"PK\x03\x04" + rng.randbytes(500)
    if kind == 4:
        return (
            ";".join(["Họ và tên", "Ngày sinh"] * rng.randint(1, 3)).encode()
            + b"\n"
            + rng.randbytes(300).hex().encode()
        )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(2000)
