"""Figures without prose: a grid of units below by indicators, typed, pasted from a spreadsheet or uploaded as its template."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day
from bakhong.core.text import nfc
from bakhong.desk.forms import grid as forms
from bakhong.desk.forms.periods import ask_choices, chosen_asks
from bakhong.desk.frame import EARLIEST, BadQuestion, asked, now, page, standing_day, today, unit_page
from bakhong.documents.reading import Unreadable, extract
from bakhong.documents.writing.template import Grid, GridTemplate, Line, grid_workbook, read_grid
from bakhong.indicators.actions import GridCell, enter_grid
from bakhong.indicators.models import Figure, Medium, Report
from bakhong.indicators.queries.facts import Fact, facts_of
from bakhong.indicators.rules.asks import Ask
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Level, Unit
from bakhong.places.queries import children

USUAL = ("eid_accounts", "payment_account", "personal_signature")
MOST_BYTES = 5 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW_TITLES = {
    Level.PROVINCE: gettext_lazy("Xã, phường"),
    Level.DISTRICT: gettext_lazy("Xã, phường"),
    Level.COMMUNE: gettext_lazy("Thôn, khu phố"),
    Level.VILLAGE: gettext_lazy("Thôn, khu phố"),
}


@unit_page("figures.view", post="figures.confirm")
def grid(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?ask=indicator/stage/population&…&on=dd/mm/yyyy`. POST `deed`: choose, check, paste, upload or save."""
    if request.method != "POST":
        return _show(request, unit, asks_of(request.GET.getlist("ask")), _day(unit, asked(request).on))
    deed = request.POST.get("deed", "")
    if deed == "choose":
        return _choose(request, unit)
    asks, on = asks_of(request.POST.getlist("ask")), _day(unit, _posted_day(request))
    if deed == "upload":
        return _upload(request, unit)
    sheet = _sheet(unit, asks, on)
    forms.fill_typed(sheet, request.POST)
    if deed == "paste":
        fitted = forms.fill_pasted(sheet, request.POST.get("pasted", ""))
        if not fitted:
            sheet.complaints.append(
                _("Chưa có dòng nào vào bảng. Mỗi dòng dán vào cần có tên đơn vị rồi đến các số.")
            )
        forms.check(sheet, on)
        return _grid_page(request, unit, sheet, on, status=200 if fitted else 422)
    if deed not in ("check", "save"):
        raise Http404
    forms.check(sheet, on)
    if sheet.is_empty and not sheet.has_errors:
        return _grid_page(
            request, unit, sheet, on, problem=_("Bảng chưa có số nào. Hãy nhập ít nhất một ô."), status=422
        )
    if sheet.has_errors or sheet.waits_for_notes:
        return _grid_page(request, unit, sheet, on, status=422)
    if deed == "check":
        return _grid_page(request, unit, sheet, on)
    return _save(request, unit, sheet, on)


def asks_of(keys: Sequence[str]) -> list[Ask]:
    """The columns an address names, in its order; the usual ones where it names none.

    Raises: BadQuestion.
    """
    if not keys:
        return [Ask.usual(registry().get(code)) for code in USUAL]
    if len(keys) > forms.MOST_COLUMNS:
        raise BadQuestion(
            _("Bảng có nhiều nhất %(most)s chỉ tiêu một lúc. Hãy bỏ bớt.") % {"most": forms.MOST_COLUMNS}
        )
    asks = []
    for key in dict.fromkeys(keys):
        parts = key.split("/")
        ask = Ask(*parts) if len(parts) == 3 else None
        if ask is None or not ask.is_known(today()):
            raise BadQuestion(_("Bảng hỏi một chỉ tiêu không có trong danh mục. Hãy chọn lại chỉ tiêu."))
        asks.append(ask)
    return asks


def _posted_day(request: StaffRequest) -> date:
    text = request.POST.get("on", "").strip()
    day = parse_day(text)
    if day is None:
        raise Refusal(
            _("“%(text)s” không phải là một ngày. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 06/05/2025.")
            % {"text": text[:40]}
        )
    return day


def _day(unit: Unit, on: date) -> date:
    """A day of the count that has come and on which the unit stood.

    Raises: Refusal.
    """
    if on > today():
        raise Refusal(
            _("Ngày %(day)s chưa tới. Số liệu chỉ có thể tính đến hôm nay.") % {"day": format_day(on)}
        )
    if on < EARLIEST or standing_day(unit, on) != on:
        raise Refusal(
            _("%(unit)s không có vào ngày %(day)s. Hãy mở bảng của đơn vị có vào ngày đó.")
            % {"unit": unit.full_name, "day": format_day(on)}
        )
    return on


