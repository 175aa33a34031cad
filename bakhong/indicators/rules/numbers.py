"""Numbers as Vietnamese reports write them, and the digits that are not figures.

Every number is looked at once, with a bounded piece of text on either side, so the time grows with the length of the text.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from bakhong.core.errors import Refusal
from bakhong.indicators.rules.nouns import known_noun_after

MAX_NUMBERS = 20_000
CONTEXT = 48


class TooManyNumbers(Refusal):
    """The text is a list of numbers rather than a report."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            "Văn bản có hơn 20.000 con số nên không phải báo cáo bằng lời. Hãy nộp bảng số liệu dưới dạng tệp Excel."
        )


@dataclass(slots=True)
class Number:
    """`value` is exact; `places` the decimals printed; `end` includes a following %, `digits_end` does not."""

    start: int
    end: int
    digits_end: int
    value: Decimal
    places: int
    percent: bool
    raw: str

    whole: int | None = field(init=False)

    def __post_init__(self) -> None:
        exact = not self.percent and self.value == self.value.to_integral_value()
        self.whole = int(self.value) if exact else None


_ATOM = re.compile(r"\d+(?:[.,]\d+)*")
_PERCENT = re.compile(r"\s{0,2}(?:%|phần trăm(?!\w))")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$|\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_DECIMAL = re.compile(r"\d+[.,]\d+$")


def parse(raw: str, percent: bool) -> tuple[Decimal, int] | None:
    """The value and its printed decimals; None when the digits are no number (a version, a date).

    >>> parse("1.674", False), parse("61,62", True), parse("61.625", True), parse("1.2.3", False)
    ((Decimal('1674'), 0), (Decimal('61.62'), 2), (Decimal('61.625'), 3), None)
    """
    raw = "".join(raw.split())
    if raw.isdigit():
        return Decimal(raw), 0
    one_separator = _DECIMAL.fullmatch(raw)
    if one_separator and (percent or raw.startswith("0")):
        return Decimal(raw.replace(",", ".")), len(re.split("[.,]", raw)[1])
    if _THOUSANDS.fullmatch(raw):
        decimal = "," if "." in raw and "," in raw and raw.rfind(",") > raw.rfind(".") else "."
        if raw.count(".") and raw.count(",") and decimal == ".":
            whole, fraction = raw.replace(",", "").split(".")
        elif raw.count(".") and raw.count(","):
            whole, fraction = raw.replace(".", "").split(",")
        else:
            return Decimal(raw.replace(".", "").replace(",", "")), 0
        return Decimal(f"{whole}.{fraction}"), len(fraction)
    if one_separator:
        return Decimal(raw.replace(",", ".")), len(re.split("[.,]", raw)[1])
    return None


def scan(low: str, cased: str) -> list[Number]:
    """Every number that may be a figure or part of one, in order.

    Raises: TooManyNumbers.

    >>> text = "Ngày 14/7, có 1 674/2.002 người (61, 62 %) theo Quyết định 766/QĐ-TTg"
    >>> [number.raw for number in scan(text.lower(), text)]
    ['1 674', '2.002', '61, 62']
    """
    spans = [match.span() for match in _ATOM.finditer(low)]
    if len(spans) > MAX_NUMBERS:
        raise TooManyNumbers
    numbers: list[Number] = []
    masked_to = -1
    for start, end in _joined(low, spans):
        suffix = _PERCENT.match(low, end)
        parsed = parse(low[start:end], suffix is not None)
        if start < masked_to:
            continue
        masked = _masked_until(low, cased, start, end, suffix is not None)
        if masked:
            masked_to = masked
            continue
        if parsed is None:
            continue
        value, places = parsed
        stop = suffix.end() if suffix else end
        if not suffix and (times := _MULTIPLIER.match(low, end)):
            value, stop = value * _TIMES[times[1]], times.end(1)
            places = 0
        numbers.append(Number(start, stop, end, value, places, suffix is not None, low[start:end]))
    return numbers


