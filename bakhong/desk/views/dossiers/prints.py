"""Forms 01 to 06 as PDF: the slips of one dossier, and the register of a period."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import VIET_NAM, day_of
from bakhong.core.errors import NotFound
from bakhong.core.numbers import format_day, format_int
from bakhong.desk.actions import note_register
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, label_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.serve import headers
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.models import Dossier, Kind, State
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.queue import of_unit
from bakhong.dossiers.queries.undone import last_standing
from bakhong.dossiers.writing.slips import (
    MOST_ROWS,
    REFUSALS,
    apology_pdf,
    control_pdf,
    receipt_pdf,
    refusal_pdf,
    register_pdf,
    register_row,
    supplement_pdf,
)
from bakhong.people import looks
from bakhong.people.models import Reason
from bakhong.places.models import Level, Unit
from bakhong.ui.forms import DayField

Made = Callable[[Dossier, datetime], bytes]

FORMS: dict[str, tuple[Any, Made]] = {
    "01": (gettext_lazy("Mẫu 01, phiếu hẹn A5"), lambda each, at: receipt_pdf(each, at=at)),
    "01-80mm": (
        gettext_lazy("Mẫu 01, phiếu hẹn giấy cuộn 80 mm"),
        lambda each, at: receipt_pdf(each, at=at, is_strip=True),
    ),
    "02": (gettext_lazy("Mẫu 02, yêu cầu bổ sung"), lambda each, at: supplement_pdf(each, at=at)),
    "03": (gettext_lazy("Mẫu 03, từ chối"), lambda each, at: refusal_pdf(each, at=at)),
    "04": (gettext_lazy("Mẫu 04, xin lỗi và hẹn lại"), lambda each, at: apology_pdf(each, at=at)),
    "05": (gettext_lazy("Mẫu 05, kiểm soát quá trình"), lambda each, at: control_pdf(each, at=at)),
}


def forms_for(dossier: Dossier) -> list[str]:
    """The forms there is something to say on."""
    known = {
        "01": dossier.received_at is not None,
        "01-80mm": dossier.received_at is not None,
        "02": dossier.supplement_count > 0,
        "03": dossier.state in (State.REFUSED, State.STOPPED)
        and last_standing(dossier, *REFUSALS) is not None,
        "04": dossier.apologised_at is not None,
        "05": dossier.received_at is not None,
    }
    return [code for code, is_there in known.items() if is_there]


def links(dossier: Dossier) -> list[dict[str, str]]:
    args = [dossier.village.uuid, dossier.uuid]
    shown = [{"url": reverse("desk:slip", args=args), "label": _("Phiếu hẹn trên màn hình")}]
    return (shown if dossier.received_at else []) + [
        {"url": reverse("desk:dossier_print", args=[*args, code]), "label": str(FORMS[code][0])}
        for code in forms_for(dossier)
    ]


def with_slip(said: str, unit: Unit, dossier: Dossier, event: str) -> str:
    """What was done, with the slip that tells the resident of it one press away."""
    form = _SLIPS.get(event)
    if form is None:
        return said
    url = reverse("desk:dossier_print", args=[unit.uuid, dossier.uuid, form])
    return format_html('{} <a href="{}">{}</a>', said, url, FORMS[form][0])


_SLIPS: dict[str, str] = {
    Kind.ASK_SUPPLEMENT: "02",
    Kind.REFUSE: "03",
    Kind.STOP: "03",
    Kind.APOLOGISE: "04",
}


@unit_page(VIEW)
def print_form(request: StaffRequest, unit: Unit, dossier: UUID, form: str) -> HttpResponseBase:
    found = dossier_at(request, unit, dossier)
    if form not in forms_for(found):
        raise NotFound("")
    if found.person is not None:
        looks.note(request, found.person, reason=Reason.AT_DESK)
    return _pdf(FORMS[form][1](found, now()), f"mau-{form}-{label_of(found)}.pdf")


class PeriodForm(forms.Form):
    first = DayField(label=gettext_lazy("Nộp từ ngày"))
    last = DayField(label=gettext_lazy("Đến ngày"))

    def clean(self) -> dict[str, date]:
        told: dict[str, date] = super().clean() or {}
        first, last = told.get("first"), told.get("last")
        if first and last and not first <= last <= first + timedelta(days=366):
            raise forms.ValidationError(_("Ngày cuối phải sau ngày đầu, và không quá một năm."))
        return told


@unit_page(VIEW, post=VIEW)
def register(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Form 06, on paper or as a workbook. Taking the list out is written down, hence it is sent."""
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    month = today().replace(day=1)
    form = PeriodForm(
        request.POST if request.method == "POST" else None, initial={"first": month, "last": today()}
    )
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        rows = _handed_in(request, unit, first, last)
        problem = _too_many(rows, first)
        if not problem:
            if request.POST.get("form") == "xlsx":
                name = f"so-theo-doi-{first:%Y%m%d}-{last:%Y%m%d}.xlsx"
                book = register_workbook(unit, rows, first=first, last=last)
                return taken_out(
                    request, unit, book, what="dossier_register", name=name, first=first, last=last
                )
            note_register(unit=unit, first=first, last=last, by=request.actor, at=now())
            content = register_pdf(unit, rows, first=first, last=last, at=now())
            return _pdf(content, f"so-theo-doi-{first:%Y%m%d}-{last:%Y%m%d}.pdf")
        form.add_error("last", problem)
    return page(
        request,
        "desk/dossiers/register.html",
        unit=unit,
        active="queue",
        status=422 if form.is_bound else 200,
        form=form,
    )


def register_workbook(unit: Unit, rows: Iterable[Dossier], *, first: date, last: date) -> IO[bytes]:
    """Form 06 as a workbook; an official book is Vietnamese whatever language the screens are read in."""
    heads = (
        "Mã hồ sơ", "Thủ tục", "Tên người nộp", "Địa chỉ", "Nhận", "Hẹn trả", "Có kết quả", "Trả", "Cách nhận", "Trạng thái",
    )  # fmt: skip
    columns = [Column("TT", "int"), *(Column(each) for each in heads), Column("Ký nhận")]
    cells: list[tuple[Any, ...]] = [(number, *register_row(each), "") for number, each in enumerate(rows, 1)]
    titles = ["Sổ theo dõi hồ sơ", f"{unit.full_name}, từ {format_day(first)} đến {format_day(last)}"]
    return workbook([Sheet("So theo doi", columns, cells, titles, is_landscape=True)])


def _too_many(rows: "QuerySet[Dossier]", first: date) -> str:
    """A register is whole or it is none: how many there are, and until when they fit. "" where they do."""
    count = rows.count()
    if count <= MOST_ROWS:
        return ""
    fits = day_of(rows.values_list("submitted_at", flat=True)[MOST_ROWS]) - timedelta(days=1)
    told = {"count": format_int(count), "most": format_int(MOST_ROWS), "day": format_day(max(fits, first))}
    return (
        _("Có %(count)s hồ sơ, một sổ nhiều nhất %(most)s. Lấy đến ngày %(day)s, rồi lấy tiếp từ hôm sau.")
        % told
    )


def _handed_in(request: StaffRequest, unit: Unit, first: date, last: date) -> "QuerySet[Dossier]":
    start = datetime.combine(first, time(), VIET_NAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIET_NAM)
    rows = Dossier.objects.for_user(request.actor).filter(
        of_unit(unit, today()), submitted_at__gte=start, submitted_at__lt=end
    )
    return rows.order_by("submitted_at", "id")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    for header, value in headers(name, inline=True).items():
        response[header] = value
    return response
