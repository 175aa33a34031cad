"""Lists of people whom the State pays, as they are pasted from a spreadsheet."""

import re
from dataclasses import dataclass

from bakhong.core.days import parse_day
from bakhong.core.text import name_key, squeeze

KINDS = ("pension", "merit", "social")
CASH, ACCOUNT = "cash", "account"
_CASH = re.compile(r"tien mat|\btm\b|buu dien|tai nha|ky nhan")
_ACCOUNT = re.compile(r"tai khoan|\btk\b|\bck\b|chuyen khoan|\batm\b|ngan hang|the atm")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERED = re.compile(r"\d{1,4}[.)]?")
_NAME = re.compile(r"[^\W\d_]+(?:[ '’][^\W\d_]+)+")
_HEADS = {"ho va ten", "ho ten", "ten", "stt", "ngay sinh", "nam sinh"}


@dataclass(frozen=True)
class Pasted:
    """One line: who, and how they are paid (CASH, ACCOUNT or "" where it does not say). `birth`: "1950" or "1950-03-01"."""

    line: int
    text: str
    name: str
    birth: str = ""
    national_id: str = ""
    channel: str = ""


def pasted_rows(text: str) -> list[Pasted]:
    """The lines of a pasted list, in order; blank lines and heads are left out. A line without a name has `name` "".

    >>> text = "STT\\tHọ và tên\\n1\\tLê Văn An\\t1950\\t038050001234\\tTiền mặt\\n2\\tTrần Thị Bé\\t01/03/1948\\tATM"
    >>> rows = pasted_rows(text)
    >>> [(row.line, row.name, row.birth, row.national_id, row.channel) for row in rows]
    [(2, 'Lê Văn An', '1950', '038050001234', 'cash'), (3, 'Trần Thị Bé', '1948-03-01', '', 'account')]
    """
    rows = [_row(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return [row for row in rows if row is not None]


def _row(number: int, line: str) -> Pasted | None:
    cells = [squeeze(cell) for cell in re.split(r"\t|;|\|| {3,}|,(?=\s*\D)", line)]
    cells = [cell for cell in cells if cell]
    if not cells or any(name_key(cell) in _HEADS for cell in cells):
        return None
    found: dict[str, str] = {}
    for cell in cells:
        for field, value in (_reading(cell, "name" not in found)).items():
            found.setdefault(field, value)
    return Pasted(line=number, text=squeeze(line)[:200], name=found.pop("name", ""), **found)


def _reading(cell: str, name_is_open: bool) -> dict[str, str]:
    digits = re.sub(r"[\s.]", "", cell)
    if re.fullmatch(r"\d{12}", digits):
        return {"national_id": digits}
    if day := parse_day(cell):
        return {"birth": day.isoformat()}
    if _YEAR.fullmatch(cell):
        return {"birth": cell}
    key = name_key(cell)
    if _CASH.search(key):
        return {"channel": CASH}
    if _ACCOUNT.search(key):
        return {"channel": ACCOUNT}
    cell = _NUMBERED.sub("", cell, count=1).strip() if _NUMBERED.match(cell) else cell
    return {"name": cell[:120]} if name_is_open and _NAME.fullmatch(cell) else {}
