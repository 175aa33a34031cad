"""“Đề nghị cập nhật dữ liệu”: what was looked up and not found, register by register, until whoever keeps it has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import day_of
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.actions import note_register, note_reveal
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import kept, label_of
from bakhong.desk.views.export import XLSX
from bakhong.documents.serve import headers
from bakhong.documents.writing.xlsx import Column, Sheet, workbook
from bakhong.dossiers.actions.updates import answer_update, send_updates, withdraw_update
from bakhong.dossiers.models import UpdateAnswer, UpdateRequest
from bakhong.dossiers.permissions import VIEW, may_work
from bakhong.dossiers.queries.updates import (
    ANSWERED,
    SENT,
    SHOWS,
    WAITING,
    register_name,
    requests,
    working_days_open,
)
from bakhong.dossiers.writing.update_letter import update_letter
from bakhong.people.models import Reason, Seen
from bakhong.people.permissions import REVEAL
from bakhong.places.models import Level, Unit
from bakhong.places.queries import ancestors
from bakhong.procedures.queries.calendar import calendar_for

MOST = 200  # of one list
LATE = 10  # working days without an answer after which a line is shown as late


@dataclass
class Group:
    """The lines of one register. `to`, `sent_as`: as typed, else whom one writes to by default."""

    register: str
    name: str
    lines: list[dict[str, Any]]
    to: str
    sent_as: str = ""


@unit_page(VIEW, post=VIEW)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET `?show=waiting|sent|answered`. POST `deed`: "letter", "send", "answer", "xlsx"; or `withdraw` with the one taken back."""
    if unit.level != Level.COMMUNE:
        raise NotFound("")
    if request.method != "POST":
        return _page(request, unit)
    try:
        return _done(request, unit)
    except Refusal as refusal:
        return _page(request, unit, status=refusal.status, problem=str(refusal))


