"""The daily report: look at what would be said, freeze it, paste it into the group, print it, check it later."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.core.numbers import percent_of
from bakhong.desk.forms.daily import DailyForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.indicators.actions.daily import MAKE, SEE, make_daily_report, preview
from bakhong.indicators.models import DailyReport
from bakhong.indicators.queries.daily import change_of, reports_of, restatement, undated_line, verify
from bakhong.indicators.rules.daily import Restated
from bakhong.places.models import Unit

PER_PAGE = 31
VISIT_WORDS = {
    "visits": gettext_lazy("Lượt đến nhà"),
    "households": gettext_lazy("Số hộ đã đến"),
    "met": gettext_lazy("Số lượt gặp được"),
}
PART_WORDS = {
    "visits": gettext_lazy("Đến nhà"),
    "helped": gettext_lazy("Đã giúp"),
    "obstacles": gettext_lazy("Vướng mắc"),
}


@unit_page(SEE, post=MAKE)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The reports of a unit, and making one. `deed`: "preview" shows the message, "make" freezes it."""
    form = DailyForm(request.POST) if request.method == "POST" else DailyForm.blank(today())
    message = ""
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("deed") == "make":
                report = make_daily_report(unit=unit, by=request.actor, at=now(), **form.values())
                messages.success(request, _("Đã lập báo cáo. Sao chép nội dung để gửi vào nhóm."))
                return redirect("desk:daily_report", unit=unit.uuid, report=report.uuid)
            message = preview(
                unit=unit,
                day=form.cleaned_data["day"],
                plan=form.cleaned_data["plan"],
                by=request.actor,
                at=now(),
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return page(
        request,
        "desk/daily/index.html",
        unit=unit,
        active="daily",
        status=422 if form.errors else 200,
        form=form,
        message=message,
        may_make=request.actor.may(MAKE, unit.pk),
        shown=Paginator(reports_of(unit), PER_PAGE).get_page(request.GET.get("page")),
    )


@unit_page(SEE)
def report(request: StaffRequest, unit: Unit, report: UUID) -> HttpResponse:
    """One issue: the message to paste, the numbers, whether it is still what was sent, and what moved since."""
    found = _report(unit, report)
    return page(
        request,
        "desk/daily/report.html",
        unit=unit,
        active="daily",
        moved=[_moved(row) for row in restatement(found, request.actor)],
        is_newest=not reports_of(unit).filter(day=found.day, number__gt=found.number).exists(),
        **_shown(found),
    )


@unit_page(SEE)
def sheet(request: StaffRequest, unit: Unit, report: UUID) -> HttpResponse:
    """The same on A4."""
    found = _report(unit, report)
    context = {
        "unit": unit,
        "today": today(),
        "unit_contact": {"unit_name": unit.full_name},
        **_shown(found),
    }
    return render(request, "desk/daily/sheet.html", context)


def _report(unit: Unit, uuid: UUID) -> DailyReport:
    found = DailyReport.objects.filter(uuid=uuid, unit=unit).first()
    if found is None:
        raise Http404
    return found


def _shown(found: DailyReport) -> dict[str, Any]:
    content = found.content
    return {
        "report": found,
        "content": content,
        "code": found.sha256[:10],
        "figures": [
            (row, percent_of(row["numerator"], row["denominator"]), change_of(row, found.day))
            for row in content["figures"]
        ],
        "undated": undated_line(content),
        "visits": [(VISIT_WORDS[key], content["visits"][key]) for key in VISIT_WORDS],
        "checked": verify(found),
    }


def _moved(row: Restated) -> tuple[str, str, str]:
    """(of what, in the report, counted today) in words."""
    if row.part == "figures":
        name = row.name
    elif row.part == "visits":
        name = str(VISIT_WORDS.get(row.key, row.key))
    else:
        name = f"{PART_WORDS[row.part]}: {row.name}"
    return name, row.then or _("không có"), row.now or _("không có")
