"""What other one-stop systems call the states of a dossier, as the national numbers.

Each system has fifteen to twenty finer states of its own, and nobody's list of them is published: these are words that people export.
"""

import re

from bakhong.core.text import name_key, squeeze

_RESULT = r"(ket qua|kq)"
# (national number, pattern over the unaccented words); the first that fits wins. What is not yet done stands before what is done, for "chờ
# tiếp nhận" has "tiếp nhận" in it; accents are gone, so "dừng" and "đúng (hạn)" are one word, "huyện" begins like "huỷ".
_STATES: tuple[tuple[int, str], ...] = (
    (7, r"\b(yeu cau|xin|de nghi|cho|dang)( \w+){0,2} rut\b"),
    (8, r"\brut\b|\btu choi (giai quyet|xu ly)|\bkhong (du dieu kien )?(giai quyet|xu ly)\b"),
    (3, r"\bkhong (duoc |du dieu kien )?tiep nhan|\btu choi\b|\bkhong du dieu kien|\bkhong hop le"),
    (
        8,
        r"\bhuy\b|\bdinh chi\b|(?<!tam )\bdung (xu ly|giai quyet|ho so|thuc hien)|^(da |bi )?dung$"
        r"|\btra lai (ho so|dan|cong dan)\b(?!.*\bbo sung)|\btra lai$",
    ),
    (4, r"\bda( \w+){0,2} bo sung\b(?<!yeu cau bo sung)|\bbo sung xong"),
    (5, r"\bbo sung\b"),
    (4, r"\bda( \w+)? (thanh toan|nop (phi|le phi)|(thuc hien|hoan thanh)( \w+)? nghia vu tai chinh)"),
    (6, r"nghia vu tai chinh|\b(thanh toan|(nop|thu|dong) (phi|le phi|tien))"),
    (4, r"\b(chua|cho|dang cho) (co |ra )" + _RESULT),
    (4, r"\bchua( duoc)? (xu ly|giai quyet|thuc hien|xong|hoan (thanh|tat)|ket thuc|duyet|ky)"),
    (9, r"\b(cho|chua|dang|sap|san sang|moi)\b( \w+){0,4} (tra|nhan|giao|lay) " + _RESULT + r"|\b(cho|chua) tra\b(?! lai)"),
    (1, r"\b(cho|chua|dang)( duoc| cong chuc| can bo)? tiep nhan"),
    (10, r"\b(da|duoc)( \w+){0,3} (tra|giao|nhan) " + _RESULT + r"|\bda tra\b(?! lai)|^tra " + _RESULT),
    (4, r"\bda (ky|duyet|phe duyet),? cho\b|\bdang\b(?! ky)|\bchuyen\b|\btam dung\b"),
    (9, r"\b(xu ly|giai quyet|hoan thanh) xong|\bda (xu ly|giai quyet|xong|ket thuc|phat hanh)"),
    (9, r"\bco " + _RESULT + r"|\bhoan (thanh|tat)\b|^(xong|ket thuc)$"),
    (2, r"\btiep nhan\b"),
    (4, r"\bcho\b|\btrinh\b|\b(phan cong|phe duyet|duyet|thu ly|tham dinh|xac minh|xu ly|giai quyet)\b"),
    (1, r"^(ho so )?moi\b|\bda (nop|gui|dang ky)\b|\bmoi (nop|gui|dang ky|tao)\b"),
)  # fmt: skip
_WORDS = [(number, re.compile(pattern)) for number, pattern in _STATES]


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
    key = squeeze(re.sub(r"[^\w,]+", " ", name_key(text)))
    for number, pattern in _WORDS:
        if pattern.search(key):
            return number
    raise ValueError(text)
