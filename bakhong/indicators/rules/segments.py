"""Paragraphs, sentences and clauses, with soft line breaks of copied text undone."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sentence:
    """Offsets in the folded text; `clauses` are the pieces between semicolons."""

    start: int
    end: int
    paragraph: int
    bullet: bool
    clauses: list[tuple[int, int]] = field(default_factory=list)

    def clause_at(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.clauses, at, key=lambda clause: clause[0]) - 1
        return self.clauses[max(0, index)]


_STOP = re.compile(r"[.!?…][\"')\]]{0,3}(?=\s)|…(?=\S)|\.\.\.(?=[^\s.])|\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:tp|tx|tt|ths|ts|pgs|gs|ks|bs|cn|đ/c|ông|bà|p|q|h|x|vd|v\.v|st|no)\.$"
)
_BULLET = re.compile(r"\s*(?:[*+\-]|[a-zđ]\)|\d{1,2}(?:\.\d{1,2})*[.)/])\s")
LONG_LINE = 60


def sentences(low: str, cased: str) -> list[Sentence]:
    """
    >>> text = "Đạt 80%. Xã có 1.674 người;\\ncòn lại 328. TP. Thanh Hoá…"
    >>> [text[one.start:one.end].strip() for one in sentences(text.lower(), text)]
    ['Đạt 80%.', 'Xã có 1.674 người;\\ncòn lại 328.', 'TP. Thanh Hoá…']
    """
    out: list[Sentence] = []
    begin, paragraph = 0, 0
    for match in _STOP.finditer(low):
        at = match.end()
        if match.group() == "\n":
            kind = _line_break(low, cased, begin, match.start())
            if not kind:
                continue
            _add(out, low, begin, match.start(), paragraph)
            begin = at
            paragraph += 1
            continue
        if not _ends_sentence(low, cased, match.start(), at):
            continue
        _add(out, low, begin, at, paragraph)
        begin = at
    _add(out, low, begin, len(low), paragraph)
    return out


def _ends_sentence(low: str, cased: str, stop: int, at: int) -> bool:
    if low[stop] == "." and _ABBREVIATION.search(low[max(0, stop - 6) : stop + 1]):
        return False
    following = re.match(r"[\s\"'(\[*\-+]{0,8}", low[at : at + 8])
    nxt = cased[at + following.end() : at + following.end() + 1] if following else ""
    if not nxt:
        return True
    if nxt.isdigit():
        # "1. 674" was one number; after any other word a digit may open a sentence
        return (
            not low[stop - 1 : stop].isdigit()
            or low[stop] != "."
            or not re.match(r"\s\d{3}(?!\d)", low[at : at + 5])
        )
    return nxt.isupper()


def _line_break(low: str, cased: str, begin: int, at: int) -> bool:
    """Whether a line break ends a paragraph: copied text breaks lines inside sentences."""
    rest = low[at + 1 : at + 40]
    if not rest.strip(" \t") or rest.lstrip(" \t").startswith("\n"):
        return True
    line = low[max(begin, low.rfind("\n", max(0, at - 400), at) + 1) : at].rstrip()
    if not line or line[-1] in ".!?:":
        return True
    if _BULLET.match(rest) or "|" in rest or "\t" in rest.strip() or "|" in line or "\t" in line.strip():
        return True
    if line[-1] == "…":
        return True
    first = cased[at + 1 : at + 40].lstrip(" \t\"'(")[:1]
    if first.isupper():
        return line[-1] not in ",-" and (line[-1] == ";" or len(line) < LONG_LINE)
    return False


def _add(out: list[Sentence], low: str, start: int, end: int, paragraph: int) -> None:
    while start < end and low[start].isspace():
        start += 1
    while end > start and low[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    sentence = Sentence(start, end, paragraph, _BULLET.match(low, start, min(end, start + 12)) is not None)
    begin = start
    for match in re.finditer(";", low[start:end]):
        sentence.clauses.append((begin, start + match.start()))
        begin = start + match.end()
    sentence.clauses.append((begin, end))
    out.append(sentence)
