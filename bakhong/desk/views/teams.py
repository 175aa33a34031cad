"""Teams with their members and villages, and the conditions of villages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.desk.forms.outreach import ConditionForm, MemberForm, OfVillages, TeamForm, staff_of
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.outreach.actions import teams as deeds
from bakhong.outreach.actions.campaigns import record_condition
from bakhong.outreach.models import Team, TeamMember
from bakhong.outreach.permissions import PLAN, VIEW, VISIT
from bakhong.outreach.queries.needs import villages_in_force
from bakhong.outreach.queries.teams import around, conditions_on, team_at, team_line, teams_of
from bakhong.places.models import Unit


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    on = today()
    lines = teams_of(request.actor, unit, on)
    served = {village.pk for line in lines for village in line.villages}
    return page(
        request,
        "desk/outreach/teams.html",
        unit=unit,
        active="outreach_teams",
        lines=lines,
        unserved=[each for each in villages_in_force(unit, on) if each.pk not in served] if lines else [],
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    on = today()
    former = Team.objects.for_user(request.actor).filter(unit__in=around(unit, on)).exclude(unit=unit)
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        places=villages_in_force(unit, on),
        teams=list(former.select_related("unit").order_by("name")),
        initial={"valid_from": on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.make_team(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lập tổ. Bây giờ thêm thành viên."))
            return redirect("desk:outreach_team", unit=unit.uuid, team=made.uuid)
    return _form(request, unit, form, _("Lập tổ công nghệ số cộng đồng"), _("Lập tổ"))


@unit_page(VIEW, post=PLAN)
def team(request: StaffRequest, unit: Unit, team: UUID) -> HttpResponseBase:
    """The team; POST adds a member."""
    on = today()
    found = team_at(request.actor, unit, on, team)
    line = team_line(found, on)
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        users=staff_of(unit, on),
        members=line.members,
        initial={"valid_from": on},
    )
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_member(team=found, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm thành viên."))
            return redirect("desk:outreach_team", unit=unit.uuid, team=found.uuid)
    return page(
        request,
        "desk/outreach/team.html",
        unit=unit,
        active="outreach_teams",
        status=422 if request.method == "POST" else 200,
        line=line,
        form=form,
        past=found.members.filter(valid_to__lte=on).order_by("-valid_to")[:20],
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def villages(request: StaffRequest, unit: Unit, team: UUID) -> HttpResponseBase:
    on = today()
    found = team_at(request.actor, unit, on, team)
    standing = [str(each.uuid) for each in team_line(found, on).villages]
    form = OfVillages(
        request.POST if request.method == "POST" else None,
        places=villages_in_force(unit, on),
        initial={"villages": standing},
    )
    if request.method == "POST" and form.is_valid():
        deeds.assign_villages(team=found, villages=form.chosen_villages(), on=on, by=request.actor, at=now())
        messages.success(request, _("Đã giao thôn cho tổ."))
        return redirect("desk:outreach_team", unit=unit.uuid, team=found.uuid)
    heading = _("Giao thôn cho %(team)s") % {"team": found.name}
    return _form(request, unit, form, heading, _("Giao các thôn đã chọn"))


@unit_page(PLAN, post=PLAN)
def end_member(request: StaffRequest, unit: Unit, team: UUID, member: UUID) -> HttpResponseBase:
    found = team_at(request.actor, unit, today(), team)
    if request.method == "POST":
        who = TeamMember.objects.filter(uuid=member, team=found).select_related("team").first()
        if who is None:
            raise NotFound("")
        deeds.end_member(member=who, on=today(), by=request.actor, at=now())
        messages.success(request, _("%(name)s đã thôi tham gia tổ từ hôm nay.") % {"name": who.name})
    return redirect("desk:outreach_team", unit=unit.uuid, team=found.uuid)


@unit_page(PLAN, post=PLAN)
def end(request: StaffRequest, unit: Unit, team: UUID) -> HttpResponseBase:
    found = team_at(request.actor, unit, today(), team)
    if request.method == "POST":
        deeds.end_team(team=found, on=today(), by=request.actor, at=now())
        messages.success(request, _("Tổ đã kết thúc hoạt động từ hôm nay. Lượt đến nhà của tổ vẫn giữ."))
    return redirect("desk:outreach_teams", unit=unit.uuid)


@unit_page(VIEW, post=VISIT)
def conditions(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """What each village is like, as last seen; POST says what somebody saw."""
    on = today()
    places = villages_in_force(unit, on)
    form = ConditionForm(
        request.POST if request.method == "POST" else None,
        places=places,
        initial={"on": on, "village": request.GET.get("village", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            record_condition(by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi điều kiện của thôn."))
            return redirect("desk:outreach_conditions", unit=unit.uuid)
    seen = conditions_on([each.pk for each in places], on)
    return page(
        request,
        "desk/outreach/conditions.html",
        unit=unit,
        active="outreach_teams",
        status=422 if request.method == "POST" else 200,
        lines=[(each, seen.get(each.pk)) for each in places],
        form=form,
        may_visit=request.actor.may(VISIT, unit.pk),
    )


def _form(request: StaffRequest, unit: Unit, form: Any, heading: str, button: str) -> HttpResponse:
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="outreach_teams",
        status=422 if form.is_bound else 200,
        heading=heading,
        form=form,
        button_label=button,
        back_url=reverse("desk:outreach_teams", args=[unit.uuid]),
        back_label=_("Về danh sách tổ"),
    )
