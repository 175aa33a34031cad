"""“Ra quân”: where the campaign stands, what to do next, and opening or closing one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.outreach import CampaignForm, service_choices
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.outreach.actions.campaigns import close_campaign, open_campaign
from bakhong.outreach.models import Campaign
from bakhong.outreach.permissions import PLAN, VIEW, VISIT
from bakhong.outreach.queries.needs import villages_in_force
from bakhong.outreach.queries.sweep import heads_of, plans_of, village_items
from bakhong.outreach.queries.teams import campaign_at, campaigns_of, teams_of
from bakhong.outreach.queries.visits import Progress, progress_of, promises_of, to_come_back, visits_of
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

SHOWN = 8


@unit_page(VIEW)
def outreach(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The hub: steps still to take, the campaign's progress, households to come back to, broken promises."""
    on, actor = today(), request.actor
    campaign = campaigns_of(actor, unit, on, only_open=True).filter(ends_on__gte=on).first()
    plan = plans_of(actor, unit, on).first()
    teams = teams_of(actor, unit, on)
    back = to_come_back(actor, unit, on)
    broken = promises_of(actor, unit, on, state="broken")
    heads = heads_of({each.household_id for each in back[:SHOWN]})
    return page(
        request,
        "desk/outreach/hub.html",
        unit=unit,
        active="outreach",
        campaign=campaign,
        progress=_lines(progress_of(actor, campaign, on), campaign) if campaign else [],
        days_left=(campaign.ends_on - on).days if campaign else 0,
        plan=plan,
        villages=village_items(actor, plan)[:SHOWN] if plan else [],
        tasks=_steps(unit, bool(teams), campaign, bool(plan), visits_of(actor, unit, on).exists()),
        back=[(each, heads.get(each.household_id or 0, "")) for each in back[:SHOWN]],
        back_count=len(back),
        broken=broken[:SHOWN],
        broken_count=len(broken),
        others=campaigns_of(actor, unit, on)[:20],
        may_plan=actor.may(PLAN, unit.pk),
        may_visit=actor.may(VISIT, unit.pk),
    )


def _steps(
    unit: Unit, has_teams: bool, campaign: Campaign | None, has_plan: bool, has_visits: bool
) -> list[dict[str, Any]]:
    steps = (
        ("desk:outreach_teams", _("Lập tổ và giao thôn cho từng tổ"), has_teams),
        (
            "desk:outreach_campaign_new",
            _("Mở đợt ra quân: dịch vụ nào, thôn nào, đến ngày nào"),
            campaign is not None,
        ),
        ("desk:outreach_plans", _("Lập kế hoạch cuốn chiếu và in phiếu đi từng nhà"), has_plan),
        ("desk:outreach_visits", _("Ghi các lượt đến nhà"), has_visits),
    )
    if all(done for _route, _label, done in steps):
        return []
    return [
        {
            "label": label,
            "url": reverse(route, args=[unit.uuid]),
            "state": "done" if done else "none",
            "word": _("xong") if done else _("chưa làm"),
            "hint": "",
        }
        for route, label, done in steps
    ]


def _lines(progress: list[Progress], campaign: Campaign) -> list[dict[str, Any]]:
    return [
        {
            "row": each,
            "visited": Figure(numerator=each.visited, denominator=each.households, counted=_("hộ")),
            "done": Figure(
                numerator=each.done, denominator=each.eligible, counted=_("lượt người và dịch vụ")
            ),
        }
        for each in sorted(progress, key=lambda row: (-row.missing, row.village.sort_key))
    ]


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    on = today()
    places = villages_in_force(unit, on)
    form = CampaignForm(
        request.POST if request.method == "POST" else None,
        places=places,
        initial={
            "starts_on": on,
            "ends_on": on + timedelta(days=30),
            "villages": [str(each.uuid) for each in places],
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = open_campaign(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã mở đợt ra quân."))
            return redirect("desk:outreach_campaign", unit=unit.uuid, campaign=made.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="outreach",
        status=422 if request.method == "POST" else 200,
        heading=_("Mở đợt ra quân"),
        intro="" if places else _("Xã chưa nhập danh sách thôn. Vào trang Địa bàn để nhập trước."),
        form=form,
        button_label=_("Mở đợt ra quân"),
        back_url=reverse("desk:outreach", args=[unit.uuid]),
        back_label=_("Về trang Ra quân"),
    )


@unit_page(VIEW)
def campaign(request: StaffRequest, unit: Unit, campaign: UUID) -> HttpResponse:
    on = today()
    found = campaign_at(request.actor, unit, on, campaign)
    progress = progress_of(request.actor, found, on)
    total = Figure(
        numerator=sum(each.done for each in progress),
        denominator=sum(each.eligible for each in progress),
        counted=_("lượt người và dịch vụ"),
        on=on,
        is_day_of_count=True,
    )
    return page(
        request,
        "desk/outreach/campaign.html",
        unit=unit,
        active="outreach",
        campaign=found,
        services=[name for _code, name in service_choices(found.services)],
        progress=_lines(progress, found),
        total=total,
        plans=plans_of(request.actor, unit, on).filter(campaign=found)[:5],
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(PLAN, post=PLAN)
def close(request: StaffRequest, unit: Unit, campaign: UUID) -> HttpResponseBase:
    found = campaign_at(request.actor, unit, today(), campaign)
    if request.method == "POST":
        close_campaign(campaign=found, by=request.actor, at=now())
        messages.success(request, _("Đã kết thúc đợt ra quân. Các lượt đến nhà vẫn giữ."))
    return redirect("desk:outreach_campaign", unit=unit.uuid, campaign=found.uuid)
