"""One form of a text to match on, with the way back to the text as it was given.

Reports come composed or decomposed, with no-break spaces, curly quotes, "hoá" and "hóa", "tỉ lệ" and "tỷ lệ". All rules look at
`Folded.low`; every offset they find is led back by `Folded.span`.
"""

import re
import unicodedata
from dataclasses import dataclass

from bakhong.core.errors import Refusal

MAX_CHARS = 500_000

_MARKS = re.compile("[\u0300-\u036f]")
_DROPPED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CHARS = {
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **dict.fromkeys(map(ord, "\u00a0\u202f\u3000\r\v\f\u0085\u2028\u2029\u1680\u205f"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‘’‚"), "'"),
    **dict.fromkeys(map(ord, "⁄∕／"), "/"),
    ord("％"): "%", ord("﹪"): "%", ord("．"): ".", ord("，"): ",", ord("；"): ";", ord("：") : ":",
    ord("（"): "(", ord("）"): ")", ord("•"): "*", ord("●"): "*", ord("▪"): "*", ord("·"): "*",
    ord("…"): "…", ord("｜"): "|", ord("│"): "|", ord("ð"): "đ", ord("Ð"): "Đ",
    **{0xFF10 + digit: str(digit) for digit in range(10)},
}  # fmt: skip
_MAX_MARKS = 8  # more marks than this on one letter is not writing; sorting them would cost quadratic time

_OLD_TONES = dict(
    zip(
        ["óa", "òa", "ỏa", "õa", "ọa", "óe", "òe", "ỏe", "õe", "ọe", "úy", "ùy", "ủy", "ũy", "ụy"],
        ["oá", "oà", "oả", "oã", "oạ", "oé", "oè", "oẻ", "oẽ", "oẹ", "uý", "uỳ", "uỷ", "uỹ", "uỵ"],
        strict=True,
    )
)
_VARIANTS = {"tỉ": "tỷ", "kí": "ký", "kĩ": "kỹ", "lí": "lý", "quí": "quý", "mĩ": "mỹ"}
_VARIANT = re.compile(r"\b(?:tỉ|kí|kĩ|lí|quí|mĩ)\b")


class ReportTooLong(Refusal):
    """The text is longer than a report can be."""

    status = 413

    def __init__(self, length: int) -> None:
        limit = f"{MAX_CHARS:,}".replace(",", ".")
        super().__init__(
            f"Văn bản dài {length:,} ký tự, quá {limit} ký tự cho một lần đọc. Hãy tách thành nhiều báo cáo.".replace(
                ",", ".", 1
            )
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """`low` is lower case for matching, `cased` the same length with capitals kept (for names)."""

    given: str
    cased: str
    low: str
    starts: (
        list[int] | None
    )  # offset in `given` of each character of `low`, and of the end; None: the same offsets

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as it was given."""
        if self.starts is None:
            return start, end
        last = self.starts[end - 1]
        stop = self.starts[end]
        # Characters that were dropped after the last one are not part of it.
        while stop > last + 1 and self.given[stop - 1] in _DROPPED:
            stop -= 1
        return self.starts[start], stop


def fold(text: str) -> Folded:
    """
    Raises: ReportTooLong.

    >>> folded = fold("Tỉ lệ Hóa 100％")
    >>> folded.low, folded.span(10, 14)
    ('tỷ lệ hoá 100%', (10, 14))
    """
    if len(text) > MAX_CHARS:
        raise ReportTooLong(len(text))
    starts: list[int] | None = None
    cased = text
    if _MARKS.search(text) or any(char in text for char in _DROPPED):
        cased, starts = _compose(text)
    cased = cased.translate(_CHARS)
    return Folded(text, cased, fold_words(cased), starts)


def fold_words(text: str) -> str:
    """Lower case, tone marks and i/y in one place; as long as the text.

    >>> fold_words("Ủy ban Hóa, kĩ năng, kí số")
    'uỷ ban hoá, kỹ năng, ký số'
    """
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for old, new in _OLD_TONES.items():
        if old in low:
            low = low.replace(old, new)
    return _VARIANT.sub(lambda match: _VARIANTS[match.group()], low)


def _compose(text: str) -> tuple[str, list[int]]:
    """Composes letter by letter and remembers where each came from."""
    out: list[str] = []
    starts: list[int] = []
    at, length = 0, len(text)
    while at < length:
        char = text[at]
        if char in _DROPPED:
            at += 1
            continue
        stop = at + 1
        while stop < length and unicodedata.combining(text[stop]) and stop - at <= _MAX_MARKS:
            stop += 1
        letters = char if stop == at + 1 else unicodedata.normalize("NFC", text[at:stop])
        out.append(letters)
        starts.extend([at] * len(letters))
        at = stop
    starts.append(length)
    return "".join(out), starts
