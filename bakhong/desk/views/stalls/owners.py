"""Whose business of the roll a stall is: found by name, tax code or card, and chosen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.people import is_uuid
from bakhong.desk.views.stalls.words import business_words, title_of
from bakhong.payments.actions.stall_owners import tie_stall, tie_to_owner
from bakhong.payments.models import Stall
from bakhong.payments.permissions import KEEP_STALLS
from bakhong.payments.queries.stall_owners import businesses, owner_with
from bakhong.payments.queries.stalls import commune_of, stall_for
from bakhong.people.queries.registers import Sought, organisations
from bakhong.people.queries.roll import residents
from bakhong.places.models import Unit


@unit_page(KEEP_STALLS, post=KEEP_STALLS)
def tie(request: StaffRequest, unit: Unit, stall: UUID) -> HttpResponseBase:
    """POST `tim`: what is looked for, never in an address; `deed`: tie (with `business`) or new (with `owner`). First those of its name."""
    found = stall_for(request.actor, unit, today(), stall, KEEP_STALLS)
    if request.method != "POST":
        return _page(request, unit, found, found.name or found.owner_name, typed="")
    text = request.POST.get("tim", "").replace("\x00", "")[:400].strip()
    if not request.POST.get("deed"):
        return _page(request, unit, found, text, typed=text)
    try:
        _do(request, found)
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _page(request, unit, found, text, typed=text, problem=str(refusal), status=refusal.status)
    messages.success(request, _("Đã gắn điểm bán với hộ kinh doanh này."))
    return redirect("desk:stall", unit=unit.uuid, stall=found.uuid)


def _do(request: StaffRequest, found: Stall) -> None:
    """Raises: NotFound; Refusal."""
    commune = commune_of(found.village, today())
    chosen = request.POST.get("business" if request.POST["deed"] == "tie" else "owner", "")
    if not is_uuid(chosen):
        raise Refusal(_("Hãy chọn một hộ kinh doanh trong danh sách."))
    if request.POST["deed"] == "tie":
        business = organisations(request.actor, commune, today(), Sought()).filter(uuid=chosen).first()
        if business is None:
            raise NotFound("")
        tie_stall(stall=found, organisation=business, by=request.actor, at=now())
        return
    owner = residents(request.actor, commune, today()).filter(uuid=chosen).first()
    if owner is None:
        raise NotFound("")
    tie_to_owner(stall=found, owner=owner, by=request.actor, at=now())


def _page(
    request: StaffRequest, unit: Unit, found: Stall, text: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    told = [
        (each, business_words(each))
        for each in businesses(request.actor, unit, today(), text)
        if each.pk != found.organisation_id
    ]
    return page(
        request,
        "desk/stalls/tie.html",
        unit=unit,
        active="stalls",
        status=status,
        stall=found,
        title=title_of(found),
        current=found.organisation,
        found=told,
        owner=owner_with(request.actor, unit, today(), text),
        **{"problem": "", **more},
    )