def _done(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """Raises: Refusal."""
    deed, by, at = request.POST.get("deed", ""), request.actor, now()
    if "withdraw" in request.POST:
        withdraw_update(request=_one(request, unit, request.POST["withdraw"]), by=by, at=at)
        messages.success(request, _("Đã bỏ đề nghị. Giấy ấy lại là giấy cán bộ tự tra."))
    elif deed == "xlsx":
        return _download(request, unit)
    elif deed == "letter":
        return _letter(request, unit)
    elif deed == "send":
        sent = send_updates(
            requests=_chosen(request, unit), sent_as=kept(request, "sent_as", 120), by=by, at=at
        )
        messages.success(request, _("Đã ghi gửi %(count)s đề nghị.") % {"count": len(sent)})
    elif deed == "answer":
        answer_update(
            request=_one(request, unit, request.POST.get("request", "")),
            answer=kept(request, "answer", 10),
            answer_words=kept(request, "answer_words", 300),
            by=by,
            at=at,
        )
        messages.success(request, _("Đã ghi trả lời."))
    else:
        raise Refusal(_("Chọn ít nhất một đề nghị."))
    return redirect(_address(unit, _show(request)))


def _letter(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """One letter of what was chosen; that the whole numbers stand in it is written down for each person. Raises: Refusal."""
    chosen, to = _chosen(request, unit), kept(request, "to", 150).strip()
    if not chosen or len({each.register for each in chosen}) > 1:
        raise Refusal(_("Chọn ít nhất một đề nghị."))
    if not to:
        raise Refusal(_("Ghi công văn gửi cơ quan nào."))
    for each in chosen:
        note_reveal(
            unit=unit,
            about=("dossier", each.dossier_uuid),
            person=each.dossier.person,
            whats={Seen.NATIONAL_ID.value},
            reason=Reason.CHECK,
            note="",
            by=request.actor,
            at=now(),
        )
    response = HttpResponse(update_letter(unit, chosen, to=to, at=now()), content_type="application/pdf")
    for name, value in headers(f"de-nghi-cap-nhat-{today():%Y%m%d}.pdf", inline=True).items():
        response[name] = value
    return response


def _chosen(request: StaffRequest, unit: Unit) -> list[UpdateRequest]:
    """Those ticked that are here and wait. Raises: NotFound."""
    uuids = _uuids(request.POST.getlist("request"))
    found = list(requests(request.actor, unit, today(), WAITING).filter(uuid__in=uuids))
    if len(found) < len(uuids):
        found += list(requests(request.actor, unit, today(), SENT).filter(uuid__in=uuids))
    if len(found) < len(uuids):
        raise NotFound(_("Không có đề nghị này."))
    return found


def _one(request: StaffRequest, unit: Unit, text: str) -> UpdateRequest:
    """Raises: NotFound, for one of another commune too."""
    for show in SHOWS:
        found = requests(request.actor, unit, today(), show).filter(uuid__in=_uuids([text])).first()
        if found is not None:
            return found
    raise NotFound(_("Không có đề nghị này."))


def _uuids(texts: Sequence[str]) -> set[UUID]:
    found = set()
    for text in texts[: MOST + 1]:
        try:
            found.add(UUID(text))
        except ValueError:
            raise NotFound(_("Không có đề nghị này.")) from None
    return found


def _show(request: StaffRequest) -> str:
    told = request.GET.get("show", WAITING)
    return told if told in SHOWS else WAITING


def _address(unit: Unit, show: str) -> str:
    return reverse("desk:dossier_updates", args=[unit.uuid]) + "?" + urlencode({"show": show})


# --- the page ----------------------------------------------------------------------------------------------------------


def _page(request: StaffRequest, unit: Unit, *, status: int = 200, problem: str = "") -> HttpResponse:
    show = _show(request)
    rows = list(requests(request.actor, unit, today(), show)[: MOST + 1])
    counts = {
        each: requests(request.actor, unit, today(), each)[: MOST + 1].count() for each in (WAITING, SENT)
    }
    words = {WAITING: _("Chưa gửi"), SENT: _("Đã gửi, chờ trả lời"), ANSWERED: _("Đã trả lời")}
    return page(
        request,
        "desk/dossiers/updates.html",
        unit=unit,
        active="dossier_updates",
        status=status,
        problem=problem,
        show=show,
        tabs=[
            {
                "url": _address(unit, each),
                "label": words[each],
                "count": counts.get(each, 0),
                "current": each == show,
            }
            for each in SHOWS
        ],
        groups=_groups(request, unit, rows[:MOST]),
        is_more=len(rows) > MOST,
        may_work=may_work(request.actor, unit.pk),
        may_write=may_work(request.actor, unit.pk) and request.actor.may(REVEAL, unit.pk),
        answers=UpdateAnswer.choices,
    )


def _groups(request: StaffRequest, unit: Unit, rows: Sequence[UpdateRequest]) -> list[Group]:
    """Register by register, as the rows come."""
    lines = _lines(request, unit, rows)
    named = sorted(lines, key=lambda line: line["request"].register)
    posted = request.POST.get("register")
    keepers = _keepers(unit)
    return [
        Group(
            register,
            register_name(register).capitalize(),
            list(found),
            to=kept(request, "to", 150) if posted == register else keepers.get(register, ""),
            sent_as=kept(request, "sent_as", 120) if posted == register else "",
        )
        for register, found in groupby(named, key=lambda line: line["request"].register)
    ]


def _lines(request: StaffRequest, unit: Unit, rows: Sequence[UpdateRequest]) -> list[dict[str, Any]]:
    """Ticked until somebody unticks them; after a mistake as they were."""
    if not rows:
        return []
    calendar = calendar_for(unit, min(day_of(each.at) for each in rows))
    ticked = set(request.POST.getlist("request"))
    is_again = request.POST.get("deed") in ("letter", "send")
    found = []
    for each in rows:
        age = working_days_open(each, today(), calendar)
        mine = request.POST.get("request") == str(each.uuid)
        found.append(
            {
                "request": each,
                "code": label_of(each.dossier),
                "age": age,
                "is_late": age > LATE and each.answered_at is None,
                "is_ticked": str(each.uuid) in ticked if is_again else True,
                "answer": request.POST.get("answer", "") if mine else "",
                "answer_words": kept(request, "answer_words", 300) if mine else "",
            }
        )
    return found


def _keepers(unit: Unit) -> dict[str, str]:
    """Whom one writes to by default; a proposal only, which the officer reads and may change (not compared with any text in force)."""
    province = next((each for each in ancestors(unit, today()) if each.level == Level.PROVINCE), None)
    above = province.full_name if province is not None else ""
    return {
        "population": f"Công an {unit.full_name}",
        "civil_status": f"Sở Tư pháp {above}".strip(),
        "social_insurance": f"Bảo hiểm xã hội {above}".strip(),
        "health_insurance": f"Bảo hiểm xã hội {above}".strip(),
        "land": f"Văn phòng đăng ký đất đai {above}".strip(),
        "result": f"Trung tâm Phục vụ hành chính công {unit.full_name}",
    }


def _download(request: StaffRequest, unit: Unit) -> FileResponse:
    """The list as it is shown, without any personal number. Raises: NotAllowed."""
    rows = list(requests(request.actor, unit, today(), _show(request))[:MOST])
    first = min((day_of(each.at) for each in rows), default=today())
    note_register(
        unit=unit, first=first, last=today(), what="update_requests", form="xlsx", by=request.actor, at=now()
    )
    columns = [
        Column("Nơi giữ dữ liệu"),
        Column("Mã hồ sơ"),
        Column("Người nộp"),
        Column("Giấy tờ đã tra", width=40),
        Column("Đã tra thế nào", width=40),
        Column("Ngày ghi", "day"),
        Column("Ngày gửi", "day"),
        Column("Số công văn, cách gửi"),
        Column("Ngày trả lời", "day"),
        Column("Trả lời"),
    ]
    titles = ["Đề nghị cập nhật dữ liệu", f"{unit.full_name}, đến ngày {format_day(today())}"]
    made = workbook([Sheet("De nghi cap nhat", columns, [_cells(each) for each in rows], titles)])
    name = f"Đề nghị cập nhật dữ liệu - {unit.full_name} - {today():%Y-%m-%d}.xlsx"
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


def _cells(each: UpdateRequest) -> tuple[Any, ...]:
    def on(moment: Any) -> date | None:
        return day_of(moment) if moment else None

    answer = each.answer_words or (str(UpdateAnswer(each.answer).label) if each.answer else "")
    return (
        register_name(each.register),
        label_of(each.dossier),
        each.dossier.applicant_name,
        each.name,
        each.reason,
        on(each.at),
        on(each.sent_at),
        each.sent_as,
        on(each.answered_at),
        answer,
    )
