"""Bad workbooks from a seed, each with what is known to be wrong with it: the cells that must be named, or that it must be refused."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from xlsxwriter import Workbook

from bakhong.people.tests import sheets

BadCell = tuple[str, str, str]  # sheet, cell, code
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Spoilt:
    """`bad`: cells that must be reported; `is_hopeless`: nothing of it may go in."""

    kind: str
    data: bytes
    name: str = "ds.xlsx"
    bad: list[BadCell] = field(default_factory=list)
    is_hopeless: bool = False


def spoilt(seed: int) -> Spoilt:
    """One bad file; kinds take turns."""
    return KINDS[seed % len(KINDS)](seed)


def _cells(seed: int) -> Spoilt:
    made = sheets.bad_workbook(seed)
    return Spoilt("cells", made.data, bad=made.bad)


def _fuzzed(seed: int) -> Spoilt:
    """Cells replaced by noise; what is noise in a column that has a form must be named."""
    rng = random.Random(seed)
    noise = "".join(rng.choice("!?#%&*@~^|<>{}±¿") for _ in range(rng.randint(2, 12)))
    rows: list[list[object]] = [["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại"]]
    rows += [[number, each.name, each.birth[:4], "Nam" if each.sex == "male" else "Nữ", each.national_id, ""]
             for number, each in enumerate(sheets.population(seed, 12), start=1)]  # fmt: skip
    bad = []
    codes = {
        1: "name_invalid",
        2: "birth_date_invalid",
        3: "sex_unclear",
        4: "id_not_12_digits",
        5: "phone_unclear",
    }
    for row in rng.sample(range(1, 13), 4):
        column = rng.choice(list(codes))
        rows[row][column] = noise
        bad.append(("Thôn 1", f"{'ABCDEF'[column]}{row + 1}", codes[column]))
    return Spoilt("fuzzed", _book(rows), bad=bad)


def _impossible(seed: int) -> Spoilt:
    """13 digits, 31 February, a birth to come, 120 years of age, and one phone for forty people."""
    rng = random.Random(seed)
    phone = f"09{rng.randrange(10**8):08d}"
    rows: list[list[object]] = [["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số điện thoại"]]
    rows += [[number, f"Lê Văn {sheets.GIVENS[number % 17]} {'ABCDEFGH'[number % 8]}", str(1950 + number), "Nam", "", phone]
             for number in range(1, 41)]  # fmt: skip
    wrong = [(4, "0381900123456", "id_not_12_digits"), (2, "31/02/1990", "birth_date_invalid"), (2, "01/01/2099", "birth_date_future"),
             (2, "1906", "age_unlikely")]  # fmt: skip
    at = rng.sample(range(1, 41), 4)
    first = min({*range(1, 41)} - {*at[:3]})  # the first row that is not rejected
    bad = [("Thôn 1", f"F{first + 1}", "phone_crowded")]
    for row, (column, value, code) in zip(at, wrong, strict=True):
        rows[row][column] = value
        bad.append(("Thôn 1", f"{'ABCDEF'[column]}{row + 1}", code))
    return Spoilt("impossible", _book(rows), bad=bad)


def _merged(seed: int) -> Spoilt:
    """Headers of two rows with merged cells, and a wrong birth date under Nam or Nữ."""
    people = sheets.population(seed, 10, ("Thôn 1",))
    index = seed % 10
    people[index] = type(people[index])(**{**vars(people[index]), "national_id": "0381900123456"})
    made = sheets.workbook(seed, people, "two_rows")
    return Spoilt("merged", made.data, bad=[("Thôn 1", f"E{8 + index}", "id_not_12_digits")])


def _blank_rows(seed: int) -> Spoilt:
    """A bad cell, then 100,000 rows that have a border and nothing in them, then another."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page, border = book.add_worksheet("Thôn 1"), book.add_format({"border": 1})
    page.write_row(0, 0, ["STT", "Họ và tên", "Ngày sinh", "Số CCCD"])
    page.write_row(1, 0, [1, "Lê Văn An", "31/02/1990", ""])
    for row in range(2, 100_002):
        page.write_blank(row, 1, None, border)
    page.write_row(100_002, 0, [2, "Lê Văn Bình", "1990", "12345"])
    book.close()
    return Spoilt(
        "blank rows",
        out.getvalue(),
        bad=[("Thôn 1", "C2", "birth_date_invalid"), ("Thôn 1", "D100003", "id_not_12_digits")],
    )


def _macros(seed: int) -> Spoilt:
    """An .xlsm: its cells are read, its program is never run."""
    made = sheets.bad_workbook(seed)
    return Spoilt(
        "macros",
        _with_part(made.data, "xl/vbaProject.bin", OLE + b"Sub Auto_Open()" * 50),
        "ds.xlsm",
        made.bad,
    )


def _renamed(seed: int) -> Spoilt:
    made = sheets.bad_workbook(seed)
    return Spoilt(
        "wrong extension", made.data, f"ds.{('pdf', 'csv', 'xls', 'doc', 'txt')[seed % 5]}", made.bad
    )


def _bomb(seed: int) -> Spoilt:
    """A part that unpacks to 1,000 times its size, or entities within entities."""
    good = sheets.workbook(seed, sheets.population(seed, 5)).data
    if seed % 2:
        return Spoilt(
            "bomb", _with_part(good, "xl/worksheets/sheet9.xml", b"\0" * 60_000_000), is_hopeless=True
        )
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
        + b'<!ENTITY b "&a;&a;&a;">'
        + b"]><sst>&b;</sst>"
    )
    return Spoilt("bomb", _with_part(good, "xl/sharedStrings.xml", laughs), is_hopeless=True)


def _encrypted(seed: int) -> Spoilt:
    noise = random.Random(seed).randbytes(4000)
    return Spoilt("encrypted", OLE + noise + "EncryptedPackage".encode("utf-16-le") + noise, is_hopeless=True)


def _broken(seed: int) -> Spoilt:
    """Cut, spoilt, or something else altogether: refused, or read as far as it is whole."""
    return Spoilt(
        "broken", sheets.broken(seed // len(KINDS), sheets.workbook(1, sheets.population(1, 12)).data)
    )


KINDS: tuple[Callable[[int], Spoilt], ...] = (
    _cells, _fuzzed, _impossible, _merged, _macros, _renamed, _bomb, _encrypted, _broken, _cells, _fuzzed, _blank_rows, _broken,
)  # fmt: skip


def _book(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Thôn 1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value)
            else:
                page.write(number, column, value)
    book.close()
    return out.getvalue()


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()
