"""Tasks of mass organisations, supervising leaders and others who take part: mine, a place's, giving one, doing one."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.accounts.rules.roles import ROLES
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.desk.forms.gatherings import COUNTED_WORDS, TaskForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.gathered import places_of, posted, service_name, soon
from bakhong.outreach.actions import tasks as deeds
from bakhong.outreach.models import CampaignTask
from bakhong.outreach.permissions import PLAN, VIEW
from bakhong.outreach.queries import tasks as queries
from bakhong.outreach.rules.tasks import MOVES, PARTNERS
from bakhong.people.rules.services import services
from bakhong.places.models import Unit
from bakhong.ui.figures import language

PER_PAGE = 50
WORDS = {
    "open": ("doing", gettext_lazy("đang làm")),
    "late": ("late", gettext_lazy("quá hạn")),
    "reached": ("done", gettext_lazy("đã đủ số, chờ báo xong")),
    "done": ("done", gettext_lazy("đã xong")),
    "cancelled": ("none", gettext_lazy("đã huỷ")),
}


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """`?whose=mine` is where those start who have been given something."""
    places_of(unit)
    mine = queries.open_tasks(request.actor, unit, today())
    may_plan = request.actor.may(PLAN, unit.pk)
    whose = request.GET.get("whose") or ("mine" if mine or not may_plan else "all")
    found = queries.tasks_at(request.actor, unit, today(), is_mine=whose == "mine")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "desk/outreach/tasks.html",
        unit=unit,
        active="campaign_tasks",
        shown=shown,
        lines=[
            (each, WORDS[each.standing], _who(each.task), _measure(each))
            for each in queries.lines(shown, today())
        ],
        whose=whose,
        may_plan=may_plan,
    )


def _who(task: CampaignTask) -> str:
    who = str(task.assigned_to) if task.assigned_to else ROLES[task.role].name(language())
    return f"{task.body} ({who})" if task.body else who


def _measure(each: queries.TaskLine) -> str:
    """What is counted, "" where nothing is."""
    if not each.task.service:
        return ""
    counted = services()[each.task.service].counted if each.task.service in services() else "person"
    return _("%(has)s/%(wanted)s %(counted)s có %(service)s (lúc giao: %(had)s; đếm ngày %(day)s)") % {
        "has": each.has,
        "wanted": each.task.wanted,
        "counted": COUNTED_WORDS[counted],
        "service": service_name(each.task.service),
        "had": each.task.had,
        "day": today().strftime("%d/%m/%Y"),
    }


@unit_page(PLAN, post=PLAN)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    places = places_of(unit)
    people = [
        each
        for each in queries.partners(unit, today())
        if each.assignments.filter(role__in=PARTNERS).exists()
    ]
    form = (
        TaskForm(posted(request), places=places, people=people)
        if request.method == "POST"
        else TaskForm.blank(places=places, people=people, due_on=soon())
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.give_task(unit=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã giao việc."))
            return redirect("desk:campaign_task", unit=unit.uuid, task=made.uuid)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="campaign_tasks",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Giao việc cho đoàn thể, lãnh đạo phụ trách: %(unit)s") % {"unit": unit.full_name},
        button_label=_("Giao việc"),
        back_url=reverse("desk:campaign_tasks", args=[unit.uuid]),
        back_label=_("Về danh sách việc"),
    )


@unit_page(VIEW, post=VIEW)
def task(request: StaffRequest, unit: Unit, task: UUID) -> HttpResponseBase:
    """One task; POST does one deed on it, the action knows who may."""
    found = queries.tasks_at(request.actor, unit, today()).filter(uuid=task).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _task_page(request, unit, found)
    deed = request.POST.get("deed", "")
    if deed not in MOVES:
        raise Http404
    text = request.POST.get("text", "")
    try:
        deeds.move_task(task=found, deed=deed, text=text, by=request.actor, at=now())
    except (NotAllowed, Conflict):
        raise
    except Refusal as refusal:
        return _task_page(request, unit, found, problem=str(refusal), typed=text)
    messages.success(request, _("Đã ghi."))
    return redirect("desk:campaign_task", unit=unit.uuid, task=found.uuid)


def _task_page(
    request: StaffRequest, unit: Unit, found: CampaignTask, *, problem: str = "", typed: str = ""
) -> HttpResponse:
    (each,) = queries.lines([found], today())
    may_plan = request.actor.may(PLAN, found.unit_id)
    may_work = may_plan or deeds.is_for(found, request.actor)
    return page(
        request,
        "desk/outreach/task.html",
        unit=unit,
        active="campaign_tasks",
        status=422 if problem else 200,
        task=found,
        who=_who(found),
        state_now=WORDS[each.standing],
        measure=_measure(each),
        problem=problem,
        typed=typed,
        may_finish=may_work and found.state == "open",
        may_reopen=may_work and found.state == "done",
        may_cancel=may_plan and found.state == "open",
        may_restore=may_plan and found.state == "cancelled",
    )
