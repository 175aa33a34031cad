"""On time by the provincial lists, by procedure and by month: tables, the lists behind, and a workbook."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import percent_of
from bakhong.desk.listed import Asked, line_of, words_of_month
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.queries.exchange import Judged
from bakhong.dossiers.queries.exchange_parts import Part, by_month, by_procedure
from bakhong.places.models import Unit

PARTS = "parts"  # the workbook of both tables


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
