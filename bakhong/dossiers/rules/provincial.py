"""A list exported from the provincial one-stop system: what its columns hold, and what a row says of one dossier.

Source: the field names dossiers are synchronised by (MaHoSo, NgayHenTra, HoSoCoThanhPhanSoHoa …), and the headings people export.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bakhong.core.text import squeeze
from bakhong.dossiers.rules.exported_cells import KIND, READ
from bakhong.people.rules.headings import IGNORE, Column, Layout, heading_key
from bakhong.people.rules.rows import Problem

# (field, the name of the synchronised field, pattern over the unaccented heading); the first that fits wins: the narrower stand first.
_FIELDS: tuple[tuple[str, str, str], ...] = (
    (IGNORE, "stt", r"^(stt|tt|so thu tu|so tt)$"),
    ("supplements", "solanbosung", r"so lan.*bo sung"),
    (
        "waited",
        "thoigianbosung",
        r"(thoi gian|so (ngay|gio)|tong( so)? (ngay|gio)).*(bo sung|tam dung|cho cong dan)",
    ),
    (
        "asked",
        "ngayyeucaubosung",
        r"(ngay|thoi diem|tg).*(yeu cau|gui|bat dau) ?.*bo sung|ngay yc bs|^(ngay|thoi diem) (bat dau )?tam dung",
    ),
    (
        "answered",
        "ngaybosung",
        r"(ngay|thoi diem|tg).*(nhan|da|cong dan|ket thuc|hoan thanh) ?.*bo sung|^ngay bo sung",
    ),
    ("refused", "ngaytuchoi", r"ngay (tu choi|huy|dung|rut)"),
    ("due", "ngayhentra", r"hen tra|han tra|^ngay hen|tra.*du kien|du kien.*tra"),
    (
        "finished",
        "ngayketthucxuly",
        r"(ngay|thoi (diem|gian)).*(ket thuc|xu ly xong|giai quyet xong|co ket qua|hoan thanh)",
    ),
    (
        "returned",
        "ngaytra",
        r"^(ngay|thoi (diem|gian))( gio)?( thuc)? (tra|giao|phat)( ket qua| kq)?|thuc tra",
    ),
    ("received", "ngaytiepnhan", r"(ngay|thoi (diem|gian)|gio).*tiep nhan|ngay nhan"),
    ("filed", "ngaynophoso", r"(ngay|thoi (diem|gian)).*(nop|dang ky)"),
    ("population", "taikhoanduocxacthucvoivneid", r"vneid|dan cu"),
    ("from_store", "duoclaytukhodmqg", r"kho (du lieu|dmqg|ca nhan)"),
    ("reused", "duoctaisudung", r"tai su dung|khai thac lai"),
    ("digitised", "hosocothanhphansohoa", r"so hoa"),
    ("channel", "kenhthuchien", r"kenh|(hinh thuc|cach thuc) (nop|tiep nhan|thuc hien)"),
    ("state", "trangthaihoso", r"(trang thai|tinh trang)( xu ly| ho so|$)|^trang thai"),
    ("code", "mahoso", r"^(ma|so)( so)? ?(bien nhan|ho so|hs)|^ma bien nhan"),
    ("procedure", "matthc", r"^ma (tthc|thu tuc)"),
    ("procedure_name", "tentthc", r"ten (tthc|thu tuc)|^thu tuc|^ten ho so"),
    ("sector", "malinhvuc", r"linh vuc"),
)
# Headings that may mean a field, where no other column is called by it.
_LOOSE: tuple[tuple[str, str], ...] = (("due", r"\bhan (xu ly|giai quyet)|han hoan thanh|^han$"),)
FIELDS = (
    "code",
    "procedure",
    "procedure_name",
    "sector",
    "channel",
    "state",
    "filed",
    "received",
    "due",
    "finished",
    "returned",
    "refused",
    "supplements",
    "asked",
    "answered",
    "waited",
    "digitised",
    "reused",
    "from_store",
    "population",
    IGNORE,
)
_BY_NAME = {name: code for code, name, _pattern in _FIELDS} | {
    "statusid": "state",
    "madinhdanhhoso": "code",
    "tenlinhvuc": "sector",
    "duocsohoa": "digitised",
}
_COMPILED = [(code, re.compile(pattern)) for code, _name, pattern in _FIELDS]
_COMPILED_LOOSE = [(code, re.compile(pattern)) for code, pattern in _LOOSE]
_SAMPLE = 50  # cells of a column that are looked at
_DEEPEST = 40  # rows among which the headings are looked for
REJECTING = frozenset({"code_missing", "code_twice"})


@dataclass(frozen=True)
class Line:
    """What a row says of one dossier. Moments are aware; a day without a time is its first minute, of `due` its last."""

    sheet: str
    row: int
    code: str = ""
    procedure: str = ""
    procedure_name: str = ""
    sector: str = ""
    channel: str = ""
    state: int | None = None
    filed: datetime | None = None
    received: datetime | None = None
    due: datetime | None = None
    finished: datetime | None = None
    returned: datetime | None = None
    refused: datetime | None = None
    supplements: int = 0
    asked: datetime | None = None
    answered: datetime | None = None
    waited: int = 0  # minutes
    digitised: bool | None = None
    reused: bool | None = None
    from_store: bool | None = None
    population: bool | None = None
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def is_rejected(self) -> bool:
        return any(each.code in REJECTING for each in self.problems)

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, wherever it stands."""
        said = {
            name: value
            for name, value in asdict(self).items()
            if name not in ("sheet", "row", "problems") and value not in (None, "", 0)
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def field_of(title: str) -> str:
    """What a heading says the column holds.

    >>> [field_of(each) for each in ("MaHoSo", "Số biên nhận", "Ngày hẹn trả kết quả", "NgayKetThucXuLy", "Hồ sơ có thành phần số hóa")]
    ['code', 'code', 'due', 'finished', 'digitised']
    >>> field_of("Màu áo"), field_of("STT"), field_of("Chủ hồ sơ")
    ('ignore', 'ignore', 'ignore')
    """
    return _meant(title)[0]


def _meant(title: str) -> tuple[str, int]:
    """The field a heading means, and how surely: 2 by its own name, 1 by its words, 0 perhaps."""
    key = heading_key(title)
    if (named := _BY_NAME.get(key.replace(" ", ""))) is not None:
        return named, 2
    for sure, patterns in ((1, _COMPILED), (0, _COMPILED_LOOSE)):
        for code, pattern in patterns:
            if key and pattern.search(key):
                return code, sure
    return IGNORE, 0


def layout_of(sheet: str, cells: Sequence[Sequence[object]]) -> Layout | None:
    """The list in a sheet: the row among the first whose headings are understood best. None where none has at least a code and a day."""
    best, score = None, 0
    for row, values in enumerate(cells[:_DEEPEST]):
        found = {field_of(value) for value in values if isinstance(value, str) and len(value) <= 120} - {
            IGNORE
        }
        if len(found) > score:
            best, score = row, len(found)
    if best is None or score < 2:
        return None
    return Layout(sheet, best, _columns(cells[best], cells[best + 1 :]))


def _columns(headings: Sequence[object], rows: Sequence[Sequence[object]]) -> tuple[Column, ...]:
    """Of each field the column that is most surely called so, the first among equals; never one whose cells cannot be it."""
    found: list[Column] = []
    best: dict[str, tuple[int, int]] = {}  # field → (how surely, minus the column)
    for index, value in enumerate(headings):
        title = squeeze(str(value)) if value not in (None, "") else ""
        code, sure = _meant(title)
        if not title:
            continue
        if code != IGNORE and not _fits(code, [row[index] for row in rows if index < len(row)]):
            code = IGNORE
        found.append(Column(index, title[:120], code))
        best[code] = max(best.get(code, (sure, -index)), (sure, -index))
    return tuple(
        each if each.field == IGNORE or best[each.field][1] == -each.index else replace(each, field=IGNORE)
        for each in found
    )


def _fits(code: str, cells: Sequence[object]) -> bool:
    """False where most of the cells cannot be days, or a time waited: the heading means something else."""
    if KIND[code] != "day" and code != "waited":
        return True
    told = [cell for cell in cells if cell not in (None, "")][:_SAMPLE]
    return sum(_reads(code, cell) for cell in told) * 2 >= len(told)


def _reads(code: str, cell: object) -> bool:
    try:
        READ[code](cell)
    except ValueError:
        return False
    return True


def lines(layout: Layout, cells: Sequence[Sequence[object]], now: datetime) -> list[Line]:
    """Every row below the headings that says anything; totals and signatures (no code and hardly a cell) are left out."""
    found: list[Line] = []
    seen: set[str] = set()
    used = [each for each in layout.columns if each.field != IGNORE]
    for row in range(layout.header + 1, len(cells)):
        told = {
            each.field: (each.index, cells[row][each.index])
            for each in used
            if each.index < len(cells[row]) and cells[row][each.index] not in (None, "")
        }
        if "code" not in told and len(told) < 2:
            continue
        line = _line(layout.sheet, row, told, now)
        if line.code and line.code in seen:
            column = told["code"][0]
            twice = Problem(layout.sheet, row, column, "code_twice", line.code)
            line = replace(line, problems=(*line.problems, twice))
        seen.add(line.code)
        found.append(line)
    return found


def _line(sheet: str, row: int, told: Mapping[str, tuple[int, object]], now: datetime) -> Line:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, (column, cell) in told.items():
        try:
            values[name] = READ[name](cell)
        except ValueError:
            problems.append(Problem(sheet, row, column, KIND[name] + "_unclear", str(cell)[:60]))
    if not values.get("code"):
        values.pop("code", None)
        problems.append(Problem(sheet, row, told.get("code", (0, ""))[0], "code_missing", ""))
    problems += _doubts(sheet, row, values, told, now)
    return Line(sheet, row, **values, problems=tuple(problems))


def _doubts(
    sheet: str,
    row: int,
    values: dict[str, Any],
    told: Mapping[str, tuple[int, object]],
    now: datetime,
) -> list[Problem]:
    """Days that cannot be are left out, each with its cell."""
    found = []
    start = values.get("received") or values.get("filed")
    for name in ("finished", "returned", "refused", "answered"):
        moment = values.get(name)
        if moment is None:
            continue
        wrong = "day_ahead" if moment > now + timedelta(days=1) else ""
        if not wrong and start is not None and moment.date() < start.date():
            wrong = "day_before_start"
        if wrong:
            found.append(Problem(sheet, row, told[name][0], wrong, str(told[name][1])[:60]))
            del values[name]
    if "answered" in values and values.get("asked") is None:
        del values["answered"]
    return found
