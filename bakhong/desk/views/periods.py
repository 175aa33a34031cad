"""Reporting periods: the province's list of who has sent, the unit's grid, and every step between them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.numbers import read_count
from bakhong.desk.forms.periods import PeriodForm, TypedCell, TypedGrid, ask_choices, chosen_asks, read_grid
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.indicators.actions import periods as deeds
from bakhong.indicators.models import ReportingPeriod, Submission, SubmissionState
from bakhong.indicators.queries import periods as queries
from bakhong.indicators.rules.asks import Cell, parse_asks
from bakhong.indicators.rules.transitions import DEEDS, EDITABLE, possible
from bakhong.places.models import Grouping, Level, Unit

STATUS_WORDS = {
    queries.NOT_SENT: ("none", gettext_lazy("chưa gửi")),
    queries.OVERDUE: ("late", gettext_lazy("quá hạn")),
    SubmissionState.DRAFT: ("doing", gettext_lazy("đang soạn")),
    SubmissionState.SUBMITTED: ("doing", gettext_lazy("chờ lãnh đạo duyệt")),
    SubmissionState.APPROVED: ("doing", gettext_lazy("chờ tỉnh nhận")),
    SubmissionState.ACCEPTED: ("done", gettext_lazy("tỉnh đã nhận")),
    SubmissionState.SENT_BACK: ("error", gettext_lazy("tỉnh trả lại")),
}
# What is on the desk of a commune that is late.
DESK_WORDS = {
    queries.NOT_SENT: gettext_lazy("chưa nhập gì"),
    SubmissionState.DRAFT: gettext_lazy("đang soạn"),
    SubmissionState.SUBMITTED: gettext_lazy("chờ lãnh đạo xã duyệt"),
}
GROUP_WORDS = {
    Grouping.MOUNTAIN: gettext_lazy("Miền núi"),
    Grouping.LOWLAND: gettext_lazy("Đồng bằng"),
    Grouping.COASTAL: gettext_lazy("Ven biển"),
    Grouping.WARD: gettext_lazy("Phường"),
    "": gettext_lazy("Chưa xếp vùng"),
}
# What the history calls each deed.
DEED_WORDS = {
    "save_draft": gettext_lazy("Lưu nháp"),
    "submit": gettext_lazy("Trình lãnh đạo"),
    "take_back": gettext_lazy("Lấy lại để sửa"),
    "return_to_clerk": gettext_lazy("Trả lại người soạn"),
    "approve": gettext_lazy("Duyệt và gửi tỉnh"),
    "take_back_approval": gettext_lazy("Rút lại phê duyệt"),
    "accept": gettext_lazy("Nhận báo cáo"),
    "undo_accept": gettext_lazy("Bỏ nhận"),
    "send_back": gettext_lazy("Trả lại xã"),
    "undo_send_back": gettext_lazy("Huỷ trả lại"),
}
_UNSENT = {queries.NOT_SENT, SubmissionState.DRAFT, SubmissionState.SUBMITTED}
_KEYS = {"approve": "D", "accept": "N"}
# Frequent reasons, to be completed by hand.
REASONS = (
    gettext_lazy("Số đạt được lớn hơn tổng số."),
    gettext_lazy("Tổng số khác kỳ trước mà không ghi lý do."),
    gettext_lazy("Còn chỉ tiêu bỏ trống mà không ghi lý do."),
    gettext_lazy("Số liệu không khớp văn bản đã gửi."),
)


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """The periods a province opened, or those a commune is asked."""
    return page(
        request,
        "desk/periods/index.html",
        unit=unit,
        active="periods",
        lines=[(line, _state_of(line)) for line in queries.periods_of(unit, today())],
        may_open=request.actor.may("periods.manage", unit.pk) and unit.level == Level.PROVINCE,
    )


def _state_of(line: queries.PeriodLine) -> tuple[str, Any]:
    if line.is_overdue and line.state != SubmissionState.SENT_BACK:
        return STATUS_WORDS[queries.OVERDUE]
    return STATUS_WORDS[line.state or queries.NOT_SENT]


@unit_page("periods.manage", post="periods.manage")
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Opens a period; the last one's indicators are offered again."""
    last = queries.standing_periods().filter(owner=unit).order_by("-ends_on", "-pk").first()
    posted = request.POST if request.method == "POST" else None
    form = (
        PeriodForm(posted)
        if posted is not None
        else PeriodForm.next_month(today(), last.ends_on if last else None)
    )
    choices = ask_choices(posted, parse_asks(last.indicators) if last else ())
    status = 200
    if posted is not None and form.is_valid():
        try:
            period = deeds.open_period(
                owner=unit, asks=chosen_asks(choices), by=request.actor, at=now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã mở kỳ báo cáo. Các xã đã thấy kỳ này trong trang của mình."))
            return redirect("desk:period", unit=unit.uuid, period=period.uuid)
    if posted is not None:
        status = 422
    return page(
        request,
        "desk/periods/new.html",
        unit=unit,
        active="periods",
        status=status,
        form=form,
        choices=choices,
    )


def period_or_404(uuid: UUID, unit: Unit) -> ReportingPeriod:
    """A standing period that this unit opened or is asked."""
    period = queries.standing_periods().filter(uuid=uuid).first()
    if period is None or not (period.owner_id == unit.pk or queries.is_asked(period, unit)):
        raise Http404
    return period


@unit_page("figures.view", post="periods.submit")
def period(request: StaffRequest, unit: Unit, period: UUID) -> HttpResponseBase:
    """The owner sees who has sent; a unit sees its grid, and sends it with POST."""
    found = period_or_404(period, unit)
    if found.owner_id == unit.pk and not queries.is_asked(found, unit):
        if request.method == "POST":
            raise Http404
        return _overview(request, unit, found)
    if request.method == "POST":
        return _save(request, unit, found)
    return _grid_page(request, unit, found)


def _overview(request: StaffRequest, unit: Unit, period: ReportingPeriod) -> HttpResponse:
    status, group = request.GET.get("status", ""), request.GET.get("group", "")
    seen = queries.overview(
        period,
        today(),
        status=status if status in queries.ORDER else "",
        group=group if group in Grouping.values else "",
    )
    filters = [(code, *STATUS_WORDS[code], seen.counts[code]) for code in queries.ORDER]
    groups = [
        (
            code,
            GROUP_WORDS.get(code, code),
            sum(counts.values()),
            [(each, counts[each]) for each in queries.ORDER],
        )
        for code, counts in seen.groups.items()
    ]
    return page(
        request,
        "desk/periods/overview.html",
        unit=unit,
        active="periods",
        period=period,
        seen=seen,
        filters=filters,
        groups=groups,
        heads=[STATUS_WORDS[code][1] for code in queries.ORDER],
        lines=[
            (line, STATUS_WORDS[line.status], GROUP_WORDS.get(line.group, ""), DESK_WORDS.get(line.state, ""))
            for line in seen.lines
        ],
        status_now=status,
        group_now=group,
        questions=len(period.indicators),
        may_manage=request.actor.may("periods.manage", unit.pk),
        may_decide=request.actor.may("periods.decide", unit.pk),
        may_assign=request.actor.may("followups.assign", unit.pk),
    )


def is_hidden(request: StaffRequest, unit: Unit, period: ReportingPeriod, state: str) -> bool:
    """What a commune has not sent is its own: the province sees that it is being written, not what."""
    may = request.actor.may
    is_theirs = may("periods.submit", unit.pk) or may("periods.approve", unit.pk)
    return state in _UNSENT and not is_theirs and may("figures.view", period.owner_id)


@dataclass(frozen=True)
class Row:
    """A line of the grid on the page: what the query knows, what was typed, what is wrong, what somebody else wrote meanwhile."""

    index: int
    line: queries.GridLine
    typed: TypedCell
    error: str
    theirs: Cell | None


def _grid_page(
    request: StaffRequest,
    unit: Unit,
    period: ReportingPeriod,
    *,
    grid: TypedGrid | None = None,
    errors: dict[str, str] | None = None,
    problem: str = "",
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    seen = queries.grid(period, unit, today(), typed=grid.cells if grid else None)
    may = request.actor.may
    hidden = is_hidden(request, unit, period, seen.state)
    may_edit = may("periods.submit", unit.pk) and (seen.state in EDITABLE or seen.submission is None)
    stored = seen.submission.cells if seen.submission else {}
    wrong = {**(grid.errors if grid else {}), **(errors or {})}
    rows = []
    for index, line in enumerate(seen.lines):
        typed = grid.typed[line.ask.key] if grid else TypedCell.of(line.cell)
        theirs = Cell.from_json(stored.get(line.ask.key, {}))
        shown = theirs if is_conflict and grid and grid.cells.get(line.ask.key) != theirs else None
        rows.append(Row(index, line, typed, wrong.get(line.ask.key, ""), shown))
    buttons = [
        {
            "deed": deed,
            "label": DEED_WORDS[deed],
            "key": _KEYS.get(deed, ""),
            "needs_reason": DEEDS[deed].needs_reason,
        }
        for deed in possible(seen.state)
        if deed != "submit"
        and may(DEEDS[deed].permission, period.owner_id if DEEDS[deed].by_owner else unit.pk)
    ]
    # Approval stores figures counted on the period's last day, which cannot lie ahead.
    is_early = period.ends_on > today() and any(each["deed"] == "approve" for each in buttons)
    if is_early:
        buttons = [each for each in buttons if each["deed"] != "approve"]
    return page(
        request,
        "desk/periods/grid.html",
        unit=unit,
        active="periods",
        status=status,
        period=period,
        is_early=is_early,
        seen=seen,
        rows=rows,
        is_hidden=hidden,
        state_now=STATUS_WORDS[seen.state],
        may_edit=may_edit,
        buttons=[each for each in buttons if not each["needs_reason"]],
        reason_buttons=[each for each in buttons if each["needs_reason"]],
        reasons=REASONS,
        events=[
            (event, DEED_WORDS.get(event.deed, event.deed))
            for event in seen.events
            if event.deed != "save_draft"
        ],
        problem=problem,
        problems=[(row, row.error) for row in rows if row.error],
        is_conflict=is_conflict,
        cover=queries.former_cover([unit], period.ends_on)[unit.pk],
        warnings=sum(finding.code != "missing" for line in seen.lines for finding in line.findings),
    )


def _save(request: StaffRequest, unit: Unit, period: ReportingPeriod) -> HttpResponseBase:
    """Keeps the draft, and hands it in when that was the button pressed. A mistake or a conflict keeps what was typed."""
    grid = read_grid(request.POST, parse_asks(period.indicators))
    if grid.errors:
        return _grid_page(request, unit, period, grid=grid, status=422)
    try:
        submission = deeds.save_draft(
            period=period,
            unit=unit,
            cells=grid.cells,
            expected_version=_version(request),
            by=request.actor,
            at=now(),
        )
    except deeds.InvalidCells as refusal:
        return _grid_page(request, unit, period, grid=grid, errors=refusal.cells, status=refusal.status)
    except deeds.StaleSubmission as refusal:
        return _grid_page(
            request, unit, period, grid=grid, problem=str(refusal), is_conflict=True, status=refusal.status
        )
    if request.POST.get("deed") != "submit":
        messages.success(request, _("Đã lưu nháp."))
        return redirect("desk:period", unit=unit.uuid, period=period.uuid)
    try:
        deeds.submit(submission=submission, expected_version=submission.version, by=request.actor, at=now())
    except deeds.InvalidCells as refusal:
        problem = _("Bản nháp đã lưu, nhưng chưa trình được.")
        return _grid_page(request, unit, period, errors=refusal.cells, problem=problem, status=refusal.status)
    messages.success(request, _("Đã trình lãnh đạo duyệt. Chưa duyệt thì vẫn lấy lại để sửa được."))
    return redirect("desk:period", unit=unit.uuid, period=period.uuid)


def _version(request: StaffRequest) -> int:
    """The version the page was made from; nonsense is a version that never was."""
    found = read_count(request.POST.get("version", ""))
    return -1 if found is None else found


@unit_page("figures.view", post="figures.view")
def step(request: StaffRequest, unit: Unit, period: UUID, deed: str) -> HttpResponseBase:
    """One deed of the table of transitions on this unit's submission; who may do it, the action knows."""
    found = period_or_404(period, unit)
    if deed not in DEEDS or deed == "submit":
        raise Http404
    if request.method != "POST":
        return redirect("desk:period", unit=unit.uuid, period=found.uuid)
    submission = Submission.objects.select_related("period", "unit").filter(period=found, unit=unit).first()
    if submission is None:
        raise Http404
    act: Callable[..., Submission] = getattr(deeds, deed)
    given = {"reason": _reason(request)} if DEEDS[deed].needs_reason else {}
    try:
        act(submission=submission, expected_version=_version(request), by=request.actor, at=now(), **given)
    except (deeds.ReasonMissing, deeds.InvalidCells) as refusal:
        return _grid_page(request, unit, found, problem=str(refusal), status=refusal.status)
    return _after(request, unit, found, deed)


def _reason(request: StaffRequest) -> str:
    """The templates ticked, then what was written."""
    picked = [
        str(REASONS[int(each)])
        for each in request.POST.getlist("reason")
        if each.isascii() and each.isdigit() and len(each) < 3 and int(each) < len(REASONS)
    ]
    return " ".join([*picked, request.POST.get("text", "").replace("\x00", " ")])


def _after(request: StaffRequest, unit: Unit, period: ReportingPeriod, deed: str) -> HttpResponseBase:
    """Back to the grid; after a decision of the province, on to the next unit that waits for one."""
    here = reverse("desk:period", args=[unit.uuid, period.uuid])
    done = format_html(
        "{}: {}. <a href='{}'>{}</a>", DEED_WORDS[deed], unit.full_name, here, _("Xem lại hoặc huỷ")
    )
    if deed not in ("accept", "send_back"):
        messages.success(request, f"{DEED_WORDS[deed]}: {_('đã xong.')}")
        return redirect(here)
    messages.success(request, done)
    waiting = (
        Submission.objects.filter(period=period, state=SubmissionState.APPROVED)
        .order_by("unit__sort_key", "unit__code")
        .values_list("unit__uuid", flat=True)
        .first()
    )
    return redirect("desk:period", unit=waiting or period.owner.uuid, period=period.uuid)


@unit_page("periods.manage", post="periods.manage")
def extend(request: StaffRequest, unit: Unit, period: UUID) -> HttpResponseBase:
    """Another due day."""
    found = _owned_or_404(period, unit)
    if request.method != "POST":
        return redirect("desk:period", unit=unit.uuid, period=found.uuid)
    due_on = parse_day(request.POST.get("due_on", ""))
    if due_on is None:
        raise deeds.InvalidPeriod(_("Ngày này không đọc được. Gõ ngày/tháng/năm, ví dụ 06/05/2025."))
    deeds.extend_period(period=found, due_on=due_on, by=request.actor, at=now())
    messages.success(request, _("Đã đổi hạn gửi."))
    return redirect("desk:period", unit=unit.uuid, period=found.uuid)


@unit_page("periods.manage", post="periods.manage")
def withdraw(request: StaffRequest, unit: Unit, period: UUID) -> HttpResponseBase:
    """A period opened by mistake."""
    found = _owned_or_404(period, unit)
    if request.method != "POST":
        return redirect("desk:period", unit=unit.uuid, period=found.uuid)
    deeds.withdraw_period(period=found, by=request.actor, at=now())
    messages.success(request, _("Đã thu hồi kỳ báo cáo. Các xã không còn thấy kỳ này."))
    return redirect("desk:periods", unit=unit.uuid)


def _owned_or_404(uuid: UUID, unit: Unit) -> ReportingPeriod:
    period = period_or_404(uuid, unit)
    if period.owner_id != unit.pk:
        raise Http404
    return period
