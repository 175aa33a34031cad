"""Parts that make up a whole by their nature: settled and still open, online and at the desk, men and women."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from bakhong.indicators.rules import messages
from bakhong.indicators.rules.checks import FindingDraft, RepairDraft
from bakhong.indicators.rules.drafts import Draft
from bakhong.indicators.rules.nouns import compatible
from bakhong.indicators.rules.relations import OF_WHICH, Group, is_remaining
from bakhong.indicators.rules.repairs import of_sum
from bakhong.indicators.rules.segments import Sentence


@dataclass(frozen=True, slots=True)
class Family:
    """`members` are the words of each part. `closed`: nothing else can belong to the whole; else only a slip of one digit, or a sum
    above the whole, is reported. `opens` are the words that make a count the whole of this family.
    """

    name: str
    members: tuple[tuple[str, re.Pattern[str]], ...]
    closed: bool
    opens: re.Pattern[str] | None = None
    nouns: frozenset[str] | None = None


def _member(name: str, words: str) -> tuple[str, re.Pattern[str]]:
    return name, re.compile(rf"(?<!\w)(?:{words})(?!\w)")


FAMILIES = (
    Family(
        "status",
        (
            _member(
                "settled",
                r"đã (?:được )?(?:giải quyết|xử lý|hoàn thành|trả kết quả)|giải quyết xong|xử lý xong|đã trả",
            ),
            _member(
                "in_progress",
                r"đang (?:được )?(?:trong (?:thời gian|thời hạn|hạn|quá trình) )?(?:giải quyết|xử lý|thụ lý)|đang trong hạn"
                r"|chưa giải quyết|chưa xử lý",
            ),
        ),
        closed=True,
        opens=re.compile(r"tiếp nhận|nhận|phát sinh|tổng"),
    ),
    Family(
        "channel",
        (_member("online", r"trực tuyến|qua mạng|online"), _member("desk", r"trực tiếp")),
        closed=True,
    ),
    Family(
        "level",
        (_member("partial", r"một phần"), _member("full", r"toàn trình")),
        closed=False,
        opens=re.compile(r"trực tuyến|một cửa|dịch vụ công|dvc|môi trường (?:điện tử|mạng)"),
    ),
    Family(
        "sex",
        (
            _member("men", r"(?<!việt )(?<!miền )(?<!phía )nam(?: giới)?"),
            _member("women", r"nữ(?: giới)?|phụ nữ"),
        ),
        closed=True,
    ),
    Family(
        "presence",
        (_member("present", r"có mặt"), _member("away", r"vắng mặt|đi vắng|vắng|đi làm ăn xa")),
        closed=True,
    ),
    Family(
        "timeliness",
        (
            _member("on_time", r"(?:trước (?:hạn )?và )?đúng hạn|đúng và trước hạn"),
            _member("late", r"quá hạn|trễ hạn|chậm hạn"),
        ),
        closed=False,
    ),
    Family(
        "origin",
        (
            _member(
                "carried",
                r"(?:kỳ|năm|tháng|quý) trước (?:chuyển|mang) (?:sang|qua)|chuyển từ kỳ trước|tồn kỳ trước",
            ),
            _member("new", r"tiếp nhận mới|mới tiếp nhận|nhận mới|trong kỳ"),
        ),
        closed=True,
    ),
    Family("grade", (_member("one", r"mức (?:độ )?1"), _member("two", r"mức (?:độ )?2")), closed=False),
    Family(
        "done",
        (
            _member("done", r"đã (?:được )?(?:cài đặt|kích hoạt|cấp|đăng ký|thực hiện|có|mở)"),
            _member("not", r"chưa (?:được )?(?:cài đặt|kích hoạt|cấp|đăng ký|thực hiện|có|mở)"),
        ),
        closed=False,
    ),
)
_TOTAL_BEFORE = re.compile(
    r"(?:tổng cộng|tổng số|tổng|cộng)(?:\s+(?:là|có|số|cộng|cả|:|[^\W\d]+)){0,4}\s*:?\s*$"
)
_OPENS_LIST = re.compile(r"trong (?:số )?đó|gồm|cụ thể|chia ra|[(:]|,|bao gồm|thì")
_MORE = re.compile(
    r"(?<!\w)(?:còn lại|số khác|khác|bưu chính|bưu điện|rút hồ sơ|từ chối|trả lại|huỷ|tạm dừng"
    r"|bổ sung|tạm vắng|kỳ trước|năm trước chuyển|tồn)(?!\w)"
)
MAX_EXTRAS = 4
ENOUGH = 1000  # below, any two numbers are one digit apart, and that tells nothing


def check_families(low: str, group: Group, sentences: list[Sentence]) -> list[FindingDraft]:
    items = [one for one in group.items if one.kind != "percent" and one.role in ("value", "remaining")]
    if len(items) < 2 or len(items) > 20:
        return []
    begin, end = sentences[group.sentences[0]].start, sentences[group.sentences[-1]].end
    if end - begin > 4000:
        return []
    out: list[FindingDraft] = []
    for family in FAMILIES:
        if all(pattern.search(low, begin, end) for _, pattern in family.members):
            out += _check(low, family, items, begin, end)
    return out or _check_list(low, items)


def _check_list(low: str, items: list[Draft]) -> list[FindingDraft]:
    """ "thôn A 120 người, thôn B 96 người, tổng cộng 216 người": reported only where one digit mends it, for lists may be incomplete."""
    for at, whole in enumerate(items):
        before = low[max(items[at - 1].head_end, whole.number_start - 40) : whole.number_start] if at else ""
        parts = items[:at]
        if at < 2 or not _TOTAL_BEFORE.search(before) or OF_WHICH.search(low, parts[0].head_end, whole.start):
            continue
        if whole.family is None or any(
            one.family != whole.family or one.kind != "count" or one.approximate for one in (*parts, whole)
        ):
            continue
        for one in (*parts, whole):
            one.used = True
        if _fits(parts, whole, []) or whole.n is None:
            return []
        total = sum(part.n or 0 for part in parts)
        repairs = _repairs(parts, whole, whole.n)
        if repairs and whole.n >= ENOUGH:
            message = messages.parts([part.n or 0 for part in parts], total, whole.n)
            return [
                FindingDraft(
                    "parts_do_not_sum", [whole, *parts], Decimal(total), Decimal(whole.n), message, repairs
                )
            ]
    return []


def _labels(low: str, family: Family, items: list[Draft], begin: int, end: int) -> list[dict[str, Draft]]:
    """The parts by name, read three ways: by the words before each number, by those after it, and by whichever stand next to it."""
    before = [_before(low, items, at, begin) for at in range(len(items))]
    after = [_after(low, items, at, end) for at in range(len(items))]
    early = [_last(family, text) for text in before]
    late = [_first(family, text) for text in after]
    beside = [
        _last(family, re.split(r"[,;(:]", text)[-1]) or _first(family, re.split(r"[,;.)]", later)[0])
        for text, later in zip(before, after, strict=True)
    ]
    found = []
    for names in (early, late, beside):
        parts = _parts(family, names, items)
        if parts and parts not in found:
            found.append(parts)
    return found


def _parts(family: Family, names: list[str | None], items: list[Draft]) -> dict[str, Draft] | None:
    parts: dict[str, Draft] = {}
    for name, one in zip(names, items, strict=True):
        if name is None:
            continue
        # "trong kỳ có 1.250 hồ sơ (kỳ trước chuyển sang 50, trong kỳ 1.200)": the whole may bear a part's words
        if name in parts and parts[name] is not items[0]:
            return None
        parts[name] = one
    return parts if len(parts) == len(family.members) else None


def _before(low: str, items: list[Draft], at: int, begin: int) -> str:
    start = items[at - 1].head_end if at else begin
    return low[max(start, items[at].number_start - 110) : items[at].number_start]


def _after(low: str, items: list[Draft], at: int, end: int) -> str:
    """The words after a count; of "274 hồ sơ trực tiếp trong tổng số 1.442" those after the 274."""
    one = items[at]
    start = one.head_end
    if one.numerator and one.denominator and one.numerator.start < one.denominator.start:
        start = one.numerator.end
    return low[start : min(items[at + 1].start if at + 1 < len(items) else end, start + 70)]


def _last(family: Family, text: str) -> str | None:
    hits = [(match.end(), name) for name, pattern in family.members for match in pattern.finditer(text)]
    return max(hits)[1] if hits else None


def _first(family: Family, text: str) -> str | None:
    hits = [(match.start(), name) for name, pattern in family.members if (match := pattern.search(text))]
    return min(hits)[1] if hits else None


def _check(low: str, family: Family, items: list[Draft], begin: int, end: int) -> list[FindingDraft]:
    failures: list[tuple[list[Draft], Draft, list[Draft]]] = []
    for labelled in _labels(low, family, items, begin, end):
        parts = sorted(labelled.values(), key=lambda one: one.start)
        whole = _whole(low, family, items, parts)
        if (
            whole is None
            and parts[-1].kind == "fraction"
            and all(part.kind == "count" for part in parts[:-1])
        ):
            whole = parts[-1]  # "… 31 hồ sơ trong tổng số 2.434 hồ sơ"
        if whole is None or any(not compatible(part.family, whole.family) for part in parts):
            continue
        if len({part.family for part in (*parts, whole) if part.family}) > 1:
            continue
        others = [
            one
            for one in items
            if one not in parts and one is not whole and compatible(one.family, whole.family)
        ]
        for one in (*parts, whole):
            one.used = True
        if _fits(parts, whole, others):
            return []
        failures.append((parts, whole, others))
    if not failures:
        return []
    parts, whole, others = failures[0]
    if any(one.approximate for one in (*parts, whole)) or _more(low, parts, whole, begin, end):
        return []
    return _finding(low, family, parts, whole)


def _whole(low: str, family: Family, items: list[Draft], parts: list[Draft]) -> Draft | None:
    """The total told with "tổng", else the count right before the parts when something opens the list."""
    rest = [one for one in items if one not in parts]
    for one in rest:
        if one.start > parts[-1].end and _TOTAL_BEFORE.search(
            low[max(parts[-1].head_end, one.number_start - 40) : one.number_start]
        ):
            return one
    earlier = [one for one in rest if one.end <= parts[0].start]
    if not earlier:
        return None
    for one in reversed(earlier):
        between = low[one.head_end : parts[0].number_start]
        if len(between) > 400:
            return None
        if any(
            other is not one and other.start > one.start for other in earlier
        ) and not _TOTAL_BEFORE.search(low[max(0, one.number_start - 40) : one.number_start]):
            continue
        before = low[max(0, one.number_start - 80) : one.number_start]
        if _OPENS_LIST.search(between) and (family.name != "status" or _opens(family, before)):
            return one
    nearest = earlier[-1]
    between = low[nearest.head_end : parts[0].number_start]
    before = low[max(0, nearest.number_start - 80) : nearest.number_start]
    if OF_WHICH.search(between) or (
        family.name == "status" and _opens(family, before) and len(between) < 120
    ):
        return nearest
    return None


def _opens(family: Family, before: str) -> bool:
    return family.opens is None or family.opens.search(before) is not None


def _fits(parts: list[Draft], whole: Draft, others: list[Draft]) -> bool:
    """Any reading that fits: numerators or denominators, with or without the other counts of the group, of any whole."""
    wholes = {number for one in (whole, *others) for number in (one.n, one.d) if number is not None}
    extras = [one.n for one in others if one.n is not None][:MAX_EXTRAS]
    sums = {sum(one.n or 0 for one in parts), sum(one.d or one.n or 0 for one in parts)}
    for count in range(len(extras) + 1):
        for chosen in combinations(extras, count):
            if any(base + sum(chosen) in wholes or base - sum(chosen) in wholes for base in sums):
                return True
    return False


def _more(low: str, parts: list[Draft], whole: Draft, begin: int, end: int) -> bool:
    """Whether the text between begin and end names a further part without counting it."""
    begin = min(parts[0].start, max(begin, whole.start - 80))
    stop = min(end, max(parts[-1].end, whole.end) + 80)
    for match in _MORE.finditer(low, begin, stop):
        before = low[max(0, match.start() - 24) : match.start()]
        if not re.search(r"không(?: có)?(?: \w+){0,2} $", before):
            return True
    return False


def _finding(low: str, family: Family, parts: list[Draft], whole: Draft) -> list[FindingDraft]:
    numbers = [part.n or 0 for part in parts]
    stated = whole.d if whole in parts else whole.n
    if stated is None:
        return []
    total = sum(numbers)
    repairs = _repairs(parts, whole, stated)
    closed = family.closed or (family.name == "level" and _all_online(low, family, whole))
    above = total > stated and family.name in ("level", "timeliness")
    if not closed and not above and not (repairs and stated >= ENOUGH):
        return []
    if any(is_remaining(low, part) for part in parts):
        return []
    message = messages.parts(numbers, total, stated)
    return [
        FindingDraft("parts_do_not_sum", [whole, *parts], Decimal(total), Decimal(stated), message, repairs)
    ]


def _all_online(low: str, family: Family, whole: Draft) -> bool:
    """Partly and fully online services make up the dossiers only where those are online ones ("một cửa điện tử")."""
    if whole.family != "dossier" or family.opens is None:
        return False
    own = OF_WHICH.split(low[whole.head_end : whole.head_end + 100])[0]
    return (
        family.opens.search(
            low[max(0, whole.number_start - 80) : whole.number_start] + re.split(r"[,;(]", own)[0]
        )
        is not None
    )


def _repairs(parts: list[Draft], whole: Draft, stated: int) -> list[RepairDraft]:
    name = "denominator" if whole in parts else "numerator"
    return [
        RepairDraft(
            *((whole, name) if at is None else (parts[at], slip.field)), slip.printed, slip.fits, slip.kind
        )
        for at, slip in of_sum([part.n or 0 for part in parts], stated)
    ]
