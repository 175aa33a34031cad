"""The office's days and hours: what stands, changing and taking back; and why something is due when it is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_before
from bakhong.core.errors import Refusal
from bakhong.desk.forms.procedures import WEEKDAYS, DayForm, ExplainForm, HoursForm
from bakhong.desk.frame import now, page, standing_day, today, unit_page
from bakhong.dossiers.permissions import VIEW as SEE_DOSSIERS
from bakhong.places.models import Level, Unit
from bakhong.procedures.actions import calendar as deeds
from bakhong.procedures.models import DayKind
from bakhong.procedures.permissions import MANAGE
from bakhong.procedures.queries.calendar import (
    DayShown,
    calendar_for,
    day_of_unit,
    days_of_year,
    hours_of_unit,
    own_hours,
)
from bakhong.procedures.rules.calendar import NoWorkingDays, WorkCalendar, spans_in_words, weekday_vi
from bakhong.procedures.rules.deadlines import Due, due, warn_at
from bakhong.procedures.rules.shipped import shipped_years

VIEW = "figures.view"
FIRST_YEAR, LAST_YEAR = 2020, 2099


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The days of a year on which the weekday does not decide, and the hours of each weekday."""
    _only_offices(unit)
    on = today()
    year = _year(request, on)
    days = days_of_year(unit, year)
    return page(
        request,
        "desk/procedures/calendar.html",
        unit=unit,
        active="calendar",
        year=year,
        years=_years(year),
        is_known=year in shipped_years(),
        days=[_run(run, unit) for run in _runs(days)],
        unsure=sum(not day.is_verified for day in days),
        hours=_hours(unit, calendar_for(unit, on), on),
        own_hours=[
            {"row": row, "weekday": WEEKDAYS[row.weekday][1], "own": _is_own(row, unit)}
            for row in own_hours(unit, on)
        ],
        may_manage=request.actor.may(MANAGE, unit.pk),
        may_apply=unit.level == Level.COMMUNE and request.actor.may(SEE_DOSSIERS, unit.pk),
    )


def _runs(days: Sequence[DayShown]) -> list[list[DayShown]]:
    """Shipped days that follow each other for one reason stand in one line; what somebody wrote keeps a line of its own."""
    found: list[list[DayShown]] = []
    for day in days:
        before = found[-1][-1] if found else None
        if (
            before is not None
            and day.said is None
            and replace(before, on=day.on) == day
            and before.on == day_before(day.on)
        ):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _run(run: Sequence[DayShown], unit: Unit) -> dict[str, Any]:
    first = run[0]
    return {
        "row": first,
        "last": run[-1].on if len(run) > 1 else None,
        "count": len(run),
        "weekday": weekday_vi(first.on),
        "kind": DayKind(first.kind).label,
        "own": _is_own(first.said, unit),
    }


def _is_own(row: Any, unit: Unit) -> bool:
    return row is not None and row.unit_id == unit.pk


def _hours(unit: Unit, calendar: WorkCalendar, on: date) -> list[dict[str, Any]]:
    week = calendar.week_of(on)
    return [
        {
            "weekday": label,
            "spans": spans_in_words(week.hours.get(weekday, ())),
            "is_counted": weekday in week.counted and bool(week.hours.get(weekday)),
        }
        for weekday, label in WEEKDAYS
    ]


def _year(request: StaffRequest, on: date) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else on.year
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _years(year: int) -> list[int]:
    return sorted({*shipped_years(), year})


@unit_page(MANAGE, post=MANAGE)
def new_day(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    _only_offices(unit)
    form = DayForm(request.POST) if request.method == "POST" else DayForm.blank(kind=DayKind.OFF)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.set_day(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu. Hạn đã hẹn với người dân trước đó giữ nguyên."))
            return _back(unit, made.on.year)
    return _form_page(request, unit, form, _("Sửa một ngày trong lịch làm việc"), _("Lưu ngày này"))


@unit_page(MANAGE, post=MANAGE)
def undo_day(request: StaffRequest, unit: Unit, day: UUID) -> HttpResponseBase:
    found = day_of_unit(unit, day)
    if found is None:
        raise Http404
    if request.method == "POST":
        deeds.undo_day(day=found, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ. Ngày này lại theo lịch chung."))
    return _back(unit, found.on.year)


@unit_page(MANAGE, post=MANAGE)
def new_hours(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    _only_offices(unit)
    form = HoursForm(request.POST) if request.method == "POST" else _blank_hours()
    if request.method == "POST" and form.is_valid():
        try:
            deeds.set_hours(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error("spans", str(refusal))
        else:
            messages.success(request, _("Đã lưu giờ làm việc."))
            return _back(unit)
    return _form_page(request, unit, form, _("Đổi giờ làm việc"), _("Lưu giờ làm việc"))


def _blank_hours() -> HoursForm:
    """What communes ask for most: a Saturday morning."""
    made: HoursForm = HoursForm.blank(weekday=5, spans="07:30-11:30", valid_from=today())
    return made


@unit_page(MANAGE, post=MANAGE)
def undo_hours(request: StaffRequest, unit: Unit, hours: UUID) -> HttpResponseBase:
    found = hours_of_unit(unit, hours)
    if found is None:
        raise Http404
    if request.method == "POST":
        deeds.undo_hours(hours=found, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ. Giờ làm việc lại như trước."))
    return _back(unit)


@unit_page(VIEW)
def explain(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?day=&hour=&amount=&measure=`: when that is due here, line by line."""
    _only_offices(unit)
    is_asked = "amount" in request.GET
    form = ExplainForm(request.GET) if is_asked else ExplainForm(initial=_usual())
    found = _counted(unit, form) if is_asked and form.is_valid() else None
    return page(
        request,
        "desk/procedures/explain.html",
        unit=unit,
        active="calendar",
        status=422 if is_asked and found is None else 200,
        form=form,
        found=found[0] if found else None,
        warn_at=warn_at(*found) if found else None,
    )


def _usual() -> dict[str, Any]:
    return {"day": today(), "hour": "8h00", "amount": 3, "measure": "working_days"}


def _counted(unit: Unit, form: ExplainForm) -> tuple[Due, WorkCalendar] | None:
    received = form.received()
    calendar = calendar_for(unit, standing_day(unit, received.date()))
    try:
        return due(received, form.cleaned_data["limit"], calendar, form.pauses()), calendar
    except NoWorkingDays:
        form.add_error(None, _("Lịch của đơn vị không có ngày làm việc nào trong hơn một năm."))
        return None


def _only_offices(unit: Unit) -> None:
    """A village has no office hours of its own."""
    if unit.level not in (Level.COMMUNE, Level.PROVINCE):
        raise Http404


def _back(unit: Unit, year: int | None = None) -> HttpResponse:
    address = reverse("desk:calendar", args=[unit.uuid])
    return redirect(f"{address}?year={year}" if year else address)


def _form_page(request: StaffRequest, unit: Unit, form: Any, heading: str, button: str) -> HttpResponse:
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="calendar",
        status=422 if form.is_bound else 200,
        form=form,
        heading=heading,
        button_label=button,
        back_url=reverse("desk:calendar", args=[unit.uuid]),
        back_label=_("Về lịch làm việc"),
    )
