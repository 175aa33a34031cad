"""“Liên thông”: what waits to be told to other systems, what they sent that could not be taken in, and trying again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.desk.views.exchange_tabs import check_commune, tabs_of
from bakhong.dossiers.actions.exchange_hearing import look_at_change
from bakhong.dossiers.actions.exchange_taking import take_in_again
from bakhong.dossiers.actions.exchange_telling import send_again
from bakhong.dossiers.actions.exchange_words import changes_of, words_of
from bakhong.dossiers.adapters.registry import NAMES, exchanges
from bakhong.dossiers.models import Pulled, Sending, Sent
from bakhong.dossiers.permissions import EXCHANGE, VIEW
from bakhong.dossiers.queries.exchange_sync import (
    Side,
    awaited,
    changed_there,
    not_taken,
    open_sendings,
    sides,
)
from bakhong.dossiers.queries.filed_elsewhere import words_of_state
from bakhong.places.models import Unit

SHOWN = 100


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    check_commune(unit)
    return _page(request, unit)


@unit_page(VIEW, post=EXCHANGE)
def again(request: StaffRequest, unit: Unit, sending: UUID) -> HttpResponseBase:
    """POST: try this line at once."""
    found = Sending.objects.for_user(request.actor).filter(uuid=sending, village=unit).first()
    if found is None:
        raise NotFound("")
    if request.method == "POST":
        send_again(sending=found, by=request.actor, at=now())
        messages.success(request, _("Sẽ gửi lại trong vòng một phút."))
    return redirect("desk:exchange", unit=unit.uuid)


@unit_page(VIEW, post=EXCHANGE)
def take_again(request: StaffRequest, unit: Unit, pulled: UUID) -> HttpResponseBase:
    """POST: try to take this dossier in once more."""
    found = Pulled.objects.for_user(request.actor).filter(uuid=pulled, village=unit).first()
    if found is None:
        raise NotFound("")
    if request.method != "POST":
        return redirect("desk:exchange", unit=unit.uuid)
    try:
        made = take_in_again(pulled=found, by=request.actor, at=now())
    except Refusal as refusal:
        return _page(request, unit, problem=str(refusal), status=refusal.status)
    return redirect("desk:dossier", unit=unit.uuid, dossier=made.uuid)


@unit_page(VIEW, post=EXCHANGE)
def looked(request: StaffRequest, unit: Unit, pulled: UUID) -> HttpResponseBase:
    """POST: somebody looked at what changed in the other system."""
    found = Pulled.objects.for_user(request.actor).filter(uuid=pulled, village=unit).first()
    if found is None:
        raise NotFound("")
    if request.method == "POST":
        look_at_change(pulled=found, by=request.actor, at=now())
        messages.success(request, _("Đã ghi: đã xem hồ sơ đổi ở bên kia."))
    return redirect("desk:exchange", unit=unit.uuid)


def _page(request: StaffRequest, unit: Unit, *, problem: str = "", status: int = 200) -> HttpResponse:
    at = now()
    waiting = open_sendings(request.actor, unit)
    return page(
        request,
        "desk/exchange/index.html",
        unit=unit,
        active="exchange",
        status=status,
        tabs=tabs_of(request, unit, "exchange"),
        problem=problem,
        sides=[_side(each) for each in sides(request.actor, unit, exchanges())],
        rows=[_row(each, at) for each in waiting[:SHOWN]],
        row_count=waiting.count(),
        not_taken=[
            (each, NAMES.get(each.system, each.system), words_of(each.problem))
            for each in not_taken(request.actor, unit)[:SHOWN]
        ],
        changed=[
            (each, label_of(each.dossier), NAMES.get(each.system, each.system), changes_of(each.detail))
            for each in changed_there(request.actor, unit)[:SHOWN]
            if each.dossier is not None
        ],
        awaited=awaited(request.actor, unit)[:SHOWN],
        may_retry=request.actor.may(EXCHANGE, unit.pk),
    )


def _side(side: Side) -> dict[str, Any]:
    mark = ("error" if side.silent_since else "done") if side.heard_at or side.silent_since else "none"
    return {"side": side, "mark": mark, "problem": words_of(side.problem)}


def _row(row: Sending, at: datetime) -> dict[str, Any]:
    return {
        "row": row,
        "code": label_of(row.dossier),
        "system": NAMES.get(row.system, row.system),
        "what": _("kết quả") if row.kind == "result" else words_of_state(row.national_state),
        "mark": "error" if row.state == Sent.HELD else "late" if row.attempts else "none",
        "words": words_of(row.problem),
        "is_next_later": row.state == Sent.WAITING and row.next_at > at,
    }
