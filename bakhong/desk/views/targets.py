"""Targets: what a unit is to reach, giving it to the units below, taking it back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.desk.forms.targets import PartLine, TargetForm, proposed_lines, typed_lines
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.indicators.actions import targets as deeds
from bakhong.indicators.models import Target
from bakhong.indicators.queries.cascades import Proposal, decision_of, decisions, propose
from bakhong.indicators.queries.standings import ask_of, eligible_of, number_asked
from bakhong.indicators.rules.cascade import number_of
from bakhong.places.models import Unit
from bakhong.places.queries import children

FLAG_WORDS = {
    "no_data": gettext_lazy("chưa có số liệu, tạm chia theo mức trung bình"),
    "nothing_missing": gettext_lazy("không còn ai thiếu"),
    "over_eligible": gettext_lazy("nhiều hơn số người thuộc diện"),
    "reached": gettext_lazy("cả chỉ tiêu đã đạt rồi"),
}
SOURCE_WORDS = {
    "computed": gettext_lazy("tính từ danh sách"),
    "published": gettext_lazy("theo số đã công bố"),
}


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Every target that stands for the unit, with how it was split."""
    return page(
        request,
        "desk/targets/index.html",
        unit=unit,
        active="targets",
        decisions=decisions(unit, today()),
        may_set=request.actor.may(deeds.SET, unit.pk),
    )


