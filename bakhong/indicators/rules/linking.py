"""What a figure is about: indicator, stage, who is counted.

The subject of a figure stands in its own clause. "… là 92,1%", "… đạt 80%", "…: 2.990" speak of what is before; "30% người dân …",
"có 4.795/5.205 người … có …" of what follows, up to the next figure.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from bakhong.indicators.rules.definitions import Definition, Registry
from bakhong.indicators.rules.drafts import Draft
from bakhong.indicators.rules.lexicon import Mention
from bakhong.indicators.rules.relations import OF_WHICH
from bakhong.indicators.rules.segments import Sentence

_FAMILY_OF_COUNTED = {
    "person": {"person"},
    "official": {"official", "person"},
    "dossier": {"dossier"},
    "document": {"document", "dossier"},
    "subscription": {"subscription", "person"},
    "household": {"household"},
    "merchant": {"merchant", "household"},
    "provider_payment": {"payment", "household"},
    "organisation": {"organisation"},
    "petition": {"petition", "person"},
    "target": set(),
}
_PREDICATE = re.compile(
    r"(?:là|đạt|lên|chiếm|bằng|đạt được|còn|ở mức|cho|đều đạt|cùng đạt|lần lượt|tương ứng|[:=(]|tỷ lệ|xuống|đến|có tỷ lệ|được tỷ lệ|-)"
    r"(?:\s*(?:khoảng|trên|hơn|gần|tỷ lệ|là|mức|xấp xỉ|dưới|ước|ít nhất|tối thiểu|đạt|được))*\s*$"
)
_ALL = re.compile(r"(?:đều|cùng)(?:\s+(?:đạt|là|ở mức|có tỷ lệ))*(?:\s+(?:trên|hơn|khoảng|từ))*\s*$")
_NEED = re.compile(r"(?:cần|phải|chưa|sẽ|dự kiến|nhu cầu|không có|thiếu|kế hoạch cấp)(?!\w)")
_DONE = re.compile(
    r"(?<!\w)(?:đã|được|có|đạt|là|tổng|số|cho|lên|tiếp nhận|giải quyết|xử lý|cấp|cài đặt|kích hoạt|thu nhận|mở|đăng ký|thực hiện|một phần"
    r"|toàn trình|trực tuyến|trực tiếp|đúng hạn|quá hạn|trước hạn|mức (?:độ )?\d)(?!\w)|:"
)
_HAVE = re.compile(r"\s(?:[^\W\d]+\s){0,4}(?:có|đã|được)(?!\w)")
_AVERAGE = re.compile(r"(?:bình quân|trung bình|mỗi|từng)(?:\s[^\W\d]+){0,4}\s*$")
_ENDS_COUNT = re.compile(r"[,;(:.](?!\d)")
_ONLINE_SERVICE = re.compile(r"dịch vụ công|dvc|trực tuyến|cổng")
_PLAN_AFTER = re.compile(
    r"(?:kế hoạch|chỉ tiêu|kh)\s*(?:được|đã|huyện|tỉnh|xã|cấp trên|do)?\s*(?:giao|đề ra|đặt ra)?(?!\w)"
    r"(?!\s*(?:là|:)?\s*\d)"
)


def allowed_families(definition: Definition) -> set[str]:
    families = set(_FAMILY_OF_COUNTED[definition.counted])
    for population in definition.populations:
        families |= _FAMILY_OF_COUNTED[population.kind]
    return families


class Linker:
    """Ties the drafts of one sentence; made once for a text."""

    def __init__(self, low: str, cased: str, registry: Registry, sentences: list[Sentence]) -> None:
        self._low, self._cased, self._registry, self._sentences = low, cased, registry, sentences
        self._families = {definition.code: allowed_families(definition) for definition in registry}
        self._yields = {definition.code for definition in registry if definition.yields}

    def link(self, drafts: list[Draft], mentions: list[Mention], topic: str | None) -> None:
        """Indicator, stage and population of every draft of a sentence."""
        shown = [one for one in drafts if not one.tied]
        starts = [one.start for one in mentions]
        for at, one in enumerate(shown):
            left, right = self._bounds(shown, at)
            before = self._between(mentions, starts, left, one.start)
            middle = self._between(mentions, starts, one.head_end, right)
            inside = self._inside(one, mentions, starts)
            forward = bool(one.numerator and one.denominator and one.numerator.start < one.denominator.start)
            self._subject(one, before, [*inside, *middle] if forward else middle)
            earlier = shown[at - 1] if at else None
            if one.indicator is None and one.kind != "count":
                same = (
                    earlier is not None
                    and earlier.kind == one.kind == "fraction"
                    and earlier.family == one.family
                )
                self._inherit(one, left, right, earlier.indicator if same and earlier else topic)
            if earlier is not None and earlier.indicator and ")" not in self._low[earlier.end : one.start]:
                self._go_on(one, earlier, before)
            self._whom(one, [*before, *inside], middle, right)
            self._stage(one, before, middle)
        for first, second in pairwise(shown):
            if first.role == "before" and second.kind == "percent" and first.indicator:
                second.indicator, second.stage = first.indicator, first.stage
                second.population, second.population_text = first.population, first.population_text
        self._lists(shown, mentions, starts)

    def _bounds(self, shown: list[Draft], at: int) -> tuple[int, int]:
        """The part of the clause that can speak of a figure: between its neighbours, and not past a "trong đó".

        Counts of places and of other things ("tại 4 đơn vị") do not part a percent from its subject.
        """
        one = shown[at]
        left, right = one.clause
        for other in reversed(shown[max(0, at - 6) : at]):
            if one.kind == "count" or not _beside(other):
                left = max(left, other.end)
                break
        for other in shown[at + 1 : at + 7]:
            if one.kind == "count" or not _beside(other):
                right = min(right, other.start)
                break
        if one.kind == "count" and at and left == shown[at - 1].end:
            # "500 hồ sơ trực tuyến, 120 hồ sơ trực tiếp": what stands before the comma is the neighbour's
            left += max(map(self._low[left : one.start].rfind, (", ", " và ")), default=0) + 1
        if one.kind == "count" and (stop := _ENDS_COUNT.search(self._low, one.end, max(one.end, right))):
            right = stop.start()
        if cut := OF_WHICH.search(self._low, one.end, max(one.end, right)):
            right = cut.start()
        return left, right

    def _between(self, mentions: list[Mention], starts: list[int], left: int, right: int) -> list[Mention]:
        if right <= left:
            return []
        found = mentions[bisect_left(starts, left) : bisect_left(starts, right)]
        return [one for one in found if one.end <= right][-40:]

    def _near(self, one: Draft) -> tuple[int, int]:
        return max(one.clause[0], one.start - 300), min(one.clause[1], one.end + 300)

    def _fits(self, one: Draft, mention: Mention) -> bool:
        weak_level = mention.key.startswith("eid_level") and mention.kind == "weak"
        if weak_level and _ONLINE_SERVICE.search(self._low, *self._near(one)):
            return False  # "dịch vụ công trực tuyến mức độ 2" is another matter
        family = one.family
        if mention.kind == "weak" and one.kind == "percent" and family not in self._families[mention.key]:
            return False
        if family is None or family.startswith("other:"):
            return mention.kind == "indicator" or family is None
        return family in self._families[mention.key] or (
            one.kind == "percent" and mention.kind == "indicator"
        )

    def _pick(self, one: Draft, mentions: Sequence[Mention], first: bool) -> Mention | None:
        """In what follows a figure the first phrase counts; in what precedes it the heaviest, the last of equals."""
        usable = [
            mention
            for mention in mentions
            if mention.kind in ("indicator", "weak") and self._fits(one, mention)
        ]
        for wanted in (
            [
                mention
                for mention in usable
                if mention.kind == "indicator" and mention.key not in self._yields
            ],
            [mention for mention in usable if mention.kind == "indicator"],
            usable,
        ):
            if wanted:
                return (
                    wanted[0] if first else max(wanted, key=lambda mention: (mention.weight, mention.start))
                )
        return None

    def _subject(self, one: Draft, before: list[Mention], after: list[Mention]) -> None:
        predicate = self._predicate(one)
        if one.kind == "fraction" and one.percent and one.percent.start > one.head_end:
            inner = [mention for mention in after if mention.end <= one.percent.start]
            outer = [mention for mention in after if mention.start >= one.end]
        else:
            inner, outer = after, []
        earlier, later, last = (
            self._pick(one, before, False),
            self._pick(one, inner, True),
            self._pick(one, outer, True),
        )
        strong_before = earlier if earlier and earlier.kind == "indicator" else None
        strong_after = later if later and later.kind == "indicator" else None
        if one.kind == "count" and not self._achieved(
            one, later or earlier or self._smartphone(before, inner, predicate)
        ):
            return
        if strong_before and predicate:
            chosen: Mention | None = strong_before
        else:
            chosen = strong_after or strong_before
        if chosen is None and last and last.kind == "indicator":
            chosen = last
        if chosen is None:
            chosen = (earlier if predicate else None) or later or earlier
            if chosen is None:
                chosen = self._smartphone(before, inner, predicate)
                if chosen is None:
                    return
        one.indicator = chosen.key

    def _smartphone(self, before: list[Mention], after: list[Mention], predicate: bool) -> Mention | None:
        """ "người dân có điện thoại thông minh" is a population, and the subject where nothing else is."""
        for region in (before, after) if predicate else (after, before):
            for mention in region:
                if mention.kind == "population" and mention.key == "smartphone_users":
                    return Mention(mention.start, mention.end, "indicator", "smartphone", mention.weight)
        return None

    def _achieved(self, one: Draft, any_mention: Mention | None) -> bool:
        """A count alone is a figure only where something was done: "đã cấp 1.189", not "400 nhân khẩu cần phải cài đặt"."""
        if any_mention is None or (one.family or "").startswith("other:"):
            return False
        left = self._low[max(one.clause[0], one.start - 70) : one.start]
        right = self._low[one.end : max(any_mention.end, one.end)] if any_mention.start >= one.end else ""
        if _AVERAGE.search(left) or _NEED.search(left[-30:]) or _NEED.search(right):
            return False
        return (
            one.percent is not None
            or _DONE.search(left) is not None
            or _HAVE.match(self._low, one.end) is not None
        )

    def _inherit(self, one: Draft, left: int, right: int, topic: str | None) -> None:
        """A line of a list takes the subject of the list's heading when it has none of its own."""
        if topic is None or one.role == "change":
            return
        own = self._low[left : one.start] + " " + self._low[one.end : min(right, one.end + 120)]
        words = [word for word in re.findall(r"[^\W\d_]+", own) if word not in _EMPTY]
        if len(words) > 6 or re.search(r"tỷ lệ\s(?!đạt|là|chiếm)[^\W\d_]|số\s[^\W\d_]+\s(?:có|được|đã)", own):
            return
        definition = self._registry.get(topic)
        if one.family and one.family not in self._families[definition.code]:
            return
        one.indicator = topic

    def _inside(self, one: Draft, mentions: list[Mention], starts: list[int]) -> list[Mention]:
        """Phrases within a fraction: "1.189 công dân được cấp chữ ký số trên tổng số 1.424"."""
        return (
            self._between(mentions, starts, one.number_start, one.head_end) if one.kind == "fraction" else []
        )

    def _go_on(self, one: Draft, earlier: Draft, before: list[Mention]) -> None:
        """ "Mức 1: 1.782 tài khoản, đã kích hoạt 1.491": another stage of what was just told."""
        definition = self._registry.get(earlier.indicator or "")
        told = any(mention.kind == "stage" and mention.key in definition.stages for mention in before)
        fits = one.family is None or one.family in self._families[definition.code]
        vague = one.indicator is None or (
            one.indicator == "dossiers_received" and definition.counted == "petition"
        )
        if vague and told and fits and one.kind != "percent":
            one.indicator = earlier.indicator

    def _whom(self, one: Draft, before: list[Mention], after: list[Mention], right: int) -> None:
        """The population the text names for this figure."""
        definition = self._registry.get(one.indicator) if one.indicator else None
        tail = self._low[one.end : min(right + 4, one.end + 60)]
        if one.percent and (
            one.plan or (one.percent.start >= one.number_start and _PLAN_AFTER.search(tail[:40]))
        ):
            one.plan = True
            one.population, one.population_text = "assigned_target", tail.strip(" ,.;()…")[:60].strip()
            return
        beside = [mention for mention in after if mention.kind == "population"][:1]
        if (
            beside
            and not self._adjacent(one, beside[0])
            and (self._predicate(one) or definition is None or not definition.population_named(beside[0].key))
        ):
            beside = []
        named = beside or [mention for mention in before if mention.kind == "population"][-1:]
        if not named:
            return
        mention = named[0]
        if definition and definition.code == "smartphone" and mention.key == "smartphone_users":
            return
        known = definition is None or definition.population_named(mention.key) is not None
        if not known and not self._adjacent(one, mention):
            return
        one.population = mention.key if known else None
        begin = one.head_end if self._adjacent(one, mention) else mention.start
        one.population_text = " ".join(self._cased[begin : mention.end].split()).strip(' ,;:("')[:160] or None

    def _adjacent(self, one: Draft, mention: Mention) -> bool:
        """Whether the words that name who is counted follow the figure with at most a few words in between."""
        between = self._low[one.head_end : mention.start]
        return (
            mention.start >= one.head_end
            and len(between.split()) <= 5
            and not re.search(r"[,;.:)%]|(?<!\w)(?:và|có)(?!\w)", between)
        )

    def _predicate(self, one: Draft) -> bool:
        anchor = one.number_start if one.kind == "count" else one.start
        return _PREDICATE.search(self._low[max(0, anchor - 40) : anchor]) is not None

    def _stage(self, one: Draft, before: list[Mention], after: list[Mention]) -> None:
        definition = self._registry.get(one.indicator) if one.indicator else None
        if definition is None or not definition.stages:
            return
        for mention in (*reversed(before), *after):
            if mention.kind == "stage" and mention.key in definition.stages:
                one.stage = mention.key
                return

    def _lists(self, shown: list[Draft], mentions: list[Mention], starts: list[int]) -> None:
        """ "A và B lần lượt đạt 80% và 75%": the figures take the subjects in their order."""
        for at, one in enumerate(shown):
            if not one.list_of or one.list_of[0] is not one:
                continue
            run = [other for other in one.list_of if not other.tied]
            if len(run) < 2:
                continue
            left = max(one.clause[0], shown[at - 1].end if at else 0)
            subjects: list[str] = []
            for mention in self._between(mentions, starts, left, one.start):
                if mention.kind == "indicator" and mention.key not in subjects:
                    subjects.append(mention.key)
                if (
                    mention.kind == "population"
                    and mention.key == "smartphone_users"
                    and "smartphone" not in subjects
                ):
                    subjects.append("smartphone")
            if not subjects and at >= len(run):
                earlier = [other.indicator for other in shown[at - len(run) : at] if other.indicator]
                subjects = earlier if len(set(earlier)) == len(run) else []
            if len(subjects) == len(run):
                for other, code in zip(run, subjects, strict=True):
                    other.indicator = code
            elif len(subjects) == 1:
                for other in run:
                    other.indicator = other.indicator or subjects[0]

    def shared_subjects(self, one: Draft, mentions: list[Mention], starts: list[int], left: int) -> list[str]:
        """Further indicators of "A, B và C đều đạt 80%"."""
        if one.kind != "percent" or not _ALL.search(self._low[max(0, one.start - 40) : one.start]):
            return []
        found: list[str] = []
        for mention in self._between(mentions, starts, left, one.start):
            if mention.kind == "indicator" and mention.key not in found:
                found.append(mention.key)
        return found


def _beside(one: Draft) -> bool:
    return one.kind == "count" and (one.family == "organisation" or (one.family or "").startswith("other:"))


_EMPTY = frozenset(
    [
        "đạt",
        "là",
        "có",
        "được",
        "đã",
        "tỷ",
        "lệ",
        "chiếm",
        "khoảng",
        "trên",
        "hơn",
        "gần",
        "người",
        "dân",
        "công",
        "tài",
        "khoản",
        "hồ",
        "sơ",
        "thôn",
        "xã",
        "bản",
        "xóm",
        "khu",
        "phố",
        "số",
        "toàn",
        "tại",
        "ở",
        "và",
        "trong",
        "đó",
        "cấp",
        "với",
        "tổng",
        "cài",
        "đặt",
        "kích",
        "hoạt",
        "hoàn",
        "thành",
        "thực",
        "hiện",
        "hộ",
        "phường",
        "thị",
        "trấn",
        "tổ",
        "dân",
        "đến",
        "nay",
        "hiện",
    ]
)
