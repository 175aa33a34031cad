"""“Áp ngày nghỉ mới cho hồ sơ đang mở”: which promises a new day off moves, before and after, and one press that moves them."""

from itertools import islice

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import label_of
from bakhong.dossiers.actions.new_days import apply_days, moved
from bakhong.dossiers.models import Dossier, Kind
from bakhong.dossiers.permissions import VIEW
from bakhong.dossiers.queries.queue import of_unit
from bakhong.dossiers.rules.transitions import transitions
from bakhong.places.models import Level, Unit
from bakhong.procedures.permissions import MANAGE

MOST = 500  # shown and moved at once, the nearest due first; those behind them come with the next press


@unit_page(VIEW, post=MANAGE)
def new_days(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    found = list(islice(moved(_open(request, unit).iterator(200)), MOST))
    if request.method == "POST":
        done = sum(_apply(request, each.dossier) for each in found)
        said = ngettext("Đã lùi ngày hẹn của %(n)s hồ sơ.", "Đã lùi ngày hẹn của %(n)s hồ sơ.", done)
        messages.success(request, said % {"n": done})
        return redirect("desk:new_days", unit=unit.uuid)
    return page(
        request,
        "desk/procedures/new_days.html",
        unit=unit,
        active="calendar",
        lines=[{"moved": each, "code": label_of(each.dossier)} for each in found],
        may_apply=request.actor.may(MANAGE, unit.pk),
    )


def _open(request: StaffRequest, unit: Unit) -> "QuerySet[Dossier]":
    rows = Dossier.objects.for_user(request.actor).select_related("village", "person")
    wanted = rows.filter(of_unit(unit, today()), state__in=transitions()[Kind.APPLY_DAYS].sources)
    return wanted.filter(due_at__isnull=False).order_by("due_at", "pk")


def _apply(request: StaffRequest, dossier: Dossier) -> bool:
    """False where somebody was faster: it was moved, or is over."""
    try:
        apply_days(dossier=dossier, by=request.actor, at=now())
    except Refusal:
        return False
    return True
