"""A list exported from the provincial one-stop system: what its columns hold, and what a row says of one dossier.

Source: the field names dossiers are synchronised by (MaHoSo, NgayHenTra, HoSoCoThanhPhanSoHoa …), and the headings people export.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bakhong.core.days import VIET_NAM, parse_day
from bakhong.core.text import name_key, squeeze
from bakhong.people.rules.marks import Mark, mark
from bakhong.people.rules.rows import Problem

IGNORE = "ignore"
# (field, the name of the synchronised field, pattern over the unaccented heading); the first that fits wins: the narrower stand first.
_FIELDS: tuple[tuple[str, str, str], ...] = (
    (IGNORE, "stt", r"^(stt|tt|so thu tu|so tt)$"),
    ("supplements", "solanbosung", r"so lan.*bo sung"),
    (
        "waited",
        "thoigianbosung",
        r"(thoi gian|so ngay|tong ngay).*(bo sung|tam dung|cho cong dan)|ngay tam dung",
    ),
    ("asked", "ngayyeucaubosung", r"(ngay|thoi diem|tg).*(yeu cau|gui|bat dau) ?.*bo sung|ngay yc bs"),
    (
        "answered",
        "ngaybosung",
        r"(ngay|thoi diem|tg).*(nhan|da|cong dan|ket thuc|hoan thanh) ?.*bo sung|^ngay bo sung",
    ),
    ("refused", "ngaytuchoi", r"ngay (tu choi|huy|dung|rut)"),
    ("due", "ngayhentra", r"hen tra|han (tra|xu ly|giai quyet)|ngay hen"),
    (
        "finished",
        "ngayketthucxuly",
        r"(ngay|thoi (diem|gian)).*(ket thuc|xu ly xong|giai quyet xong|co ket qua|hoan thanh)",
    ),
    ("returned", "ngaytra", r"^ngay tra( ket qua| kq)?|ngay gio tra"),
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
_DEEPEST = 40  # rows among which the headings are looked for
REJECTING = frozenset({"code_missing", "code_twice"})

STATES: tuple[tuple[int, str], ...] = (
    (3, r"khong (duoc )?tiep nhan|tu choi"),
    (10, r"da tra"),
    (9, r"(da )?xu ly xong|co ket qua|hoan thanh|da giai quyet|cho tra"),
    (5, r"bo sung"),
    (6, r"tai chinh|cho (nop|thu) (phi|le phi)|thanh toan"),
    (7, r"(yeu cau|xin) rut"),
    (8, r"dung|huy|da rut"),
    (4, r"dang (xu ly|giai quyet)|cho (ky|duyet|xu ly)|trinh"),
    (2, r"tiep nhan"),
    (1, r"moi|da nop|cho tiep"),
)
_STATES = [(number, re.compile(pattern)) for number, pattern in STATES]
_CHANNELS = (
    ("post", re.compile(r"buu chinh|buu dien|bcci")),
    ("online", re.compile(r"truc tuyen|online|dvc|qua mang|cong dich vu")),
    ("direct", re.compile(r"truc tiep|tai (noi|mot cua|quay|bo phan)")),
)
_CHANNEL_NUMBERS = {"1": "direct", "2": "online", "3": "post"}  # KenhThucHien
_MOMENT = re.compile(r"\s*[,T ]\s*|\s+(?:luc\s+)?")
_TIME = re.compile(r"(\d{1,2})[:hg](\d{2})?(?::\d{2}(?:\.\d+)?)?\s*(sa|ch|am|pm)?", re.I)
_EXCEL_DAY = date(1899, 12, 30)
_DAYS = frozenset({"filed", "received", "due", "finished", "returned", "refused", "asked", "answered"})
_FLAGS = frozenset({"digitised", "reused", "from_store", "population"})


@dataclass(frozen=True)
class Column:
    index: int
    title: str
    field: str


@dataclass(frozen=True)
class Layout:
    """A list in a sheet. Rows count from 0."""

    sheet: str
    header: int
    columns: tuple[Column, ...]

    @property
    def has_codes(self) -> bool:
        return any(each.field == "code" for each in self.columns)

    @property
    def headings(self) -> str:
        """SHA-256 of the row of headings as it is compared: what a mapping is remembered by."""
        return hashlib.sha256(
            json.dumps([heading_key(each.title) for each in self.columns]).encode()
        ).hexdigest()

    def with_fields(self, chosen: Mapping[int, str]) -> "Layout":
        return replace(
            self,
            columns=tuple(replace(each, field=chosen.get(each.index, each.field)) for each in self.columns),
        )

    def with_remembered(self, said: Mapping[str, str]) -> "Layout":
        """With what somebody said of the same headings before."""
        return replace(
            self,
            columns=tuple(
                replace(each, field=said.get(heading_key(each.title), each.field)) for each in self.columns
            ),
        )


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


def heading_key(title: str) -> str:
    """
    >>> heading_key("Ngày  HẸN trả\\n(dự kiến)")
    'ngay hen tra du kien'
    """
    return re.sub(r"\s+", " ", re.sub(r"[().:*\n\"“”/_-]+", " ", name_key(title))).strip()


def field_of(title: str) -> str:
    """What a heading says the column holds.

    >>> [field_of(each) for each in ("MaHoSo", "Số biên nhận", "Ngày hẹn trả kết quả", "NgayKetThucXuLy", "Hồ sơ có thành phần số hóa")]
    ['code', 'code', 'due', 'finished', 'digitised']
    >>> field_of("Màu áo"), field_of("STT"), field_of("Chủ hồ sơ")
    ('ignore', 'ignore', 'ignore')
    """
    key = heading_key(title)
    if (named := _BY_NAME.get(key.replace(" ", ""))) is not None:
        return named
    return next((code for code, pattern in _COMPILED if key and pattern.search(key)), IGNORE)


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
    return Layout(sheet, best, _columns(cells[best]))


def _columns(headings: Sequence[object]) -> tuple[Column, ...]:
    """Of each field the first column that is called so."""
    found: list[Column] = []
    taken: set[str] = set()
    for index, value in enumerate(headings):
        title = squeeze(str(value)) if value not in (None, "") else ""
        code = field_of(title)
        if code in taken:
            code = IGNORE
        taken |= {code} - {IGNORE}
        if title:
            found.append(Column(index, title[:120], code))
    return tuple(found)


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
            values[name] = _READ[name](cell)
        except ValueError:
            problems.append(Problem(sheet, row, column, _KIND[name] + "_unclear", str(cell)[:60]))
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


# --- cells -----------------------------------------------------------------------------------------------------------


def moment_of(cell: object) -> datetime:
    """
    >>> [f"{moment_of(each):%d/%m/%Y %H:%M}" for each in ("06/05/2026 14:30", "2026-05-06T07:30:00", "14:30 06/05/2026", date(2026, 5, 6))]
    ['06/05/2026 14:30', '06/05/2026 07:30', '06/05/2026 14:30', '06/05/2026 00:00']

    Raises: ValueError.
    """
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VIET_NAM) if cell.tzinfo is None else cell
    if isinstance(cell, date):
        return datetime.combine(cell, time(), VIET_NAM)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not 36_526 <= cell < 73_050:  # 2000 to 2099, as Excel counts days
            raise ValueError(cell)
        minutes = round((cell % 1) * 1440)
        return datetime.combine(_EXCEL_DAY + timedelta(int(cell)), time(), VIET_NAM) + timedelta(
            minutes=minutes
        )
    return _moment_of_text(squeeze(str(cell)))


def _moment_of_text(text: str) -> datetime:
    hours, minutes = 0, 0
    found = _TIME.search(text)
    if found:
        hours, minutes = int(found[1]), int(found[2] or 0)
        half = (found[3] or "").lower()
        hours = hours + 12 if half in ("ch", "pm") and hours < 12 else hours
        hours = 0 if half in ("sa", "am") and hours == 12 else hours
        text = text[: found.start()] + text[found.end() :]
    day = parse_day(re.sub(r"^ngày\s+|[,Tt]\s*$", "", text.strip(" ,-–;")).strip(" ,"))
    if day is None or not 2000 <= day.year < 2100:
        raise ValueError(text)
    return datetime.combine(day, time(hours, minutes), VIET_NAM)


def _due(cell: object) -> datetime:
    moment = moment_of(cell)
    is_day = (moment.hour, moment.minute) == (0, 0)
    return moment.replace(hour=23, minute=59) if is_day else moment


def state_of(cell: object) -> int:
    """The national number of a state.

    >>> state_of(4), state_of("Đã trả kết quả"), state_of("Yêu cầu bổ sung"), state_of("Không được tiếp nhận"), state_of("Mới đăng ký")
    (4, 10, 5, 3, 1)

    Raises: ValueError.
    """
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else squeeze(str(cell))
    if text.isdigit():
        if text.isascii() and len(text) < 3 and 1 <= int(text) <= 10:
            return int(text)
        raise ValueError(text)
    key = name_key(text)
    for number, pattern in _STATES:
        if pattern.search(key):
            return number
    raise ValueError(text)


def channel_of(cell: object) -> str:
    """
    >>> channel_of(2), channel_of("Trực tiếp"), channel_of("Bưu chính công ích")
    ('online', 'direct', 'post')

    Raises: ValueError.
    """
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else squeeze(str(cell))
    if text in _CHANNEL_NUMBERS:
        return _CHANNEL_NUMBERS[text]
    key = name_key(text)
    for code, pattern in _CHANNELS:
        if pattern.search(key):
            return code
    raise ValueError(text)


def _flag(cell: object) -> bool:
    found = mark(cell)
    if found not in (Mark.YES, Mark.NO):
        if isinstance(cell, int | float):
            return cell > 0  # a number of papers
        raise ValueError(cell)
    return found == Mark.YES


def _count(cell: object) -> int:
    number = float(str(cell).replace(",", "."))
    if not (0 <= number < 1000 and number.is_integer()):
        raise ValueError(cell)
    return int(number)


def _waited(cell: object) -> int:
    """Minutes of "3", "3 ngày", "1,5 ngày", "12 giờ"."""
    found = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(ngay|gio|h|phut|d)?.*", name_key(str(cell)))
    if found is None:
        raise ValueError(cell)
    each = {"gio": 60, "h": 60, "phut": 1}.get(found[2] or "", 1440)
    minutes = round(float(found[1].replace(",", ".")) * each)
    if minutes > 1440 * 3650:
        raise ValueError(cell)
    return minutes


def _code(cell: object) -> str:
    """Kept as it is written: offices use more forms than one."""
    text = squeeze(str(cell))
    return text[:80] if re.search(r"\d", text) else ""


def _text(most: int) -> Callable[[object], str]:
    return lambda cell: squeeze(str(cell))[:most]


_READ: Mapping[str, Callable[[object], Any]] = {
    **dict.fromkeys(_DAYS, moment_of),
    **dict.fromkeys(_FLAGS, _flag),
    "due": _due,
    "code": _code,
    "procedure": _text(40),
    "procedure_name": _text(300),
    "sector": _text(150),
    "channel": channel_of,
    "state": state_of,
    "supplements": _count,
    "waited": _waited,
}
_KIND = {
    **dict.fromkeys(_READ, "text"),
    **dict.fromkeys(_DAYS, "day"),
    **dict.fromkeys(_FLAGS, "flag"),
    "state": "state",
    "channel": "channel",
    "supplements": "count",
    "waited": "count",
}


# --- what it means ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """`in_time` None: it cannot be said, for want of a day it was promised for. `why`: "", "late", "supplements", "no_due"."""

    in_time: bool | None
    why: str = ""


def judge(
    *,
    due: datetime | None,
    finished: datetime | None,
    returned: datetime | None,
    ended: datetime | None,
    asked: datetime | None,
    answered: datetime | None,
    waited: int,
    supplements: int,
    as_of: datetime,
) -> Verdict:
    """In time, as the national index counts it: the end less the time waited for supplements is not after the promised moment.

    The end is that of the work, else of handing over, else of stopping or refusing (`ended`), else `as_of`; one request not answered
    freezes the clock; more than one request is late. `waited`: minutes, where the list says them.

    Source: the formula text of Decision 766/QĐ-TTg, item 2.1 (unofficial copy).

    >>> at = datetime(2026, 3, 6, tzinfo=VIET_NAM)
    >>> told = dict(due=at, returned=None, ended=None, asked=None, answered=None, waited=0, supplements=0, as_of=at + timedelta(9))
    >>> [judge(**{**told, **more}).in_time for more in (
    ...     {"finished": at}, {"finished": at + timedelta(1)}, {"finished": at + timedelta(1), "waited": 1440},
    ...     {"finished": at, "supplements": 2}, {"finished": None}, {"finished": None, "asked": at - timedelta(1)})]
    [True, False, True, False, False, True]
    """
    if supplements > 1:
        return Verdict(False, "supplements")
    if due is None:
        return Verdict(None, "no_due")
    end = finished or returned or ended
    if end is None:
        end = asked if asked is not None and answered is None else as_of
    wait = timedelta(minutes=waited)
    if not waited and asked is not None and answered is not None:
        wait = max(answered - asked, timedelta())
    return Verdict(True) if end - wait <= due else Verdict(False, "late")