def _rows(unit: Unit, on: date) -> list[Unit]:
    return [unit] if unit.level == Level.VILLAGE else children(unit, on)


def _sheet(unit: Unit, asks: Sequence[Ask], on: date) -> forms.Sheet:
    units = _rows(unit, on)
    return forms.blank(units, asks, _before(units, asks, on))


def _before(units: Sequence[Unit], asks: Sequence[Ask], on: date) -> dict[tuple[int, Ask], Fact]:
    """The newest figure of each unit under each column's rule. One query."""
    if not units:
        return {}
    wanted = set(asks)
    out: dict[tuple[int, Ask], Fact] = {}
    for fact in facts_of([unit.pk for unit in units], on=on, depth=1):
        ask = Ask(fact.indicator, fact.stage, fact.population)
        if ask in wanted and fact.on is not None:
            known = out.get((fact.unit, ask))
            if known is None or (known.on or on) < fact.on:
                out[fact.unit, ask] = fact
    return out


def _show(request: StaffRequest, unit: Unit, asks: Sequence[Ask], on: date) -> HttpResponse:
    return _grid_page(request, unit, _sheet(unit, asks, on), on)


def _grid_page(
    request: StaffRequest, unit: Unit, sheet: forms.Sheet, on: date, *, problem: str = "", status: int = 200
) -> HttpResponse:
    asks = [column.ask for column in sheet.columns]
    query = urlencode([*(("ask", ask.key) for ask in asks), ("on", format_day(on))])
    return page(
        request,
        "desk/grid/grid.html",
        unit=unit,
        active="grid",
        status=status,
        sheet=sheet,
        on=on,
        asks=asks,
        problem=problem,
        client_key=request.POST.get("client_key") or new_uuid(),
        note=request.POST.get("source", "")[:300],
        choices=ask_choices(None, asks),
        most=forms.MOST_COLUMNS,
        row_title=ROW_TITLES[Level(unit.level)],
        template_url=f"{reverse('desk:grid_template', args=[unit.uuid])}?{query}",
        may_confirm=request.actor.may("figures.confirm", unit.pk),
        may_make_villages=request.actor.may("places.manage_villages", unit.pk),
        has_checked=request.method == "POST" and not sheet.problems and not sheet.is_empty,
    )


