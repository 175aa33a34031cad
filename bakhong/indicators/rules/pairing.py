"""Which percent belongs to which fraction or count of the same sentence.

In this order: lists ("lần lượt đạt 80% và 75%"), brackets ("92,1% (4.795/5.205)"), the percent that follows ("… đạt tỷ lệ 92,1%"),
the percent that stands before ("92,1%, tương ứng 4.795/5.205"). A percent with a subject of its own is never tied.
"""

import re

from bakhong.indicators.rules import arithmetic
from bakhong.indicators.rules.drafts import Draft

_TIE_WORDS = frozenset(
    [
        "đạt",
        "tỷ",
        "lệ",
        "chiếm",
        "bằng",
        "tương",
        "đương",
        "ứng",
        "với",
        "là",
        "khoảng",
        "hơn",
        "trên",
        "gần",
        "xấp",
        "xỉ",
        "và",
        "đã",
        "hiện",
        "được",
        "mức",
        "hoàn",
        "thành",
        "ước",
        "cũng",
        "chung",
        "thực",
        "tức",
        "hay",
        "đều",
        "này",
        "số",
        "đó",
        "trong",
        "tổng",
        "dưới",
        "quá",
        "tính",
        "ra",
        "nay",
        "như",
        "vậy",
        "tl",
        "khi",
    ]
)
_WORDS = re.compile(r"[^\W\d_]+")
_OWN_SUBJECT = re.compile(
    r"tỷ lệ\s+(?!đạt|là|chiếm|hoàn thành|chung|trên|này|thực hiện|khoảng|hơn|gần|tương|:|=|\d|bằng|xấp|đó|ước|\()[^\W\d_]"
)
_TAIL = re.compile(
    r"(?:đạt|chiếm|bằng|tương đương|tương ứng|ứng với|tỷ lệ|là|hoàn thành|=|~|≈|:|-|>|<|,|\(|tl|≥"
    r"|≤)(?:\s*(?:với|khoảng|hơn|trên|gần|xấp xỉ|tỷ lệ|là|mức|được|ước|chung|:|=|~"
    r"|≈|đạt|chiếm|trong số|dưới|quá))*\s*$"
)
_LIST_GAP = re.compile(r"\s*(?:,|và|,\s*và|;|/)\s*(?:đạt\s*|là\s*)?(?:khoảng\s|hơn\s|trên\s|gần\s)?$")
_IN_TURN = re.compile(r"lần lượt|tương ứng|theo thứ tự")
_OPEN = re.compile(
    r"[^\d(),;.]{0,60}\(\s?(?:tương ứng |đạt |đạt tỷ lệ |chiếm |tỷ lệ |tức |là |bằng |khoảng |hơn |gần |=\s?|~\s?|≈\s?)*$"
)
_BACK = re.compile(
    r"\s*(?:[,(:=\-]\s*)?(?:tương ứng|tương đương|với|tức|hay|bằng|là|gồm|ứng với|tức là)?\s*(?:với|là|có|khoảng)?\s*$"
)


def pair(low: str, drafts: list[Draft]) -> None:
    """Gives fractions and counts their percents; a tied percent is marked and swallowed by its figure."""
    places = {id(one): at for at, one in enumerate(drafts)}
    for run in _lists(low, drafts):
        _pair_list(low, drafts, run, places[id(run[0])])
    for at, one in enumerate(drafts[:-1]):
        nxt = drafts[at + 1]
        gap = low[one.end : nxt.start]
        if len(gap) > 70:
            continue
        if (
            _free(one)
            and nxt.kind != "percent"
            and nxt.percent is None
            and gap.rstrip().endswith("(")
            and _OPEN.match(gap.replace(",", " "))
        ):
            words = gap.strip(' ("')
            if nxt.kind == "fraction" and (
                words in ("", "tương ứng", "tức", "là", "đạt") or _same_noun(one, nxt) or _agrees(nxt, one)
            ):
                _tie(nxt, one)
        elif (
            one.kind != "percent"
            and one.percent is None
            and _free(nxt)
            and _OPEN.match(gap)
            and _closes(low, nxt)
        ) and (one.kind == "fraction" or not _OWN_SUBJECT.search(gap)):
            _tie(one, nxt)
    for at, one in enumerate(drafts):
        if one.kind != "percent" and one.percent is None:
            _forward(low, drafts, at)
    for at, one in enumerate(drafts[:-1]):
        nxt = drafts[at + 1]
        gap = low[one.end : nxt.start]
        if (
            _free(one)
            and nxt.kind == "fraction"
            and nxt.percent is None
            and len(gap) < 40
            and _BACK.match(gap)
            and gap.strip()
        ):
            _tie(nxt, one)


def _free(one: Draft) -> bool:
    return one.kind == "percent" and not one.tied and one.role == "value" and one.percent_to is None


