"""A workbook of 50,000 residents × 12 columns as a commune keeps it, from a seed. No name in it is a real person's."""

import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter import Workbook

ROWS, SEED = 50_000, 20261122
SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đỗ",
    "Bùi",
    "Lương",
    "Cầm",
    "Lò",
    "Hà",
    "Vi",
    "Lục",
)
MIDDLES = {
    "male": ("Văn", "Đức", "Hữu", "Bá", "Xuân", "Đình", "Quang", "Minh", "Ngọc", "Trọng", "Văn Hải", "Duy"),
    "female": ("Thị", "Thu", "Ngọc", "Thị Kim", "Thị Thu", "Thị Minh", "Hồng", "Thị Thanh", "Mai", "Thuỳ"),
}
GIVENS = (
    *(
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
    ),
    *(
        "Tuấn",
        "Yến",
        "Đạt",
        "Hạnh",
        "Lan",
        "Liên",
        "Long",
        "Nam",
        "Nhung",
        "Oanh",
        "Phúc",
        "Quân",
        "Tâm",
        "Thảo",
        "Thắng",
    ),
    *(
        "Trang",
        "Trung",
        "Tùng",
        "Uyên",
        "Vân",
        "Việt",
        "Vinh",
        "Xuân",
        "Hùng",
        "Hải",
        "Hiếu",
        "Huệ",
        "Kiên",
        "Linh",
        "Loan",
    ),
)
TITLES = (
    "STT", "Số hộ", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Quan hệ với chủ hộ", "Số điện thoại", "Thôn", "Địa chỉ",
    "Có mặt/vắng", "Ghi chú",
)  # fmt: skip
RELATIONS = ("Vợ", "Con", "Con", "Mẹ", "Cháu nội")


def workbook(rows: int = ROWS, villages: int = 40, seed: int = SEED) -> bytes:
    """One sheet under a title, dates in four spellings, one phone in ten with a note, one person in eight away."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ds.xlsx"
        book = Workbook(path, {"constant_memory": False})
        page = book.add_worksheet("Danh sách")
        page.write(0, 0, "UBND XÃ THƯỜNG XUÂN")
        page.write(1, 2, "DANH SÁCH NHÂN KHẨU tính đến ngày 06/05/2026")
        for column, title in enumerate(TITLES):
            page.write(3, column, title)
        number = household = 0
        while number < rows:
            household += 1
            village = f"Thôn {household % villages + 1}"
            for member in range(rng.randint(2, 6)):
                if number < rows:
                    number += 1
                    for column, value in enumerate(_person(rng, number, household, member, village)):
                        page.write(number + 3, column, value) if value not in (None, "") else None
        book.close()
        return path.read_bytes()


def _person(rng: random.Random, number: int, household: int, member: int, village: str) -> list[object]:
    sex = rng.choice(("male", "female"))
    born = date(1935, 1, 1) + timedelta(days=rng.randrange(85 * 365))
    century = (0 if born.year < 2000 else 2) + (sex == "female")
    shown = rng.choice(
        (f"{born:%d/%m/%Y}", f"{born.day}/{born.month}/{born.year}", f"{born:%d.%m.%Y}", str(born.year))
    )
    phone = f"0{rng.choice('35789')}{rng.randrange(10**8):08d}" if rng.random() < 0.6 else ""
    return [
        number,
        household,
        f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES[sex])} {rng.choice(GIVENS)}",
        shown,
        "Nam" if sex == "male" else "Nữ",
        f"038{century}{born.year % 100:02d}{number:06d}",
        "Chủ hộ" if member == 0 else rng.choice(RELATIONS),
        f"{phone} (con)" if phone and rng.random() < 0.1 else phone,
        village,
        f"Số nhà {rng.randrange(200)}" if rng.random() < 0.5 else "",
        "Vắng (Bình Dương)" if rng.random() < 0.12 else "Có mặt",
        "",
    ]
