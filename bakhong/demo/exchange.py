"""What another system knows, in the demo: a list as the province's one-stop system exports it, and fields typed into it once more."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.demo.rules.desk import MARRIAGE
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.actions.exchange_codes import note_code
from bakhong.dossiers.actions.exchange_copy import note_copied
from bakhong.dossiers.actions.exchange_lists import take_list
from bakhong.dossiers.actions.exchange_taking import pull
from bakhong.dossiers.actions.exchange_telling import deliver_due, queue_telling
from bakhong.dossiers.adapters.national.http import HttpExchange
from bakhong.dossiers.adapters.national.simulator import Portal, Simulator
from bakhong.dossiers.adapters.registry import NAMES
from bakhong.dossiers.models import Dossier, Event, Kind, ProvincialList, Pulled, State
from bakhong.dossiers.provincial import read_provincial
from bakhong.places.models import Unit

FILE, TRUTH = "danh-sach-mot-cua-tinh.xlsx", "danh-sach-mot-cua-tinh-su-that.json"
ROWS, FIRST_ROWS = 60, 30  # of the list of today, and of the one before
COPIED = 4  # dossiers that were typed into the other system as well
_SYSTEM, _NATIONAL = "provincial", "national"
_HEADINGS = ("STT", "Số hồ sơ", "Tên thủ tục hành chính", "Hình thức nộp", "Trạng thái xử lý", "Ngày tiếp nhận", "Thời hạn giải quyết",
             "Ngày hẹn trả", "Ngày thực trả", "Số lần yêu cầu bổ sung", "Tái sử dụng", "Số hóa")  # fmt: skip
# (state, days from receiving to the end; None: it is not over, or the list does not say when)
_WAYS: tuple[tuple[str, int | None], ...] = (
    ("Đã trả kết quả", 2),
    ("Đã trả kết quả", 3),
    ("Đã trả kết quả", 1),
    ("Đã xử lý xong, chờ trả kết quả", 6),
    ("Đang xử lý", None),
    ("Đã chuyển xử lý", None),
    ("Chờ công dân bổ sung", None),
    ("Đã trả kết quả", None),
)
_PROCEDURES = ("Chứng thực bản sao từ bản chính", "Xác nhận tình trạng hôn nhân", "Đăng ký khai sinh")


def write_list(folder: Path, at: datetime) -> Path:
    """The list of today, as somebody would send it to “Danh sách của tỉnh”, and what is true of it: half is known there already."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_bytes(_list(day_of(at), ROWS))
    (folder / TRUTH).write_text(
        json.dumps(_truth(day_of(at)), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    return path


def _truth(as_of: date) -> Mapping[str, object]:
    rows = [dict(zip(_HEADINGS, _row(as_of, number), strict=True)) for number in range(ROWS)]
    counted = {
        heading: dict(sorted(Counter(row[heading] for row in rows).items()))
        for heading in ("Tên thủ tục hành chính", "Hình thức nộp", "Trạng thái xử lý")
    }
    return {
        "as_of": as_of.isoformat(),
        "rows": ROWS,
        "known_already": FIRST_ROWS,
        "new": ROWS - FIRST_ROWS,
    } | counted


def load_exchange(commune: Unit, *, by: Actor, at: datetime) -> None:
    """The list before that one is taken in, and of some dossiers it is noted what was typed there again. There already: nothing."""
    _hear_and_tell(commune, at)
    if ProvincialList.objects.filter(village=commune).exists():
        return
    content = _list(day_of(at) - timedelta(days=3), FIRST_ROWS)
    file = read_provincial(content, filename=FILE, now=at, remembered={})
    take_list(
        unit=commune,
        file=file,
        file_name=FILE,
        content=content,
        as_of=day_of(at) - timedelta(days=3),
        by=by,
        at=at,
    )
    rows = Dossier.objects.filter(village=commune, received_at__isnull=False)
    for number, dossier in enumerate(rows.order_by("-received_at", "-pk")[:COPIED]):
        fields = ["applicant", "summary", "received_at", "due_at"][: 2 + number % 3]
        note_copied(dossier=dossier, target=_SYSTEM, fields=fields, by=by, at=at)
        note_code(dossier=dossier, system=_SYSTEM, code=_code(day_of(at), number), by=by, at=at)


def _hear_and_tell(commune: Unit, at: datetime) -> None:
    """Of a portal that answered once and is gone: something filed there that nobody here does, and a dossier of ours it would not take."""
    if Pulled.objects.filter(village=commune).exists():
        return
    portal = Portal()
    portal.file(
        {
            "MaHoSo": f"G22.99-{at:%y%m%d}-0001",
            "MaTTHC": "9.999999",
            "DonViXuLy": commune.code,
            "ChuHoSo": "Lương Thị Mẫu",
            "NgayNopHoSo": (at - timedelta(hours=20)).isoformat(),
        }
    )
    told = Event.objects.filter(dossier__village=commune, kind=Kind.FORWARD, dossier__state=State.IN_PROGRESS)
    event = told.filter(dossier__procedure=MARRIAGE).select_related("dossier").order_by("-at", "-pk").first()
    with Simulator(portal) as url:
        side = HttpExchange(code=_NATIONAL, name=NAMES[_NATIONAL], url=url, token=portal.token)
        pull(exchange=side, at=at)
        if event is not None:
            portal.declined.add(event.dossier.code or "")
            queue_telling(event=event, systems=[_NATIONAL])
            deliver_due(exchange=side, at=at)


def _list(as_of: date, rows: int) -> bytes:
    kinds = [Column(heading) for heading in _HEADINGS]
    sheet = Sheet("Hồ sơ", kinds, [_row(as_of, number) for number in range(rows)], ["DANH SÁCH HỒ SƠ"])
    with workbook([sheet]) as file:
        return file.read()


def _row(as_of: date, number: int) -> Sequence[str]:
    state, lasted = _WAYS[number % len(_WAYS)]
    received = as_of - timedelta(days=8 + number % 20)
    end = f"{received + timedelta(days=lasted):%d/%m/%Y}" if lasted is not None else ""
    return (
        str(number + 1),
        _code(as_of, number),
        _PROCEDURES[number % len(_PROCEDURES)],
        ("Trực tuyến", "Trực tiếp", "Bưu chính công ích")[number % 3],
        state,
        f"{received:%d/%m/%Y} 08:30",
        "3 ngày làm việc",
        f"{received + timedelta(days=5):%d/%m/%Y} 17:00",
        end,
        str(int(number % 8 == 6)),
        "x" if number % 4 else "",
        "có" if number % 3 else "không",
    )


def _code(as_of: date, number: int) -> str:
    """The same dossier has one code in every list."""
    return f"000.99.22.H56-{as_of:%y}{1 + number % 9:02d}15-{number + 1:04d}"
