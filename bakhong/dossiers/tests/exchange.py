"""Lists of the provincial one-stop system, invented, and a file of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import openpyxl

from bakhong.core.days import VIET_NAM

NOW = datetime(2026, 11, 22, 10, tzinfo=VIET_NAM)
HEADINGS = (
    "STT",
    "Số hồ sơ",
    "Chủ hồ sơ",
    "Số CCCD",
    "Tên thủ tục hành chính",
    "Hình thức nộp",
    "Trạng thái",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày kết thúc xử lý",
    "Số lần yêu cầu bổ sung",
    "Thời gian chờ bổ sung",
    "Tái sử dụng",
)


def row(number: int, **more: object) -> dict[str, object]:
    """One dossier in time, received on 3 November."""
    told: dict[str, object] = {
        "STT": number,
        "Số hồ sơ": f"000.17.22.H56-261103-{number:04d}",
        "Chủ hồ sơ": "Lê Thị Canary",
        "Số CCCD": "038190099999",
        "Tên thủ tục hành chính": "Chứng thực bản sao",
        "Hình thức nộp": "Trực tiếp",
        "Trạng thái": "Đã trả kết quả",
        "Ngày tiếp nhận": datetime(2026, 11, 3, 8, 30),  # noqa: DTZ001 (as Excel keeps it)
        "Ngày hẹn trả": "06/11/2026 17:00",
        "Ngày kết thúc xử lý": date(2026, 11, 5),
        "Số lần yêu cầu bổ sung": 0,
        "Thời gian chờ bổ sung": "",
        "Tái sử dụng": "x",
    }
    return told | more


def xlsx(rows: Sequence[Mapping[str, object]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["DANH SÁCH HỒ SƠ"])
    page.append(["Từ ngày 01/11/2026 đến ngày 22/11/2026"])
    page.append(list(headings))
    for each in rows:
        page.append([each.get(heading) for heading in headings])
    page.append(["", "", f"Tổng số: {len(rows)} hồ sơ"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comma_file(rows: Sequence[Mapping[str, object]], headings: Sequence[str] = HEADINGS) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(headings)
    writer.writerows([each.get(heading, "") for heading in headings] for each in rows)
    return out.getvalue().encode("utf-8-sig")
