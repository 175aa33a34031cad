"""What this unit offers of the catalogue of procedures, and how it does each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.procedures import OfferForm
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.procedure_words import differences
from bakhong.desk.views.office_code import office_warnings
from bakhong.dossiers.queries.offices import office_code
from bakhong.people.rules.dictionary import dictionary
from bakhong.places.models import Level, Unit
from bakhong.procedures import labels
from bakhong.procedures.actions import offering as deeds
from bakhong.procedures.permissions import MANAGE
from bakhong.procedures.queries.catalogue import Offer, history, offers, price, said_by
from bakhong.procedures.queries.local import as_procedure, latest_of, out_of_sight, versions_said
from bakhong.procedures.rules import catalogue as shipped
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.ui.figures import language

VIEW = "figures.view"


@unit_page(VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Every procedure of the catalogue: where it is filed, how long it takes, what it costs here."""
    only_offices(unit)
    found = offers(unit, today())
    lang = language()
    return page(
        request,
        "desk/procedures/catalogue.html",
        unit=unit,
        active="catalogue",
        lines=[_line(each, lang) for each in found],
        offered=sum(each.is_offered for each in found),
        samples=sum(each.procedure.is_sample for each in found),
        warnings=office_warnings(unit) if unit.level == Level.COMMUNE else [],
        out_of_sight=out_of_sight(unit, today()),
        today=today(),
        office=office_code(unit, today()) if unit.level == Level.COMMUNE else "",
        may_manage=request.actor.may(MANAGE, unit.pk),
    )


def _line(each: Offer, lang: str) -> dict[str, Any]:
    shown = each.procedure
    return {
        "code": shown.code,
        "name": shown.short.of(lang),
        "sector": shown.sector.of(lang),
        "filed": labels.FILED[shown.filed],
        "level": labels.LEVELS[shown.level],
        "channels": [labels.CHANNELS[channel] for channel in shown.channels],
        "limit": shown.limit.in_words(lang),
        "fee": price(each),
        "is_offered": each.is_offered,
        "is_sample": shown.is_sample,
        "is_own": each.said is not None,
    }


@unit_page(VIEW)
def procedure(request: StaffRequest, unit: Unit, code: str) -> HttpResponse:
    """One procedure: papers, steps with the other offices that take part, time, fee, results, and what the unit said of it."""
    found, lang = _found(unit, code), language()
    shown = found.procedure
    return page(
        request,
        "desk/procedures/procedure.html",
        unit=unit,
        active="catalogue",
        procedure=shown,
        line=_line(found, lang),
        name=shown.name.of(lang),
        who=shown.who.of(lang),
        applicants=[labels.APPLICANTS[each] for each in shown.applicants],
        papers=[
            {"paper": each, "name": each.name(lang), "held": labels.HELD_BY.get(each.held_by, "")}
            for each in shown.papers
        ],
        steps=[
            {
                "step": each,
                "name": each.name(lang),
                "role": labels.STEP_ROLES[each.role],
                "limit": each.limit.in_words(lang) if each.limit else "",
            }
            for each in shown.steps
        ],
        results=[_result(each, lang) for each in shown.results],
        exemptions=[each.vi if lang != "en" else each.en or each.vi for each in shown.fee.exemptions],
        unverified=_unverified(shown),
        said=[{"row": row, "own": row.unit_id == unit.pk} for row in history(unit, code, today())],
        versions=_versions(unit, code),
        newer=_newer_of_program(unit, shown),
        has_own=latest_of(unit, code) is not None,
        is_shipped=shipped.procedure(code, today()) is not None,
        may_manage=request.actor.may(MANAGE, unit.pk),
    )


def _versions(unit: Unit, code: str) -> list[dict[str, Any]]:
    """What was said of it, the latest first, each with what it says otherwise than the one before it."""
    rows, found = versions_said(unit, code, today()), []
    before = shipped.procedure(code, today())
    for row in reversed(rows):
        read = as_procedure(row) if row.spec is not None else None
        after = read or shipped.procedure(code, today())
        found.append(
            {
                "row": row,
                "own": row.unit_id == unit.pk,
                "is_end": read is None,
                "differences": differences(before, after, language()) if after is not None else [],
            }
        )
        before = after
    return found[::-1]


def _newer_of_program(unit: Unit, shown: Procedure) -> Procedure | None:
    """The program's version where it came after the unit's own word."""
    program = shipped.procedure(shown.code, today())
    row = next(
        (each for each in versions_said(unit, shown.code, today()) if each.version == shown.version), None
    )
    return (
        program
        if row is not None and program is not None and program.version != row.program_version
        else None
    )


def _result(each: Any, lang: str) -> dict[str, Any]:
    entries = dictionary()
    return {
        "name": each.name(lang),
        "kind": labels.RESULT_KINDS[each.kind],
        "facts": [entries[key].label(lang) for key in each.facts if key in entries],
    }


def _unverified(shown: Procedure) -> list[Any]:
    return [labels.UNVERIFIED.get(mark, mark) for mark in shown.marks]


@unit_page(MANAGE, post=MANAGE)
def change(request: StaffRequest, unit: Unit, code: str) -> HttpResponseBase:
    """How the unit does a procedure from a day on."""
    found = _found(unit, code)
    form = _change_form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.set_offer(unit=unit, code=code, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu. Hồ sơ đã nhận trước đó giữ nguyên."))
            return redirect("desk:catalogue_procedure", unit=unit.uuid, code=code)
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="catalogue",
        status=422 if form.is_bound else 200,
        form=form,
        heading=_("Cách làm ở đây: %(name)s") % {"name": found.procedure.short.of(language())},
        button_label=_("Lưu cách làm"),
        back_url=reverse("desk:catalogue_procedure", args=[unit.uuid, code]),
        back_label=_("Về thủ tục"),
    )


def _change_form(request: StaffRequest, found: Offer) -> OfferForm:
    if request.method == "POST":
        return OfferForm(request.POST, procedure=found.procedure)
    return OfferForm.for_procedure(
        found.procedure,
        is_offered="yes" if found.is_offered else "no",
        channels=found.said.channels if found.said else [],
        amount=found.amount,
        zero_fee=found.zero_fee,
        valid_from=today(),
    )


@unit_page(MANAGE, post=MANAGE)
def undo(request: StaffRequest, unit: Unit, offer: UUID) -> HttpResponseBase:
    found = said_by(unit, offer)
    if found is None:
        raise Http404
    if request.method == "POST":
        deeds.undo_offer(offer=found, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ. Thủ tục lại làm như trước."))
    return redirect("desk:catalogue_procedure", unit=unit.uuid, code=found.code)


def _found(unit: Unit, code: str) -> Offer:
    only_offices(unit)
    found = next((each for each in offers(unit, today()) if each.procedure.code == code), None)
    if found is None:
        raise Http404
    return found


def only_offices(unit: Unit) -> None:
    if unit.level not in (Level.COMMUNE, Level.PROVINCE):
        raise Http404
