"""Marks in a list (x, có, 1, ✓ …), the sex of a person, and what a phone is."""

import re
from enum import StrEnum

from bakhong.core.text import name_key, squeeze


class Mark(StrEnum):
    YES = "yes"
    NO = "no"
    BLANK = "blank"
    UNCLEAR = "unclear"  # asked, never guessed


_YES = frozenset(
    [
        "x",
        "xx",
        "v",
        "có",
        "co",
        "c",
        "1",
        "✓",
        "✔",
        "√",
        "☑",
        "true",
        "đã có",
        "da co",
        "rồi",
        "đã",
        "yes",
        "y",
        "+",
        "ok",
    ]
)
_NO = frozenset(
    [
        "0",
        "không",
        "ko",
        "k",
        "khong",
        "chưa",
        "chua",
        "chưa có",
        "false",
        "no",
        "n",
        "-",
        "không có",
        "☐",
        "✗",
        "✘",
        "o",
    ]
)


def mark(value: object) -> Mark:
    """
    >>> [str(mark(value)) for value in ("X", "✓", 1, "chưa", None, "Đã KH", "TRUE", 3)]
    ['yes', 'yes', 'yes', 'no', 'blank', 'unclear', 'yes', 'unclear']
    """
    if value is None or value == "":
        return Mark.BLANK
    text = squeeze(str(value)).lower().strip(" .()")
    if not text:
        return Mark.BLANK
    if text in _YES:
        return Mark.YES
    return Mark.NO if text in _NO else Mark.UNCLEAR


def sex(value: object) -> str | None:
    """
    >>> sex("Nữ"), sex("NAM"), sex("nu"), sex("F"), sex("?")
    ('female', 'male', 'female', 'female', None)
    """
    key = name_key(str(value or "")).strip(" .")
    if key in {"nam", "m", "male", "trai", "ong"}:
        return "male"
    return "female" if key in {"nu", "f", "female", "gai", "ba"} else None


_RELATIONS = (
    ("head", r"chu ho|^ch$|^ct$|^chu$"),
    ("spouse", r"^(vo|chong)\b"),
    ("parent", r"^(bo|me|cha|ba|ma)\b(?! chong| vo)|^(bo|me) (chong|vo)"),
    ("child", r"^con\b"),
    ("grandchild", r"^chau\b"),
    ("other", r"^(ong|ba) (noi|ngoai)"),
    ("sibling", r"^(anh|chi|em)\b"),
)
_RELATION_PATTERNS = [(code, re.compile(pattern)) for code, pattern in _RELATIONS]


def relation(value: object) -> str | None:
    """Relation to the head of the household; None when the cell says nothing known.

    >>> relation("Chủ hộ"), relation("Vợ"), relation("con dâu"), relation("Mẹ chồng"), relation("Cháu nội"), relation("bạn")
    ('head', 'spouse', 'child', 'parent', 'grandchild', None)
    """
    key = name_key(str(value or "")).strip(" .")
    return next((code for code, pattern in _RELATION_PATTERNS if key and pattern.search(key)), None)


def presence(value: object) -> tuple[str, str] | None:
    """(present | away | abroad | died | moved, where) of a cell or note; None when it says nothing of it.

    >>> presence("Có mặt"), presence("Vắng (Bình Dương)"), presence("XKLĐ Đài Loan"), presence("đã chết"), presence("Hồ sơ")
    (('present', ''), ('away', 'Bình Dương'), ('abroad', 'Đài Loan'), ('died', ''), None)
    """
    text = squeeze(str(value or ""))
    for code, pattern in _PRESENCES:
        if match := pattern.search(text):
            rest = (text[: match.start()] + " " + text[match.end() :]).strip(" ()-–,:;.")
            return code, squeeze(re.sub(r"(?i)^(?:tại|ở|đi|làm ăn|làm|sang)\s+", "", rest)) if code in (
                "away",
                "abroad",
                "moved",
            ) else ""
    return None


_PRESENCES = [
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("died", r"\b(?:đã )?(?:chết|mất rồi|đã mất|qua đời|từ trần|tử vong)\b"),
        ("abroad", r"\b(?:xklđ|xuất khẩu lao động|nước ngoài|xkld)\b"),
        ("moved", r"\b(?:đã )?(?:chuyển (?:đi|khẩu)|cắt khẩu)\b"),
        ("away", r"\b(?:vắng(?: mặt)?|đi làm(?: ăn)? xa|đi xa|đi học|tạm vắng|lao động xa)\b"),
        ("present", r"\b(?:có mặt|ở nhà|tại địa phương|thường trú|có)\b|^x$"),
    )
]


def phone_class(value: object) -> tuple[str, int | None] | None:
    """(none | basic | smartphone, age in years where told) of a cell about the phone; None when unclear.

    >>> phone_class("Smartphone"), phone_class("cục gạch"), phone_class("không"), phone_class("x"), phone_class("iPhone 7 (5 năm)")
    (('smartphone', None), ('basic', None), ('none', None), None, ('smartphone', 5))
    """
    key = name_key(str(value or "")).strip(" .")
    if not key:
        return None
    years = re.search(r"(\d{1,2}) nam\b", key)
    age = int(years[1]) if years else None
    if re.search(r"smart|thong minh|iphone|android|samsung|oppo|xiaomi|vivo|realme|cam ung", key):
        return "smartphone", age
    if re.search(r"cuc gach|pho thong|ban phim|nokia|thuong|co dien", key):
        return "basic", age
    return ("none", None) if key in {"khong", "ko", "khong co", "0", "khong dung", "chua co"} else None
