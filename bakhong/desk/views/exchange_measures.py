"""What the provincial lists say: in time, and papers not asked for twice. Each number with its list and the day it is of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of, parse_day
from bakhong.core.errors import NotFound
from bakhong.core.numbers import read_count
from bakhong.desk.frame import BadQuestion, page, today, unit_page
from bakhong.desk.listed import Asked, asked_of, line_of
from bakhong.desk.views.exchange_parts import PARTS, download_parts, tables
from bakhong.desk.views.exchange_tabs import check_commune, tabs_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.writing.xlsx import Column, Kind, Sheet, workbook
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.counts import ended
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
from bakhong.dossiers.queries.exchange_parts import here_too, not_among
from bakhong.dossiers.queries.filed_elsewhere import words_of_state
from bakhong.places.models import Unit

PAGE = 50
LONGEST = timedelta(days=366)


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


@unit_page(VIEW, post=VIEW)
def measures(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET: the numbers, with one list behind. POST: that list as a workbook."""
    check_commune(unit)
    first, last = period_of(request)
    rows = counted_rows([unit.pk], (first, last))
    asked = asked_of(request, first, last)
    if request.method == "POST" and asked.behind == PARTS:
        return download_parts(request, unit, rows, asked)
    title, listed = _behind(_measures(_asked_rows(rows, unit, asked)), asked)
    if request.method == "POST":
        return _download(request, unit, asked, title, listed)
    shown, more = _part(listed, read_count(request.GET.get("after", "")))
    whole = on_time(rows)
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
        lines=[_line(each, first, last) for each in _measures(rows)],
        latest=latest,
        here_too=here_too([*whole.good, *whole.bad], [unit.pk]),
        parts=tables(rows, Asked(first, last)),
        parts_url=Asked(first, last, PARTS).url(),
        behind_title=title,
        behind=[_row(each) for each in shown],
        behind_count=len(listed),
        list_url=asked.url(),
        next_url=asked.url(after=more) if more else "",
        is_later="after" in request.GET,
    )


def _asked_rows(rows: Sequence[Judged], unit: Unit, asked: Asked) -> list[Judged]:
    taken = [each for each in rows if asked.takes(each)]
    if not asked.is_apart:
        return taken
    return not_among(taken, ended([unit.pk], (asked.first, asked.last)))


def _part(listed: Sequence[Judged], after: int | None) -> tuple[Sequence[Judged], int]:
    """The rows after that one, a page of them, and the key of the last where there are more (else 0)."""
    keys = [each.row.pk for each in listed]
    start = keys.index(after) + 1 if after in keys else 0
    shown = listed[start : start + PAGE]
    return shown, shown[-1].row.pk if len(listed) > start + PAGE else 0


def _download(
    request: StaffRequest, unit: Unit, asked: Asked, title: str, listed: Sequence[Judged]
) -> HttpResponseBase:
    if not title:
        raise NotFound("")
    heads = (
        _("Mã hồ sơ"),
        _("Thủ tục"),
        _("Trạng thái"),
        _("Tiếp nhận"),
        _("Hẹn trả"),
        _("Xong"),
        _("Vì sao"),
    )
    kinds: tuple[Kind, ...] = ("text", "text", "text", "day", "day", "day", "text")
    columns = [Column(head, kind) for head, kind in zip(heads, kinds, strict=True)]
    titles = [f"{title}, {unit.full_name}", asked.days]
    book = workbook([Sheet("Danh sach", columns, [_cells(each) for each in listed], titles)])
    name = f"{title.replace(':', '')} - {unit.full_name} - {asked.last:%Y-%m-%d}.xlsx"
    what = f"exchange_measures.{asked.behind}"
    return taken_out(request, unit, book, what=what, name=name, first=asked.first, last=asked.last)


def _cells(each: Judged) -> tuple[Any, ...]:
    line, row = _row(each), each.row
    days = [day_of(moment) if moment else None for moment in (row.received_at, row.due_at, line["end"])]
    return (row.code, row.procedure_name or row.procedure, str(line["state"]), *days, line["why"])


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
    return {"measure": measure, **line_of(measure.counted, measure.of, measure.code, Asked(first, last))}


def _behind(found: Iterable[Measure], asked: Asked) -> tuple[str, tuple[Judged, ...]]:
    for each in found:
        lists = {
            "good": (f"{each.label}: {_('hồ sơ được tính')}", each.counted.good),
            "bad": (each.bad, each.counted.bad),
            "silent": (each.silent, each.counted.silent),
        }
        for part, listed in lists.items():
            if asked.behind == f"{each.code}-{part}":
                return asked.narrowed(*listed), listed[1]
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
        "state": words_of_state(row.state),
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
