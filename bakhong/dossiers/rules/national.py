"""What goes to and comes from the national portal (or a provincial system of the same shape): field names, values, when to try again.

Source: the names by which dossiers are synchronised with the national portal (MaHoSo, TrangThaiHoSo, KenhThucHien …); the envelope around
them (adapters/national/README.md) is ours, because its specification is handed only to registered systems.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bakhong.core.days import VIET_NAM, parse_day
from bakhong.core.text import nfc, squeeze

NAMES = {"national": "Cổng Dịch vụ công quốc gia", "provincial": "Hệ thống một cửa của tỉnh"}  # by wire
CHANNELS = {"direct": 1, "online": 2, "post": 3}  # KenhThucHien
STATES = range(1, 11)  # TrangThaiHoSo
RESULT_MODES = {
    "desk": 1,
    "electronic": 2,
    "post": 3,
    "home": 4,
}  # HinhThucTra; the numbers beyond 3 are ours
HERE, PORTAL = 1, 2  # NoiNopHoSo: at the commune, on the national portal
NOT_ONLINE, BY_PORTAL, BY_GATEWAY = 0, 1, 2  # DuocThanhToanTrucTuyen
CITIZEN, ENTERPRISE = 0, 1  # LoaiDoiTuong
PERSONAL_NUMBER = 1  # LoaiDinhDanh: the 12 digits
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=2)
# A dossier that was told in the same words needs no second telling; a new day to come back does.
_TOLD_ANYWAY = frozenset({"apologise", "return_result"})


@dataclass(frozen=True)
class ToldPaper:
    """A paper of a dossier. `is_reused`: nobody had to give it again."""

    name: str
    code: str
    is_digitised: bool
    is_reused: bool

    def as_body(self) -> dict[str, Any]:
        return {
            "TenGiayTo": self.name,
            "MaGiayTo": self.code,
            "DuocSoHoa": int(self.is_digitised),
            "DuocTaiSuDung": int(self.is_reused),
            "DuocLayTuKhoDMQG": 0,  # our own store of a resident's papers is not the national one
        }


@dataclass(frozen=True)
class ToldFee:
    """đồng, and whether it is paid."""

    name: str
    amount: int
    is_paid: bool

    def as_body(self) -> dict[str, Any]:
        return {"TenPhiLePhi": self.name, "Gia": self.amount, "TrangThaiThanhToan": int(self.is_paid)}


@dataclass(frozen=True)
class Telling:
    """What the other system is told of a dossier after one event. Moments are aware, None while they have not come."""

    code: str
    procedure: str
    procedure_name: str
    sector: str
    unit: str
    channel: str
    state: int
    number: int
    applicant: str
    national_id: str
    phone: str
    summary: str
    submitted_at: datetime
    received_at: datetime | None = None
    due_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    is_digitised: bool = False
    is_population: bool = False
    own_state: str = ""
    applicant_kind: int = CITIZEN
    email: str = ""
    agent: str = ""
    result_mode: str = ""
    filed_at: int = HERE
    paid_online: int = NOT_ONLINE
    papers: tuple[ToldPaper, ...] = ()
    fees: tuple[ToldFee, ...] = ()


@dataclass(frozen=True)
class FiledPaper:
    name: str
    paper: str = ""
    content: str = ""  # base64


@dataclass(frozen=True)
class Filed:
    """A dossier as somebody filed it in the other system."""

    code: str
    unit: str
    procedure: str
    applicant: str
    channel: str
    submitted_at: datetime
    national_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    agent: str = ""
    summary: str = ""
    state: int = 1  # TrangThaiHoSo there
    change: int = 1  # how many times it was written there; a higher one is news
    received_at: datetime | None = None
    papers: tuple[FiledPaper, ...] = field(default=(), repr=False)


class Malformed(ValueError):
    """What came is not a dossier: `code` names what is wrong, nothing personal."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def is_told(kind: str, national_from: int | None, national_to: int) -> bool:
    """Whether an event is news to the other system.

    >>> is_told("assign", 2, 2), is_told("forward", 2, 4), is_told("sign", 4, 9), is_told("apologise", 4, 4), is_told("take_over", None, 1)
    (False, True, True, True, False)
    """
    if kind == "take_over":  # it came from there
        return False
    return national_from != national_to or kind in _TOLD_ANYWAY


def is_national(procedure: str) -> bool:
    """Whether the national portal knows the procedure at all.

    >>> is_national("1.004873"), is_national("local.nha-van-hoa")
    (True, False)
    """
    return re.fullmatch(r"\d\.\d{6}", procedure) is not None


