"""Which counts are wholes, parts and remainders of which: "trong đó", "còn lại", lists under a heading."""

import re
from dataclasses import dataclass, field

from bakhong.indicators.rules.drafts import Draft
from bakhong.indicators.rules.nouns import compatible
from bakhong.indicators.rules.segments import Sentence

OF_WHICH = re.compile(r"trong (?:số )?đó(?! là \w+ lần)|trong số này|bao gồm|(?<!\w)gồm(?: có)?(?!\w)")
_CONTINUES = re.compile(
    r"[\s\"'(*+\-]*(?:trong (?:số )?đó|cụ thể|gồm|bao gồm|chia ra|tổng cộng|tổng(?:\s+số)?\s*(?::|là|\d))"
)
_REMAINING_BEFORE = re.compile(r"còn lại(?:\s+(?:là|có|gồm|chưa|khoảng|hơn|gần|trên|số|:))*\s*:?\s*$")
_STILL_BEFORE = re.compile(r"(?<!\w)còn(?:\s+(?:có|khoảng|hơn|gần))*\s*$")
_OF_REMAINING = re.compile(r"trong (?:tổng )?số(?:\s\w+){0,2} còn lại")
_REMAINING_AFTER = re.compile(r"\s+(?:[^\W\d]+\s){0,2}còn lại(?!\w)")
_NOT_DONE_AFTER = re.compile(r"\s+(?:[^\W\d]+\s){0,3}chưa(?!\w)")
_TOTAL = re.compile(r"(?<!\w)(?:tổng|tổng số|tổng cộng|cộng)(?!\w)")
MAX_ITEMS = 24


@dataclass(slots=True)
class Group:
    """Sentences read together: a sentence, those that go on with it ("Trong đó …"), and the list under it."""

    sentences: list[int]
    items: list[Draft] = field(default_factory=list)


def groups(low: str, sentences: list[Sentence], by_sentence: list[list[Draft]]) -> list[Group]:
    out: list[Group] = []
    open_list = False
    for index, sentence in enumerate(sentences):
        text = low[sentence.start : min(sentence.end, sentence.start + 40)]
        same_place = bool(out) and out[-1].sentences[-1] == index - 1
        heads = low[sentence.end - 1] == ":"
        goes_on = (
            same_place
            and len(out[-1].items) < MAX_ITEMS
            and ((open_list and sentence.bullet) or _CONTINUES.match(text) is not None)
        )
        if goes_on:
            out[-1].sentences.append(index)
            out[-1].items += by_sentence[index]
            open_list = open_list or heads
        else:
            out.append(Group([index], list(by_sentence[index])))
            open_list = heads
    return out


def amount(one: Draft) -> int | None:
    """What a count or fraction says in whole numbers, as a whole: the denominator's share done, else the count."""
    return one.n


def sizes(one: Draft) -> set[int]:
    return {number for number in (one.n, one.d) if number is not None}


def link_parts(low: str, group: Group, sentences: list[Sentence]) -> list[tuple[Draft, list[Draft]]]:
    """(whole, parts) for every "trong đó" of a group; the parts remember their whole.

    The whole is the count or fraction right before the words. Parts follow until a new "tổng", a new "trong đó", or a sentence
    that does not go on.
    """
    numbers = [one for one in group.items if not (one.kind == "percent" and not one.tied)]
    every = [one for one in group.items if not one.tied]
    found: list[tuple[Draft, list[Draft]]] = []
    if not every:
        return found
    begin, end = sentences[group.sentences[0]].start, sentences[group.sentences[-1]].end
    markers = list(OF_WHICH.finditer(low, begin, end))[:MAX_ITEMS]
    for place, marker in enumerate(markers):
        earlier = [one for one in every if one.end <= marker.start()]
        if not earlier or earlier[-1].kind == "percent" or marker.start() - earlier[-1].end > 160:
            continue
        whole = earlier[-1]
        stop = markers[place + 1].start() if place + 1 < len(markers) else end
        parts: list[Draft] = []
        cursor = marker.end()
        for one in numbers:
            if one.start < marker.end() or one.kind == "percent":
                continue
            if one.start >= stop or _TOTAL.search(low, cursor, one.start) or is_remaining(low, one):
                break
            if not parts and one.start - marker.end() > 160:
                break
            parts.append(one)
            cursor = one.end
        if place + 1 < len(markers) and parts and len(parts) > 1 and parts[-1].end <= stop:
            following = [one for one in every if one.end <= stop]
            if following and following[-1] is parts[-1] and ";" in low[parts[-2].end : parts[-1].start]:
                parts.pop()  # it is the whole of the next "trong đó", not a part of this one
        if parts:
            gaps_clear = low[marker.start() : marker.end()].startswith("trong") or _lists_numbers(
                parts, whole
            )
            if gaps_clear:
                found.append((whole, parts))
                for part in parts:
                    part.whole = whole
    return found


def _lists_numbers(parts: list[Draft], whole: Draft) -> bool:
    """ "gồm" heads all sorts of lists; only one of counts of the same kind is about the whole."""
    return (
        len(parts) > 1
        and all(compatible(part.family, whole.family) for part in parts)
        and whole.family is not None
    )


def is_remaining(low: str, one: Draft) -> bool:
    """Whether a count is what is left: "còn lại 355 người", "355 người còn lại", "còn 328 người chưa có"."""
    if one.kind == "percent":
        before = low[max(0, one.start - 40) : one.start]
        return _REMAINING_BEFORE.search(before) is not None and not _OF_REMAINING.search(before)
    before = low[max(0, one.number_start - 40) : one.number_start]
    if _OF_REMAINING.search(low[max(0, one.number_start - 60) : one.number_start]):
        return False
    after = low[one.head_end : one.head_end + 40]
    if _REMAINING_BEFORE.search(before):
        return True
    if one.noun and _REMAINING_AFTER.match(" " + after.lstrip()):
        return True
    return _STILL_BEFORE.search(before) is not None and _NOT_DONE_AFTER.match(after) is not None
