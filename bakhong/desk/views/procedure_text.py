"""A commune writes a procedure of its own, or checks and mends one of the program: first as residents would see it, then in force."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Conflict, Refusal
from bakhong.desk.forms.gatherings import PlannedForm
from bakhong.desk.forms.procedure_text import ProcedureForm
from bakhong.desk.forms.procedures import SOURCE_HELP
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.procedure_words import differences
from bakhong.desk.views.catalogue import only_offices
from bakhong.eforms.queries import authoring
from bakhong.eforms.rules.spec import FormSpec
from bakhong.places.models import Unit
from bakhong.procedures.actions import defining as deeds
from bakhong.procedures.permissions import MANAGE
from bakhong.procedures.queries.calendar import calendar_for
from bakhong.procedures.queries.catalogue import Offer, price
from bakhong.procedures.queries.local import definition_of, latest_of, procedure
from bakhong.procedures.rules import catalogue as shipped
from bakhong.procedures.rules.catalogue import Procedure
from bakhong.procedures.rules.deadlines import due
from bakhong.ui.figures import language
from bakhong.ui.forms import DayField


class EndForm(PlannedForm):
    """From which day on, and on whose word."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    valid_from = DayField(label=gettext_lazy("Áp dụng từ ngày"))
    source = forms.CharField(label=gettext_lazy("Văn bản làm căn cứ"), max_length=300, help_text=SOURCE_HELP)