def body_of(told: Telling) -> dict[str, Any]:
    """The object the other side synchronises by; what has not come yet is left out."""
    body: dict[str, Any] = {
        "MaHoSo": told.code,
        "MaTTHC": told.procedure,
        "TenTTHC": told.procedure_name,
        "MaLinhVuc": told.sector,
        "DonViXuLy": told.unit,
        "KenhThucHien": CHANNELS[told.channel],
        "TrangThaiHoSo": told.state,
        "SoThuTu": told.number,
        "StatusId": told.own_state,
        "LoaiDoiTuong": told.applicant_kind,
        "ChuHoSo": told.applicant,
        "LoaiDinhDanh": PERSONAL_NUMBER if told.national_id else None,
        "SoDinhDanh": told.national_id,
        "SoDienThoai": told.phone,
        "Email": told.email,
        "NguoiUyQuyen": told.agent,
        "TrichYeuHoSo": told.summary,
        "NgayNopHoSo": _text(told.submitted_at),
        "NgayTiepNhan": _text(told.received_at),
        "NgayHenTra": _text(told.due_at),
        "NgayKetThucXuLy": _text(told.finished_at) if told.state in (9, 10) else None,
        "NgayTra": _text(told.returned_at),
        "NgayTuChoi": _text(told.finished_at) if told.state in (3, 8) else None,
        "HinhThucTra": RESULT_MODES.get(told.result_mode),
        "NoiNopHoSo": told.filed_at,
        "DuocThanhToanTrucTuyen": told.paid_online if told.fees else None,
        "DanhSachLePhi": [each.as_body() for each in told.fees] or None,
        "DanhSachTaiLieuNop": [each.as_body() for each in told.papers] or None,
        "HoSoCoThanhPhanSoHoa": int(told.is_digitised),
        "TaiKhoanDuocXacThucVoiVNeID": int(told.is_population),
    }
    return {name: value for name, value in body.items() if value not in (None, "")}


def filed_of(item: Mapping[str, Any]) -> Filed:
    """
    >>> item = {"MaHoSo": "G22.99-260101-0001", "DonViXuLy": "15646", "MaTTHC": "1.004873", "ChuHoSo": "Lê Văn An",
    ...         "NgayNopHoSo": "2026-01-01T08:00:00+07:00", "KenhThucHien": 2}
    >>> filed_of(item).channel, filed_of(item).submitted_at.hour
    ('online', 8)

    Raises: Malformed.
    """
    code = _clean(item, "MaHoSo", 80)
    if not re.search(r"[0-9A-Za-z]", code):
        raise Malformed("no_code")
    applicant = _clean(item, "ChuHoSo", 120)
    if not applicant:
        raise Malformed("no_applicant")
    channel = {str(number): code for code, number in CHANNELS.items()}.get(str(item.get("KenhThucHien", 2)))
    if channel is None:
        raise Malformed("odd_channel")
    number = _clean(item, "SoDinhDanh", 20)
    return Filed(
        code=code,
        unit=_clean(item, "DonViXuLy", 20),
        procedure=_national(_clean(item, "MaTTHC", 40)),
        applicant=applicant,
        channel=channel,
        submitted_at=_moment(item.get("NgayNopHoSo")),
        national_id=number if re.fullmatch(r"\d{12}", number) else "",
        phone=re.sub(r"[^\d+]", "", _clean(item, "SoDienThoai", 20)),
        email=_clean(item, "Email", 254),
        address=_clean(item, "DiaChi", 200),
        agent=_clean(item, "NguoiUyQuyen", 120),
        summary=_clean(item, "TrichYeuHoSo", 300),
        state=_state(item.get("TrangThaiHoSo", 1)),
        change=change_of(item),
        received_at=_moment(item["NgayTiepNhan"]) if item.get("NgayTiepNhan") else None,
        papers=_papers(item.get("DanhSachTaiLieuNop", [])),
    )


def change_of(item: Mapping[str, Any]) -> int:
    """Which writing of the dossier this is: 1 where it does not say.

    >>> change_of({}), change_of({"LanCapNhat": 3}), change_of({"LanCapNhat": "x"}), change_of({"LanCapNhat": True})
    (1, 3, 1, 1)
    """
    number = item.get("LanCapNhat", 1)
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return number if is_number and 0 < number < 2**31 else 1


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, at most two hours. It is never given up.

    >>> [wait_after(each) // timedelta(minutes=1) for each in (1, 2, 3, 7, 8, 100)]
    [1, 2, 4, 64, 120, 120]
    """
    times: int = 2 ** min(failures - 1, 10)
    return min(_SHORTEST * times, _LONGEST)


def _clean(item: Mapping[str, Any], name: str, most: int) -> str:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).encode("utf-8", "ignore").decode()  # lone surrogates
    return squeeze(nfc(text.replace("\0", "")))[:most]


def _national(code: str) -> str:
    """The national code, without the province's suffix: "1.004873.H56" and "1.004873.000.00.00.H56" are 1.004873."""
    found = re.match(r"\d\.\d{6}", code)
    return found[0] if found else code


def _state(value: object) -> int:
    text = str(value)
    if text not in {str(each) for each in STATES}:
        raise Malformed("odd_state")
    return int(text)


def _moment(value: object) -> datetime:
    text = value if isinstance(value, str) else ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        day = parse_day(text)
        if day is None:
            raise Malformed("odd_day") from None
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (the zone is given below)
    if not 2000 <= found.year < 2100:
        raise Malformed("odd_day")
    return found if found.tzinfo else found.replace(tzinfo=VIET_NAM)


def _papers(value: object) -> tuple[FiledPaper, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > 100:
        raise Malformed("odd_papers")
    rows = [each for each in value if isinstance(each, Mapping)]
    found = [
        FiledPaper(
            _clean(row, "TenGiayTo", 200) or "giay-to",
            _clean(row, "MaGiayTo", 60),
            row["NoiDung"] if isinstance(row.get("NoiDung"), str) else "",
        )
        for row in rows
    ]
    return tuple(each for each in found if each.content)


def _text(at: datetime | None) -> str | None:
    return at.astimezone(VIET_NAM).isoformat(timespec="seconds") if at else None
