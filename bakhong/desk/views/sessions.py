"""Mobile sessions: planned, people invited with an hour each, and what came of them."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Conflict, Refusal
from bakhong.desk.forms.gatherings import SessionForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import effect, places_of, posted, service_name, service_names, soon
from bakhong.outreach.actions import sessions as deeds
from bakhong.outreach.models import Invitee, MobileSession
from bakhong.outreach.permissions import PLAN, VIEW
from bakhong.outreach.queries import sessions as queries
from bakhong.outreach.rules.trainings import EFFECT_DAYS
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of

PER_PAGE = 30


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    places_of(unit)
    found = queries.sessions_at(request.actor, unit, today())
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/outreach/sessions.html",
        unit=unit,
        active="sessions",
        shown=shown,
        lines=[(each, service_names(each.services)) for each in shown],
        now=now(),
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    places = places_of(unit)
    form = (
        SessionForm(posted(request), places=places)
        if request.method == "POST"
        else SessionForm.blank(places=places, day=soon(), capacity=60)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.plan_session(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lên lịch. Lịch này hiện trên trang công khai, không có tên ai."))
            return redirect("desk:session", unit=unit.uuid, session=made.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="sessions",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Lên lịch làm lưu động: %(unit)s") % {"unit": unit.full_name},
        button_label=_("Lên lịch"),
        back_url=reverse("desk:sessions", args=[unit.uuid]),
        back_label=_("Về lịch làm lưu động"),
    )


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> MobileSession:
    found = queries.sessions_at(request.actor, unit, today()).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@unit_page(VIEW, post=PLAN)
def session(request: StaffRequest, unit: Unit, session: UUID) -> HttpResponseBase:
    """One session; POST invites people to the places still free."""
    found = _found(request, unit, session)
    if request.method == "POST":
        made = deeds.invite_to_session(session=found, by=request.actor, at=now())
        messages.success(request, _("Đã mời thêm %(count)s người.") % {"count": len(made)})
        return redirect("desk:session", unit=unit.uuid, session=found.uuid)
    return _session_page(request, unit, found)


def _session_page(request: StaffRequest, unit: Unit, found: MobileSession, **more: Any) -> HttpResponse:
    may_plan = request.actor.may(PLAN, found.unit_id)
    is_to_come = not found.cancelled_at and found.starts_at > now()
    lacking = queries.lacking_counts(request.actor, found, today()) if may_plan and is_to_come else {}
    return page(
        request,
        "desk/outreach/session.html",
        unit=unit,
        active="sessions",
        session=found,
        services=service_names(found.services),
        invitees=[(each, service_names(each.services)) for each in queries.invitees_of(request.actor, found)],
        taken_off=queries.invitees_of(request.actor, found, taken_off=True) if may_plan else [],
        clashes=queries.clashes_of(found) if is_to_come else [],
        lacking=[(service_name(code), count) for code, count in lacking.items()],
        free=max(0, found.capacity - found.people),  # type: ignore[attr-defined]  # annotated by the query
        outcomes=[
            (service_name(each.service), effect(each.gained, each.lacking, _("người được mời làm việc này")))
            for each in (queries.outcomes_of(request.actor, found) if found.starts_at <= now() else [])
        ],
        days=EFFECT_DAYS,
        is_to_come=is_to_come,
        may_plan=may_plan,
        **more,
    )


@unit_page(PLAN, post=PLAN)
def edit(request: StaffRequest, unit: Unit, session: UUID) -> HttpResponseBase:
    """Held otherwise: what is typed replaces what stood; who is invited keeps their turn."""
    found = _found(request, unit, session)
    places = places_of(unit)
    is_sent = request.method == "POST"
    form = SessionForm(posted(request), places=places) if is_sent else SessionForm.of(found, places=places)
    if is_sent and form.is_valid():
        said = form.values()
        del said["client_key"]
        try:
            moved = deeds.change_session(session=found, by=request.actor, at=now(), **said)
        except Conflict:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã sửa. Trang công khai đã đổi theo."))
            if moved:
                text = _("%(count)s người được hẹn giờ khác: hãy in lại giấy mời và báo cho họ.")
                messages.warning(request, text % {"count": moved})
            return redirect("desk:session", unit=unit.uuid, session=found.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="sessions",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Sửa lịch: %(who)s đến %(where)s")
        % {"who": found.provider, "where": found.place.full_name},
        button_label=_("Lưu lịch"),
        back_url=reverse("desk:session", args=[unit.uuid, found.uuid]),
        back_label=_("Về buổi này"),
    )


@unit_page(PLAN, post=PLAN)
def invitee(request: StaffRequest, unit: Unit, session: UUID, invitee: UUID) -> HttpResponseBase:
    """POST: one person is taken off the list, or (`deed` back) put on it again."""
    found = _found(request, unit, session)
    row: Invitee | None = Invitee.objects.for_user(request.actor).filter(session=found, uuid=invitee).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        is_back = request.POST.get("deed") == "back"
        (deeds.put_back if is_back else deeds.take_off)(invitee=row, by=request.actor, at=now())
        text = (
            _("Đã mời lại.")
            if is_back
            else _("Đã bỏ khỏi danh sách mời. Người này không được tự động mời lại.")
        )
        messages.success(request, text)
    return redirect("desk:session", unit=unit.uuid, session=found.uuid)


@unit_page(PLAN, post=PLAN)
def cancel(request: StaffRequest, unit: Unit, session: UUID) -> HttpResponseBase:
    found = _found(request, unit, session)
    if request.method != "POST":
        return redirect("desk:session", unit=unit.uuid, session=found.uuid)
    try:
        deeds.cancel_session(session=found, reason=request.POST.get("reason", ""), by=request.actor, at=now())
    except Conflict:
        raise
    except Refusal as refusal:
        response = _session_page(request, unit, found, problem=str(refusal))
        response.status_code = 422
        return response
    messages.success(request, _("Đã huỷ. Trang công khai ghi là đã huỷ và lý do; hãy báo cho người đã mời."))
    return redirect("desk:session", unit=unit.uuid, session=found.uuid)


@unit_page(VIEW)
def invitations(request: StaffRequest, unit: Unit, session: UUID) -> HttpResponse:
    """The list for the village head, a village after the other; `?slips=1`: a slip for each household to cut out."""
    found = _found(request, unit, session)
    rows = [(each, service_names(each.services)) for each in queries.invitees_of(request.actor, found)]
    template = "slips" if request.GET.get("slips") else "invitations"
    by_village = sorted(rows, key=lambda row: (row[0].village.sort_key, row[0].rank))
    return render(
        request,
        f"desk/outreach/{template}.html",
        {
            "unit": unit,
            "session": found,
            "services": service_names(found.services),
            "groups": [
                (village, list(each)) for village, each in groupby(by_village, lambda row: row[0].village)
            ],
            "contact": contact_of(found.unit, today()),
            "today": today(),
            "unit_contact": {"unit_name": found.unit.full_name},
            "back_url": reverse("desk:session", args=[unit.uuid, found.uuid]),
        },
    )