@unit_page(MANAGE, post=MANAGE)
def new(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A task of the unit that no catalogue has."""
    only_offices(unit)
    return _written(request, unit, None)


@unit_page(MANAGE, post=MANAGE)
def text(request: StaffRequest, unit: Unit, code: str) -> HttpResponseBase:
    """Another version of a procedure that the unit has."""
    only_offices(unit)
    base = procedure(unit, code, today())
    if base is None:
        raise Http404
    return _written(request, unit, base)


def _written(request: StaffRequest, unit: Unit, base: Procedure | None) -> HttpResponseBase:
    """`deed` says what a sent form is for: to be looked at first, or to be published. Whatever is wrong, what was typed stays."""
    published = _published(unit)
    shown: dict[str, Any] = {}
    status = 200
    form = (
        ProcedureForm.sent(request.POST, base, published)
        if request.method == "POST"
        else ProcedureForm.starting(base, published, valid_from=today())
    )
    if form.is_bound:
        status = 422
        if form.is_valid():
            given = _given(form, unit, base)
            try:
                if request.POST.get("deed") == "publish":
                    return _stored(request, form, given)
                shown = _preview(deeds.check_definition(**given, at=now()), base, unit)
                status = 200
            except deeds.MissingQuestions as refusal:
                form.add_error("form", _missing(refusal, base, published))
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, Conflict) else 422
    return page(
        request,
        "desk/procedures/text.html",
        unit=unit,
        active="catalogue",
        status=status,
        form=form,
        base=base,
        seen=request.POST.get("seen", "") if request.method == "POST" else _seen(unit, base),
        papers=list(form.lines("papers")),
        steps=list(form.lines("steps")),
        exemptions=list(form.lines("exemptions")),
        results=list(form.lines("results")),
        name=base.short.of(language()) if base is not None else "",
        back_url=_home(unit, base),
        **shown,
    )


def _given(form: ProcedureForm, unit: Unit, base: Procedure | None) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "unit": unit,
        "code": base.code if base is not None else deeds.own_code(unit, data["short"]),
        "spec": form.spec(),
        "valid_from": data["valid_from"],
        "source": data["source"],
    }


def _stored(request: StaffRequest, form: ProcedureForm, given: dict[str, Any]) -> HttpResponse:
    try:
        seen = UUID(request.POST.get("seen", "")) if request.POST.get("seen") else None
    except ValueError:
        raise Http404 from None
    key = form.cleaned_data["client_key"]
    made = deeds.define_procedure(**given, by=request.actor, at=now(), key=key, seen=seen)
    messages.success(request, _("Đã lưu. Hồ sơ đã nhận trước đó giữ nguyên."))
    return (
        redirect("desk:catalogue_procedure", unit=given["unit"].uuid, code=made.code)
        if (made.valid_from <= today() or shipped.procedure(made.code, today()))
        else redirect("desk:catalogue", unit=given["unit"].uuid)
    )


def _published(unit: Unit) -> Mapping[str, FormSpec]:
    return {line.version.form.code: line.spec for line in authoring.forms_of(unit)}


def _seen(unit: Unit, base: Procedure | None) -> str:
    latest = latest_of(unit, base.code) if base is not None else None
    return str(latest.uuid) if latest is not None else ""


def _home(unit: Unit, base: Procedure | None) -> str:
    if base is None:
        return reverse("desk:catalogue", args=[unit.uuid])
    return reverse("desk:catalogue_procedure", args=[unit.uuid, base.code])


def _missing(
    refusal: deeds.MissingQuestions, base: Procedure | None, published: Mapping[str, FormSpec]
) -> str:
    """In the words of the form that asked them so far."""
    asked = published.get(base.desk_form) if base is not None else None
    labels = {item.code: item.label.in_language(language()) for _page, item in asked.items()} if asked else {}
    named = ", ".join(f"“{labels[code]}” ({code})" if code in labels else code for code in refusal.codes)
    return _("Tờ khai này không có câu mà giấy tờ, lệ phí hoặc kết quả còn dùng: %(named)s.") % {
        "named": named
    }


def _preview(read: Procedure, base: Procedure | None, unit: Unit) -> dict[str, Any]:
    """As residents see it, what a dossier handed in now would be promised, and what differs from the version in force."""
    at, lang = now(), language()
    calendar = calendar_for(unit, today(), today() + timedelta(days=120))
    return {
        "read": read,
        "read_name": read.short.of(lang),
        "fee": price(Offer(read, True)),
        "bring": [each for each in read.papers if each.may_be_asked],
        "held": [each for each in read.papers if not each.may_be_asked],
        "limit": read.limit.in_words(lang),
        "promised": due(at, read.limit, calendar).due_at,
        "today": today(),
        "differences": differences(base, read, lang),
    }


@unit_page(MANAGE, post=MANAGE)
def end(request: StaffRequest, unit: Unit, code: str) -> HttpResponseBase:
    """Back to what the program says; a task of the unit's own is done no more."""
    only_offices(unit)
    found, latest = procedure(unit, code, today()), latest_of(unit, code)
    if found is None or latest is None:
        raise Http404
    form = (
        EndForm(request.POST)
        if request.method == "POST"
        else EndForm.blank(valid_from=today(), seen=latest.uuid)
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            deeds.end_procedure(
                unit=unit, code=code, by=request.actor, at=now(), key=given.pop("client_key"), **given
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409 if isinstance(refusal, Conflict) else 422
        else:
            messages.success(request, _("Đã lưu. Hồ sơ đã nhận trước đó giữ nguyên."))
            return redirect("desk:catalogue", unit=unit.uuid)
    is_shipped = shipped.procedure(code, today()) is not None
    return page(
        request,
        "desk/outreach/form.html",
        unit=unit,
        active="catalogue",
        status=status,
        form=form,
        heading=(
            _("Trở lại bản của chương trình: %(name)s") if is_shipped else _("Thôi làm việc này: %(name)s")
        )
        % {"name": found.short.of(language())},
        button_label=_("Trở lại bản của chương trình") if is_shipped else _("Thôi làm việc này"),
        back_url=_home(unit, found),
        back_label=_("Về thủ tục"),
    )


@unit_page(MANAGE, post=MANAGE)
def undo(request: StaffRequest, unit: Unit, definition: UUID) -> HttpResponseBase:
    found = definition_of(unit, definition)
    if found is None:
        raise Http404
    if request.method == "POST":
        deeds.undo_definition(definition=found, by=request.actor, at=now())
        messages.success(request, _("Đã bỏ. Thủ tục lại làm như trước."))
    return redirect("desk:catalogue", unit=unit.uuid)
