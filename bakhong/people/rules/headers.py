"""What a column of a resident list holds, by the words over it and by what is in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bakhong.core.text import name_key
from bakhong.people.rules import marks, numbers
from bakhong.people.rules.birth_cells import birth
from bakhong.people.rules.names import looks_like_name

FIELDS = (
    "number",
    "name",
    "surname",
    "given",
    "birth",
    "birth_male",
    "birth_female",
    "birth_day",
    "birth_month",
    "birth_year",
    "sex",
    "sex_male",
    "sex_female",
    "national_id",
    "phone",
    "phone_holder",
    "village",
    "household",
    "head",
    "relation",
    "address",
    "presence",
    "present",
    "away",
    "whereabouts",
    "device",
    "smartphone",
    "note",
    "service",
    "ignore",
)
# (field, pattern over the unaccented words, how sure); the first that fits wins, so the narrower stand first.
_PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("number", r"^(stt|tt|so tt|so thu tu|no|#)$", 0.95),
    (
        "service",
        r"vneid|dinh danh dien tu|(tai khoan|tk) dinh danh|muc (1|2|do)|\bm[12]\b|chu ky so|ky so|\bcks\b|smart ?ca|my ?sign|e ?sign"
        r"|tai khoan|ngan hang|vi dien tu|\bvi\b.*(momo|tien)|tien di dong|mobile money|dich vu cong|\bdvc|vssid|so suc khoe|c-?m safe|qr"
        r"|bao hiem y te|bhyt|ky nang so|tap huan|thanhhoas|(ung dung|app) (cua |dung chung )*(cua )?tinh|nhom zalo|kenh so",
        0.8,
    ),
    (
        "ignore",
        r"(ngay|noi) cap|dan toc|ton giao|trinh do|nghe|que quan|noi sinh|ky ten|quoc tich|cmnd cu|so cmnd$|^cmnd$",
        0.8,
    ),
    (
        "household",
        r"^(so ho|ma ho|ho so|ho so:?|so so ho khau|ho so \d*|so ho khau|ma so ho|ho khau so|stt ho|ho)$",
        0.85,
    ),
    ("head", r"(ho (va )?ten|ten) ?(cua )?chu ho|^chu ho$", 0.85),
    ("relation", r"quan he|qh (voi|v)|^qh", 0.9),
    ("birth_male", r"(nam sinh|ngay.*sinh|sinh).*\bnam$", 0.95),
    ("birth_female", r"(nam sinh|ngay.*sinh|sinh).*\bnu$", 0.95),
    ("sex_male", r"(gioi( tinh)?|phai) nam$", 0.95),
    ("sex_female", r"(gioi( tinh)?|phai) nu$", 0.95),
    ("birth_day", r"sinh (ngay|ng)$", 0.9),
    ("birth_month", r"sinh (thang|th)$", 0.9),
    ("birth_year", r"(ngay.*|thang.*)sinh nam$", 0.8),
    ("surname", r"^(ho( va)?( chu| ten)? dem|ho,? (chu )?(dem|lot)|ho va lot|ho$)", 0.85),
    (
        "name",
        r"^(ho,?( va| &)? ?ten|ho,? (chu )?dem,? (va )?ten|hoten|ho ten|ten (cong dan|nhan khau|nguoi dan)|"
        r"ho va ten.*|ho ten.*|full ?name)",
        0.95,
    ),
    ("given", r"^ten$", 0.85),
    (
        "birth",
        r"^(ngay,? ?(thang,? ?)?(nam )?sinh.*|nam sinh.*|ns|ntns|n sinh|sinh (ngay|nam).*|ngay sinh.*|ngay/thang/nam sinh.*|birth.*|sinh)$",
        0.95,
    ),
    ("sex_male", r"^nam$", 0.7),
    ("sex_female", r"^nu$", 0.8),
    ("sex", r"gioi( tinh)?$|^phai$|^gt$|^nam ?[/,] ?nu$|gioi tinh", 0.95),
    ("phone_holder", r"(cua ai|chu (so|thue bao|may))$|chu thue bao|so cua ai", 0.85),
    ("national_id", r"can cuoc|cccd|dinh danh ca nhan|so dinh danh|ddcn|\bsdd|cmnd", 0.95),
    ("smartphone", r"smart ?phone|dien thoai thong minh|dt thong minh|\bdttm\b", 0.9),
    ("device", r"loai (dien thoai|may|dt)|doi may|may dien thoai", 0.85),
    ("phone", r"dien thoai|\bsdt\b|\bdt\b|so dt|di dong|phone|\bđt\b", 0.9),
    ("village", r"^(thon|ban|xom|khu pho|khu|to dan pho|to|thon.*(ban|khu|to|pho).*|ten thon|dia ban)$", 0.9),
    ("whereabouts", r"noi (di|den|dang o|lam viec|o hien)|dang o dau|di dau", 0.8),
    ("presence", r"tinh trang|hien trang|co mat.*vang|cu tru$|vang.*co mat", 0.85),
    ("away", r"^(di )?vang( mat)?$|tam vang|di lam (an )?xa", 0.85),
    ("present", r"^co mat( tai.*)?$|hien dien", 0.85),
    ("address", r"dia chi|noi (o|thuong tru|cu tru)|thuong tru|cho o", 0.9),
    ("note", r"^ghi chu|^ghi chep|^chu thich|^note|^gc$", 0.95),
)
_COMPILED = [(field, re.compile(pattern), sure) for field, pattern, sure in _PATTERNS]
# Of these a list has one column; the surest wins.
SINGLE = frozenset(FIELDS) - {"service", "ignore", "note", "phone"}


@dataclass(frozen=True)
class Column:
    """A column and what it is taken for. `confidence` is 0 to 1; `fit` the share of its cells that are such values."""

    index: int
    title: str
    field: str
    confidence: float


def field_of(title: str) -> tuple[str, float]:
    """What the words over a column say it holds, and how surely.

    >>> [field_of(title)[0] for title in ("HỌ VÀ TÊN", "Năm sinh Nữ", "Số CCCD/ĐDCN", "SĐT", "Quan hệ với chủ hộ", "STT", "Mức 2")]
    ['name', 'birth_female', 'national_id', 'phone', 'relation', 'number', 'service']
    >>> field_of("Màu áo")
    ('ignore', 0.0)
    """
    key = re.sub(r"\s+", " ", re.sub(r"[().:*\n\"“”]+", " ", name_key(title))).strip()
    for field, pattern, sure in _COMPILED:
        if key and pattern.search(key):
            return field, sure
    return "ignore", 0.0


def fit(field: str, values: Sequence[object], today: date) -> float | None:
    """The share of filled cells that are values of the field; None where every text would do."""
    filled = [value for value in values if value not in (None, "")][:200]
    test = _TESTS.get(field)
    if not filled or test is None:
        return None
    return sum(bool(test(value, today)) for value in filled) / len(filled)


def _is_birth(value: object, today: date) -> bool:
    return not birth(value, today=today).code


_TESTS: dict[str, Callable[[object, date], bool]] = {
    "name": lambda value, today: isinstance(value, str) and looks_like_name(value),
    "birth": _is_birth,
    "birth_male": _is_birth,
    "birth_female": _is_birth,
    "birth_year": _is_birth,
    "sex": lambda value, today: marks.sex(value) is not None,
    "sex_male": lambda value, today: marks.mark(value) != marks.Mark.UNCLEAR,
    "sex_female": lambda value, today: marks.mark(value) != marks.Mark.UNCLEAR,
    "national_id": lambda value, today: numbers.national_id(value).value is not None,
    "phone": lambda value, today: numbers.phone(value).value is not None or numbers.phone(value).has_none,
    "relation": lambda value, today: marks.relation(value) is not None,
    "smartphone": lambda value, today: (
        marks.mark(value) != marks.Mark.UNCLEAR or marks.phone_class(value) is not None
    ),
    "present": lambda value, today: marks.mark(value) != marks.Mark.UNCLEAR,
}


def column(index: int, title: str, values: Sequence[object], today: date) -> Column:
    """What a column is taken for, by its title and by its cells."""
    field, sure = field_of(title)
    share = fit(field, values, today)
    if field in ("sex_male", "sex_female") and title and share is not None and share < 0.5:
        years = fit("birth", values, today)
        if years is not None and years > 0.5:  # a birth year written under Nam or Nữ gives both
            return Column(index, title, field.replace("sex", "birth"), round(0.5 * sure + 0.5 * years, 2))
    if share is None:
        return Column(index, title, field, sure)
    return Column(index, title, field, round(0.6 * sure + 0.4 * share, 2))
