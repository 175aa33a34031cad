"""The quick report as a file: what it will say, then a letter, a workbook or a CSV."""

from collections.abc import Callable
from io import BytesIO
from typing import IO

from django.http import FileResponse, Http404, HttpResponseBase
from django.urls import reverse

from bakhong.accounts.access import StaffRequest
from bakhong.desk import board as words
from bakhong.desk.actions import note_export
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.views.dashboard import tally_of
from bakhong.indicators.quick_report import QuickReport, as_csv, as_docx, as_xlsx, quick_report
from bakhong.places.models import Unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Writer = Callable[[QuickReport], IO[bytes]]
FORMS: dict[str, tuple[str, Writer]] = {
    "docx": (DOCX, lambda report: BytesIO(as_docx(report))),
    "xlsx": (XLSX, as_xlsx),
    "csv": (CSV, lambda report: BytesIO(as_csv(report))),
}


@unit_page("reports.export", post="reports.export")
def export(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET shows what the report of that day says; POST with `form` downloads it (and leaves a trace, so it is no GET)."""
    ask = words.question(request)
    if request.method == "POST":
        return _download(request, unit, ask)
    report = quick_report(unit, on=ask.on, boundaries=ask.boundaries)
    every = [words.shown(row, unit.uuid, ask, {}) for row in report.board.with_figures]
    path = reverse("desk:export", args=[unit.uuid])
    return page(
        request,
        "desk/export/index.html",
        unit=unit,
        active="dashboard",
        ask=ask,
        board=report.board,
        tally=tally_of(every, report.board),
        lines=[(each, line) for each in every for line in each.lines],
        boundary_tabs=words.boundary_tabs(unit, ask, path),
        hidden=ask.fields("on"),
        path=path,
        post_url=ask.href(path),
        back_url=ask.href(reverse("desk:dashboard", args=[unit.uuid])),
    )


def _download(request: StaffRequest, unit: Unit, ask: words.Question) -> FileResponse:
    form = request.POST.get("form", "")
    if form not in FORMS:
        raise Http404
    content_type, write = FORMS[form]
    note_export(
        unit=unit,
        what="quick_report",
        form=form,
        on=ask.on,
        boundaries=ask.boundaries,
        by=request.actor,
        at=now(),
    )
    file = write(quick_report(unit, on=ask.on, boundaries=ask.boundaries))
    # An official document and its name are Vietnamese whatever language the screens are read in.
    name = f"Báo cáo nhanh 3 không - {unit.full_name} - {ask.on:%Y-%m-%d}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
