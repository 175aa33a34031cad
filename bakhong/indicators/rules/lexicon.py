"""The phrases of the registry, found in a sentence in one walk over its words.

Phrases are compared word by word, so quotes inside them do not matter; a comma of a phrase may be left out in the text, but a comma of
the text that the phrase lacks, a bracket or a semicolon end it. `~` in a
phrase stands for up to `MAX_GAP` other words. Where phrases overlap, the one with more words wins.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bakhong.indicators.rules.definitions import Registry, registry
from bakhong.indicators.rules.normalise import fold_words

MAX_GAP = 5
# Words, numbers, and the marks that no phrase may cross (a comma only where the phrase has one).
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,/]\d+)*|[,;:()|.…]")
_MARKS = frozenset(",;:()|.…")

# How reports name a stage. Of several that an indicator allows, the one nearest to the figure counts.
STAGE_WORDS: dict[str, tuple[str, ...]] = {
    "collected": ("thu nhận", "thu nhận hồ sơ"),
    "installed": ("cài đặt", "cài"),
    "registered": ("đăng ký",),
    "approved": ("phê duyệt", "được duyệt"),
    "issued": ("cấp", "cấp mới", "được cấp", "cấp phát"),
    "activated": ("kích hoạt",),
    "in_use": ("đang sử dụng", "thường xuyên sử dụng", "sử dụng thường xuyên"),
    "received": ("tiếp nhận", "đã nhận"),
    "settled": (
        "giải quyết", "xử lý", "đã giải quyết", "đã xử lý", "trả kết quả", "giải quyết xong", "tiếp nhận và giải quyết",
        "tiếp nhận giải quyết", "tiếp nhận và xử lý", "tiếp nhận xử lý", "được giải quyết",
    ),
    "in_progress": (
        "đang giải quyết", "đang xử lý", "đang trong thời gian giải quyết", "đang trong thời hạn giải quyết",
        "trong hạn giải quyết", "đang thụ lý", "chưa giải quyết",
    ),
}  # fmt: skip
# Words that contain a cue and mean something else.
_OTHER_WORDS = (
    "cấp xã",
    "cấp huyện",
    "cấp tỉnh",
    "các cấp",
    "căn cước",
    "cung cấp",
    "cấp uỷ",
    "trung cấp",
    "phải giải quyết",
    "cần giải quyết",
    "thời hạn giải quyết",
    "hồ sơ căn cước",
    "hồ sơ sức khoẻ",
    "cấp căn cước",
    "đúng thời gian",
    "giải quyết việc làm",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase means: kind is "indicator", "weak", "population", "stage" or "none"."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found in the text; `weight` is its number of words."""

    start: int
    end: int
    kind: str
    key: str
    weight: int


class _Node(dict[str, "_Node"]):
    parts: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.parts = []


