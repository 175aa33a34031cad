"""From numbers to drafts of figures: fractions, percentages and counts, and what kind of statement each is."""

import re
from dataclasses import dataclass, field

from bakhong.indicators.rules.dates import Period
from bakhong.indicators.rules.nouns import known_noun_after, noun_after
from bakhong.indicators.rules.numbers import Number
from bakhong.indicators.rules.segments import Sentence


@dataclass(slots=True, eq=False)
class Draft:
    """A figure in the making. Offsets are in the folded text; `head_end` ends the number or fraction without its percent."""

    kind: str  # "fraction", "percent" or "count"
    start: int
    end: int
    head_end: int
    sentence: int
    clause: tuple[int, int]
    numerator: Number | None = None
    denominator: Number | None = None
    percent: Number | None = None
    percent_to: Number | None = None
    noun: str | None = None
    family: str | None = None
    qualifier: str | None = None
    percent_qualifier: str | None = None
    role: str = "value"
    plan: bool = False  # the percent is of a plan
    tied: bool = False  # a percent that belongs to a fraction or count
    list_of: list["Draft"] = field(default_factory=list)  # the percents or counts of one "lần lượt"
    whole: "Draft | None" = None
    used: bool = False
    indicator: str | None = None
    stage: str | None = None
    population: str | None = None
    population_text: str | None = None
    unit_name: str | None = None
    period: Period | None = None
    shared: bool = False

    @property
    def n(self) -> int | None:
        return self.numerator.whole if self.numerator else None

    @property
    def d(self) -> int | None:
        return self.denominator.whole if self.denominator else None

    @property
    def approximate(self) -> bool:
        return self.qualifier is not None

    @property
    def number_start(self) -> int:
        """Where the number or fraction itself begins (a percent may stand before it)."""
        return self.numerator.start if self.numerator and self.numerator.start >= self.start else self.start


_SLASH = re.compile(r"\s{0,3}/\s{0,3}(?:tổng\s(?:số\s)?)?$")
_NOUN_SLASH = re.compile(r'[\s"]?[^\d/;.:()%\n]{1,40}\s{0,2}/\s{0,3}(?:tổng\s(?:số\s)?|số\s)?$')
_OUT_OF = re.compile(
    r"\s{1,3}(?:[^\d/;.:()%]{1,60}\s)?(?:(?:trên|trong|so\svới|/)\stổng(?:\ssố)?|(?:trên"
    r"|trong)\ssố)(?:\s[^\d;.:()%]{1,30})?\s{1,2}(?:là\s)?$"
)
_ON = re.compile(r"\s{1,2}(?:người\s)?trên\s{1,2}$")
_DONE_ON = re.compile(r"\s(?:[^\W\d]+\s){2,7}trên\s$")
_AGE = re.compile(r"\d{1,3}\s?tuổi")
_AMONG = re.compile(r"(?:trong|trên)\s+tổng(?:\s+số)?\s*$|(?:^|[\s,.;(])(?:trong|trên)\s+số\s*$")
_AMONG_GAP = re.compile(r"[^.;:\d\n%/]{0,90}\s(?:có|đã|được|là)\s(?:[^\W\d]+\s){0,4}$")

_LEFT = [
    (re.compile(r"(?:khoảng trên|khoảng hơn|hơn|trên|vượt|quá|>)\s*$"), "more_than"),
    (re.compile(r"(?:ít nhất|tối thiểu|không dưới|không ít hơn|≥|>=|từ\s+trên)\s*(?:là\s+)?$"), "at_least"),
    (
        re.compile(r"(?:gần|dưới|chưa đến|chưa đầy|chưa tới|không quá|tối đa|suýt soát|≤|<=|<)\s*$"),
        "less_than",
    ),
    (re.compile(r"(?:khoảng|xấp xỉ|ước|ước đạt|ước tính|ước khoảng|chừng|~|≈|độ chừng)\s*$"), "about"),
]
_RIGHT_AT_LEAST = re.compile(r"\s{1,2}(?:[^\W\d]+\s){0,2}trở lên")


def qualifier(low: str, start: int, end: int) -> str | None:
    """How exact the report says a number is.

    >>> text = "khoảng trên 60% người, 80% trở lên, gần 100%"
    >>> qualifier(text, 12, 15), qualifier(text, 23, 26), qualifier(text, 40, 44)
    ('more_than', 'at_least', 'less_than')
    """
    if _RIGHT_AT_LEAST.match(low, end) and "tuổi" not in low[end : end + 24]:
        return "at_least"
    before = low[max(0, start - 20) : start]
    return next((name for pattern, name in _LEFT if pattern.search(before)), None)


