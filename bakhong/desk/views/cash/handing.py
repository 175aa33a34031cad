"""A collector empties the bag at the desk: counted note by note, the difference said, the sheet signed by both."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.core.errors import NotAllowed, NotFound, Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import read_count
from bakhong.desk.frame import now, page, sent_as, today, unit_page
from bakhong.payments.actions.cash import hand_over as take_over
from bakhong.payments.actions.handing_back import undo_hand_over
from bakhong.payments.permissions import COLLECT
from bakhong.payments.queries.collecting import Holder, hand_overs_at, holders_at
from bakhong.payments.queries.ledger import sheet
from bakhong.payments.rules.notes import NOTES
from bakhong.places.models import Unit


@dataclass(frozen=True)
class Line:
    """A box of the count. `typed` as it was typed; `count` None where that is no number."""

    note: int
    typed: str
    count: int | None

    @property
    def amount(self) -> int:
        return self.note * (self.count or 0)


@unit_page(COLLECT)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    return page(
        request,
        "desk/cash/holders.html",
        unit=unit,
        active="hand_over",
        holders=holders_at(request.actor, unit),
        done=hand_overs_at(request.actor, unit),
        me=request.actor.id,
    )


@unit_page(COLLECT, post=COLLECT)
def count(request: StaffRequest, unit: Unit, biller: UUID, collector: str) -> HttpResponseBase:
    """`add` only adds up; the other button stores."""
    holder = next(
        (
            each
            for each in holders_at(request.actor, unit)
            if each.biller.uuid == biller and each.collector == collector
        ),
        None,
    )
    if holder is None:
        raise NotFound(_("Người này không còn giữ tiền mặt nào để nộp."))
    lines = _lines(request)
    if request.method != "POST":
        return _show(request, unit, holder, lines)
    wrong = next((each for each in lines if each.count is None), None)
    if wrong is not None:
        problem = _("“%(typed)s” không phải là số tờ.") % {"typed": wrong.typed}
        return _show(request, unit, holder, lines, 422, problem=problem, wrong=wrong.note)
    if "add" in request.POST:
        return _show(request, unit, holder, lines)
    try:
        made = take_over(
            biller=holder.biller,
            collector=holder.collector,
            counted={each.note: each.count or 0 for each in lines},
            note=request.POST.get("note", "")[:300],
            key=sent_as(request) or new_uuid(),
            by=request.actor,
            at=now(),
            label=holder.label,
        )
    except Refusal as refusal:
        return _show(request, unit, holder, lines, refusal.status, problem=str(refusal))
    return redirect("desk:hand_over_sheet", unit=unit.uuid, hand_over=made.uuid)


@unit_page(COLLECT, post=COLLECT)
def done(request: StaffRequest, unit: Unit, hand_over: UUID) -> HttpResponseBase:
    """The sheet that both sign. POST `why`: it was counted wrong, the cash is the collector's again."""
    found = next((each for each in hand_overs_at(request.actor, unit, 200) if each.uuid == hand_over), None)
    if found is None:
        raise NotFound("")
    problem, status, why = "", 200, request.POST.get("why", "")[:200]
    if request.method == "POST":
        try:
            undo_hand_over(hand_over=found, why=why, by=request.actor, at=now())
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
        else:
            messages.success(request, _("Đã huỷ lần nhận. Tiền lại ở người thu; đếm lại rồi nhận."))
            return redirect("desk:hand_over", unit=unit.uuid)
    counted = {int(note): times for note, times in found.counted.items()}
    lines = [Line(note, str(counted[note]), counted[note]) for note in NOTES if counted.get(note)]
    return page(
        request,
        "desk/cash/sheet.html",
        unit=unit,
        active="hand_over",
        found=found,
        lines=lines,
        difference=found.amount - found.expected,
        missing=found.expected - found.amount,
        status=status,
        problem=problem,
        typed=why,
        may_undo=found.undone_at is None
        and day_of(found.at) == today()
        and found.collector != request.actor.id,
    )


def _lines(request: StaffRequest) -> list[Line]:
    found = []
    for note in NOTES:
        typed = request.POST.get(f"n{note}", "")[:9].strip()
        found.append(Line(note, typed, read_count(typed, 6) if typed else 0))
    return found


def _show(
    request: StaffRequest,
    unit: Unit,
    holder: Holder,
    lines: list[Line],
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    counted = sum(each.amount for each in lines)
    return page(
        request,
        "desk/cash/count.html",
        unit=unit,
        active="hand_over",
        status=status,
        holder=holder,
        lines=lines,
        counted=counted,
        difference=counted - holder.held,
        missing=holder.held - counted,
        has_counted=any(each.typed for each in lines),
        sheet=sheet(holder.biller, holder.collector),
        note=request.POST.get("note", ""),
        on=today(),
        is_own=holder.collector == request.actor.id,
        **context,
    )
