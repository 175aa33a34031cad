"""Names of places in a report: "xã Ngọc Phụng", "thôn 3", "toàn xã"."""

import re
from dataclasses import dataclass

from bakhong.indicators.rules.normalise import fold_words

# From large to small. A village is only spoken of in its own sentence; a commune until another one is named.
LEVELS = {
    "tỉnh": 0, "thành phố": 0, "tp": 0, "huyện": 1, "thị xã": 1, "quận": 1, "xã": 2, "phường": 2, "thị trấn": 2, "đặc khu": 2,
    "thôn": 3, "bản": 3, "làng": 3, "xóm": 3, "ấp": 3, "buôn": 3, "khu phố": 3, "tổ dân phố": 3, "tiểu khu": 3, "khu": 3,
}  # fmt: skip
VILLAGE = 3
_KINDS = "|".join(sorted(LEVELS, key=len, reverse=True))
_KIND = re.compile(rf"(?<!\w)({_KINDS})\.?[ \t]{{1,3}}(?=[^\W_])", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:số\s+)?\d{1,2}(?![\d.,/%])[a-zA-Z]?(?!\w)")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_GENERIC = re.compile(
    r"(?:toàn|của|trong|trên địa bàn|địa bàn|ubnd|cả|toàn bộ)\s+(xã|phường|thị trấn|huyện|tỉnh|thôn|bản|thị xã|khu phố)(?!\w)"
)
_GROUP = re.compile(
    r"\d{1,2}\s+(?:đơn vị|xã, phường|xã|phường|huyện|thôn)(?:\s+(?:được chọn|thực hiện|triển khai))*\s+thí điểm"
)
_MAX_WORDS = 4
_NOT_NAMES = frozenset({"hội", "đội", "viên", "uỷ", "đảng", "đoàn"})


@dataclass(frozen=True, slots=True)
class UnitMention:
    """`name` as the report writes it with a small kind, `level` 0 province … 3 village; generic: "toàn xã"."""

    start: int
    end: int
    name: str
    level: int
    generic: bool = False


def unit_mentions(low: str, cased: str) -> list[UnitMention]:
    """Every place named in the text, in order; then bare names ("Bình Nhân" after "xã Bình Nhân").

    >>> text = "Xã Ngọc Phụng và thôn 3; Ngọc Phụng đạt 80%; toàn xã"
    >>> [one.name for one in unit_mentions(text.lower(), text)]
    ['xã Ngọc Phụng', 'thôn 3', 'xã Ngọc Phụng', 'xã']
    """
    found: list[UnitMention] = []
    bare: dict[str, tuple[str, int]] = {}
    for match in _KIND.finditer(low):
        kind = match[1]
        shown = "thành phố" if kind == "tp" else kind
        if numbered := _NUMBERED.match(low, match.end()):
            if LEVELS[kind] == VILLAGE and kind != "khu":
                found.append(
                    UnitMention(match.start(), numbered.end(), f"{shown} {numbered.group()}", VILLAGE)
                )
            continue
        upper = cased[match.start() : match.end()].isupper()
        name, end = _name(cased, match.end(), upper)
        if not name or name.split()[0].lower() in _NOT_NAMES:
            continue
        known = bare.setdefault(name.casefold(), (f"{shown} {name}", LEVELS[kind]))
        label = known[0] if known[0].split(" ", 1)[0] == shown.split(" ", 1)[0] else f"{shown} {name}"
        found.append(UnitMention(match.start(), end, label, LEVELS[kind]))
    found = [_whole_name(low, one, bare) for one in found]
    found += _bare_mentions(low, cased, bare, found)
    found += [
        UnitMention(one.start(1), one.end(1), one[1], LEVELS[one[1]], True) for one in _GENERIC.finditer(low)
    ]
    found += [UnitMention(one.start(), one.end(), one.group(), 1) for one in _GROUP.finditer(low)]
    return sorted(found, key=lambda one: one.start)


def _name(cased: str, at: int, upper: bool) -> tuple[str, int]:
    """The capitalised words from `at` on; one small word may stand after a capital ("Ngọc phụng") only at the end of a pair."""
    words: list[str] = []
    end = at
    while len(words) < _MAX_WORDS:
        match = _NAME_WORD.match(cased, at)
        if not match or not match.group()[0].isupper():
            break
        word = match.group()
        if upper and not word.isupper():
            break
        if not upper and len(word) > 1 and word.isupper() and not words:
            break
        if not upper and words and len(word) > 1 and word.isupper():
            break
        words.append(word.capitalize() if upper else word)
        end = match.end()
        if cased[end : end + 1] != " ":
            break
        at = end + 1
    return " ".join(words), end


def _whole_name(low: str, one: UnitMention, bare: dict[str, tuple[str, int]]) -> UnitMention:
    """ "xã Ngọc phụng": a name whose second word was typed small, known from elsewhere in the text."""
    name = one.name.split(" ", 1)[1] if " " in one.name else one.name
    if " " in name:
        return one
    begin = one.end - len(name)
    for known, (label, level) in list(bare.items())[:400]:
        if (
            level == one.level
            and known.startswith(name.casefold() + " ")
            and low.startswith(fold_words(known), begin)
        ):
            return UnitMention(one.start, begin + len(known), label, level)
    return one


def _bare_mentions(
    low: str, cased: str, bare: dict[str, tuple[str, int]], found: list[UnitMention]
) -> list[UnitMention]:
    names = [name for name in bare if " " in name][:400]
    if not names:
        return []
    taken = {(one.end - len(name)) for one in found for name in [one.name.split(" ", 1)[-1]]}
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(names, key=len, reverse=True))) + r")(?!\w)",
        re.IGNORECASE,
    )
    inside = [(one.start, one.end) for one in found]
    out = []
    at = 0
    for match in pattern.finditer(cased):
        while at < len(inside) and inside[at][1] <= match.start():
            at += 1
        if (at < len(inside) and inside[at][0] <= match.start()) or match.start() in taken:
            continue
        if not match.group()[0].isupper() or not match.group().split(" ")[-1][0].isupper():
            continue
        label, level = bare[match.group().casefold()]
        if level < VILLAGE:
            out.append(UnitMention(match.start(), match.end(), label, level))
    return out