def draft(low: str, numbers: list[Number], index: int, sentence: Sentence) -> list[Draft]:
    """The fractions, percents and counts of one sentence, in order."""
    out: list[Draft] = []
    at = 0
    while at < len(numbers):
        first = numbers[at]
        second = numbers[at + 1] if at + 1 < len(numbers) else None
        clause = sentence.clause_at(first.start)
        if second and (order := _fraction(low, first, second)):
            top, bottom = (first, second) if order > 0 else (second, first)
            out.append(
                _of(
                    low, "fraction", first.start, second.end, index, clause, numerator=top, denominator=bottom
                )
            )
            at += 2
            continue
        if first.percent or (second and second.percent and _range(low, first, second)):
            one, stop = _percent(low, first, second, index, clause)
            out.append(one)
            at += 1 + stop
            continue
        if first.whole is not None and not _chained(low, first):
            out.append(_of(low, "count", first.start, first.end, index, clause, numerator=first))
        at += 1
    return out


def _of(
    low: str, kind: str, start: int, end: int, index: int, clause: tuple[int, int], **numbers: Number
) -> Draft:
    one = Draft(kind, start, end, end, index, clause, **numbers)  # type: ignore[arg-type]
    found = noun_after(low, end)
    if not found and kind == "fraction" and numbers["numerator"].start == start:
        found = noun_after(low, numbers["numerator"].end)
    if not found and kind == "fraction" and numbers["numerator"].start != start:
        found = noun_after(low, numbers["denominator"].end)
    if found:
        one.noun, one.family = found
    one.qualifier = qualifier(low, start, end)
    return one


def _chained(low: str, number: Number) -> bool:
    return (
        low[number.start - 1 : number.start] == "/" or low[number.digits_end : number.digits_end + 1] == "/"
    )


def _fraction(low: str, first: Number, second: Number) -> int:
    """1: first/second; -1: "trong tổng số second có first" the other way round; 0: no fraction."""
    if first.whole is None or second.whole is None or first.places or second.places:
        return 0
    gap = low[first.end : second.start]
    if len(gap) > 110:
        return 0
    gap = _AGE.sub("tuổi", gap)
    if _SLASH.match(gap) or _NOUN_SLASH.match(gap):
        top, bottom = noun_after(low, first.end), noun_after(low, second.end)
        if (
            top
            and bottom
            and known_noun_after(low, first.end)
            and known_noun_after(low, second.end)
            and top[1] != bottom[1]
        ):
            return 0  # "2.150 hộ/8.640 khẩu" are two counts
        chained = re.match(r"\s?/\s?\d", low[second.end : second.end + 3]) or re.search(
            r"\d\s?/\s?$", low[max(0, first.start - 4) : first.start]
        )
        return 0 if chained else 1
    if _OUT_OF.match(gap) or (_ON.match(gap) and second.whole >= first.whole):
        return 1
    if _DONE_ON.match(gap) and second.whole >= first.whole:
        kinds = noun_after(low, first.end), noun_after(low, second.end)
        return int(bool(kinds[0] and kinds[1] and kinds[0][1] == kinds[1][1]))
    if _AMONG.search(low[max(0, first.start - 20) : first.start]) and _AMONG_GAP.match(gap):
        return -1
    return 0


def _range(low: str, first: Number, second: Number) -> bool:
    gap = low[first.end : second.start]
    return (
        first.value <= 100
        and len(gap) <= 5
        and re.fullmatch(r"\s?(?:-|đến)\s?", gap) is not None
        and first.value < second.value
    )


_UP_TO = re.compile(
    r"[^;.:]{0,60}?(?:lên|xuống|giảm còn|→|->|=>)(?:\s(?:đến|tới|còn|đạt|mức|khoảng|hơn|trên|gần))*\s*$"
)
_CHANGE = re.compile(
    r"(?:tăng thêm|giảm thêm|tăng trưởng|tăng|giảm|chênh lệch|cao hơn|thấp hơn|nhiều hơn|ít hơn|tăng bình quân)"
    r"(?:\s+(?:trên|hơn|khoảng|gần|được|bình quân|là|xấp xỉ|tới|đến|thêm|ước))*\s*$"
)
_OVER_PLAN = re.compile(r"vượt(?:\s+(?:mức|trên|hơn|khoảng))*\s*$")
_PLAN_AFTER = re.compile(
    r"\s{0,2}[,(]?\s?(?:(?:so\s+)?(?:với|theo|trên)\s+)?(?:tổng\s+)?(?:kế hoạch|chỉ tiêu|kh(?!\w)"
    r"|mục tiêu|nhiệm vụ được giao|dự toán|định mức)(?!\s*(?:là|giao|năm)?\s*\d{1,3}(?!\d))"
)
_CHANGE_AFTER = re.compile(r"\s{0,2}(?:so với|cùng kỳ)")
_TARGET_BEFORE = re.compile(
    r"(?:chỉ tiêu|mục tiêu|kế hoạch|phấn đấu|yêu cầu|quy định|kh)(?:\s+(?:giao|được giao|huyện giao"
    r"|tỉnh giao|năm|là|đề ra|đặt ra|đạt|tối thiểu|từ|trên|phải đạt|đến năm))*"
    r"\s*(?:\d{4}\s*)?[:(]?\s*(?:là|đạt)?\s*$"
)
_TARGET_OPENS = re.compile(
    r"phấn đấu|mục tiêu|chỉ tiêu|đề ra|đặt ra|dự kiến|sẽ đạt|phải đạt|kế hoạch năm|cần đạt|hướng tới"
)
_RESULT_OPENS = re.compile(
    r"kết quả|đã đạt|hiện đạt|thực hiện đạt|đến nay|hiện nay|hiện có|thực tế|đã có|hoàn thành"
    r"|đã hoàn thành|thực hiện được|tính đến|đến ngày"
    r"|đạt và vượt|vượt chỉ tiêu|vượt kế hoạch|đã cấp|đã cài|đã kích hoạt|đã thực hiện|so với|trong đó"
)


