"""Asking the resident for what is missing or wrong: every reason at once, read before it is sent; and taking their answer at the desk."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.ids import new_uuid
from bakhong.core.numbers import format_day
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.masking import HIDDEN, reviewed
from bakhong.desk.paper_rows import read_upload
from bakhong.desk.views.dossiers.cases import dossier_at, kept, label_of
from bakhong.desk.views.dossiers.dossier import key_sent, version_sent
from bakhong.desk.views.dossiers.prints import with_slip
from bakhong.documents.actions.storing import store_file
from bakhong.documents.models import File, Purpose
from bakhong.dossiers.actions.refusals import PapersMissing
from bakhong.dossiers.actions.said import PaperGiven, Wanted
from bakhong.dossiers.actions.supplementing import answer_supplement, ask_supplement
from bakhong.dossiers.models import Dossier, Given, Kind, Supplement
from bakhong.dossiers.permissions import ASSIST, VIEW
from bakhong.dossiers.queries.answers import Box, boxes_again
from bakhong.dossiers.queries.catalogue import procedure_of
from bakhong.dossiers.queries.dossiers import supplement_waited_for
from bakhong.dossiers.rules.papers import OTHER
from bakhong.dossiers.rules.reasons import NOT_FOUND, reasons, reasons_about
from bakhong.people.queries.identity import mask
from bakhong.places.models import Unit
from bakhong.procedures.rules.office import office

_QUESTION = "question"  # the prefix of its fields


@dataclass
class Row:
    """A paper or a question that may be asked for again. `code`: the paper's, or the answer's path."""

    what: str
    code: str
    name: str
    shown: str
    chosen: str = ""
    words: str = ""
    is_held: bool = False  # by a register: nobody may ask for it unless it was looked up there and not found

    @property
    def field(self) -> str:
        return f"{self.what}-{self.code}"

    @property
    def reasons(self) -> list[dict[str, str]]:
        return [
            {
                "code": each.code,
                "words": each.words.replace("{name}", self.name) or _("Lý do khác, ghi bên cạnh"),
            }
            for each in reasons_about(self.what)
            if not self.is_held or each.code == NOT_FOUND
        ]

    @property
    def sentence(self) -> str:
        """What the resident reads."""
        reason = reasons().get(self.chosen)
        return f"{reason.said(self.name) if reason else ''} {self.words}".strip()


@unit_page(VIEW, post=VIEW)
def supplement(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    found = dossier_at(request, unit, dossier)
    rows = rows_of(request, found)
    if request.method != "POST":
        return _page(request, unit, found, rows)
    if request.POST.get("deed") != "send":
        return _page(request, unit, found, rows, is_read=True)
    try:
        ask_supplement(
            dossier=found,
            items=[Wanted(row.what, row.code, row.chosen, row.words) for row in rows if row.chosen],
            note=kept(request, "note"),
            why_again=kept(request, "why_again", 40),
            answer_by=_answer_by(request),
            version=version_sent(request),
            key=key_sent(request),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        again = dossier_at(request, unit, dossier)
        return _page(request, unit, again, rows, status=refusal.status, problem=str(refusal), is_read=True)
    said = _("Đã gửi yêu cầu bổ sung. Thời hạn dừng đếm đến khi nhận đủ.")
    messages.success(request, with_slip(said, unit, found, Kind.ASK_SUPPLEMENT))
    return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)


def _answer_by(request: StaffRequest) -> date | None:
    """The last day to answer; None where it is left to the action. Raises: Refusal for what is no day."""
    text = kept(request, "answer_by", 20).strip()
    day = parse_day(text) if text else None
    if text and day is None:
        raise Refusal(_("Ghi hạn bổ sung theo ngày/tháng/năm, ví dụ 22/12/2026."))
    return day


def rows_of(request: StaffRequest, found: Dossier) -> list[Row]:
    """Everything that may be asked for, with what was chosen on the page."""
    rows = [*_papers(found), *_questions(found)]
    for row in rows:
        row.chosen = kept(request, row.field, 40)
        row.words = kept(request, f"{row.field}-words", 200)
    return rows


def _papers(found: Dossier) -> list[Row]:
    procedure = procedure_of(found)
    checks = {each.paper: each.get_state_display() for each in found.paperchecks.all()}
    named = (
        [
            Row("paper", each.code, each.vi, checks.get(each.code, ""), is_held=bool(each.held_by))
            for each in procedure.papers
        ]
        if procedure
        else []
    )
    return [*named, Row("paper", OTHER, _("Giấy tờ khác"), "")]


def _questions(found: Dossier) -> list[Row]:
    if found.draft is None:
        return []
    lang = get_language() or "vi"
    return [
        Row("question", line.path, line.label, line.value)
        for section in reviewed(found, lang)
        for line in section.lines
        if line.kind != "file"  # asked for as a paper
    ]


def _page(
    request: StaffRequest,
    unit: Unit,
    found: Dossier,
    rows: list[Row],
    *,
    status: int = 200,
    problem: str = "",
    is_read: bool = False,
) -> HttpResponse:
    chosen = [row for row in rows if row.chosen]
    if is_read and not chosen and not problem:
        problem, status = _("Chưa chọn mục nào cần bổ sung."), 422
    return page(
        request,
        "desk/dossiers/supplement.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=found,
        code=label_of(found),
        papers=[row for row in rows if row.what == "paper"],
        questions=[row for row in rows if row.what == "question"],
        preview=[row.sentence for row in chosen] if is_read else [],
        note=kept(request, "note"),
        answer_by=kept(request, "answer_by", 20)
        or format_day(today() + timedelta(days=office().answer_days)),
        is_repeat=found.supplement_count > 0,
        whys=[(each.code, each.words or _("Lý do khác")) for each in reasons_about("again")],
        why_again=kept(request, "why_again", 40),
        version=found.version if status == 409 else request.POST.get("version", found.version),
        key=key_sent(request) or new_uuid(),
        problem=problem,
    )


# --- the answer, brought to the desk -----------------------------------------------------------------------------------


@unit_page(VIEW, post=ASSIST)
def answer(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """What was asked for is brought, or told by telephone: papers as files or seen, questions as words."""
    found = dossier_at(request, unit, dossier)
    asked = supplement_waited_for(found)
    if asked is None:
        return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    problem, status, problems = "", 200, {}
    if request.method == "POST":
        try:
            answer_supplement(
                dossier=found,
                papers=_brought(request, found, asked.items),
                answers=_posted(request),
                came_in_person="came_in_person" in request.POST,
                note=kept(request, "note"),
                version=version_sent(request),
                key=key_sent(request),
                by=request.actor,
                at=now(),
            )
        except Refusal as refusal:
            problem, status = str(refusal), refusal.status
            problems = refusal.problems if isinstance(refusal, PapersMissing) else {}
            found = dossier_at(request, unit, dossier)
        else:
            messages.success(request, _("Đã nhận đủ phần bổ sung. Thời hạn đếm tiếp."))
            return redirect("desk:dossier", unit=unit.uuid, dossier=found.uuid)
    return page(
        request,
        "desk/dossiers/answer.html",
        unit=unit,
        active="queue",
        status=status,
        dossier=found,
        code=label_of(found),
        asked=asked,
        papers=[
            _item(request, each, number)
            for number, each in enumerate(asked.items, start=1)
            if each["what"] == "paper"
        ],
        boxes=_boxes(request, found, asked, problems),
        came="came_in_person" in request.POST,
        note=kept(request, "note"),
        key=key_sent(request) or new_uuid(),
        problem=problem,
    )


def _boxes(request: StaffRequest, found: Dossier, asked: Supplement, problems: dict[str, str]) -> list[Box]:
    """What was answered so far is masked as everywhere."""
    boxes = boxes_again(
        found,
        asked,
        get_language() or "vi",
        posted=_posted(request),
        problems=problems,
        prefix=_QUESTION,
    )
    return [
        replace(each, before=mask(each.before)) if each.line.question.type in HIDDEN else each
        for each in boxes.values()
    ]


def _posted(request: StaffRequest) -> dict[str, list[str]]:
    """path → texts."""
    begin = f"{_QUESTION}-"
    names = [name for name in request.POST if name.startswith(begin)]
    return {name.removeprefix(begin): request.POST.getlist(name) for name in names}


def _item(request: StaffRequest, item: dict[str, Any], number: int) -> dict[str, Any]:
    field = _field(item)
    return item | {
        "field": field,
        "number": number,
        "is_seen": f"{field}-seen" in request.POST,
    }


def _field(item: dict[str, Any]) -> str:
    return f"{item['what']}-{item['code']}"


def _brought(request: StaffRequest, found: Dossier, items: list[dict[str, Any]]) -> list[PaperGiven]:
    """Raises: Refusal for a file that cannot be kept."""
    given: list[PaperGiven] = []
    for item in (each for each in items if each["what"] == "paper"):
        uploads = request.FILES.getlist(_field(item))
        given += [
            PaperGiven(item["code"], _stored(request, found, item["code"], each), Given.SCANNED)
            for each in uploads
        ]
        if not uploads and f"{_field(item)}-seen" in request.POST:
            given.append(PaperGiven(item["code"], None, Given.ORIGINAL_SEEN))
    return given


def _stored(request: StaffRequest, found: Dossier, paper: str, upload: Any) -> File:
    """The same file for the same question is the same, however often it is sent."""
    content = read_upload(upload)
    digest = hashlib.sha256(content).hexdigest()
    return store_file(
        key=uuid5(found.uuid, f"supplement/{found.supplement_count}/{paper}/{digest}"),
        content=content,
        name=upload.name or "",
        owner=("dossier", found.uuid),
        unit=found.village,
        purpose=Purpose.ATTACHMENT,
        by=request.actor,
        at=now(),
    )
