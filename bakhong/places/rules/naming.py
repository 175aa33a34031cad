"""The kinds of unit and how their names are written.

Source: Law on Organisation of Local Government 72/2025/QH15, article 1 (province, centrally-run city; xã,
phường, đặc khu); Law 77/2015/QH13, article 2, for the kinds before; the kinds of village are local custom
(general knowledge, unverified). The English words are ours.
"""

import re
from dataclasses import dataclass

from bakhong.core.text import identity_key, sort_key, squeeze


@dataclass(frozen=True)
class Kind:
    """`vi` starts a name ("Xã"), `en` ends one ("Commune"), `short` are abbreviations people type."""

    code: str
    vi: str
    en: str
    levels: tuple[str, ...]
    short: tuple[str, ...] = ()


_VILLAGE = ("village",)
KINDS = {
    kind.code: kind
    for kind in (
        Kind("tinh", "Tỉnh", "Province", ("province",)),
        Kind("thanh_pho", "Thành phố", "City", ("province", "district"), ("TP", "TP.")),
        Kind("huyen", "Huyện", "District", ("district",), ("H.",)),
        Kind("quan", "Quận", "Urban District", ("district",), ("Q.",)),
        Kind("thi_xa", "Thị xã", "Town", ("district",), ("TX", "TX.")),
        Kind("xa", "Xã", "Commune", ("commune",), ("X.",)),
        Kind("phuong", "Phường", "Ward", ("commune",), ("P.",)),
        Kind("thi_tran", "Thị trấn", "Township", ("commune",), ("TT", "TT.")),
        Kind("dac_khu", "Đặc khu", "Special Zone", ("commune",)),
        Kind("huyen_dao", "Huyện", "Island District", ("commune",)),
        Kind("thon", "Thôn", "Village", _VILLAGE),
        Kind("ban", "Bản", "Village", _VILLAGE),
        Kind("xom", "Xóm", "Hamlet", _VILLAGE),
        Kind("lang", "Làng", "Village", _VILLAGE),
        Kind("ap", "Ấp", "Hamlet", _VILLAGE),
        Kind("khom", "Khóm", "Quarter", _VILLAGE),
        Kind("soc", "Sóc", "Village", _VILLAGE),
        Kind("buon", "Buôn", "Village", _VILLAGE),
        Kind("bon", "Bon", "Village", _VILLAGE),
        Kind("khu_pho", "Khu phố", "Quarter", _VILLAGE, ("KP", "KP.")),
        Kind("to_dan_pho", "Tổ dân phố", "Residential Group", _VILLAGE, ("TDP", "TDP.", "Tổ DP")),
        Kind("khoi_pho", "Khối phố", "Block", _VILLAGE),
        Kind("khoi", "Khối", "Block", _VILLAGE),
        Kind("tieu_khu", "Tiểu khu", "Quarter", _VILLAGE, ("TK", "TK.")),
        Kind("khu_dan_cu", "Khu dân cư", "Residential Area", _VILLAGE, ("KDC", "KDC.")),
        Kind("khu", "Khu", "Quarter", _VILLAGE),
        Kind("to", "Tổ", "Residential Group", _VILLAGE),
    )
}

VILLAGE_KINDS = tuple(code for code, kind in KINDS.items() if kind.levels == _VILLAGE)

_OFFICES = [
    identity_key(office).split(" ")
    for office in ("ủy ban nhân dân", "ubnd", "hội đồng nhân dân", "hđnd", "đảng ủy")
]


def _starts() -> dict[str, tuple[str, ...]]:
    """The beginning of a name as an identity key, and the codes of the kinds it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for kind in KINDS.values():
        for word in (kind.vi, *kind.short):
            key = identity_key(word)
            found[key] = (*found.get(key, ()), kind.code)
    return found


_STARTS = _starts()


def full_name(kind: str, name: str) -> str:
    """
    >>> full_name("xa", "Ngọc Phụng"), full_name("to_dan_pho", "3")
    ('Xã Ngọc Phụng', 'Tổ dân phố 3')
    """
    return f"{KINDS[kind].vi} {name}"


def full_name_en(kind: str, name: str) -> str:
    """
    >>> full_name_en("xa", "Ngọc Phụng"), full_name_en("phuong", "5"), full_name_en("thon", "3")
    ('Ngọc Phụng Commune', 'Ward 5', 'Village 3')
    """
    word = KINDS[kind].en
    return f"{word} {name}" if name[:1].isdigit() else f"{name} {word}"


def in_sentence(full: str) -> str:
    """A full name inside a sentence, where the kind is not capitalised.

    >>> in_sentence("Xã Ngọc Phụng")
    'xã Ngọc Phụng'
    """
    return full[:1].lower() + full[1:]


def order_key(name: str) -> str:
    """Sorts as a Vietnamese dictionary does, numbers by their value.

    >>> sorted(["10", "2", "Đông", "Dưới"], key=order_key)
    ['2', '10', 'Dưới', 'Đông']
    """
    return sort_key(re.sub(r"\d+", lambda digits: digits[0].zfill(4), name))


def readings(text: str) -> list[tuple[tuple[str, ...], str]]:
    """How a typed name may be read: (codes of the kind it names, the name without it), the likeliest first.

    The last reading has no kind: "Bản Lầu" may be the village "Lầu" or the commune "Bản Lầu".

    >>> readings("UBND xã Ngọc  Phụng")
    [(('xa',), 'Ngọc Phụng'), ((), 'xã Ngọc Phụng')]
    >>> readings("TT. Thiệu Hóa")[0], readings("P.5")[0], readings("Thanh Hóa")
    ((('thi_tran',), 'Thiệu Hóa'), (('phuong',), '5'), [((), 'Thanh Hóa')])
    >>> readings("huyện Lý Sơn")[0]
    (('huyen', 'huyen_dao'), 'Lý Sơn')
    """
    text = re.sub(r"(?i)\b(tp|tt|tx|tdp|kp|tk|kdc|[xphq])\.(?=\S)", r"\1. ", squeeze(text).strip(" ,;:"))
    keys, words = identity_key(text).split(" "), text.split(" ")
    for office in _OFFICES:
        if keys[: len(office)] == office and len(keys) > len(office):
            keys, words = keys[len(office) :], words[len(office) :]
    found: list[tuple[tuple[str, ...], str]] = []
    for length in (3, 2, 1):  # the longest first: "thị xã" before "xã"
        codes = _STARTS.get(" ".join(keys[:length]))
        if codes and len(words) > length:
            found.append((codes, " ".join(words[length:])))
            break
    return [*found, ((), " ".join(words))]


def split_place(text: str) -> list[str]:
    """A place written with the places it lies in, the innermost first.

    >>> split_place("xã Ngọc Phụng, huyện Thường Xuân (Thanh Hóa)")
    ['xã Ngọc Phụng', 'huyện Thường Xuân', 'Thanh Hóa']
    >>> split_place("xã Quảng Lưu - huyện Quảng Xương")
    ['xã Quảng Lưu', 'huyện Quảng Xương']
    """
    parts = re.split(r"[,;(]|\s[-–—]\s", squeeze(text).replace(")", " "))
    return [part.strip(" .") for part in parts if part.strip(" .")]
