"""The nouns that reports count, in families that may stand for each other in one sum."""

import re

from bakhong.indicators.rules.normalise import fold_words

FAMILIES: dict[str, tuple[str, ...]] = {
    "person": (
        "người dân", "người", "công dân", "nhân dân", "nhân khẩu", "khẩu", "dân", "cá nhân", "lao động", "tài khoản", "tk",
        "chữ ký số", "chữ ký điện tử", "chữ ký", "chứng thư số", "hồ sơ định danh", "trường hợp", "cử tri", "đối tượng",
        "công dân số", "lượt người", "học sinh", "hội viên", "đoàn viên", "đảng viên", "nam", "nữ", "phụ nữ",
    ),
    "official": ("cán bộ", "công chức", "viên chức", "cbcc", "cbccvc", "lãnh đạo", "đồng chí", "thành viên"),
    "dossier": ("hồ sơ", "hs"),
    "procedure": ("thủ tục hành chính", "tthc", "thủ tục"),
    "subscription": ("thuê bao", "số thuê bao", "sim", "máy điện thoại", "điện thoại"),
    "household": ("hộ gia đình", "hộ dân", "hộ"),
    "merchant": ("hộ kinh doanh", "hộ buôn bán", "tiểu thương", "cửa hàng", "cơ sở kinh doanh", "cơ sở", "điểm bán"),
    "document": ("văn bản", "tài liệu", "báo cáo"),
    "organisation": (
        "xã, phường, thị trấn", "xã, phường", "xã, thị trấn", "xã", "phường", "thị trấn", "thôn, bản", "thôn", "bản", "xóm",
        "khu phố", "tổ dân phố", "đơn vị", "cơ quan", "trường học", "trường", "doanh nghiệp", "hợp tác xã", "tổ công nghệ số",
        "tổ", "chi bộ", "huyện", "nhóm", "kênh", "trạm", "tiêu chí", "chỉ tiêu", "nhiệm vụ", "mô hình", "dịch vụ",
    ),
    "other:hồ sơ": ("hồ sơ căn cước", "hồ sơ sức khoẻ", "hồ sơ bệnh án", "hồ sơ vay", "hồ sơ sức khỏe"),
    "payment": ("hoá đơn", "giao dịch", "lượt thanh toán", "lượt", "khách hàng"),
    "petition": ("phản ánh, kiến nghị", "phản ánh", "kiến nghị", "ý kiến"),
}  # fmt: skip

_FAMILY = {fold_words(noun): family for family, nouns in FAMILIES.items() for noun in nouns}
_ALTERNATIVES = "|".join(
    re.escape(noun).replace(r"\ ", r"\s+") for noun in sorted(_FAMILY, key=len, reverse=True)
)
_NOUN = re.compile(rf'[\s"]{{0,4}}\(?\s?(?:số\s|số lượng\s|lượng\s|những\s|các\s)?({_ALTERNATIVES})(?!\w)')
_WORD = re.compile(r"\s{1,3}([^\W\d_]+)")
# Words after a number that say nothing about what was counted.
_NOT_NOUNS = frozenset(
    [
        "và",
        "đã",
        "đạt",
        "là",
        "trong",
        "trên",
        "chiếm",
        "có",
        "được",
        "thì",
        "đang",
        "còn",
        "tại",
        "ở",
        "với",
        "cho",
        "so",
        "tăng",
        "giảm",
        "bằng",
        "đến",
        "từ",
        "theo",
        "do",
        "của",
        "tương",
        "đương",
        "hay",
        "hoặc",
        "nay",
        "đều",
        "tính",
        "chưa",
        "không",
        "nhưng",
        "cùng",
        "gồm",
        "bao",
        "khi",
        "để",
        "như",
        "mà",
        "vào",
        "này",
        "đó",
    ]
)


def noun_after(low: str, at: int) -> tuple[str, str] | None:
    """The counted noun right after a number, with its family; an unknown noun is a family of its own.

    >>> noun_after("1.674 người đã", 5), noun_after("7 thẻ căn cước", 1), noun_after("1.491; tổng", 5)
    (('người', 'person'), ('thẻ', 'other:thẻ'), None)
    """
    match = _NOUN.match(low, at)
    if match:
        noun = " ".join(match[1].split())
        return noun, _FAMILY[noun]
    word = _WORD.match(low, at)
    if word and word[1] not in _NOT_NOUNS:
        return word[1], f"other:{word[1]}"
    return None


def known_noun_after(low: str, at: int) -> bool:
    return _NOUN.match(low, at) is not None


def compatible(first: str | None, second: str | None) -> bool:
    """Whether two counts may be of one kind; a count without a noun may be of any.

    >>> compatible("person", None), compatible("person", "dossier")
    (True, False)
    """
    return first is None or second is None or first == second or {first, second} == {"merchant", "household"}
