"""The figures of a period as a table: to read, to print on A4, and as a workbook."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.numbers import format_day
from bakhong.core.text import name_key
from bakhong.desk.frame import page, today, unit_page
from bakhong.desk.views.periods import GROUP_WORDS, STATUS_WORDS, is_hidden, period_or_404
from bakhong.documents.writing.xlsx import Column, Sheet, Value, workbook
from bakhong.indicators.models import ReportingPeriod, Submission
from bakhong.indicators.queries import periods as queries
from bakhong.indicators.queries.period_checks import name_of
from bakhong.indicators.rules.asks import parse_asks
from bakhong.places.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@unit_page("figures.view")
def table(request: StaffRequest, unit: Unit, period: UUID) -> HttpResponse:
    """On screen and on paper."""
    found, own = _asked(request, unit, period)
    asks = parse_asks(found.indicators)
    return page(
        request,
        "desk/periods/table.html",
        unit=unit,
        active="periods",
        period=found,
        own=own,
        heads=[_head(found, index) for index in range(len(asks))],
        rows=[(row, STATUS_WORDS[row.status]) for row in queries.table(found, today(), unit=own)],
    )


@unit_page("reports.export")
def xlsx(request: StaffRequest, unit: Unit, period: UUID) -> HttpResponseBase:
    """The same as a workbook: a commune's lines, or the province's units side by side."""
    found, own = _asked(request, unit, period)
    rows = queries.table(found, today(), unit=own)
    sheet = _lines(found, unit, rows[0]) if own else _units(found, unit, rows)
    name = "-".join(name_key(f"{found.name} {unit.full_name}").replace("/", " ").split())
    return FileResponse(
        workbook([sheet], title=found.name), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX
    )


def _asked(request: StaffRequest, unit: Unit, uuid: UUID) -> tuple[ReportingPeriod, Unit | None]:
    """The period, and the unit itself where it is one that answers (None: the owner, who sees them all)."""
    period = period_or_404(uuid, unit)
    own = unit if queries.is_asked(period, unit) else None
    if own:
        submission = Submission.objects.filter(period=period, unit=own).first()
        if is_hidden(request, own, period, submission.state if submission else queries.NOT_SENT):
            raise Http404
    return period, own


def _head(period: ReportingPeriod, index: int) -> tuple[str, str]:
    """(short, whole): the criterion's number or the place in the list, and the name."""
    ask = parse_asks(period.indicators)[index]
    return ask.definition(period.ends_on).criterion or str(index + 1), name_of(ask, period.ends_on)


def _titles(period: ReportingPeriod, unit: Unit) -> list[str]:
    days = _("Số liệu tính đến %(day)s") % {"day": format_day(period.ends_on)}
    return [unit.full_name, _("Bảng số liệu kỳ báo cáo: %(name)s") % {"name": period.name}, days]


def _lines(period: ReportingPeriod, unit: Unit, row: queries.TableRow) -> Sheet:
    columns = [
        Column(_("Chỉ tiêu"), width=50),
        Column(_("Số đạt được"), "int"),
        Column(_("Tổng số"), "int"),
        Column(_("Tỷ lệ"), "percent"),
        Column(_("Mẫu số"), width=30),
        Column(_("Ghi chú")),
    ]
    lines: list[list[Value]] = []
    for index, (cell, percent) in enumerate(row.cells):
        ask = parse_asks(period.indicators)[index]
        population = ask.population_rule(period.ends_on).name_vi
        lines.append(
            [_head(period, index)[1], cell.numerator, cell.denominator, percent, population, cell.note]
        )
    return Sheet(_("Kỳ báo cáo"), columns, lines, titles=[*_titles(period, unit), _state_line(row)])


def _state_line(row: queries.TableRow) -> str:
    return _("Tình hình: %(state)s") % {"state": STATUS_WORDS[row.status][1]}


def _units(period: ReportingPeriod, unit: Unit, rows: list[queries.TableRow]) -> Sheet:
    columns = [
        Column(_("Mã")),
        Column(_("Xã, phường")),
        Column(_("Vùng"), width=14),
        Column(_("Tình hình"), width=18),
    ]
    for index in range(len(period.indicators)):
        short, whole = _head(period, index)
        columns += [
            Column(f"{short}. {whole}: {_('số đạt được')}", "int", 16),
            Column(f"{short}: {_('tổng số')}", "int"),
            Column(f"{short}: {_('tỷ lệ')}", "percent"),
        ]
    lines = []
    for row in rows:
        line: list[Any] = [
            row.unit.code,
            row.unit.full_name,
            str(GROUP_WORDS.get(row.group, "")),
            str(STATUS_WORDS[row.status][1]),
        ]
        for cell, percent in row.cells:
            line += [cell.numerator, cell.denominator, percent]
        lines.append(line)
    return Sheet(_("Tổng hợp"), columns, lines, titles=_titles(period, unit), is_landscape=True)
