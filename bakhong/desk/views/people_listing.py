"""The roll taken away as a workbook, for a stated reason."""

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, today, unit_page
from bakhong.desk.views.people_import import XLSX
from bakhong.people.actions.listing import list_residents
from bakhong.people.permissions import VIEW
from bakhong.people.queries.roll import Wanted
from bakhong.places.models import Unit


@unit_page(VIEW, post=VIEW)
def listing(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """POST `reason`, `note`, `numbers` (whole): the residents as .xlsx."""
    if request.method != "POST":
        return redirect("desk:residents", unit=unit.uuid)
    try:
        book = list_residents(
            unit=unit,
            wanted=Wanted(),
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", ""),
            has_numbers=request.POST.get("numbers") == "whole",
            by=request.actor,
            at=now(),
            on=today(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:residents", unit=unit.uuid)
    return FileResponse(book, as_attachment=True, filename="danh-sach-nguoi-dan.xlsx", content_type=XLSX)
