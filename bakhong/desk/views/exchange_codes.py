"""The codes other systems know a dossier by: shown beside it, and noted."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.frame import now, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at
from bakhong.desk.views.dossiers.dossier import dossier_page
from bakhong.dossiers.actions.exchange_codes import note_code
from bakhong.dossiers.permissions import ASSIST, VIEW


@unit_page(VIEW, post=ASSIST)
def note(request: StaffRequest, unit: Any, dossier: UUID) -> HttpResponseBase:
    """POST `system`, `code`: what the other system calls it."""
    found = dossier_at(request, unit, dossier)
    if request.method != "POST":
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    try:
        note_code(
            dossier=found,
            system=request.POST.get("system", "")[:40],
            code=request.POST.get("code", "")[:200],
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        return dossier_page(request, unit, found, status=refusal.status, problem=refusal)
    messages.success(request, _("Đã ghi mã ở hệ thống khác."))
    return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
