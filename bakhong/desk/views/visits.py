"""Visits: the log, a household's card with the form to record one, one visit, who is away, what was promised, and notices."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.desk.forms.outreach import NoticeForm
from bakhong.desk.forms.visits import VisitForm, service_name, text_of
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.outreach.actions.sweeping import make_notice
from bakhong.outreach.actions.visits import may_retract, record_visit, retract_visit
from bakhong.outreach.models import Notice, Outcome, Team, TeamMember
from bakhong.outreach.permissions import CLAIMS, VIEW, VISIT
from bakhong.outreach.queries.claims import claims_with
from bakhong.outreach.queries.needs import person_services, villages_in_force
from bakhong.outreach.queries.same import as_they_are
from bakhong.outreach.queries.sweep import heads_of
from bakhong.outreach.queries.teams import campaigns_of, members_of, teams_for
from bakhong.outreach.queries.visits import (
    absent_people,
    away_count,
    borrowed_phones,
    household_at,
    household_card,
    outcome_counts,
    persons_of,
    promises_of,
    visit_at,
    visits_of,
)
from bakhong.outreach.rules.codes import as_typed
from bakhong.people import looks
from bakhong.people.models import Household, Person, Reason
from bakhong.people.rules.reasons import reasons
from bakhong.places.models import Unit
from bakhong.places.queries import contact_of
from bakhong.ui.figures import language

PER_PAGE = 50
PROMISE_STATES = {
    "broken": ("late", gettext_lazy("quá hạn")),
    "open": ("doing", gettext_lazy("chưa đến hạn")),
    "kept": ("done", gettext_lazy("đã giữ lời")),
}
BEST_WHY = {
    "found": gettext_lazy("đã gặp được vào buổi này"),
    "not_yet": gettext_lazy("các buổi khác đến chưa gặp"),
    "at_work": gettext_lazy("ban ngày người trong hộ thường đi làm"),
    "at_home": gettext_lazy("trong hộ có người cao tuổi, thường ở nhà"),
    "unknown": gettext_lazy("chưa có lượt đến nào, theo thói quen chung"),
}


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?since=&until=&outcome=`: the visits of the unit, the latest first."""
    on = today()
    since, until = parse_day(request.GET.get("since", "")), parse_day(request.GET.get("until", ""))
    found = visits_of(request.actor, unit, on, since=since, until=until)
    counts = outcome_counts(found)
    outcome = request.GET.get("outcome", "")
    if outcome in Outcome.values:
        found = found.filter(outcome=outcome)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    heads = heads_of({each.household_id for each in shown})
    return page(
        request,
        "desk/outreach/visits.html",
        unit=unit,
        active="outreach_visits",
        shown=shown,
        lines=[(each, heads.get(each.household_id or 0, "")) for each in shown],
        counts=[(code, word, counts.get(code, 0)) for code, word in Outcome.choices if counts.get(code)],
        total=sum(counts.values()),
        borrowed=borrowed_phones(request.actor, unit, on),
        outcome_now=outcome,
        since=request.GET.get("since", ""),
        until=request.GET.get("until", ""),
    )