def _choose(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Other columns or another day: their own address, so that it can be kept and sent on."""
    asks = chosen_asks(ask_choices(request.POST))
    if not asks:
        raise Refusal(_("Hãy chọn ít nhất một chỉ tiêu."))
    on = _day(unit, _posted_day(request))
    asks_of([ask.key for ask in asks])
    query = urlencode([*(("ask", ask.key) for ask in asks), ("on", format_day(on))])
    return redirect(f"{reverse('desk:grid', args=[unit.uuid])}?{query}")


def _save(request: StaffRequest, unit: Unit, sheet: forms.Sheet, on: date) -> HttpResponseBase:
    try:
        key = UUID(request.POST.get("client_key", ""))
    except ValueError:
        raise Refusal(_("Bảng gửi lên thiếu mã. Hãy mở lại trang bảng nhập rồi gửi lại.")) from None
    cells = [
        GridCell(
            unit=row.unit,
            indicator=box.column.ask.indicator,
            stage=box.column.ask.stage,
            population=box.column.ask.population,
            numerator=box.numerator,
            denominator=box.denominator,
            note=row.note,
        )
        for row in sheet.rows
        for box in row.boxes
        if box.numerator is not None
    ]
    try:
        report, confirmed = enter_grid(
            unit=unit,
            cells=cells,
            counted_on=on,
            client_key=key,
            title=_("Bảng nhập số liệu ngày %(day)s") % {"day": format_day(on)},
            source=nfc(request.POST.get("source", "")).replace("\x00", "").strip()[:300],
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        return _grid_page(request, unit, sheet, on, problem=str(refusal), status=refusal.status)
    messages.success(request, _("Đã lưu %(count)s số liệu.") % {"count": len(confirmed.figures)})
    return redirect("desk:grid_saved", unit=unit.uuid, report=report.uuid)


@unit_page("figures.view")
def saved(request: StaffRequest, unit: Unit, report: UUID) -> HttpResponse:
    """What a grid stored, with its totals, as its figures stand now."""
    found = Report.objects.filter(uuid=report, unit=unit, medium=Medium.GRID).first()
    if found is None or found.reported_on is None:
        raise Http404
    figures = list(Figure.objects.current().filter(report=found).select_related("unit"))
    asks = list(dict.fromkeys(Ask(each.indicator, each.stage, each.population) for each in figures))
    units = sorted({each.unit for each in figures}, key=lambda each: (each.sort_key, each.code))
    sheet = forms.blank(units, asks, {})
    known = {(each.unit_id, Ask(each.indicator, each.stage, each.population)): each for each in figures}
    for row in sheet.rows:
        for box in row.boxes:
            if figure := known.get((row.unit.pk, box.column.ask)):
                box.numerator, box.denominator = figure.numerator, figure.denominator
                row.note = row.note or figure.note
    query = urlencode([*(("ask", ask.key) for ask in asks), ("on", format_day(found.reported_on))])
    return page(
        request,
        "desk/grid/saved.html",
        unit=unit,
        active="grid",
        report=found,
        sheet=sheet,
        row_title=ROW_TITLES[Level(unit.level)],
        again_url=f"{reverse('desk:grid', args=[unit.uuid])}?{query}",
    )


# --- the same in Excel -----------------------------------------------------------------------------------------------


@unit_page("figures.view")
def template(request: StaffRequest, unit: Unit) -> FileResponse:
    """The grid as a workbook to fill in: locked heads, whole numbers only."""
    asks, on = asks_of(request.GET.getlist("ask")), _day(unit, asked(request).on)
    columns = []
    for column in (forms.Column.of(index, ask) for index, ask in enumerate(asks)):
        what = f"{column.name} ({column.stage})" if column.stage else column.name
        columns += [
            Line(
                forms.column_code(column.ask, "n"), f"{what}: {_('số đạt được')}", _("Số nguyên từ 0 trở lên")
            ),
            Line(
                forms.column_code(column.ask, "d"),
                f"{what}: {_('tổng số')}",
                _("Tổng số là: %(people)s") % {"people": column.population},
            ),
        ]
    book = grid_workbook(
        GridTemplate(
            key=_key(unit, asks, on),
            title=_("Bảng nhập số liệu: %(unit)s") % {"unit": unit.full_name},
            hint=_("Số liệu tính đến ngày %(day)s. Để trống ô chưa có số liệu.") % {"day": format_day(on)},
            row_title=str(ROW_TITLES[Level(unit.level)]),
            rows=[Line(each.code, each.full_name) for each in _rows(unit, on)],
            columns=columns,
            values={},
        )
    )
    name = f"bang-nhap-{unit.code}-{on:%Y%m%d}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)


def _key(unit: Unit, asks: Sequence[Ask], on: date) -> str:
    return " ".join([str(unit.uuid), on.isoformat(), *(ask.key for ask in asks)])


def _upload(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A filled template fills the grid on the page; nothing is stored before it is saved there."""
    asks, on = asks_of(request.POST.getlist("ask")), _day(unit, _posted_day(request))
    file: Any = request.FILES.get("file")
    try:
        if file is None:
            raise Refusal(_("Hãy chọn tệp Excel đã điền theo mẫu."))
        filled = read_grid(extract(file, filename=str(file.name)[-120:], limit=MOST_BYTES))
        asks, on = _of_template(unit, filled)
    except Refusal as refusal:
        status = 413 if isinstance(refusal, Unreadable) and refusal.status == 413 else 422
        return _grid_page(request, unit, _sheet(unit, asks, on), on, problem=str(refusal), status=status)
    sheet = _sheet(unit, asks, on)
    forms.fill_uploaded(sheet, filled)
    forms.check(sheet, on)
    if not filled.cells:
        sheet.complaints.append(_("Tệp chưa có số nào được điền."))
    return _grid_page(request, unit, sheet, on, status=422 if sheet.complaints else 200)


def _of_template(unit: Unit, filled: Grid) -> tuple[list[Ask], date]:
    """What the template was made for.

    Raises: Refusal when it was made for another unit, or its hidden row was changed.
    """
    owner, *rest = filled.key.split(" ")
    day = parse_day(rest[0]) if rest else None
    if day is None:
        raise Unreadable("not_template")
    if owner != str(unit.uuid):
        raise Refusal(
            _("Tệp này là mẫu của một đơn vị khác. Hãy tải mẫu của %(unit)s.") % {"unit": unit.full_name}
        )
    return asks_of(rest[1:]), _day(unit, day)