def _percent(
    low: str, first: Number, second: Number | None, index: int, clause: tuple[int, int]
) -> tuple[Draft, int]:
    """A percent, a range of percents (one draft), with its role."""
    one = Draft("percent", first.start, first.end, first.end, index, clause, percent=first)
    used = 0
    before = low[max(0, first.start - 60) : first.start]
    if (second and second.percent and not first.percent) or (
        second
        and second.percent
        and _range(low, first, second)
        and not re.search(r"(?:tăng|nâng|giảm|đưa)\s[^.;]{0,60}$", before)
    ):
        one.percent_to, one.end, one.head_end, used = second, second.end, second.end, 1
    one.percent_qualifier = one.qualifier = qualifier(low, first.start, one.end)
    if one.percent_to is not None:
        one.percent_qualifier = one.qualifier = "about"
    found = noun_after(low, one.end)
    if found:
        one.noun, one.family = found
    one.role, one.plan = _role(low, before, one, second)
    return one, used


def _role(low: str, before: str, one: Draft, second: Number | None) -> tuple[str, bool]:
    plan = _PLAN_AFTER.match(low, one.end) is not None
    if (
        one.percent
        and second
        and second.percent
        and re.search(r"từ(?:\s(?:mức|khoảng|hơn|trên|gần|dưới))*\s*$", before)
    ):
        gap = low[one.end : second.start]
        if len(gap) <= 70 and _UP_TO.match(gap):
            return "before", plan
        if len(gap) <= 12 and re.fullmatch(r"\s?đến(?:\s\w+)?\s?", gap):
            return "before", plan
    if re.search(r"%\s?/\s?$", before):
        return "target", False  # "83,5%/80%": reached and asked
    if _CHANGE.search(before) or (_OVER_PLAN.search(before) and (plan or _CHANGE_AFTER.match(low, one.end))):
        return "change", plan
    return "value", plan


def mark_targets(low: str, sentence: Sentence, drafts: list[Draft]) -> None:
    """Percents that somebody strives for are targets: from "phấn đấu", "mục tiêu" on, until a result is told."""
    opened_by = _TARGET_OPENS.search(low, sentence.start, sentence.end)
    if not opened_by:
        return
    cursor, striving = sentence.start, False
    for one in drafts:
        between = low[cursor : one.start][-600:]
        opens = [match.end() for match in _TARGET_OPENS.finditer(between)]
        results = [match.end() for match in _RESULT_OPENS.finditer(between)]
        if opens or results:
            striving = max(opens, default=-1) > max(results, default=-1) and _strives(between)
        cursor = one.end
        near = _TARGET_BEFORE.search(low[max(0, one.start - 48) : one.start])
        if (one.kind == "percent" and one.role == "value" and (near or (striving and not one.plan))) or (
            one.kind != "percent" and striving and one.kind == "count"
        ):
            one.role = "target"
        if near and not striving:
            continue


def _strives(between: str) -> bool:
    """ "chỉ tiêu" alone may head a list of results; striving needs a word that looks ahead."""
    if re.search(
        r"phấn đấu|mục tiêu|đề ra|đặt ra|dự kiến|sẽ đạt|phải đạt|cần đạt|hướng tới|kế hoạch năm", between
    ):
        return not re.search(
            r"(?:đạt|vượt|hoàn thành|thực hiện|so với|theo)\s(?:các\s|so với\s|100% )?(?:mục tiêu|chỉ tiêu"
            r"|kế hoạch)(?!.*(?:phấn đấu|đề ra))",
            between,
        )
    return re.search(
        r"chỉ tiêu.{0,60}(?:đảm bảo|bảo đảm|phải|là|:)", between, re.DOTALL
    ) is not None and not re.search(
        r"(?:đạt|vượt|kết quả).{0,30}chỉ tiêu|chỉ tiêu (?:đã |cơ bản )?(?:đạt|hoàn thành|thực hiện)", between
    )