@unit_page(VIEW, post=VISIT)
def household(request: StaffRequest, unit: Unit, household: UUID) -> HttpResponseBase:
    """Everything a team needs at the door; POST records the visit."""
    on, actor = today(), request.actor
    found = household_at(actor, unit, on, household)
    card = household_card(actor, found, on)
    key = _key(request)
    campaigns = list(campaigns_of(actor, found.village, on, only_open=True).filter(ends_on__gte=on))
    form = VisitForm(
        card.members,
        request.POST if request.method == "POST" else None,
        key=key,
        on=on,
        first=[code for each in campaigns for code in each.services],
    )
    teams = teams_for(actor, found.village, on)
    went = set(request.POST.getlist("member"))
    problem = ""
    if request.method == "POST":
        try:
            made = _record(request, found, form, campaigns, teams, went)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Đã ghi lượt đến nhà."))
            return redirect("desk:outreach_visit", unit=unit.uuid, visit=made.uuid)
    persons = Person.objects.for_user(actor).filter(pk__in=[each.pk for each in card.members])
    if not problem:
        for each in persons:
            looks.note(request, each, reason=Reason.HELP)
    heads = heads_of([found.pk])
    return page(
        request,
        "desk/outreach/household.html",
        unit=unit,
        active="outreach_visits",
        status=422 if problem else 200,
        household=found,
        head=heads.get(found.pk, ""),
        card=card,
        best_why=BEST_WHY[card.best.why],
        parts=dict(VisitForm.parts),
        best=dict(VisitForm.parts)[card.best.part],
        second=dict(VisitForm.parts)[card.best.second],
        form=form,
        campaigns=campaigns,
        teams=[(team, [(each, str(each.uuid) in went) for each in members_of(team, on)]) for team in teams],
        notice_form=NoticeForm(teams=teams, initial={"planned_on": on, "part_of_day": card.best.part}),
        promises=[(each, PROMISE_STATES[each.state], _names(each.open_services)) for each in card.promises],
        problem=problem,
        may_visit=actor.may(VISIT, found.village_id),
    )


