"""Handing the result over: by whom it was fetched, how it was sent; whether anybody had to come is said, not guessed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.dossiers import ReturnForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, label_of
from bakhong.desk.views.dossiers.dossier import key_sent, version_sent
from bakhong.dossiers.actions.results import return_result
from bakhong.dossiers.models import Kind
from bakhong.dossiers.permissions import RECEIVE, VIEW
from bakhong.places.models import Unit


@unit_page(VIEW, post=RECEIVE)
def give(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    found = dossier_at(request, unit, dossier)
    form = ReturnForm(
        request.POST if request.method == "POST" else None,
        dossier=found,
        on=today(),
        event=Kind.RETURN_RESULT,
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return_result(
                    dossier=found,
                    version=version_sent(request),
                    key=key_sent(request),
                    by=request.actor,
                    at=now(),
                    **form.said(),
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Đã trả kết quả cho %(who)s.") % {"who": found.applicant_name})
                return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    return page(
        request,
        "desk/dossiers/return.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=dossier_at(request, unit, dossier),
        code=label_of(found),
        form=form,
        key=key_sent(request) or new_uuid(),
    )