def _joined(low: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Puts numbers together that were typed with spaces inside: "1 674", "61, 62 %", "1. 674/2002"."""
    out: list[tuple[int, int]] = []
    at = 0
    while at < len(spans):
        start, end = spans[at]
        while at + 1 < len(spans) and _joins(low, start, end, spans, at):
            at += 1
            end = spans[at][1]
        out.append((start, end))
        at += 1
    return out


_AFTER_LEVEL = re.compile(
    r"(?:ngày|tháng|năm|mức|mức độ|độ|quý|thứ|khoản|điều|thôn|xóm|bản|khu|phố|tổ|đợt|lần|bước|mục|phần|cấp|lớp|stt)\s*$"
)
_LINE_START = re.compile(r"(?:^|\n)[\s*+\-]*$")
_LONE = re.compile(r"(?:^|[^\d\s]|[^\d]\s)$")


def _joins(low: str, start: int, end: int, spans: list[tuple[int, int]], at: int) -> bool:
    following = spans[at + 1]
    gap = low[end : following[0]]
    if not 1 <= len(gap) <= 3 or "\n" in gap:
        return False
    left, right = low[start:end], low[following[0] : following[1]]
    before = low[max(0, start - 12) : start]
    if gap == " ":
        if not (left.replace(" ", "").isdigit() and re.fullmatch(r"\d{3}(?:,\d{1,2})?", right)):
            return False
        groups = left.split(" ")
        if left[0] == "0" or len(groups[0]) > 3 or not _LONE.search(before) or _AFTER_LEVEL.search(before):
            return False
        after = low[following[1] : following[1] + 2]
        if re.match(r"\s\d", after):  # 1 234 567 goes on; 120 130 250 are columns
            return len(groups[0]) < 3 and at + 2 < len(spans) and spans[at + 2][1] - spans[at + 2][0] == 3
        if _LINE_START.search(before):
            return False
        return len(groups[0]) < 3 or known_noun_after(low, following[1])
    if gap in (", ", " ,", " , "):
        tail = re.match(r"\s{0,2}(?:%|phần trăm)", low[following[1] : following[1] + 14])
        if not (tail and left.isdigit() and len(left) <= 3 and right.isdigit() and len(right) <= 2):
            return False
        # "lần lượt đạt 80, 75%" is a list
        return "lượt" not in low[max(0, start - 30) : start]
    if gap in (". ", " .", " . "):
        if not (left.isdigit() and len(left) <= 3 and len(right) == 3 and right.isdigit()) or left[0] == "0":
            return False
        if gap != ". ":
            return True
        after = low[following[1] : following[1] + 3]
        return not _LINE_START.search(before) and (
            bool(re.match(r"\s?/", after)) or known_noun_after(low, following[1])
        )
    return False


_TIMES = {"triệu": 1_000_000, "nghìn": 1_000, "ngàn": 1_000, "tỷ": 1_000_000_000}
_MULTIPLIER = re.compile(r"\s{0,2}(triệu|nghìn|ngàn|tỷ)(?!\w)")
_MONEY = re.compile(
    r"\s{0,2}(?:triệu|nghìn|ngàn|tỷ|tr|k)?\s{0,2}(?:đồng(?!\s+(?:chí|bào))|đ(?!\w)|vnđ|vnd|usd|đô la)"
    r"|\s{0,2}(?:triệu|tỷ)\s*(?:đồng|[.,;)\n]|$)"
)
_MEASURE = re.compile(
    r"\s{0,2}(?:tuổi|giờ|phút|giây|ngày|tháng|tuần|quý|năm(?!\s+\d{4})|km2|km|m2|m²|ha|kg|tấn|mét|m|cm|mm|lít|gb|mb|kb|mbps|w|kw|kwh"
    r"|điểm(?!\s*(?:phần trăm|%|cầu|bưu|giao|bán|thanh))|°c?|độ c|thế kỷ|inch|mhz|ghz)(?!\w)"
)
_RANGE_OF_AGE = re.compile(r"\s?(?:-|đến)\s?(?:dưới\s)?\d{1,3}\s?tuổi")
_GLUED_RIGHT = re.compile(r"[^\W\d_]")
_CODE_RIGHT = re.compile(r"(?:/\d{4})?\s?[/\-]\s?(?=[^\W\d_])(?:[^\W_]|[-&/.])+")
_DATE = re.compile(r"\d{1,2}\s?([/.\-])\s?\d{1,2}\s?\1\s?\d{2,4}(?!\d)(?!\s{0,2}%)")
_MONTH_YEAR = re.compile(r"\d{1,2}\s?[/\-]\s?(?:199\d|20[0-4]\d)(?!\d)")
# "(5/2020)" after a percent and "5/2020, đạt 0,2%" are fractions, whatever they look like.
_SHARE_LEFT = re.compile(r"%\s?\(\s?$")
_SHARE_RIGHT = re.compile(r"\s{0,3}[(,]?\s{0,2}(?:đạt|chiếm|tương|bằng|=|\d+(?:[.,]\d+)?\s?%)")
_DAY_MONTH = re.compile(r"(\d{1,2})\s?/\s?(\d{1,2})(?!\d)(?!\s?/)")
_DAYS = re.compile(
    r"\d{1,2}\s?/\s?\d{1,2}\s?(?:-|đến)\s?\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?(?!\d)(?!\s{0,2}[%(])"
)
_YEARS = re.compile(r"(?:19|20)\d\d\s?[-–]\s?(?:19|20)?\d\d(?!\d)(?!\s{0,2}%)")
_CLOCK = re.compile(r"\d{1,2}(?::\d{2}|h\d{0,2}|g\d{2})(?!\w)")
_ROUND_THE_CLOCK = re.compile(r"24/(?:7|24)(?![\d.,]\d|\d)")
_DAY_WORD = re.compile(
    r"(?:ngày|sáng|chiều|tối|trưa|đêm|hôm|mùng|mồng|dịp|lễ|kỷ niệm|tháng|quý|thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)[\s,(]*$"
)
_UNTIL_WORD = re.compile(r"(?:đến|từ|trước|sau|hết|vào|và|,|-|kỳ)\s*$")
_YEAR_WORD = re.compile(
    r"(?:năm|giai đoạn|thời kỳ|nhiệm kỳ|niên khoá|năm học|cuối|đầu|giữa|tầm nhìn|xuân|tết|hè|vụ|khoá)\s*\(?\s*$"
)
_TO_YEAR = re.compile(r"(?:đến|từ|trước|sau|kế hoạch|chỉ tiêu|mục tiêu|kỳ|so với|(?<!\d)/)\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_RANK = re.compile(r"(?:thứ|xếp|hạng|vị trí|top|đứng)(?:\s+(?:thứ|hạng))?\s*:?\s*$")
_DOCUMENT = re.compile(
    r"(?:quyết định|nghị quyết|nghị định|thông tư|chỉ thị|công văn|công điện|luật|đề án|kết luận|pháp lệnh|hiến pháp|tcvn|qcvn|iso)"
    r"\s*(?:số)?\s*:?\s*$"
    r"|(?:kế hoạch|báo cáo|thông báo|hướng dẫn|văn bản|tờ trình|quy định|chương trình|biên bản|giấy mời|quy chế|giấy phép)\s+số\s*:?\s*$"
    r"|(?:^|\n)\s*số\s*:\s*$"
)
_PHONE = re.compile(
    r"(?:điện thoại|đt|sđt|hotline|tổng đài|đường dây nóng|fax|mã số|số tài khoản|cccd|cmnd|mst)\s*(?:số)?\s*[:.]?\s*$"
)
_LEVEL = re.compile(
    r"(?:điều|khoản|điểm|chương|mục|tiểu mục|phần|bước|phụ lục|biểu|mẫu|bảng|hình|trang|tập|câu|lớp|khối|khoá|lần|kỳ|quốc lộ|ql|tỉnh lộ"
    r"|đường|nhà|thửa|tờ|loại|mức|mức độ|cấp độ|level|bậc|nhóm|đợt|quận|đội|tuần|tháng|ngày|quý|lúc|hồi|tiêu chí|cấp|ipv|web|nội dung)"
    r"(?:\s+(?:số|thứ))?\s*$"
    r"|(?:mức|mức độ|cấp độ|tháng|quý|khoản|điều|điểm|tuổi|ngày)\s*\d{1,2}\s*(?:,|và|đến|-|hoặc)\s*(?:mức\s|tháng\s)?$"
)
_VILLAGE = re.compile(
    r"(?:thôn|xóm|bản|ấp|làng|buôn|khu|khu phố|tổ|tổ dân phố|tdp|tiểu khu|phường|cụm|quận)(?:\s+số)?\s*$"
)
_SECTION_RIGHT = re.compile(r"\s?[.)/](?=\s)|\)")
_NO_COUNT = re.compile(r'\s?["\']?\s?(?:không|cửa|số|bên|cạnh)(?!\w)')


def _masked_until(low: str, cased: str, start: int, end: int, percent: bool) -> int:
    """Where the digits that are not a figure end; 0 when they may be one."""
    raw = low[start:end]
    before = low[max(0, start - CONTEXT) : start]
    previous = before[-1:]
    if (date := _DATE.match(low, start)) and not (percent and date.end() <= end):
        return date.end()
    if percent:
        return end if previous.isalpha() and _GLUED_RIGHT.match(previous) and len(raw) > 6 else 0
    glued = _GLUED_RIGHT.match(low, end)
    if previous.isalpha() or (previous in "_#@&" and previous):
        return end
    if hour := _CLOCK.match(low, start):
        return hour.end()
    if code := _CODE_RIGHT.match(low, end):
        return code.end()
    if glued and not known_noun_after(low, end):
        return end
    if (raw.isdigit() and (len(raw) >= 9 or (len(raw) >= 3 and raw[0] == "0"))) or _PHONE.search(before):
        return _phone_end(low, end)
    if raw.endswith(".0") and len(raw) <= 3:
        return end
    if masked := _masked_by_time(low, start, end, raw, before):
        return masked
    slash = re.match(r"\s?/\s?\d+(?:[.,]\d+)*", low[end : end + 20])
    clock = _ROUND_THE_CLOCK.match(low, start)
    if _RANK.search(before) or (clock and not _share(low, before, clock.end())):
        return end + (slash.end() if slash else 0)
    if (
        _DOCUMENT.search(before)
        or _MONEY.match(low, end)
        or _MEASURE.match(low, end)
        or _RANGE_OF_AGE.match(low, end)
    ):
        return end
    if raw.isdigit() and len(raw) <= 2 and not slash:
        if _VILLAGE.search(before) or (_LEVEL.search(before) and not known_noun_after(low, end)):
            return end
        if len(raw) == 1 and _NO_COUNT.match(low, end):
            return end
    if (
        _VILLAGE.search(before)
        and raw.isdigit()
        and len(raw) <= 2
        and slash
        and _LINE_START.search(before) is None
    ):
        return 0
    return _section_end(low, cased, start, end, raw)


def _masked_by_time(low: str, start: int, end: int, raw: str, before: str) -> int:
    """Days, months and years."""
    if years := _YEARS.match(low, start):
        return years.end()
    if (days := _DAYS.match(low, start)) and not known_noun_after(low, days.end()):
        return days.end()
    day_word, previous = _DAY_WORD.search(before), before[-1:]
    month = _MONTH_YEAR.match(low, start) if raw.isdigit() and int(raw[:3]) <= 12 else None
    until = _UNTIL_WORD.search(before)
    if month and (
        day_word or not (known_noun_after(low, month.end()) if until else _share(low, before, month.end()))
    ):
        return month.end()
    if (day := _DAY_MONTH.match(low, start)) and raw.isdigit():
        possible = 1 <= int(day[1]) <= 31 and 1 <= int(day[2]) <= 12
        if possible and day_word:
            return day.end()
        plain = not known_noun_after(low, day.end()) and not re.match(
            r"\s{0,2}[(%]", low[day.end() : day.end() + 3]
        )
        if possible and plain and _UNTIL_WORD.search(before):
            return day.end()
    if day_word and raw.isdigit() and len(raw) <= 2:
        return end
    if _YEAR.match(raw):
        bracketed = previous == "(" and low[end : end + 1] == ")"
        if bracketed or _YEAR_WORD.search(before) or (_TO_YEAR.search(before) and _ends_year(low, end)):
            return end
    return 0


def _ends_year(low: str, end: int) -> bool:
    """Nothing after "đến 2025" makes it a count."""
    return not known_noun_after(low, end) and not re.match(
        r"\s?/\s?\d|\s(?:trên|trong)\s", low[end : end + 7]
    )


def _share(low: str, before: str, end: int) -> bool:
    """Whether "a/b" is a fraction by what stands around it: a noun, a percent."""
    return known_noun_after(low, end) or bool(_SHARE_LEFT.search(before) or _SHARE_RIGHT.match(low, end))


def _phone_end(low: str, end: int) -> int:
    rest = re.match(r"(?:[ .\-]\d{2,4}){1,4}(?![\d%])", low[end : end + 24])
    return end + (rest.end() if rest else 0)


def _section_end(low: str, cased: str, start: int, end: int, raw: str) -> int:
    """Numbers of headings and list items: "1. ", "2.1. ", "3) ", "1.2 Kết quả"."""
    line = low.rfind("\n", max(0, start - 12), start) + 1 or (0 if start <= 12 else -1)
    if line < 0 or low[line:start].strip(" \t*+-("):
        return 0
    if not re.fullmatch(r"\d{1,2}(?:\.\d{1,2}){0,3}", raw):
        return 0
    if _SECTION_RIGHT.match(low, end):
        return end
    titled = re.match(r"\s+[^\W\d_]", cased[end : end + 6])
    return end if "." in raw and titled and titled.group()[-1].isupper() else 0
