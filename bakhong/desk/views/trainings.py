"""Trainings: planned, attended by the code on the wall or ticked, and what came of them."""

from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.core.errors import Refusal
from bakhong.desk.forms.gatherings import TrainingForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import effect, places_of, posted, service_name, service_names, soon
from bakhong.outreach.actions import trainings as deeds
from bakhong.outreach.models import Attendance, CheckIn, Training
from bakhong.outreach.permissions import PLAN, VIEW, VISIT
from bakhong.outreach.queries import trainings as queries
from bakhong.outreach.rules.trainings import EFFECT_DAYS, is_open
from bakhong.people.queries import roll
from bakhong.people.queries.records import person_at
from bakhong.places.models import Unit

PER_PAGE = 30
MOST_FOUND = 30


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    places_of(unit)
    shown = Paginator(queries.trainings_at(request.actor, unit, today()), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return page(
        request,
        "desk/outreach/trainings.html",
        unit=unit,
        active="trainings",
        shown=shown,
        now=now(),
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    places = places_of(unit)
    form = (
        TrainingForm(posted(request), places=places)
        if request.method == "POST"
        else TrainingForm.blank(places=places, day=soon())
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.plan_training(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lên lịch buổi tập huấn."))
            return redirect("desk:training", unit=unit.uuid, training=made.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="trainings",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Lên lịch tập huấn: %(unit)s") % {"unit": unit.full_name},
        button_label=_("Lên lịch tập huấn"),
        back_url=reverse("desk:trainings", args=[unit.uuid]),
        back_label=_("Về danh sách buổi tập huấn"),
    )


def _found(request: StaffRequest, unit: Unit, uuid: UUID) -> Training:
    found = queries.trainings_at(request.actor, unit, today()).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@unit_page(VIEW, post=VISIT)
def training(request: StaffRequest, unit: Unit, training: UUID) -> HttpResponseBase:
    """Who was there. `?q=` finds somebody to tick; POST ticks those chosen."""
    found = _found(request, unit, training)
    if request.method == "POST":
        persons = [
            person_at(request.actor, unit, today(), uuid) for uuid in _uuids(request.POST.getlist("person"))
        ]
        done = deeds.attend(training=found, persons=persons, by=request.actor, at=now())
        messages.success(request, _("Đã ghi %(count)s người dự.") % {"count": len(done)})
        return redirect("desk:training", unit=unit.uuid, training=found.uuid)
    text = request.GET.get("q", "").strip()[:100]
    there = list(queries.attendances_of(request.actor, found))
    waiting = queries.waiting_entries(request.actor, found, today())
    is_past = day_of(found.starts_at) <= today()
    return page(
        request,
        "desk/outreach/training.html",
        unit=unit,
        active="trainings",
        training=found,
        taught=service_names(found.services),
        attendances=there,
        entries=waiting,
        sure=sum(each.guess.is_sure for each in waiting),
        text=text,
        people=_to_tick(request, unit, text, {each.person_id for each in there}),
        effects=[
            (service_name(each.service), effect(each.gained, each.lacking, _("người dự mà trước đó chưa có")))
            for each in queries.effects_of(request.actor, found)
        ],
        days=EFFECT_DAYS,
        is_past=is_past and not found.cancelled_at,
        is_open=is_open(found.starts_at, found.ends_at, now()) and not found.cancelled_at,
        may_tick=request.actor.may(VISIT, unit.pk),
        may_plan=request.actor.may(PLAN, found.unit_id),
    )


def _to_tick(request: StaffRequest, unit: Unit, text: str, there: set[int]) -> list[object]:
    """The residents found by name, to be ticked; those who are ticked already are left out."""
    if not text or roll.looks_like_number(text):
        return []
    found = roll.listed(request.actor, unit, today(), roll.Wanted(text=text)).exclude(pk__in=there)
    return list(found[:MOST_FOUND])


def _uuids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in texts[:500]]
    except ValueError:
        raise Http404 from None


@unit_page(VISIT, post=VISIT)
def entries(request: StaffRequest, unit: Unit, training: UUID) -> HttpResponseBase:
    """POST: all sure entries at once, or one entry as somebody (`person`) or as nobody of the roll."""
    found = _found(request, unit, training)
    deed = request.POST.get("deed", "")
    if deed == "sure":
        count = deeds.recognise_sure(training=found, by=request.actor, at=now())
        messages.success(request, _("Đã nhận ra %(count)s người.") % {"count": count})
    elif deed in ("recognise", "dismiss"):
        checkin = _entry(request, found)
        if deed == "dismiss":
            deeds.dismiss_check_in(checkin=checkin, by=request.actor, at=now())
        else:
            (uuid,) = _uuids([request.POST.get("person", "")])
            person = person_at(request.actor, unit, today(), uuid)
            deeds.recognise(checkin=checkin, person=person, by=request.actor, at=now())
        messages.success(request, _("Đã ghi."))
    return redirect("desk:training", unit=unit.uuid, training=found.uuid)


def _entry(request: StaffRequest, training: Training) -> CheckIn:
    (uuid,) = _uuids([request.POST.get("entry", "")])
    found: CheckIn | None = (
        CheckIn.objects.for_user(request.actor).filter(training=training, uuid=uuid).first()
    )
    if found is None:
        raise Http404
    return found


@unit_page(VISIT, post=VISIT)
def untick(request: StaffRequest, unit: Unit, training: UUID, attendance: UUID) -> HttpResponseBase:
    found = _found(request, unit, training)
    row: Attendance | None = (
        Attendance.objects.for_user(request.actor).filter(training=found, uuid=attendance).first()
    )
    if row is None or request.method != "POST":
        raise Http404
    deeds.withdraw_attendance(attendance=row, by=request.actor, at=now())
    messages.success(request, _("Đã bỏ tên khỏi danh sách dự."))
    return redirect("desk:training", unit=unit.uuid, training=found.uuid)


@unit_page(PLAN, post=PLAN)
def cancel(request: StaffRequest, unit: Unit, training: UUID) -> HttpResponseBase:
    found = _found(request, unit, training)
    if request.method == "POST":
        deeds.cancel_training(training=found, by=request.actor, at=now())
        messages.success(request, _("Đã huỷ buổi tập huấn."))
    return redirect("desk:training", unit=unit.uuid, training=found.uuid)


@unit_page(VISIT)
def wall(request: StaffRequest, unit: Unit, training: UUID) -> HttpResponse:
    """The sheet for the wall or the projector: the code, and how to take part without a telephone."""
    found = _found(request, unit, training)
    address = request.build_absolute_uri(reverse("portal:attend", args=[found.token]))
    code = segno.make(address, error="m", micro=False).svg_inline(scale=9, border=2)
    return render(
        request,
        "desk/outreach/wall.html",
        {
            "unit": unit,
            "training": found,
            "address": address,
            "code": mark_safe(code),  # made here of an address of ours; segno escapes it
            "today": today(),
            "unit_contact": {"unit_name": found.unit.full_name},
            "back_url": reverse("desk:training", args=[unit.uuid, found.uuid]),
        },
    )
