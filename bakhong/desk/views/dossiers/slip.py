"""The slip a resident takes home, right after receiving and any time later."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from bakhong.accounts.access import StaffRequest
from bakhong.desk.frame import page, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, due_explained, qr_of
from bakhong.desk.views.dossiers.fees import fee_box
from bakhong.desk.views.dossiers.prints import links
from bakhong.dossiers.models import Attachment, Dossier, Event, Given, Kind
from bakhong.dossiers.permissions import RECEIVE, VIEW
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.dossiers.writing.shared import tracking_address
from bakhong.places.models import Unit


@unit_page(VIEW)
def slip(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    found = dossier_at(request, unit, dossier, needs_form=False)
    if found.received_at is None:
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    return _page(request, unit, found)


def _page(request: StaffRequest, unit: Unit, found: Dossier) -> HttpResponse:
    received = Event.objects.filter(dossier=found, kind=Kind.RECEIVE).order_by("number")
    return page(
        request,
        "desk/dossiers/slip.html",
        unit=unit,
        active="queue",
        dossier=found,
        tracking=tracking_code_of(found),
        qr=qr_of(tracking_address(tracking_code_of(found))),
        received_by=received.values_list("by_label", flat=True).first() or "",
        papers=papers_received(found),
        explanation=due_explained(found),
        papers_url=[each for each in links(found) if "/in/01" in each["url"]],
        may_receive=request.actor.may(RECEIVE, unit.pk),
        **fee_box(request, unit, found),
    )


def papers_received(dossier: Dossier) -> list[str]:
    """Each paper once, with how it came."""
    names = dict(dossier.paperchecks.values_list("paper", "name"))
    given = Attachment.objects.filter(dossier=dossier).exclude(
        how=Given.SIGNED
    )  # the application is no paper brought along
    rows = given.order_by("id").values_list("paper", "how")
    return [f"{names.get(paper, paper)} ({Given(how).label})" for paper, how in dict.fromkeys(rows)]
