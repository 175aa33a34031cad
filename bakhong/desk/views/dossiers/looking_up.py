"""Looking up a paper of a dossier where the State should know it, and writing down what that told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, kept
from bakhong.desk.views.dossiers.dossier import dossier_page
from bakhong.dossiers.actions.looking_up import ask_for_paper, note_look_up
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.looking_up import look_up_words
from bakhong.places.models import Unit


@unit_page(VIEW, post=VIEW)
def look_up(request: StaffRequest, unit: Unit, dossier: UUID, paper: str) -> HttpResponseBase:
    """POST `deed`: "ask" the register, or what the officer saw themself: "found", "not_found" with its reason."""
    found = dossier_at(request, unit, dossier)
    if request.method != "POST":
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    try:
        messages.success(request, _done(request, found, paper))
    except NotFound:
        raise
    except Refusal as refusal:
        again = dossier_at(request, unit, dossier)
        typed = {paper: kept(request, "reason", 300)}
        return dossier_page(request, unit, again, status=refusal.status, problem=refusal, typed_reasons=typed)
    return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)


def _done(request: StaffRequest, found: Dossier, paper: str) -> str:
    """What was done, in words. Raises: Refusal."""
    deed = request.POST.get("deed")
    if deed == "ask":
        check = ask_for_paper(dossier=found, paper=paper, by=request.actor, at=now())
    elif deed in ("found", "not_found"):
        check = note_look_up(
            dossier=found,
            paper=paper,
            is_found=deed == "found",
            reason=kept(request, "reason", 300),
            by=request.actor,
            at=now(),
        )
    else:
        raise Refusal(_("Chọn kết quả tra."))
    return f"{check.name}: {look_up_words(check)}."
