"""Invented names: common surnames, middle and given names put together by chance, after how common each is.

The weights are round guesses at the frequencies of a commune in western Thanh Hoá where Kinh, Thái and Mường live together. Whoever bears
such a name in reality is not meant: births, numbers and villages are invented independently.
"""

import random

from bakhong.demo.rules.choosing import draw

SURNAMES = (
    ("Lê", 20), ("Nguyễn", 16), ("Lương", 13), ("Vi", 8), ("Cầm", 7), ("Trịnh", 6), ("Hà", 6), ("Hoàng", 5), ("Phạm", 5),
    ("Lang", 3), ("Bùi", 3), ("Trần", 3), ("Lục", 2), ("Đỗ", 2), ("Vũ", 1), ("Lò", 1), ("Mai", 1), ("Đinh", 1),
)  # fmt: skip
_MIDDLES = {
    ("male", "old"): (("Văn", 60), ("Xuân", 10), ("Hữu", 8), ("Bá", 8), ("Đình", 8), ("Ngọc", 6)),
    ("male", "young"): (("Văn", 28), ("Minh", 12), ("Đức", 12), ("Quốc", 8), ("Anh", 8), ("Gia", 7), ("Hữu", 7), ("Tuấn", 6), ("Bảo", 6)),
    ("female", "old"): (("Thị", 95), ("Thị Kim", 3), ("Thị Ngọc", 2)),
    ("female", "young"): (("Thị", 45), ("Thị Thu", 10), ("Thị Thuỳ", 6), ("Ngọc", 10), ("Phương", 8), ("Khánh", 7), ("Bảo", 6)),
}  # fmt: skip
_GIVENS = {
    ("male", "old"): (
        "Thành", "Sơn", "Hùng", "Bình", "Minh", "Hải", "Long", "Thắng", "Lợi", "Hoà", "Tâm", "Quý", "Vinh", "Chiến", "Dũng", "Cường",
        "Thuận",
        "Tiến", "Toàn", "Sáu", "Năm", "Mạnh", "Hiền", "Khánh", "Quang", "Đông", "Thịnh", "Phúc",
    ),
    ("male", "young"): (
        "Anh", "Huy", "Khôi", "Minh", "Nam", "Phong", "Quân", "Tùng", "Đạt", "Kiên", "Việt", "Hoàng", "Duy", "Hiếu", "Lâm", "Bảo", "Khang",
        "Phúc", "Thái", "Trường", "Vũ", "Dương", "Đăng", "Tú",
    ),
    ("female", "old"): (
        "Hoa", "Lan", "Hương", "Hồng", "Thanh", "Nga", "Loan", "Hạnh", "Bình", "Thuỷ", "Tâm", "Hoà", "Liên", "Mai", "Dung", "Nhung", "Huệ",
        "Lý", "Xuân", "Sinh", "Yến", "Thơm", "Thoa", "Tuyết", "Oanh", "Phượng", "Hiền", "Lựu",
    ),
    ("female", "young"): (
        "Anh", "Linh", "Trang", "Chi", "Ngân", "Nhi", "Vy", "Hà", "Thảo", "Quỳnh", "Hân", "My", "Yến", "Ngọc", "Diệp", "Hiền", "Trâm", "An",
        "Giang", "Phương", "Huyền", "Thư",
    ),
}  # fmt: skip
YOUNG_SINCE = 1990


def surname(rng: random.Random) -> str:
    return draw(rng, SURNAMES)


def full_name(rng: random.Random, family: str, sex: str, year: int) -> str:
    """
    >>> full_name(random.Random(3), "Cầm", "female", 1950).split(" ")[:2]
    ['Cầm', 'Thị']
    """
    age = "young" if year >= YOUNG_SINCE else "old"
    middle, given = draw(rng, _MIDDLES[sex, age]), rng.choice(_GIVENS[sex, age])
    return f"{family} {middle} {given}"
