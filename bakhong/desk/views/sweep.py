"""The sweep: plans hardest first, village sheets to print, and typing a sheet back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_decimal, read_count
from bakhong.desk.forms.outreach import PlanForm
from bakhong.desk.forms.visits import (
    TypedRow,
    day_in,
    said_of_row,
    service_name,
    text_of,
    typed_rows,
)
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.outreach.actions.sweeping import make_sheet, plan_sweep
from bakhong.outreach.actions.visits import record_visit
from bakhong.outreach.models import Outcome, PartOfDay, Sheet, SweepItem, TeamMember, Visit, WhosePhone
from bakhong.outreach.permissions import PLAN, VIEW, VISIT
from bakhong.outreach.queries.needs import OLD, needs, village_map
from bakhong.outreach.queries.sweep import (
    compared,
    heads_of,
    household_items,
    plan_at,
    plans_of,
    rows_of,
    sheet_by_code,
    village_items,
)
from bakhong.outreach.queries.teams import campaigns_of, members_of, teams_for
from bakhong.outreach.rules.codes import as_typed
from bakhong.outreach.rules.sweep import part_kinds
from bakhong.people.models import Person
from bakhong.people.why_not import reason_choices
from bakhong.places.models import Unit
from bakhong.ui.figures import language

# As they stand on paper, where a cell is narrow; typed back as `Outcome`.
SHORT_OUTCOMES = {
    Outcome.MET_DONE: gettext_lazy("xong"),
    Outcome.MET_PARTLY: gettext_lazy("xong một phần"),
    Outcome.COME_AGAIN: gettext_lazy("hẹn lần khác"),
    Outcome.NOBODY_HOME: gettext_lazy("không ai ở nhà"),
    Outcome.REFUSED: gettext_lazy("không đồng ý"),
    Outcome.CANNOT: gettext_lazy("không làm được"),
    Outcome.MOVED: gettext_lazy("cả hộ chuyển đi"),
}

HOUSEHOLDS_A_PAGE = 50
OF_THE_VILLAGE = ("signal", "distance")  # parts that are the same for all households of a village


@unit_page(VIEW, post=PLAN)
def plans(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The plans so far; POST makes one."""
    on = today()
    campaigns = list(campaigns_of(request.actor, unit, on, only_open=True).filter(ends_on__gte=on))
    form = PlanForm(request.POST if request.method == "POST" else None, campaigns=campaigns)
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_sweep(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lập kế hoạch. Mở từng thôn để in phiếu."))
            return redirect("desk:outreach_plan", unit=unit.uuid, plan=made.uuid)
    return page(
        request,
        "desk/outreach/plans.html",
        unit=unit,
        active="outreach_plans",
        status=422 if request.method == "POST" else 200,
        plans=plans_of(request.actor, unit, on)[:30],
        form=form,
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(VIEW)
def plan(request: StaffRequest, unit: Unit, plan: UUID) -> HttpResponse:
    """Villages in order with their reasons, beside the plan before."""
    on = today()
    found = plan_at(request.actor, unit, on, plan)
    earlier = plans_of(request.actor, unit, on).filter(made_at__lt=found.made_at, unit=found.unit_id).first()
    before = (
        {each.item.pk: each.before for each in compared(request.actor, found, earlier)} if earlier else {}
    )
    return page(
        request,
        "desk/outreach/plan.html",
        unit=unit,
        active="outreach_plans",
        plan=found,
        earlier=earlier,
        services=[service_name(code) for code in found.services],
        lines=[
            {"item": each, "parts": told_parts(each), "before": before.get(each.pk)}
            for each in village_items(request.actor, found)
        ],
        weights=[
            (kind.en if language() == "en" else kind.vi, found.weights.get(code, 0))
            for code, kind in part_kinds().items()
        ],
    )


@unit_page(VIEW, post=VISIT)
def plan_village(request: StaffRequest, unit: Unit, plan: UUID, village: UUID) -> HttpResponseBase:
    """The households of a village in order; POST makes a sheet to print."""
    on = today()
    found = plan_at(request.actor, unit, on, plan)
    place = Unit.objects.filter(uuid=village, pk__in=covered_ids([unit.pk], on)).first()
    if place is None:
        raise NotFound("")
    teams = teams_for(request.actor, place, on)
    if request.method == "POST":
        team = next((each for each in teams if str(each.uuid) == request.POST.get("team")), None)
        most = read_count(request.POST.get("most", ""), 3)
        try:
            sheet = make_sheet(
                plan=found,
                village=place,
                team=team,
                most=60 if most is None else most,
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("desk:outreach_sheet", unit=unit.uuid, code=sheet.code)
    items = household_items(request.actor, found, place)
    shown = Paginator(items, HOUSEHOLDS_A_PAGE).get_page(request.GET.get("page"))
    heads = heads_of({each.household_id for each in shown})
    sheets = Sheet.objects.for_user(request.actor).filter(plan=found, village=place)
    return page(
        request,
        "desk/outreach/plan_village.html",
        unit=unit,
        active="outreach_plans",
        plan=found,
        village=place,
        shown=shown,
        shared=[part for part in told_parts(items[0]) if part["is_shared"]] if items else [],
        lines=[
            {
                "item": each,
                "head": heads.get(each.household_id or 0, ""),
                "parts": [part for part in told_parts(each) if part["has_points"] and not part["is_shared"]],
            }
            for each in shown
        ],
        homeless=sum(
            each.household_id is None and bool(each.missing)
            for each in needs(request.actor, list(village_map([place], on)), on, found.services)
        ),
        teams=teams,
        sheets=sheets.order_by("-made_at")[:20],
        may_visit=request.actor.may(VISIT, place.pk),
    )


def told_parts(item: SweepItem) -> list[dict[str, Any]]:
    """The parts of a score in words: "Người đi vắng: 4/10, 8 điểm"."""
    kinds = part_kinds()
    lang = language()
    told = []
    for part in item.parts:
        kind = kinds.get(part["code"])
        if kind is None:
            continue
        if part["value"] is None:
            words = _("chưa ghi, tạm tính một nửa")
        elif part["code"] == "distance":
            words = _("%(km)s km") % {"km": part["of"].replace(".", ",")}
        else:
            words = (
                f"{format_decimal(Decimal(part['of']), lang)}/{format_decimal(Decimal(part['all']), lang)}"
            )
        told.append(
            {
                "is_shared": part["code"] in OF_THE_VILLAGE,
                "has_points": bool(Decimal(part["points"])),
                "name": kind.en if lang == "en" else kind.vi,
                "words": words,
                "points": format_decimal(_plain(part["points"]), lang),
            }
        )
    return told


def _plain(text: str) -> Decimal:
    return Decimal(text).normalize() + 0


# --- sheets --------------------------------------------------------------------------------------------------------------


@unit_page(VIEW, post=VIEW)
def find_sheet(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """From the code on a sheet to the page that types it back."""
    code = as_typed(text_of(request.POST, "code"))
    if request.method != "POST" or not code:
        if request.method == "POST":
            messages.error(request, _("Mã trên phiếu gồm 6 chữ và số, in ở góc trên bên phải."))
        return redirect("desk:outreach", unit=unit.uuid)
    sheet_by_code(request.actor, code)
    return redirect("desk:outreach_sheet_type", unit=unit.uuid, code=code)


def _sheet(request: StaffRequest, unit: Unit, code: str) -> Sheet:
    found = sheet_by_code(request.actor, as_typed(code))
    if found.village_id not in covered_ids([unit.pk], today()):
        raise NotFound("")
    return found


def _rows(
    request: StaffRequest, sheet: Sheet, data: Any = None
) -> tuple[list[TypedRow], dict[int, list[Any]]]:
    rows = rows_of(sheet)
    for row in rows:
        row.sheet = sheet
    households = {row.household_id for row in rows}
    heads = heads_of(households)
    keys = {key for row in rows for key in row.missing}
    persons = {
        str(each.uuid): each
        for each in Person.objects.for_user(request.actor).filter(uuid__in=keys, merged_into=None)
    }
    visits = {
        each.client_key: each
        for each in Visit.objects.for_user(request.actor).filter(sheet=sheet).order_by("pk")
    }
    members: dict[int, list[Any]] = {}
    for need in needs(request.actor, (), today(), sheet.services, households=households):
        members.setdefault(need.household_id or 0, []).append(need)
    return typed_rows(rows, heads, persons, visits, data), members


@unit_page(VIEW)
def sheet(request: StaffRequest, unit: Unit, code: str) -> HttpResponse:
    """The sheet to print: big boxes in sweep order, and room for a signature."""
    found = _sheet(request, unit, code)
    typed, members = _rows(request, found)
    items = {}
    if found.plan:
        items = {
            each.household_id: each for each in household_items(request.actor, found.plan, found.village)
        }
    lines = []
    for each in typed:
        people = members.get(each.row.household_id, [])
        item = items.get(each.row.household_id)
        lines.append(
            {
                "typed": each,
                "away": [one for one in people if one.is_away],
                "old": sum(one.age is not None and one.age >= OLD for one in people),
                "best": item.get_best_time_display() if item else "",
            }
        )
    return page(
        request,
        "desk/outreach/sheet.html",
        unit=unit,
        active="outreach_plans",
        sheet=found,
        qr=mark_safe(segno.make(found.code, error="m").svg_inline(scale=3, border=1)),
        lines=lines,
        members=members_of(found.team, today()) if found.team else [],
        outcomes=SHORT_OUTCOMES.values(),
    )


@unit_page(VISIT, post=VISIT)
def type_sheet(request: StaffRequest, unit: Unit, code: str) -> HttpResponseBase:
    """The rows of a sheet typed back in one go. Good rows are stored, the others keep what was typed and say why."""
    found = _sheet(request, unit, code)
    data = request.POST if request.method == "POST" else None
    typed, _members = _rows(request, found, data)
    team_members = members_of(found.team, today()) if found.team else []
    went = set(request.POST.getlist("member"))
    problem, stored = "", 0
    if data is not None:
        problem, stored = _store(
            request, found, typed, [each for each in team_members if str(each.uuid) in went]
        )
        if not problem and not any(each.problem for each in typed):
            messages.success(request, _("Đã ghi %(count)s lượt đến nhà từ phiếu này.") % {"count": stored})
            return redirect("desk:outreach_sheet_type", unit=unit.uuid, code=found.code)
    return page(
        request,
        "desk/outreach/sheet_type.html",
        unit=unit,
        active="outreach_plans",
        status=422 if data is not None else 200,
        sheet=found,
        rows=typed,
        members=[(each, str(each.uuid) in went) for each in team_members],
        visited_on=text_of(request.POST, "visited_on") if data is not None else f"{today():%d/%m/%Y}",
        part=text_of(request.POST, "part_of_day"),
        parts=PartOfDay.choices,
        outcomes=Outcome.choices,
        phones=WhosePhone.choices,
        reasons=reason_choices(language()),
        problem=problem,
        stored=stored,
        problems=[each for each in typed if each.problem],
    )


def _store(
    request: StaffRequest, sheet: Sheet, typed: list[TypedRow], members: Sequence[TeamMember]
) -> tuple[str, int]:
    """(what is wrong with the whole sheet, how many rows were stored)."""
    try:
        visited_on = day_in(request.POST, "visited_on", _("Ngày đi"))
    except Refusal as refusal:
        return str(refusal), 0
    part = text_of(request.POST, "part_of_day")
    if visited_on is None or part not in PartOfDay.values:
        return _("Ghi ngày đi và chọn buổi ở đầu trang."), 0
    if all(each.is_blank or each.visit for each in typed):
        return _("Chưa có dòng nào được đánh dấu."), 0
    stored = 0
    for each in typed:
        if each.visit or each.is_blank:
            continue
        try:
            each.visit = record_visit(
                village=sheet.village,
                campaign=sheet.campaign,
                team=sheet.team,
                sheet=sheet,
                by=request.actor,
                at=now(),
                **said_of_row(each, visited_on=visited_on, part_of_day=part, members=members),
            )
            stored += 1
        except Refusal as refusal:
            each.problem = str(refusal)
    return "", stored
