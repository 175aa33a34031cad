"""What somebody says a source printed, checked before it is stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.core.text import nfc
from bakhong.indicators.models import Qualifier, Report, Role
from bakhong.indicators.rules.definitions import STAGES, Definition, registry
from bakhong.places.models import Unit

MOST = 10**12  # more people, dossiers or documents than that do not exist
MOST_PERCENT = Decimal(100_000)


@dataclass(frozen=True)
class FigureEntry:
    """One printed figure. Counts are people, dossiers …; `percent` is as printed, with `percent_places` decimals.

    Days left out are those of the report; `unit` left out is the report's. `start` and `end` are characters of the report's text.
    `key` is the client's own: the same figure sent twice is one.
    """

    indicator: str
    numerator: int | None = None
    denominator: int | None = None
    percent: Decimal | None = None
    percent_places: int | None = None  # None: as many as `percent` has
    stage: str = ""
    population: str = ""
    population_text: str = ""
    role: str = Role.VALUE.value
    qualifier: str = ""
    scope: str = ""
    unit: Unit | None = None
    counted_from: date | None = None
    counted_to: date | None = None
    published_on: date | None = None
    start: int | None = None
    end: int | None = None
    excerpt: str = ""
    note: str = ""
    key: UUID | None = None


@dataclass(frozen=True)
class TargetEntry:
    """What is to be reached by a day: a percentage or a number."""

    indicator: str
    by_date: date
    percent: Decimal | None = None
    value: int | None = None
    stage: str = ""
    population: str = ""
    population_text: str = ""
    decision: str = ""
    unit: Unit | None = None
    start: int | None = None
    end: int | None = None
    excerpt: str = ""
    key: UUID | None = None


def figure_fields(entry: FigureEntry, report: Report, today: date) -> dict[str, Any]:
    """The entry as columns of a figure.

    Raises: Refusal, with what is wrong and what to do.
    """
    unit = entry.unit or report.unit
    start_day, end_day, published = _days(entry, report, unit, today)
    definition = definition_on(entry.indicator, end_day or published or today)
    _check_rules(definition, entry.stage, entry.population)
    _check_counts(definition, entry)
    if entry.role not in Role.values:
        raise Refusal(_("Loại số liệu “%(role)s” không có trong danh mục.") % {"role": entry.role})
    if entry.qualifier and entry.qualifier not in Qualifier.values:
        raise Refusal(_("Từ chỉ mức độ “%(word)s” không có trong danh mục.") % {"word": entry.qualifier})
    start, end, excerpt = span_of(report, entry.start, entry.end, entry.excerpt)
    return {
        "unit": unit,
        "role": entry.role,
        "scope": clean(entry.scope, 120),
        "indicator": entry.indicator,
        "definition_version": definition.version,
        "stage": entry.stage,
        "population": entry.population,
        "population_text": clean(entry.population_text, 200),
        "counted_from": start_day,
        "counted_to": end_day,
        "published_on": published,
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "percent": entry.percent,
        "percent_places": _places(entry),
        "qualifier": entry.qualifier,
        "excerpt": excerpt,
        "start": start,
        "end": end,
        "note": clean(entry.note, 2000),
    }


def target_fields(entry: TargetEntry, report: Report | None, unit: Unit, today: date) -> dict[str, Any]:
    """The entry as columns of a target.

    Raises: Refusal.
    """
    definition = definition_on(entry.indicator, today)
    _check_rules(definition, entry.stage, entry.population)
    if (entry.percent is None) is (entry.value is None):
        raise Refusal(_("Hãy ghi chỉ tiêu hoặc bằng tỷ lệ phần trăm, hoặc bằng số lượng."))
    _in_range(entry.value, _("Chỉ tiêu"))
    _percent_in_range(entry.percent)
    start, end, excerpt = (
        span_of(report, entry.start, entry.end, entry.excerpt) if report else (None, None, "")
    )
    return {
        "unit": unit,
        "indicator": entry.indicator,
        "definition_version": definition.version,
        "stage": entry.stage,
        "population": entry.population,
        "population_text": clean(entry.population_text, 200),
        "percent": entry.percent,
        "value": entry.value,
        "by_date": entry.by_date,
        "decision": clean(entry.decision, 200),
        "excerpt": excerpt,
        "start": start,
        "end": end,
    }


def definition_on(code: str, on: date) -> Definition:
    """The definition that held on the day.

    Raises: Refusal when no definition has the code.
    """
    if code not in registry():
        raise Refusal(
            _("Không có chỉ tiêu nào mang mã “%(code)s”. Hãy chọn chỉ tiêu trong danh mục.") % {"code": code}
        )
    return registry().version(code, on)


def clean(text: str, longest: int) -> str:
    """Composed Vietnamese without NUL bytes.

    Raises: Refusal when longer than the column.
    """
    text = nfc(text).replace("\x00", "").strip()
    if len(text) > longest:
        raise Refusal(
            _("Nội dung “%(start)s…” dài quá %(longest)s ký tự. Hãy viết ngắn lại.")
            % {"start": text[:40], "longest": longest}
        )
    return text


def span_of(
    report: Report, start: int | None, end: int | None, excerpt: str
) -> tuple[int | None, int | None, str]:
    """The place in the report's text, and the words that stand there."""
    if start is None or end is None:
        return None, None, clean(excerpt, 4000)
    if not 0 <= start < end <= len(report.text):
        raise Refusal(_("Vị trí của số liệu nằm ngoài văn bản. Hãy đọc lại báo cáo rồi xác nhận."))
    return start, end, report.text[start:end]