@unit_page(deeds.SET, post=deeds.SET)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Decide and split. `deed`: "preview" shows the split, "sum" adds up what was typed, "save" stores both, "whole" stores no split."""
    on = today()
    if request.method != "POST":
        return _new_page(request, unit, TargetForm.blank(unit=unit, on=on), None, ())
    form = TargetForm(request.POST, unit=unit, on=on)
    if not form.is_valid():
        return _new_page(request, unit, form, None, (), status=422)
    deed = request.POST.get("deed", "preview")
    found = _proposal(form, unit)
    lines = _lines(request, found, is_fresh=deed == "preview")
    if deed == "whole":
        return _save(request, unit, form, found, lines, is_split=False)
    if deed == "save" and found is not None and not any(line.error for line in lines):
        return _save(request, unit, form, found, lines, is_split=True)
    failed = bool(form.errors) or any(line.error for line in lines)
    return _new_page(request, unit, form, found, lines, status=422 if failed else 200)


def _proposal(form: TargetForm, unit: Unit) -> Proposal | None:
    """None, with the reason in the form, where it cannot be split."""
    on = today()
    if not children(unit, on):
        return None
    total = form.cleaned_data["value"]
    if total is None:
        eligible = eligible_of(unit, form.ask, on)
        if eligible is None:
            form.add_error(
                "percent",
                _(
                    "Chưa biết tổng số người thuộc diện nên không đổi được ra số người. Hãy ghi bằng số lượng."
                ),
            )
            return None
        total = number_of(form.cleaned_data["percent"], eligible)
    return propose(unit, form.ask, total, on)


def _lines(request: StaffRequest, found: Proposal | None, *, is_fresh: bool) -> list[PartLine]:
    if found is None:
        return []
    return proposed_lines(found.shares) if is_fresh else typed_lines(found.shares, request.POST)


def _save(
    request: StaffRequest,
    unit: Unit,
    form: TargetForm,
    found: Proposal | None,
    lines: Sequence[PartLine],
    *,
    is_split: bool,
) -> HttpResponseBase:
    try:
        if is_split:
            target = deeds.decide_and_cascade(
                unit=unit, entry=form.entry(), parts=_entries(lines), by=request.actor, at=now()
            )
        else:
            target = deeds.set_target(unit=unit, entry=form.entry(), by=request.actor, at=now())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _new_page(request, unit, form, found, lines, status=422)
    messages.success(
        request, _("Đã giao chỉ tiêu và chia xuống bên dưới.") if is_split else _("Đã ghi chỉ tiêu.")
    )
    return redirect("desk:target", unit=unit.uuid, target=target.uuid)


def _entries(lines: Sequence[PartLine]) -> list[deeds.PartEntry]:
    units = Unit.objects.in_bulk([line.unit.id for line in lines])
    return [deeds.PartEntry(units[line.unit.id], line.value or 0) for line in lines]


def _new_page(
    request: StaffRequest,
    unit: Unit,
    form: TargetForm,
    found: Proposal | None,
    lines: Sequence[PartLine],
    *,
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        "desk/targets/new.html",
        unit=unit,
        active="targets",
        status=status,
        form=form,
        has_below=bool(children(unit, today())),
        **_split(found, lines),
    )


def _split(found: Proposal | None, lines: Sequence[PartLine]) -> dict[str, Any]:
    """What the table of parts shows: each line with its flags in words, and what the parts sum to."""
    given = sum(line.value or 0 for line in lines)
    return {
        "proposal": found,
        "lines": [(line, [FLAG_WORDS[flag] for flag in line.flags], _source(line)) for line in lines],
        "errors": [line for line in lines if line.error],
        "given": given,
        "gap": found.total - given if found else 0,
        "is_infeasible": any("over_eligible" in line.flags for line in lines),
    }


def _source(line: PartLine) -> Any:
    return SOURCE_WORDS[line.standing.source] if line.standing else ""


@unit_page("figures.view", post=deeds.SET)
def target(request: StaffRequest, unit: Unit, target: UUID) -> HttpResponseBase:
    """One target with its parts. POST `deed`: "sum" and "save" split it, "withdraw" takes it back with everything split from it."""
    found = Target.objects.select_related("unit", "parent__unit").filter(uuid=target, unit=unit).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _target_page(request, unit, found)
    deed = request.POST.get("deed", "")
    if deed == "withdraw":
        return _withdraw(request, unit, found)
    if deed not in {"sum", "save"}:
        raise Http404
    proposal = _proposal_of(found)
    lines = typed_lines(proposal.shares, request.POST) if proposal else []
    if deed == "save" and proposal is not None and not any(line.error for line in lines):
        try:
            deeds.cascade_target(target=found, parts=_entries(lines), by=request.actor, at=now())
        except Refusal as refusal:
            return _target_page(request, unit, found, lines=lines, problem=str(refusal))
        messages.success(request, _("Đã chia chỉ tiêu xuống bên dưới."))
        return redirect("desk:target", unit=unit.uuid, target=found.uuid)
    return _target_page(request, unit, found, lines=lines)


def _withdraw(request: StaffRequest, unit: Unit, found: Target) -> HttpResponseBase:
    try:
        rows = deeds.withdraw_target(
            target=found, reason=request.POST.get("reason", ""), by=request.actor, at=now()
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _target_page(request, unit, found, problem=str(refusal), reason=request.POST.get("reason", ""))
    messages.success(request, _("Đã rút chỉ tiêu, cùng %(count)s phần đã chia.") % {"count": len(rows) - 1})
    return redirect("desk:targets", unit=unit.uuid)


def _proposal_of(found: Target) -> Proposal | None:
    """How a standing target that was not split yet would be split; None where it cannot or may not."""
    on = today()
    if found.withdrawn_at is not None or found.parts.standing().exists():
        return None
    ask, total = ask_of(found), number_asked(found, on)
    if total is None or ask.definition(on).direction != "higher" or ask.is_percent_only:
        return None
    return propose(found.unit, ask, total, on)


def _target_page(
    request: StaffRequest,
    unit: Unit,
    found: Target,
    *,
    lines: Sequence[PartLine] | None = None,
    problem: str = "",
    reason: str = "",
) -> HttpResponse:
    on = today()
    may_set = request.actor.may(deeds.SET, unit.pk)
    giver = found.parent.unit if found.parent else unit
    proposal = _proposal_of(found) if may_set else None
    if lines is None:
        lines = proposed_lines(proposal.shares) if proposal else ()
    failed = bool(problem) or any(line.error for line in lines)
    return page(
        request,
        "desk/targets/target.html",
        unit=unit,
        active="targets",
        status=422 if failed else 200,
        target=found,
        decision=decision_of(found, on) if found.withdrawn_at is None else None,
        may_withdraw=found.withdrawn_at is None and request.actor.may(deeds.SET, giver.pk),
        problem=problem,
        reason=reason,
        rule_key=ask_of(found).key,
        **_split(proposal, lines),
    )
