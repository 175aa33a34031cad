"""Whom somebody has to call, what to say and what came of it; and everything that was told about one dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bakhong.accounts.access import StaffRequest, at_work
from bakhong.core.days import VIET_NAM
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import read_count
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.dossiers.models import Dossier, State, Supplement
from bakhong.dossiers.queries.dossiers import dossier_for
from bakhong.dossiers.rules.states import FINISHED
from bakhong.messaging import actions as deeds
from bakhong.messaging import queries
from bakhong.messaging.models import Delivery, Message, Outcome
from bakhong.messaging.own import own_inbox
from bakhong.messaging.permissions import VIEW
from bakhong.messaging.queries import call_for, call_tasks, calls_failed, calls_settled, messages_about
from bakhong.messaging.rules.templates import spoken
from bakhong.people.permissions import REVEAL
from bakhong.people.queries.identity import mask
from bakhong.places.models import Unit

MOST = 50
_LOOKED_BACK = timedelta(days=90)  # longer ago than that a dossier has been found in another way


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    return _page(request, unit)


@unit_page(VIEW)
def unreached(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Whom nobody reached: they stay here until their dossier has ended, whatever day it is."""
    failed = calls_failed(request.actor, unit, on=today(), since=now() - _LOOKED_BACK)[: MOST * 4]
    rows = list(failed)
    cases = _cases(request, rows)
    open_still = [row for row in rows if not (case := cases.get(row.message.about)) or not case.has_ended]
    return page(
        request,
        "desk/calls/unreached.html",
        unit=unit,
        active="calls",
        lines=[_line(each, None, None, cases) for each in open_still[:MOST]],
        is_more=len(open_still) > MOST,
    )


@unit_page(VIEW, post=REVEAL)
def number(request: StaffRequest, unit: Unit, call: UUID) -> HttpResponseBase:
    """The number stands in this one answer only; the person may ask who saw it."""
    if request.method != "POST":
        return redirect("desk:calls", unit=unit.uuid)
    found = call_for(request.actor, unit, today(), call)
    try:
        shown = deeds.number_for(call=found, by=request.actor, at=now())
    except NotFound as refusal:
        return _page(request, unit, status=422, problem=(found.pk, str(refusal)))
    return _page(request, unit, revealed=(found.pk, shown))


@unit_page(VIEW, post=VIEW)
def record(request: StaffRequest, unit: Unit, call: UUID) -> HttpResponseBase:
    if request.method != "POST":
        return redirect("desk:calls", unit=unit.uuid)
    found = call_for(request.actor, unit, today(), call)
    seen = request.POST.get("attempts", "")
    try:
        made = deeds.record_call(
            call=found,
            outcome=request.POST.get("outcome", ""),
            attempts=read_count(seen, 4),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        return _page(request, unit, status=refusal.status, problem=(found.pk, str(refusal)))
    messages.success(
        request,
        _("Đã ghi: %(name)s, %(outcome)s.")
        % {"name": found.message.name or "—", "outcome": made.get_outcome_display()},
    )
    return redirect("desk:calls", unit=unit.uuid)


@unit_page(VIEW, post=VIEW)
def reopen(request: StaffRequest, unit: Unit, call: UUID) -> HttpResponseBase:
    if request.method == "POST":
        deeds.reopen_call(call=call_for(request.actor, unit, today(), call), by=request.actor, at=now())
        messages.success(request, _("Đã đưa trở lại danh sách cần gọi."))
    return redirect("desk:calls", unit=unit.uuid)


@unit_page(VIEW)
def told(request: StaffRequest, unit: Unit, about: UUID) -> HttpResponse:
    """Everything told about one draft or dossier, by which way and what became of it."""
    found = list(messages_about(request.actor, unit, [about], on=today()))
    if not found and dossier_for(request.actor, about) is None:
        raise NotFound("")
    return page(request, "desk/calls/told.html", unit=unit, active="calls", told=found)


@at_work
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """What this member of staff was told, whatever their role; sending it says which of it they have seen."""
    if request.method == "POST":
        deeds.note_seen(messages=_uuids(request.POST.getlist("seen")), by=request.actor, at=now())
        return redirect("desk:my_messages", unit=unit.uuid)
    with own_inbox(request.actor):
        shown = Paginator(queries.staff_inbox(request.actor.id), MOST).get_page(request.GET.get("page"))
        lines = [(each, _leads_to(request, each.message)) for each in shown]
    return page(
        request,
        "desk/calls/inbox.html",
        unit=unit,
        active="my_messages",
        shown=shown,
        lines=lines,
        unseen=[each.message.uuid for each, _address in lines if each.seen_at is None],
    )


def _uuids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in texts[:MOST]]
    except ValueError:
        return []


