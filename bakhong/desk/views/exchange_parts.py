"""On time by the provincial lists, by procedure and by month: tables, the lists behind, and a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day, percent_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.queries.exchange import Counted, Judged, counted_rows, on_time
from bakhong.dossiers.queries.exchange_parts import (
    Part,
    by_month,
    by_procedure,
    here_too,
    last_day,
    month_of,
    procedure_of,
)
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

PARTS = "parts"  # the workbook of both tables


@dataclass(frozen=True)
class Asked:
    """What the address asks: days (both included), which list to open, and of which procedure or month ("2026-11") only."""

    first: date
    last: date
    behind: str = ""
    procedure: str = ""
    month: str = ""

    @property
    def days(self) -> str:
        return _("tiếp nhận hoặc xong từ %(first)s đến %(last)s") % {
            "first": format_day(self.first),
            "last": format_day(self.last),
        }

    def takes(self, each: Judged) -> bool:
        is_procedure = self.procedure in ("", procedure_of(each.row))
        return is_procedure and self.month in ("", month_of(each.row))

    def narrowed(self, title: str, listed: Sequence[Judged]) -> str:
        """The title with what the list is of only."""
        named = listed[0].row.procedure_name if listed and self.procedure else ""
        parts = [named or self.procedure, words_of_month(self.month)]
        return ", ".join([title, *(each for each in parts if each)])

    def url(self, after: int = 0) -> str:
        told = {
            "first": format_day(self.first),
            "last": format_day(self.last),
            "behind": self.behind,
            "procedure": self.procedure,
            "month": self.month,
            "after": str(after or ""),
        }
        return "?" + urlencode({name: value for name, value in told.items() if value}) + "#behind"


def asked_of(request: StaffRequest, first: date, last: date) -> Asked:
    told = request.GET
    return Asked(
        first,
        last,
        told.get("behind", "")[:30],
        told.get("procedure", "")[:300],
        told.get("month", "")[:7],
    )


def line_of(counted: Counted, of: str, code: str, asked: Asked) -> dict[str, Any]:
    """A figure (None where there is nothing to count), and the ways to what it does not count."""
    figure = Figure(
        numerator=counted.numerator,
        denominator=counted.denominator,
        counted=of,
        day_text=asked.days,
        url=replace(asked, behind=f"{code}-good").url(),
    )
    return {
        "figure": figure if counted.denominator else None,
        "bad": len(counted.bad),
        "bad_url": replace(asked, behind=f"{code}-bad").url(),
        "silent": len(counted.silent),
        "silent_url": replace(asked, behind=f"{code}-silent").url(),
    }


def tables(rows: Sequence[Judged], asked: Asked) -> list[dict[str, Any]]:
    """By procedure, the worst first; by the month of receipt, the earliest first."""
    months = [(_named_month(each), replace(asked, month=each.key)) for each in by_month(rows)]
    procedures = [(each, replace(asked, procedure=each.key)) for each in by_procedure(rows)]
    return [
        {"title": title, "head": head, "lines": [_line(part, of) for part, of in found]}
        for title, head, found in (
            (_("Đúng hẹn theo thủ tục, kém nhất trước"), _("Thủ tục"), procedures),
            (_("Đúng hẹn theo tháng tiếp nhận"), _("Tháng"), months),
        )
    ]


def download_parts(
    request: StaffRequest, unit: Unit, rows: Sequence[Judged], asked: Asked
) -> HttpResponseBase:
    """Both tables as a workbook. Raises: NotAllowed."""
    titles = [_("Đúng hẹn, không khai lại theo danh sách của tỉnh: %(unit)s") % {"unit": unit.full_name}]
    titles.append(asked.days)
    sheets = [
        _sheet("Theo thu tuc", _("Thủ tục"), by_procedure(rows), titles),
        _sheet("Theo thang", _("Tháng"), [_named_month(each) for each in by_month(rows)], titles),
    ]
    name = f"{_('Đúng hẹn theo thủ tục, kém nhất trước')} - {unit.full_name} - {asked.last:%Y-%m-%d}.xlsx"
    what = f"exchange_measures.{PARTS}"
    return taken_out(
        request, unit, workbook(sheets), what=what, name=name, first=asked.first, last=asked.last
    )


def listed_beside(unit: Unit, first: date, last: date) -> dict[str, Any] | None:
    """What the lists say of the same days, to stand beside our own count and not to be added to it; None where they say nothing."""
    rows = counted_rows([unit.pk], (first, last))
    counted = on_time(rows)
    if not counted.denominator:
        return None
    asked = Asked(first, last)
    told = line_of(counted, _("hồ sơ danh sách ghi đủ ngày"), "on_time", asked)
    page = reverse("desk:exchange_measures", args=[unit.uuid])
    return {
        "figure": replace(told["figure"], url=page + told["figure"].url),
        "as_of": last_day(rows),
        "here_too": here_too([*counted.good, *counted.bad], [unit.pk]),
    }


def words_of_month(key: str) -> str:
    """
    >>> words_of_month("2026-11")
    '11/2026'
    """
    return "/".join(reversed(key.split("-")))


def _named_month(part: Part) -> Part:
    return replace(part, name=words_of_month(part.key))


def _line(part: Part, asked: Asked) -> dict[str, Any]:
    told = line_of(part.counted, _("hồ sơ danh sách ghi đủ ngày"), "on_time", asked)
    return {"name": part.name, **told}


def _sheet(name: str, head: str, parts: Sequence[Part], titles: Sequence[str]) -> Sheet:
    columns = [
        Column(head),
        Column(_("Đúng hẹn"), "int"),
        Column(_("hồ sơ danh sách ghi đủ ngày").capitalize(), "int"),
        Column(_("Tỷ lệ"), "percent"),
        Column(_("Trễ hẹn"), "int"),
        Column(_("Không rõ"), "int"),
    ]
    return Sheet(name, columns, [_cells(each) for each in parts], titles)


def _cells(part: Part) -> tuple[Any, ...]:
    counted = part.counted
    above, below = counted.numerator, counted.denominator
    return part.name, above, below, percent_of(above, below), len(counted.bad), len(counted.silent)