def _days(
    entry: FigureEntry, report: Report, unit: Unit, today: date
) -> tuple[date | None, date | None, date | None]:
    start, end = entry.counted_from or entry.counted_to, entry.counted_to or entry.counted_from
    if end is None:
        start = end = report.reported_on
    published = entry.published_on or report.published_on
    if start is not None and end is not None and start > end:
        raise Refusal(
            _("Ngày đầu kỳ (%(start)s) sau ngày cuối kỳ (%(end)s).")
            % {"start": format_day(start), "end": format_day(end)}
        )
    for day in (end, published):
        if day is not None and day > today:
            raise Refusal(
                _("Ngày %(day)s chưa tới. Số liệu chỉ có thể tính đến hôm nay.") % {"day": format_day(day)}
            )
    if end is not None and unit.valid_from is not None and end < unit.valid_from:
        raise Refusal(
            _("%(unit)s có từ ngày %(day)s. Hãy ghi số liệu trước ngày đó cho đơn vị cũ.")
            % {"unit": unit.full_name, "day": format_day(unit.valid_from)}
        )
    if start is not None and unit.valid_to is not None and start >= unit.valid_to:
        raise Refusal(
            _("%(unit)s đã sắp xếp lại từ ngày %(day)s. Hãy ghi số liệu từ ngày đó cho đơn vị mới.")
            % {"unit": unit.full_name, "day": format_day(unit.valid_to)}
        )
    return start, end, published


def _check_rules(definition: Definition, stage: str, population: str) -> None:
    if stage and stage not in STAGES:
        raise Refusal(_("Giai đoạn “%(stage)s” không có trong danh mục.") % {"stage": stage})
    if stage and stage not in definition.stages:
        raise Refusal(
            _("Chỉ tiêu “%(name)s” không có giai đoạn “%(stage)s”.")
            % {"name": definition.name_vi, "stage": STAGES[stage][0]}
        )
    if population and population not in registry().populations:
        raise Refusal(_("Nhóm người được tính “%(key)s” không có trong danh mục.") % {"key": population})


def _check_counts(definition: Definition, entry: FigureEntry) -> None:
    if entry.denominator is not None and entry.numerator is None:
        raise Refusal(_("“%(name)s”: có tổng số mà chưa có số đạt được.") % {"name": definition.name_vi})
    if entry.numerator is None and entry.percent is None:
        raise Refusal(
            _("“%(name)s”: hãy ghi số đạt được hoặc tỷ lệ phần trăm.") % {"name": definition.name_vi}
        )
    if entry.denominator == 0:
        raise Refusal(
            _("“%(name)s”: tổng số phải lớn hơn 0. Nếu chưa có ai thuộc diện này, hãy để trống cả hai ô.")
            % {"name": definition.name_vi}
        )
    _in_range(entry.numerator, _("Số đạt được"))
    _in_range(entry.denominator, _("Tổng số"))
    _percent_in_range(entry.percent)


def _in_range(number: int | None, what: Any) -> None:
    if number is not None and not 0 <= number <= MOST:
        raise Refusal(_("%(what)s phải là số nguyên từ 0 đến một nghìn tỷ.") % {"what": what})


def _percent_in_range(percent: Decimal | None) -> None:
    if percent is not None and not (percent.is_finite() and 0 <= percent <= MOST_PERCENT):
        raise Refusal(_("Tỷ lệ phần trăm phải là một số không âm, ví dụ 92,1."))


def _places(entry: FigureEntry) -> int:
    if entry.percent_places is not None:
        return entry.percent_places
    if entry.percent is None:
        return 0
    exponent = entry.percent.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
