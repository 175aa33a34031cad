"""“Chép sang”: a dossier's fields in another system's order, and what is typed twice."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound
from bakhong.core.numbers import format_day, read_count
from bakhong.desk.actions import note_reveal
from bakhong.desk.frame import now, page, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, label_of
from bakhong.desk.views.dossiers.elsewhere import elsewhere_box
from bakhong.desk.views.dossiers.queue import MOST_TAKEN
from bakhong.desk.views.exchange_measures import period_of
from bakhong.desk.views.exchange_tabs import check_commune, tabs_of
from bakhong.desk.views.taking_out import taken_out
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.actions.exchange_copy import note_copied
from bakhong.dossiers.models import CopyEvent, Dossier
from bakhong.dossiers.permissions import ASSIST, VIEW
from bakhong.dossiers.queries.counts import Period
from bakhong.dossiers.queries.exchange_copy import (
    CopyLine,
    TypedTwice,
    copied_of,
    copied_rows,
    copy_lines,
    typed_twice,
)
from bakhong.dossiers.rules.targets import Target, targets, targets_of
from bakhong.people import looks
from bakhong.people.models import Reason, Seen
from bakhong.people.permissions import REVEAL
from bakhong.people.queries.identity import mask
from bakhong.places.models import Unit
from bakhong.ui.figures import Figure

PAGE = 50
_SEEN = frozenset({Seen.NATIONAL_ID.value, Seen.PHONE.value})


@unit_page(VIEW, post=ASSIST)
def copying(request: StaffRequest, unit: Unit, dossier: UUID, target: str) -> HttpResponseBase:
    """The panel. POST `field` (one or more): these were copied; `quiet`: the script says so and wants no page."""
    found = dossier_at(request, unit, dossier)
    system = _target(found, target)
    if request.method == "POST":
        fields = [each[:60] for each in request.POST.getlist("field")]
        _note_seen(request, unit, found, system, fields)
        note_copied(dossier=found, target=system.code, fields=fields, by=request.actor, at=now())
        if request.POST.get("quiet"):
            return HttpResponse(status=204)
        messages.success(request, _("Đã ghi: các ô này phải gõ lại ở %(system)s.") % {"system": system.name})
        return redirect("desk:dossier_copy", unit=unit.uuid, dossier=found.uuid, target=system.code)
    return _page(request, unit, found, system)


def _target(dossier: Dossier, code: str) -> Target:
    found = targets().get(code)
    if found is None or not found.takes(dossier.procedure):
        raise NotFound("")
    return found


def _page(request: StaffRequest, unit: Unit, found: Dossier, system: Target) -> HttpResponse:
    lines = copy_lines(found, system, get_language() or "vi")
    if found.person is not None:
        looks.note(request, found.person, reason=Reason.AT_DESK)
        for what in sorted({each.hides for each in lines} & set(_SEEN)) if _may_read(request, unit) else ():
            looks.note(request, found.person, what=what, reason=Reason.AT_DESK)
    done = copied_of(found).get(system.code)
    return page(
        request,
        "desk/exchange/copying.html",
        unit=unit,
        active="queue",
        dossier=found,
        code=label_of(found),
        system=system,
        others=[each for each in targets_of(found.procedure) if each.code != system.code],
        lines=lines if _may_read(request, unit) else [_masked(each) for each in lines],
        done=set(done.copied) if done else set(),
        may_read=_may_read(request, unit),
        may_note=request.actor.may(ASSIST, unit.pk),
        **elsewhere_box(request, unit, found),
    )


def _may_read(request: StaffRequest, unit: Unit) -> bool:
    """Whole numbers are for who copies, and only where they may see them at all."""
    return request.actor.may(ASSIST, unit.pk) and request.actor.may(REVEAL, unit.pk)


def _masked(line: CopyLine) -> CopyLine:
    return replace(line, value=mask(line.value)) if line.hides else line


def _note_seen(
    request: StaffRequest, unit: Unit, found: Dossier, system: Target, fields: Collection[str]
) -> None:
    """The trail has who took whole numbers out of a dossier, once for each system and number.

    Raises: NotAllowed where they are masked for this person.
    """
    done = copied_of(found).get(system.code)
    new = set(fields) - set(done.copied if done else ())
    hidden = {each.hides for each in system.fields if each.code in new} - {""}
    if hidden:
        note_reveal(
            unit=unit,
            about=("dossier", found.uuid),
            person=None,  # the page itself notes the look
            whats=hidden,
            reason=Reason.AT_DESK,
            note="",
            by=request.actor,
            at=now(),
        )


@unit_page(VIEW, post=VIEW)
def copied(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """How many fields are typed twice, by procedure and system. POST: the dossiers behind as a workbook."""
    check_commune(unit)
    first, last = period_of(request)
    found = typed_twice([unit.pk], (first, last))
    days = _("tiếp nhận từ %(first)s đến %(last)s") % {"first": format_day(first), "last": format_day(last)}
    rows = copied_rows([unit.pk], (first, last)).filter(target__in=targets()).select_related("dossier")
    rows = rows.order_by("-pk")
    if request.method == "POST":
        return _download(request, unit, [_row(each) for each in rows[:MOST_TAKEN]], (first, last))
    after = read_count(request.GET.get("after", "")[:18])
    part = list((rows.filter(pk__lt=after) if after else rows)[: PAGE + 1])
    here = "?" + urlencode({"first": format_day(first), "last": format_day(last)})
    return page(
        request,
        "desk/exchange/copied.html",
        unit=unit,
        active="exchange",
        tabs=tabs_of(request, unit, "exchange_copied"),
        first=first,
        last=last,
        lines=[(each, _dossiers(each, days), _fields(each, days)) for each in found],
        rows=[_row(each) for each in part[:PAGE]],
        list_url=f"{here}#behind",
        next_url=f"{here}&after={part[PAGE - 1].pk}#behind" if len(part) > PAGE else "",
        is_later=bool(after),
    )


def _download(
    request: StaffRequest, unit: Unit, rows: list[dict[str, Any]], period: Period
) -> HttpResponseBase:
    columns = [
        Column(_("Mã hồ sơ")),
        Column(_("Chép sang"), width=30),
        Column(_("Ô phải gõ lại"), "int"),
        Column(_("Ô có ở đây"), "int"),
        Column(_("Những ô"), width=60),
    ]
    cells = [
        (
            each["code"],
            each["target"],
            each["event"].copied_count,
            each["event"].offered,
            ", ".join(each["fields"]),
        )
        for each in rows
    ]
    title = _("Phải gõ hai lần giữa các hệ thống: %(unit)s") % {"unit": unit.full_name}
    name = f"{_('Gõ hai lần')} - {unit.full_name} - {period[1]:%Y-%m-%d}.xlsx"
    book = workbook([Sheet("Go hai lan", columns, cells, [title])])
    return taken_out(request, unit, book, what="exchange_copied", name=name, first=period[0], last=period[1])


def _dossiers(each: TypedTwice, days: str) -> Figure:
    return Figure(
        numerator=each.dossiers,
        denominator=each.received,
        counted=_("hồ sơ đã tiếp nhận"),
        day_text=days,
        url="#behind",
    )


def _fields(each: TypedTwice, days: str) -> Figure | None:
    if each.target is None:
        return None
    return Figure(
        numerator=each.copied,
        denominator=each.offered,
        counted=_("ô thông tin"),
        day_text=days,
        url="#behind",
    )


def _row(event: CopyEvent) -> dict[str, Any]:
    target = targets()[event.target]
    labels = {each.code: each.label for each in target.fields}
    return {
        "event": event,
        "code": label_of(event.dossier),
        "target": target.name,
        "fields": [labels.get(each, each) for each in event.copied],
    }