def _tie(one: Draft, percent: Draft) -> None:
    one.percent, one.percent_qualifier, one.plan = percent.percent, percent.percent_qualifier, percent.plan
    percent.tied = True
    one.start, one.end = min(one.start, percent.start), max(one.end, percent.end)


def _same_noun(percent: Draft, one: Draft) -> bool:
    """ "80% người dân (1.720/2.150 người)"."""
    return one.family is not None and one.family == percent.family and not one.family.startswith("other:")


def _agrees(one: Draft, percent: Draft) -> bool:
    """ "100% cán bộ (23/23 người)": with a subject in between only the arithmetic shows that they belong together."""
    if one.n is None or not one.d or percent.percent is None:
        return False
    printed = percent.percent
    return (
        arithmetic.judge(one.n, one.d, printed.value, printed.places, percent.percent_qualifier)
        == arithmetic.FITS
    )


def _closes(low: str, percent: Draft) -> bool:
    return re.match(r"[^()]{0,60}\)", low[percent.end : percent.end + 61]) is not None


def _lists(low: str, drafts: list[Draft]) -> list[list[Draft]]:
    """Runs of two or more percents, or of counts after "lần lượt", with nothing but commas and "và" between them."""
    out: list[list[Draft]] = []
    run: list[Draft] = []
    for one in drafts:
        joined = bool(run) and one.kind == run[-1].kind and len(low[run[-1].end : one.start]) < 30
        if joined and one.kind in ("percent", "count") and _joined(low, run[-1], one):
            run.append(one)
            continue
        out.append(run)
        run = [one] if one.kind in ("percent", "count") else []
    out.append(run)
    return [
        found
        for found in out
        if len(found) > 1
        and (found[0].kind == "percent" or _IN_TURN.search(low[max(0, found[0].start - 40) : found[0].start]))
    ]


def _joined(low: str, first: Draft, second: Draft) -> bool:
    gap = low[first.end : second.start]
    if first.kind == "count" and first.noun:
        gap = re.sub(rf"^\s*{re.escape(first.noun)}", "", gap)
    return _LIST_GAP.match(gap) is not None


def _pair_list(low: str, drafts: list[Draft], run: list[Draft], at: int) -> None:
    if any(one.role not in ("value", "target") for one in run):
        return
    for one in run:
        one.list_of = run
    if run[0].kind != "percent":
        return
    for kind in ("fraction", "count"):
        before: list[Draft] = []
        for one in reversed(drafts[max(0, at - 12) : at]):
            if one.kind == "percent":
                break
            if one.kind == kind:
                before.append(one)
        before.reverse()
        told = before and _IN_TURN.search(low[before[-1].end : run[0].start])
        if len(before) == len(run) and (told or kind == "fraction"):
            for whole, percent in zip(before, run, strict=True):
                _tie_apart(whole, percent)
            return


def _tie_apart(one: Draft, percent: Draft) -> None:
    """Ties a percent that stands away from its fraction: the figure keeps its own place in the text."""
    one.percent, one.percent_qualifier, one.plan = percent.percent, percent.percent_qualifier, percent.plan
    percent.tied = True


def _forward(low: str, drafts: list[Draft], at: int) -> None:
    one = drafts[at]
    for nxt in drafts[at + 1 : at + 3]:
        if nxt.kind == "percent" and not nxt.tied and nxt.role in ("change", "target", "before"):
            continue
        if not _free(nxt) or (nxt.list_of and nxt is not nxt.list_of[0]):
            return
        break
    else:
        return
    if nxt.list_of and len(nxt.list_of) > 1 and _IN_TURN.search(low[one.end : nxt.start]):
        return
    gap = low[one.end : nxt.start]
    if len(gap) > 260 or ";" in gap or nxt.sentence != one.sentence:
        return
    if ties(one, gap):
        _tie(one, nxt)


def ties(one: Draft, gap: str) -> bool:
    """Whether the words between a fraction (or count) and a percent say that the percent is its own."""
    plain = re.sub(r"\([^()]*\)", " ", gap)
    cut = max((match.start() for match in re.finditer(r",(?!\d)|\(| - ", plain)), default=-1)
    tail = plain[cut + 1 :]
    words = set(_WORDS.findall(tail))
    if one.kind == "count":
        return (
            cut >= 0
            and words <= _TIE_WORDS
            and bool(words & {"đạt", "chiếm", "bằng", "tương", "tỷ"})
            and not _OWN_SUBJECT.search(plain)
        )
    if cut < 0:
        if _OWN_SUBJECT.search(plain) or (one.family == "organisation" and "tỷ lệ" not in plain):
            return False
        noun = (one.noun or "").split()
        return _TAIL.search(plain) is not None or words <= set(noun) | _TIE_WORDS
    if not words <= _TIE_WORDS:
        return False
    return not _OWN_SUBJECT.search(plain[:cut])