class Lexicon:
    """The phrases as a tree of words. A phrase with gaps is several parts found one after the other."""

    def __init__(self, phrases: Iterable[tuple[str, Entry]]) -> None:
        self._root = _Node()
        self._parts: dict[tuple[str, ...], int] = {}
        self._whole: dict[int, list[Entry]] = {}
        self._gapped: dict[int, list[tuple[tuple[int, ...], Entry]]] = {}
        self._length: list[int] = []
        for phrase, entry in phrases:
            for written in _with_and_without_commas(phrase):
                self._add(written, entry)

    def _add(self, phrase: str, entry: Entry) -> None:
        pieces = [tuple(_WORD.findall(fold_words(piece))) for piece in phrase.split("~")]
        ids = tuple(self._part(words) for words in pieces)
        if len(ids) == 1:
            entries = self._whole.setdefault(ids[0], [])
            if entry not in entries:
                entries.append(entry)
        else:
            self._gapped.setdefault(ids[0], []).append((ids, entry))

    def _part(self, words: tuple[str, ...]) -> int:
        if not words:
            raise ValueError("a phrase of a definition is empty")
        if words not in self._parts:
            node = self._root
            for word in words:
                node = node.setdefault(word, _Node())
            self._parts[words] = len(self._length)
            node.parts.append(len(self._length))
            self._length.append(len(words))
        return self._parts[words]

    def mentions(self, low: str, start: int, end: int) -> list[Mention]:
        """Phrases between two offsets, in order, none inside or across a heavier one.

        >>> text = "tài khoản định danh điện tử mức 1 và mức 2"
        >>> [(one.key, text[one.start:one.end]) for one in lexicon().mentions(text, 0, len(text)) if one.kind == "indicator"]
        [('eid_accounts', 'tài khoản định danh điện tử mức 1 và mức 2')]
        """
        found_words = list(_WORD.finditer(low, start, end))
        words = [match.span() for match in found_words]
        texts = [match.group() for match in found_words]
        places: dict[int, list[int]] = {}
        found: list[_Candidate] = []
        root, count = self._root, len(texts)
        for at, text in enumerate(texts):
            node = root.get(text)
            step = at + 1
            while node is not None:
                for part in node.parts:
                    places.setdefault(part, []).append(at)
                    found += [
                        _Candidate(at, step - 1, entry, self._length[part])
                        for entry in self._whole.get(part, ())
                    ]
                node = node.get(texts[step]) if step < count else None
                step += 1
        for part, starts in places.items():
            for ids, entry in self._gapped.get(part, ()):
                found.extend(self._with_gaps(ids, entry, starts, places, texts))
        return [
            Mention(words[one.first][0], words[one.last][1], one.entry.kind, one.entry.key, one.weight)
            for one in _heaviest(found, len(words))
        ]

    def _with_gaps(
        self,
        ids: tuple[int, ...],
        entry: Entry,
        starts: list[int],
        places: Mapping[int, list[int]],
        texts: list[str],
    ) -> Iterable["_Candidate"]:
        weight = sum(self._length[part] for part in ids)
        for first in starts:
            at = first + self._length[ids[0]]
            for part in ids[1:]:
                following = places.get(part, [])
                index = bisect_left(following, at)
                if index == len(following) or following[index] > at + MAX_GAP:
                    break
                if any(word[0].isdigit() or word in _MARKS for word in texts[at : following[index]]):
                    break  # a figure in between starts another subject
                at = following[index] + self._length[part]
            else:
                yield _Candidate(first, at - 1, entry, weight)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase by the numbers of its first and last word."""

    first: int
    last: int
    entry: Entry
    weight: int


def _with_and_without_commas(phrase: str) -> list[str]:
    """
    >>> _with_and_without_commas("gửi, nhận văn bản")
    ['gửi, nhận văn bản', 'gửi nhận văn bản']
    """
    first, *rest = phrase.split(",")
    written = [first]
    for piece in rest:
        written = [start + mark + piece for start in written for mark in (",", "")]
    return written


def _heaviest(found: list[_Candidate], words: int) -> list[_Candidate]:
    """Drops what overlaps a heavier phrase; two meanings of the same words both stay."""
    owner: list[_Candidate | None] = [None] * words
    kept: list[_Candidate] = []
    for one in sorted(found, key=lambda one: (-one.weight, one.last - one.first, one.first)):
        owners = {id(held): held for held in owner[one.first : one.last + 1] if held is not None}
        if any(
            (held.first, held.last, held.weight) != (one.first, one.last, one.weight)
            for held in owners.values()
        ):
            continue
        kept.append(one)
        for at in range(one.first, one.last + 1):
            owner[at] = one
    return sorted((one for one in kept if one.entry.kind != "none"), key=lambda one: (one.first, one.last))


def build(source: Registry) -> Lexicon:
    phrases: list[tuple[str, Entry]] = []
    for definition in source:
        phrases += [(phrase, Entry("indicator", definition.code)) for phrase in definition.phrases]
        phrases += [(phrase, Entry("weak", definition.code)) for phrase in definition.weak_phrases]
    for population in source.populations.values():
        phrases += [(phrase, Entry("population", population.key)) for phrase in population.phrases]
    for stage, cues in STAGE_WORDS.items():
        phrases += [(cue, Entry("stage", stage)) for cue in cues]
    phrases += [(word, Entry("none", word)) for word in _OTHER_WORDS]
    return Lexicon(phrases)


@cache
def lexicon() -> Lexicon:
    """The lexicon of the definitions that ship with the program."""
    return build(registry())