def _key(request: StaffRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return new_uuid()


def _record(
    request: StaffRequest, found: Household, form: VisitForm, campaigns: Any, teams: Any, went: set[str]
) -> Any:
    persons = {
        each.pk: each
        for each in Person.objects.for_user(request.actor).filter(pk__in=[one.pk for one in form.members])
    }
    members = list(
        TeamMember.objects.filter(uuid__in=[each for each in went if _is_uuid(each)], team__in=teams)
    )
    one_team: Team | None = next((team for team in teams if str(team.uuid) == form.value("team")), None)
    if one_team is None and members:
        one_team = next(team for team in teams if team.pk == members[0].team_id)
    return record_visit(
        village=found.village,
        household=found,
        campaign=next((each for each in campaigns if str(each.uuid) == form.value("campaign")), None),
        team=one_team,
        members=members,
        by=request.actor,
        at=now(),
        **form.said(persons),
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _names(codes: tuple[str, ...]) -> str:
    return ", ".join(service_name(code) for code in codes)


@unit_page(VIEW, post=VISIT)
def visit(request: StaffRequest, unit: Unit, visit: UUID) -> HttpResponseBase:
    """One visit; POST takes it back."""
    found = visit_at(request.actor, unit, today(), visit)
    problem = ""
    if request.method == "POST":
        try:
            retract_visit(visit=found, reason=text_of(request.POST, "reason"), by=request.actor, at=now())
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Đã xoá lượt đến nhà và mọi điều ghi trong lượt đó."))
            return redirect("desk:outreach_visit", unit=unit.uuid, visit=found.uuid)
    return page(
        request,
        "desk/outreach/visit.html",
        unit=unit,
        active="outreach_visits",
        status=422 if problem else 200,
        visit=found,
        head=heads_of([found.household_id]).get(found.household_id or 0, ""),
        people=[
            {
                **each,
                "helps": [(one, service_name(one.service), _why(one.reason)) for one in each["helps"]],
            }
            for each in persons_of(found)
        ],
        went=[each.member for each in found.members.select_related("member").order_by("pk")],
        commitments=[
            (each, _names(tuple(each.services)))
            for each in as_they_are(found.commitments.select_related("person"))
        ],
        problem=problem,
        may_retract=may_retract(found, by=request.actor),
        claims=claims_with(found) if found.retracted_at is None else [],
        may_claims=request.actor.may(CLAIMS, unit.pk),
    )


def _why(code: str) -> str:
    return reasons()[code].words(language()) if code in reasons() else ""


@unit_page(VIEW)
def absent(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Who is away, what they would lack at home, and how to reach them. `?where=&village=&service=`."""
    asked = {name: request.GET.get(name, "")[:40] for name in ("where", "village", "service")}
    lines = absent_people(
        request.actor,
        unit,
        today(),
        where=asked["where"],
        village=asked["village"],
        service=asked["service"],
    )
    total = away_count(request.actor, unit, today())
    shown = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/outreach/absent.html",
        unit=unit,
        active="outreach_absent",
        shown=shown,
        lines=[(each, _names(each.need.in_time)) for each in shown],
        found=len(lines),
        total=total,
        asked=asked,
        villages=villages_in_force(unit, today()),
        services=[(code, service_name(code)) for code in person_services()],
    )


@unit_page(VIEW)
def promises(request: StaffRequest, unit: Unit) -> HttpResponse:
    """What households promised, what is overdue first. `?state=`."""
    found = promises_of(request.actor, unit, today())
    state = request.GET.get("state", "")
    shown = [each for each in found if not state or each.state == state]
    order = {"broken": 0, "open": 1, "kept": 2}
    return page(
        request,
        "desk/outreach/promises.html",
        unit=unit,
        active="outreach_visits",
        state_now=state,
        filters=[
            (code, word, sum(each.state == code for each in found))
            for code, (_kind, word) in PROMISE_STATES.items()
        ],
        lines=[
            (each, PROMISE_STATES[each.state], _names(each.open_services))
            for each in sorted(shown, key=lambda one: order[one.state])
        ],
    )


# --- notices -------------------------------------------------------------------------------------------------------------


@unit_page(VISIT, post=VISIT)
def announce(request: StaffRequest, unit: Unit, household: UUID) -> HttpResponseBase:
    """POST makes the notice for a household, and shows it to print."""
    on = today()
    found = household_at(request.actor, unit, on, household)
    if request.method != "POST":
        return redirect("desk:outreach_household", unit=unit.uuid, household=found.uuid)
    form = NoticeForm(request.POST, teams=teams_for(request.actor, found.village, on))
    if not form.is_valid():
        messages.error(request, _("Chọn tổ, ngày và buổi cho giấy báo trước."))
        return redirect("desk:outreach_household", unit=unit.uuid, household=found.uuid)
    try:
        made = make_notice(household=found, by=request.actor, at=now(), **form.values())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:outreach_household", unit=unit.uuid, household=found.uuid)
    return redirect("desk:outreach_notice", unit=unit.uuid, notice=made.uuid)


@unit_page(VIEW)
def notice(request: StaffRequest, unit: Unit, notice: UUID) -> HttpResponse:
    """The paper to print: who comes, when, and whom to call to be sure. No link and no number of the household."""
    found = (
        Notice.objects.for_user(request.actor)
        .filter(uuid=notice)
        .select_related("household__village", "team__unit", "campaign")
        .first()
    )
    if found is None:
        raise NotFound("")
    household_at(request.actor, unit, today(), found.household.uuid)
    return page(
        request,
        "desk/outreach/notice.html",
        unit=unit,
        active="outreach_visits",
        notice=found,
        head=heads_of([found.household_id]).get(found.household_id, ""),
        members=members_of(found.team, found.planned_on),
        contact=contact_of(found.household.village, today()),
        services=_names(tuple(found.campaign.services)) if found.campaign else "",
    )


@unit_page(VIEW, post=VIEW)
def check_notice(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A resident reads the code on the telephone: is it ours, who comes, and when."""
    code = as_typed(text_of(request.POST, "code"))
    found = None
    if code:
        found = (
            Notice.objects.for_user(request.actor)
            .filter(code=code)
            .select_related("household", "village", "team")
            .first()
        )
    return page(
        request,
        "desk/outreach/notice_check.html",
        unit=unit,
        active="outreach",
        is_asked=request.method == "POST",
        code=text_of(request.POST, "code")[:20],
        notice=found,
        is_over=bool(found and found.planned_on < today()),
        head=heads_of([found.household_id]).get(found.household_id, "") if found else "",
        members=members_of(found.team, found.planned_on) if found else [],
    )
