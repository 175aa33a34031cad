"""Claim sheets of teams: drafted from the visit log, printed, approved once."""

from datetime import timedelta
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_money
from bakhong.desk.actions import note_export
from bakhong.desk.forms.outreach import ClaimForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.export import XLSX
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.outreach.actions.claims import approve_claim, draft_claim, withdraw_claim
from bakhong.outreach.models import ClaimState, Team
from bakhong.outreach.permissions import CLAIMS, PLAN
from bakhong.outreach.queries.claims import ClaimSheet, claim_at, claim_sheet, claims_of, taken_out_of
from bakhong.outreach.queries.teams import around
from bakhong.outreach.rules.allowances import allowances
from bakhong.places.models import Unit
from bakhong.ui.figures import language


@unit_page(CLAIMS, post=CLAIMS)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The claims so far; POST drafts one. `?preset=` fills in a known allowance."""
    on = today()
    last = on.replace(day=1) - timedelta(days=1)
    teams = list(
        Team.objects.for_user(request.actor)
        .filter(unit__in=around(unit, on))
        .select_related("unit")
        .order_by("name", "pk")
    )
    preset = request.GET.get("preset", "none")
    form = ClaimForm(
        request.POST if request.method == "POST" else None,
        teams=teams,
        initial={"month": f"{last:%m/%Y}", **ClaimForm.preset(preset)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_claim(by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lập bảng kê từ nhật ký đi từng nhà."))
            return redirect("desk:outreach_claim", unit=unit.uuid, claim=made.uuid)
    return page(
        request,
        "desk/outreach/claims.html",
        unit=unit,
        active="outreach_claims",
        status=422 if request.method == "POST" else 200,
        lines=[claim_sheet(each) for each in claims_of(request.actor, unit, on)[:60]],
        form=form,
        has_teams=bool(teams),
        presets=[
            (each.code, each.en if language() == "en" else each.vi, each.is_verified, each.source)
            for each in allowances().values()
        ],
        preset_now=preset,
        may_plan=request.actor.may(PLAN, unit.pk),
    )


@unit_page(CLAIMS, post=CLAIMS)
def claim(request: StaffRequest, unit: Unit, claim: UUID) -> HttpResponseBase:
    """The sheet to print; POST with `deed` approves or withdraws it."""
    found = claim_at(request.actor, unit, today(), claim)
    problem = ""
    if request.method == "POST":
        deed = request.POST.get("deed", "")
        try:
            if deed == "approve":
                approve_claim(claim=found, by=request.actor, at=now())
                messages.success(request, _("Đã duyệt. Bảng kê này không sửa được nữa."))
                return redirect("desk:outreach_claim", unit=unit.uuid, claim=found.uuid)
            if deed != "withdraw":
                raise Http404
            withdraw_claim(claim=found, by=request.actor, at=now())
            messages.success(request, _("Đã bỏ bảng kê chưa duyệt."))
            return redirect("desk:outreach_claims", unit=unit.uuid)
        except Refusal as refusal:
            problem = str(refusal)
    return page(
        request,
        "desk/outreach/claim.html",
        unit=unit,
        active="outreach_claims",
        status=422 if problem else 200,
        sheet=claim_sheet(found),
        taken_out=taken_out_of(found),
        is_draft=found.state == ClaimState.DRAFT,
        may_approve=found.made_by != request.actor.id,
        may_plan=request.actor.may(PLAN, found.unit_id),
        problem=problem,
    )


@unit_page(CLAIMS, post=CLAIMS)
def xlsx(request: StaffRequest, unit: Unit, claim: UUID) -> HttpResponse | FileResponse:
    """POST: the sheet as a workbook. It leaves a trace, so it is no GET."""
    if request.method != "POST":
        raise Http404
    found = claim_at(request.actor, unit, today(), claim)
    note_export(
        unit=unit, what="claim", form="xlsx", on=found.month, boundaries=None, by=request.actor, at=now()
    )
    name = f"Bảng kê - {found.team.name} - {found.month:%Y-%m}.xlsx"
    return FileResponse(_workbook(claim_sheet(found)), as_attachment=True, filename=name, content_type=XLSX)


def _workbook(sheet: ClaimSheet) -> IO[bytes]:
    """An official sheet is Vietnamese whatever language the screens are read in."""
    claim = sheet.claim
    rows = [
        (
            number,
            line.member.name,
            line.member.position or str(line.member.get_role_display()),
            ", ".join(f"{day.day:02d}" for day in line.days),
            len(line.days),
            line.visits,
            line.amount,
            "",
        )
        for number, line in enumerate(sheet.lines, 1)
    ]
    total = ("", "Cộng tiền ngày đi", "", "", sheet.days, sheet.visits, sheet.for_days, "")
    team = ("", "Hỗ trợ cho tổ trong tháng", "", "", None, None, sheet.for_team, "")
    whole = ("", "Tổng cộng", "", "", None, None, sheet.total, "")
    return workbook(
        [
            Sheet(
                name=f"Tháng {claim.month:%m-%Y}",
                titles=(
                    f"BẢNG KÊ ĐỀ NGHỊ HỖ TRỢ THÁNG {claim.month:%m/%Y}",
                    f"{claim.team.name}, {claim.unit.full_name}",
                    f"Căn cứ: {claim.basis}. Mỗi người mỗi ngày {format_money(claim.day_amount)}.",
                    f"{claim.get_state_display()}"
                    + (
                        f" ngày {claim.approved_at:%d/%m/%Y}, {claim.approver_name}"
                        if claim.approved_at
                        else ""
                    ),
                ),
                columns=(
                    Column("STT", "int", 6),
                    Column("Họ và tên"),
                    Column("Chức danh", width=22),
                    Column("Các ngày đi", width=30),
                    Column("Số ngày", "int", 9),
                    Column("Số lượt đến nhà", "int", 10),
                    Column("Thành tiền", "money"),
                    Column("Ký nhận", width=16),
                ),
                rows=[*rows, total, team, whole],
            )
        ],
        title="Bảng kê đề nghị hỗ trợ",
    )