# What a message is about → the page about it, and who may open that page.
_PAGES = {
    "dossier": ("desk:dossier", VIEW),
    "stall": ("desk:stall", "stalls.view"),
    "bank_account": ("desk:bank_account", "payments.view"),
}


def _leads_to(request: StaffRequest, message: Message) -> str:
    """The page about what a message tells of, at the unit it is of; "" where there is none for this reader."""
    if message.about_kind == "sticker_check" and request.actor.may("stalls.view", message.village_id):
        return reverse("desk:sticker_checks", args=[message.village.uuid])
    name, permission = _PAGES.get(message.about_kind, ("", ""))
    if not name or not request.actor.may(permission, message.village_id):
        return ""
    return reverse(name, args=[message.village.uuid, message.about])


def _page(
    request: StaffRequest,
    unit: Unit,
    *,
    status: int = 200,
    revealed: tuple[int, str] | None = None,
    problem: tuple[int, str] | None = None,
) -> HttpResponse:
    moment = now()
    rows = list(call_tasks(request.actor, unit, on=today())[: MOST + 1])
    cases = _cases(request, rows[:MOST])
    lines = [_line(each, revealed, problem, cases) for each in rows[:MOST]]
    known = {each.pk for each in rows[:MOST]}
    return page(
        request,
        "desk/calls/index.html",
        unit=unit,
        active="calls",
        status=status,
        due=[each for each in lines if each["call"].next_at <= moment],
        later=[each for each in lines if each["call"].next_at > moment],
        is_more=len(rows) > MOST,
        # About one that is no longer in the list.
        problem=problem[1] if problem and problem[0] not in known else "",
        settled=list(
            calls_settled(request.actor, unit, on=today(), since=datetime.combine(today(), time(), VIET_NAM))[
                :MOST
            ]
        ),
        outcomes=Outcome.choices,
        may_reveal=request.actor.may(REVEAL, unit.pk),
    )


@dataclass(frozen=True)
class Case:
    """The dossier a call is about, and what its applicant is asked for now, in their words."""

    dossier: Dossier
    asked: tuple[str, ...]

    @property
    def has_ended(self) -> bool:
        return self.dossier.state in FINISHED


def _cases(request: StaffRequest, calls: Sequence[Delivery]) -> Mapping[UUID, Case]:
    """uuid → the dossier, where this reader may open it."""
    abouts = {each.message.about for each in calls if each.message.about_kind == "dossier"}
    rows = Dossier.objects.for_user(request.actor).select_related("village").filter(uuid__in=abouts)
    found = {row.uuid: row for row in rows}
    waiting = [row.pk for row in found.values() if row.state == State.SUPPLEMENT]
    asked = {
        each.dossier_id: each for each in Supplement.objects.filter(dossier__in=waiting, answered_at=None)
    }
    return {
        uuid: Case(row, tuple(item["words"] for item in asked[row.pk].items) if row.pk in asked else ())
        for uuid, row in found.items()
    }


def _line(
    call: Delivery,
    revealed: tuple[int, str] | None,
    problem: tuple[int, str] | None,
    cases: Mapping[UUID, Case],
) -> dict[str, Any]:
    return {
        "call": call,
        "case": cases.get(call.message.about),
        "message": call.message,
        "words": spoken(call.message.text, call.message.lang, call.message.name),
        "masked": mask(call.message.phone) if call.message.phone else "",
        "number": revealed[1] if revealed and revealed[0] == call.pk else "",
        "problem": problem[1] if problem and problem[0] == call.pk else "",
    }
