"""Lists that are taken along as a workbook: who took which is written down, hence it is sent, never fetched."""

from datetime import date
from typing import IO

from django.http import FileResponse

from bakhong.accounts.access import StaffRequest
from bakhong.desk.actions import note_register
from bakhong.desk.frame import now
from bakhong.desk.views.export import XLSX
from bakhong.places.models import Unit


def taken_out(
    request: StaffRequest, unit: Unit, book: IO[bytes], *, what: str, name: str, first: date, last: date
) -> FileResponse:
    """`what`: which list, for the trail. Raises: NotAllowed."""
    note_register(unit=unit, first=first, last=last, what=what, form="xlsx", by=request.actor, at=now())
    return FileResponse(book, as_attachment=True, filename=name, content_type=XLSX)
