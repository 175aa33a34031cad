"""Every figure of an indicator as it was said, by whom and when; correcting, withdrawing and bringing back."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.queries import labels_of
from bakhong.core.errors import Conflict, NotFound, Refusal
from bakhong.desk import board as words
from bakhong.desk.forms.corrections import CorrectionForm, ReasonForm
from bakhong.desk.frame import now, page, unit_page
from bakhong.indicators.actions import correct_figure, retract_figure, undo_retraction
from bakhong.indicators.models import Figure, Report
from bakhong.indicators.queries import figure_row
from bakhong.indicators.queries import history as history_of
from bakhong.indicators.queries.history_shapes import HistoryRow
from bakhong.indicators.queries.shown import figure_of_row
from bakhong.indicators.queries.words import indicator_name
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit
from bakhong.places.queries import predecessors
from bakhong.ui.figures import Figure as Shown

STATES = {"current": "done", "corrected": "none", "retracted": "late"}
CONFIRM = "figures.confirm"


@dataclass(frozen=True)
class Line:
    row: HistoryRow
    figure: Shown
    state: tuple[str, str]  # kind of mark, word
    entered_by: str
    changed_by: str
    report_url: str


@unit_page("figures.view")
def history(request: StaffRequest, unit: Unit, code: str) -> HttpResponse:
    """Corrected and withdrawn figures included, the newest day first."""
    if code not in registry():
        raise Http404
    ask = words.question(request)
    rows = history_of(unit, code)
    return page(
        request,
        "desk/history/index.html",
        unit=unit,
        active="dashboard",
        name=indicator_name(code),
        lines=_lines(request, rows),
        former=[
            (each.predecessor, reverse("desk:history", args=[each.predecessor.uuid, code]))
            for each in predecessors(unit)
        ],
        may_confirm=request.actor.may(CONFIRM, unit.pk),
        back_url=ask.href(reverse("desk:indicator", args=[unit.uuid, code])),
    )


@unit_page("figures.view", post=CONFIRM)
def correct(request: StaffRequest, unit: Unit, figure: UUID) -> HttpResponseBase:
    """What the figure should say; the old one stays in the history."""
    found = _figure_or_404(unit, figure)
    form = CorrectionForm(request.POST if request.method == "POST" else None, figure=found)
    if request.method == "POST" and form.is_valid():
        try:
            correct_figure(
                figure=found,
                entry=form.entry(),
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=now(),
            )
        except (Conflict, NotFound):
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã sửa số liệu. Số cũ vẫn còn trong lịch sử."))
            return redirect("desk:history", unit=unit.uuid, code=found.indicator)
    return _form_page(request, unit, found, form, _("Sửa số liệu"), _("Lưu số đã sửa"))


@unit_page("figures.view", post=CONFIRM)
def retract(request: StaffRequest, unit: Unit, figure: UUID) -> HttpResponseBase:
    """Withdraw a figure, with the reason; it can be brought back."""
    found = _figure_or_404(unit, figure)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        retract_figure(figure=found, reason=form.cleaned_data["reason"], by=request.actor, at=now())
        messages.success(request, _("Đã rút số liệu. Bấm “Khôi phục” trong lịch sử nếu rút nhầm."))
        return redirect("desk:history", unit=unit.uuid, code=found.indicator)
    return _form_page(request, unit, found, form, _("Rút số liệu"), _("Rút số liệu này"))


@unit_page(CONFIRM, post=CONFIRM)
def restore(request: StaffRequest, unit: Unit, figure: UUID) -> HttpResponseBase:
    """POST brings a withdrawn figure back; there is nothing to read here."""
    if request.method != "POST":
        raise Http404
    found = _figure_or_404(unit, figure)
    undo_retraction(figure=found, by=request.actor, at=now())
    messages.success(request, _("Đã khôi phục số liệu."))
    return redirect("desk:history", unit=unit.uuid, code=found.indicator)


def _form_page(
    request: StaffRequest,
    unit: Unit,
    figure: Figure,
    form: CorrectionForm | ReasonForm,
    title: str,
    button: str,
) -> HttpResponse:
    row = figure_row(figure)
    return page(
        request,
        "desk/history/change.html",
        unit=unit,
        active="dashboard",
        status=422 if form.is_bound else 200,
        heading=title,
        button_label=button,
        form=form,
        row=row,
        shown=figure_of_row(row),
        name=indicator_name(figure.indicator),
        may_confirm=request.actor.may(CONFIRM, unit.pk),
        back_url=reverse("desk:history", args=[unit.uuid, figure.indicator]),
    )


def _figure_or_404(unit: Unit, uuid: UUID) -> Figure:
    """Somebody else's figure answers like one that does not exist."""
    found = Figure.objects.select_related("unit", "report").filter(uuid=uuid, unit=unit).first()
    if found is None:
        raise Http404
    return found


def _state_words(row: HistoryRow) -> str:
    return {"current": _("đang dùng"), "corrected": _("đã sửa"), "retracted": _("đã rút")}[row.state]


def _lines(request: StaffRequest, rows: tuple[HistoryRow, ...]) -> list[Line]:
    """Two queries: who they were, and which reports this person may open."""
    names = labels_of({row.figure.entered_by for row in rows} | {row.changed_by for row in rows})
    uuids = {row.figure.report_uuid for row in rows}
    reports = Report.objects.filter(uuid__in=uuids).select_related("unit").only("uuid", "unit__uuid")
    urls = {
        report.uuid: words.address("desk:report", report.unit.uuid, report.uuid)
        for report in reports
        if request.actor.may("figures.view", report.unit_id)
    }
    return [
        Line(
            row=row,
            figure=figure_of_row(row.figure),
            state=(STATES[row.state], _state_words(row)),
            entered_by=names.get(row.figure.entered_by, ""),
            changed_by=names.get(row.changed_by, ""),
            report_url=urls.get(row.figure.report_uuid, ""),
        )
        for row in rows
    ]
