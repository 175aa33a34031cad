"""What the provincial lists say: in time, and papers not asked for twice. Each number with its list and the day it is of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.numbers import format_day
from bakhong.desk.frame import BadQuestion, page, today, unit_page
from bakhong.desk.views.exchange_tabs import check_commune, tabs_of
from bakhong.dossiers.models import State
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.exchange import (
    Counted,
    Judged,
    counted_rows,
    from_store,
    lists_of,
    on_time,
    population_used,
    reused,
)
from bakhong.dossiers.rules.states import NATIONAL
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

SHOWN = 200
LONGEST = timedelta(days=366)
STATE_WORDS = {number: State(code).label for code, number in NATIONAL.items() if code != "approved"}


@dataclass(frozen=True)
class Measure:
    """One number. `bad` and `silent` name the lists behind what it does not count, in words."""

    code: str
    label: str
    counted: Counted
    of: str
    bad: str
    silent: str
    source: str


@unit_page(VIEW)
def measures(request: StaffRequest, unit: Unit) -> HttpResponse:
    check_commune(unit)
    first, last = period_of(request)
    rows = counted_rows([unit.pk], (first, last))
    found = _measures(rows)
    behind = request.GET.get("behind", "")[:30]
    title, listed = _behind(found, behind)
    latest = lists_of(request.actor, unit).filter(undone_at=None).order_by("-as_of").first()
    return page(
        request,
        "desk/exchange/measures.html",
        unit=unit,
        active="exchange",
        tabs=tabs_of(request, unit, "exchange_measures"),
        first=first,
        last=last,
        number=len(rows),
        lines=[_line(each, first, last) for each in found],
        latest=latest,
        behind_title=title,
        behind=[_row(each) for each in listed[:SHOWN]],
        behind_count=len(listed),
        shown=SHOWN,
    )


def _measures(rows: list[Judged]) -> list[Measure]:
    return [
        Measure(
            "on_time",
            _("Đúng hẹn"),
            on_time(rows),
            _("hồ sơ danh sách ghi đủ ngày"),
            _("Hồ sơ trễ hẹn"),
            _("Hồ sơ không rõ đúng hẹn hay trễ hẹn"),
            _(
                "Trừ thời gian chờ bổ sung; yêu cầu bổ sung quá một lần là trễ; đang làm tính đến ngày danh sách (QĐ 766, mục 2.1)."
            ),
        ),
        Measure(
            "reused",
            _("Không phải nộp lại giấy tờ đã có"),
            reused(rows),
            _("hồ sơ mà danh sách có ghi"),
            _("Hồ sơ phải nộp lại giấy tờ"),
            _("Hồ sơ mà danh sách không ghi"),
            _("Có ít nhất một giấy tờ dùng lại hoặc đã số hoá (mục 4.3)."),
        ),
        Measure(
            "from_store",
            _("Lấy từ kho dữ liệu của người dân"),
            from_store(rows),
            _("hồ sơ mà danh sách có ghi"),
            _("Hồ sơ không lấy từ kho"),
            _("Hồ sơ mà danh sách không ghi"),
            _("Mục 4.4."),
        ),
        Measure(
            "population",
            _("Dùng dữ liệu dân cư"),
            population_used(rows),
            _("hồ sơ mà danh sách có ghi"),
            _("Hồ sơ không dùng dữ liệu dân cư"),
            _("Hồ sơ mà danh sách không ghi"),
            _("Mục 4.5."),
        ),
    ]


def _line(measure: Measure, first: date, last: date) -> dict[str, Any]:
    counted = measure.counted
    figure = Figure(
        numerator=counted.numerator,
        denominator=counted.denominator,
        counted=measure.of,
        day_text=_("tiếp nhận hoặc xong từ %(first)s đến %(last)s")
        % {"first": format_day(first), "last": format_day(last)},
        url=_url(measure.code, "good", first, last),
    )
    return {
        "measure": measure,
        "figure": figure if counted.denominator else None,
        "bad": len(counted.bad),
        "bad_url": _url(measure.code, "bad", first, last),
        "silent": len(counted.silent),
        "silent_url": _url(measure.code, "silent", first, last),
    }


def _url(code: str, part: str, first: date, last: date) -> str:
    told = {"first": format_day(first), "last": format_day(last), "behind": f"{code}-{part}"}
    return "?" + urlencode(told) + "#behind"


def _behind(found: Iterable[Measure], asked: str) -> tuple[str, tuple[Judged, ...]]:
    for each in found:
        lists = {
            "good": (f"{each.label}: {_('hồ sơ được tính')}", each.counted.good),
            "bad": (each.bad, each.counted.bad),
            "silent": (each.silent, each.counted.silent),
        }
        for part, listed in lists.items():
            if asked == f"{each.code}-{part}":
                return listed
    return "", ()


def _row(each: Judged) -> dict[str, Any]:
    row = each.row
    why = {
        "supplements": _("yêu cầu bổ sung %(count)s lần") % {"count": row.supplements},
        "late": _("xong sau hẹn")
        if row.finished_at or row.returned_at or row.refused_at
        else _("quá hẹn, chưa xong"),
        "no_due": _("không có ngày hẹn trả"),
        "no_end": _("đã xong nhưng danh sách không ghi ngày xong"),
    }
    return {
        "row": row,
        "state": STATE_WORDS.get(row.state or 0, ""),
        "why": why.get(each.verdict.why, ""),
        "end": row.finished_at or row.returned_at or row.refused_at,
    }


def period_of(request: StaffRequest) -> tuple[date, date]:
    """This month so far, where nothing is asked. Raises: BadQuestion for days that cannot be."""
    first = _day(request, "first") or today().replace(day=1)
    last = _day(request, "last") or today()
    if not first <= last <= first + LONGEST:
        raise BadQuestion(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
    return first, last


def _day(request: StaffRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    day = parse_day(text)
    if text and (day is None or not 2000 <= day.year < 2100):
        raise BadQuestion(_("Ngày không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."))
    return day
