"""Follow-ups: my tasks, a unit's tasks, giving one, and doing one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.permissions import covered_ids
from bakhong.core.errors import Refusal
from bakhong.desk.forms.followups import FollowUpForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.indicators.actions import followups as deeds
from bakhong.indicators.models import FollowUp, FollowUpState
from bakhong.indicators.queries import followups as queries
from bakhong.indicators.queries.period_checks import lang
from bakhong.indicators.queries.periods import standing_periods
from bakhong.indicators.rules.definitions import registry
from bakhong.places.models import Unit

STATE_WORDS = {
    FollowUpState.OPEN: ("none", gettext_lazy("mới giao")),
    FollowUpState.STARTED: ("doing", gettext_lazy("đang làm")),
    FollowUpState.DONE: ("done", gettext_lazy("đã xong")),
    FollowUpState.CANCELLED: ("none", gettext_lazy("đã huỷ")),
    "overdue": ("late", gettext_lazy("quá hạn")),
}
DEEDS = {"start", "finish", "reopen", "cancel", "note"}
FILTERS = (
    ("undone", gettext_lazy("Chưa xong")),
    ("overdue", gettext_lazy("Quá hạn")),
    ("done", gettext_lazy("Đã xong")),
    ("cancelled", gettext_lazy("Đã huỷ")),
)
PER_PAGE = 50


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?whose=mine` (the usual view of who has tasks) or everybody's at this unit and below; `?status=` filters."""
    on = today()
    below = covered_ids([unit.pk], on)
    mine = queries.followups_at(below, mine=request.user.pk, status="undone").exists()
    whose = request.GET.get("whose") or ("mine" if mine else "all")
    status = request.GET.get("status", "undone")
    user_id = request.user.pk if whose == "mine" else None
    tally = queries.tally(below, on, mine=user_id)
    found = queries.followups_at(below, mine=user_id, status=status, on=on)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/followups/index.html",
        unit=unit,
        active="followups",
        shown=shown,
        lines=[(each, state_words(each, on), indicator_name(each)) for each in shown],
        tally=tally,
        whose=whose,
        status_now=status,
        filters=[(code, word, getattr(tally, code)) for code, word in FILTERS],
        may_assign=request.actor.may("followups.assign", unit.pk),
    )


def state_words(followup: FollowUp, on: Any) -> tuple[str, Any]:
    if followup.state in queries.UNDONE and followup.due_on < on:
        return STATE_WORDS["overdue"]
    return STATE_WORDS[followup.state]


def indicator_name(followup: FollowUp) -> str:
    if followup.indicator not in registry():
        return ""
    definition = registry().get(followup.indicator)
    return definition.name_en if lang() == "en" else definition.name_vi


@unit_page("followups.assign", post="followups.assign")
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """`?indicator=code` or `?period=uuid` fills in what the task is about."""
    on = today()
    form = FollowUpForm(request.POST, unit=unit, on=on) if request.method == "POST" else _blank(request, unit)
    if request.method == "POST" and form.is_valid():
        try:
            followup = deeds.assign(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã giao việc cho %(who)s.") % {"who": followup.assigned_to})
            return redirect("desk:followup", unit=unit.uuid, followup=followup.uuid)
    return page(
        request,
        "desk/followups/new.html",
        unit=unit,
        active="followups",
        status=422 if request.method == "POST" else 200,
        form=form,
        has_people=bool(form.people),
    )


def _blank(request: StaffRequest, unit: Unit) -> FollowUpForm:
    on = today()
    initial: dict[str, Any] = {"due_on": on + timedelta(days=7)}
    code = request.GET.get("indicator", "")
    if code in registry():
        definition = registry().get(code)
        name = definition.name_en if lang() == "en" else definition.name_vi
        initial |= {"indicator": code, "title": _("Nâng chỉ tiêu: %(name)s") % {"name": name[:150]}}
    period = _period(request)
    if period is not None:
        initial |= {
            "title": _("Gửi báo cáo kỳ %(name)s") % {"name": period.name},
            "due_on": max(period.due_on, on + timedelta(days=1)),
        }
    return FollowUpForm.blank(unit=unit, on=on, **initial)


def _period(request: StaffRequest) -> Any:
    try:
        return standing_periods().filter(uuid=UUID(request.GET.get("period", ""))).first()
    except ValueError:
        return None


@unit_page("figures.view", post="figures.view")
def followup(request: StaffRequest, unit: Unit, followup: UUID) -> HttpResponseBase:
    """One task with its history; POST does one deed on it, the action knows who may."""
    found = FollowUp.objects.select_related("unit", "assigned_to").filter(uuid=followup, unit=unit).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _task_page(request, unit, found)
    deed = request.POST.get("deed", "")
    if deed not in DEEDS:
        raise Http404
    try:
        getattr(deeds, deed)(followup=found, text=request.POST.get("text", ""), by=request.actor, at=now())
    except deeds.InvalidFollowUp as refusal:
        return _task_page(request, unit, found, problem=str(refusal), typed=request.POST.get("text", ""))
    messages.success(request, _("Đã ghi."))
    return redirect("desk:followup", unit=unit.uuid, followup=found.uuid)


def _task_page(
    request: StaffRequest, unit: Unit, followup: FollowUp, *, problem: str = "", typed: str = ""
) -> HttpResponse:
    is_mine = followup.assigned_to_id == request.user.pk
    may_assign = request.actor.may("followups.assign", unit.pk)
    undone = followup.state in queries.UNDONE
    return page(
        request,
        "desk/followups/followup.html",
        unit=unit,
        active="followups",
        status=422 if problem else 200,
        followup=followup,
        state_now=state_words(followup, today()),
        indicator=indicator_name(followup),
        events=[(event, STATE_WORDS[event.state]) for event in followup.events.order_by("-pk")],
        problem=problem,
        typed=typed,
        may_write=is_mine or may_assign,
        may_start=(is_mine or may_assign) and followup.state == FollowUpState.OPEN,
        may_finish=(is_mine or may_assign) and undone,
        may_reopen=(is_mine or may_assign) and not undone,
        may_cancel=may_assign and undone,
    )
