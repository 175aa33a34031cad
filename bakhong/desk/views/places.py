"""Places: a unit's villages, where it came from and what became of it, whom residents call, and the groups of alike units."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import Refusal
from bakhong.desk.forms.places import GroupsForm, VillagesForm, changed_groups
from bakhong.desk.frame import now, page, standing_day, today, unit_page
from bakhong.desk.views.periods import GROUP_WORDS
from bakhong.places import actions as deeds
from bakhong.places import queries
from bakhong.places.forms import ContactForm, MergeVillagesForm, RenameVillageForm
from bakhong.places.models import Contact, Grouping, Level, Succession, Unit, UnitGroup
from bakhong.places.rules.naming import KINDS, full_name

MANAGE, GROUP, CONTACT = "places.manage_villages", "places.set_group", "places.set_contact"


@unit_page("figures.view")
def index(request: StaffRequest, unit: Unit) -> HttpResponse:
    """Everything about the unit as a place."""
    day = standing_day(unit, today())
    may = request.actor.may
    below = queries.children(unit, day)
    is_commune = unit.level == Level.COMMUNE
    return page(
        request,
        "desk/places/index.html",
        unit=unit,
        active="places",
        kind=KINDS[unit.kind].vi if unit.kind in KINDS else "",
        is_commune=is_commune,
        is_province=unit.level == Level.PROVINCE,
        below=below,
        undoable=_undoable(below) if is_commune else set(),
        unplaced=queries.unplaced_villages([unit.pk], day) if is_commune else [],
        predecessors=_lines(queries.predecessors(unit), "predecessor"),
        successors=_lines(queries.successors(unit), "successor"),
        group=_group(unit, day),
        contact=Contact.objects.filter(unit=unit).first(),
        inherited=queries.contact_of(unit, day),
        may_manage=is_commune and unit.valid_to is None and may(MANAGE, unit.pk),
        may_contact=may(CONTACT, unit.pk),
        may_group=unit.level == Level.PROVINCE and may(GROUP, unit.pk),
    )


def _lines(rows: list[Succession], side: str) -> list[dict[str, Any]]:
    return [
        {"unit": getattr(row, side), "on": row.on, "is_whole": row.extent == "whole", "source": row.source}
        for row in rows
    ]


def _undoable(villages: list[Unit]) -> set[int]:
    """Villages made by a merger or split, which may still be taken back."""
    return set(Succession.objects.filter(successor__in=villages).values_list("successor", flat=True))


def _group(unit: Unit, day: Any) -> dict[str, Any] | None:
    found = queries.group_of(unit, day)
    return {"word": GROUP_WORDS[found.group], "row": found} if found else None


@unit_page(MANAGE, post=MANAGE)
def new_villages(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """One or many villages at once."""
    _only_commune(unit)
    form = VillagesForm(request.POST) if request.method == "POST" else VillagesForm.blank(unit, today())
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.create_villages(commune=unit, by=request.actor, at=now(), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã thêm %(count)s thôn.") % {"count": len(made)})
            return redirect("desk:places", unit=unit.uuid)
    return _form_page(request, unit, form, _("Thêm thôn, bản, khu phố"), _("Thêm vào danh sách"))


@unit_page(MANAGE, post=MANAGE)
def rename_village(request: StaffRequest, unit: Unit, village: UUID) -> HttpResponseBase:
    found = _village_or_404(village, unit)
    form = RenameVillageForm(
        request.POST if request.method == "POST" else None, initial={"kind": found.kind, "name": found.name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            deeds.rename_village(village=found, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã sửa tên. Tên cũ còn trong nhật ký."))
            return redirect("desk:places", unit=unit.uuid)
    title = _("Sửa tên: %(village)s") % {"village": found.full_name}
    return _form_page(request, unit, form, title, _("Lưu tên mới"))


@unit_page(MANAGE, post=MANAGE)
def merge_villages(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """First the choice, then what will be, then the deed; each step is one sending of the same values."""
    _only_commune(unit)
    villages = queries.children(unit, today())
    form = MergeVillagesForm(request.POST if request.method == "POST" else None, villages=villages)
    is_ready = request.method == "POST" and form.is_valid()
    if is_ready and request.POST.get("step") == "merge":
        try:
            made = deeds.merge_villages(by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("Đã nhập thành %(village)s. Chưa có số liệu ở thôn mới thì vẫn hoàn tác được.")
                % {"village": made.full_name},
            )
            return redirect("desk:places", unit=unit.uuid)
        is_ready = False
    return page(
        request,
        "desk/places/merge.html",
        unit=unit,
        active="places",
        status=422 if request.method == "POST" and not is_ready else 200,
        form=form,
        villages=villages,
        preview=_preview(form) if is_ready and request.POST.get("step") != "edit" else None,
    )


def _preview(form: MergeVillagesForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "ending": data["villages"],
        "name": full_name(data["kind"], data["name"]),
        "on": data["on"],
        "source": data["source"],
    }


@unit_page(MANAGE, post=MANAGE)
def undo_village(request: StaffRequest, unit: Unit, village: UUID) -> HttpResponseBase:
    """Takes back the merger that made a village."""
    if request.method != "POST":
        return redirect("desk:places", unit=unit.uuid)
    # Taken back already: the village it made is gone, and pressing again changes nothing.
    found = _village_or_404(village, unit)
    again = deeds.undo_village_change(village=found, by=request.actor, at=now())
    messages.success(
        request,
        _("Đã hoàn tác. Có lại: %(villages)s.") % {"villages": ", ".join(each.full_name for each in again)},
    )
    return redirect("desk:places", unit=unit.uuid)


@unit_page(CONTACT, post=CONTACT)
def contact(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Whom residents call: shown on every public page."""
    kept = Contact.objects.filter(unit=unit).first()
    form = ContactForm(
        request.POST if request.method == "POST" else None, initial=model_to_dict(kept) if kept else {}
    )
    if request.method == "POST" and form.is_valid():
        try:
            deeds.set_contact(unit=unit, by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("phone", str(refusal))
        else:
            messages.success(request, _("Đã lưu. Số này hiện trên mọi trang công khai của đơn vị."))
            return redirect("desk:places", unit=unit.uuid)
    return _form_page(request, unit, form, _("Số điện thoại và giờ làm việc"), _("Lưu thông tin liên hệ"))


@unit_page(GROUP, post=GROUP)
def groups(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """All communes of the province with their group; many are changed at once on the word of one document."""
    if unit.level != Level.PROVINCE:
        raise Http404
    on = today()
    communes = list(queries.descendants(unit, on, Level.COMMUNE))
    rows = {row.unit_id: row for row in UnitGroup.objects.filter(unit__in=communes).order_by("valid_from")}
    standing = {pk: row.group for pk, row in rows.items()}
    form = GroupsForm(request.POST if request.method == "POST" else None, initial={"valid_from": on})
    if request.method == "POST" and form.is_valid():
        changes = changed_groups(request.POST, communes, standing)
        try:
            with transaction.atomic():
                for commune, group in changes:
                    deeds.set_group(
                        unit=commune, group=group, by=request.actor, at=now(), **form.cleaned_data
                    )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã đổi vùng của %(count)s xã, phường.") % {"count": len(changes)})
            return redirect("desk:place_groups", unit=unit.uuid)
    chosen = request.POST if request.method == "POST" else {}
    return page(
        request,
        "desk/places/groups.html",
        unit=unit,
        active="places",
        status=422 if request.method == "POST" else 200,
        form=form,
        lines=[
            (commune, rows.get(commune.pk), chosen.get(f"group-{commune.uuid}", standing.get(commune.pk, "")))
            for commune in communes
        ],
        options=[(code, GROUP_WORDS[code]) for code in Grouping.values],
    )


def _form_page(request: StaffRequest, unit: Unit, form: Any, title: str, button: str) -> HttpResponse:
    return page(
        request,
        "desk/places/form.html",
        unit=unit,
        active="places",
        status=422 if form.is_bound else 200,
        form=form,
        heading=title,
        button_label=button,
    )


def _only_commune(unit: Unit) -> None:
    if unit.level != Level.COMMUNE:
        raise Http404


def _village_or_404(uuid: UUID, commune: Unit) -> Unit:
    found = next((each for each in queries.children(commune, today()) if each.uuid == uuid), None)
    if found is None or commune.level != Level.COMMUNE:
        raise Http404
    return found
