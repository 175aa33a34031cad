"""Certified copies: a batch typed line by line with few keys, one receipt, and one press for what comes after."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bakhong.accounts.access import StaffRequest
from bakhong.core.errors import NotFound, Refusal
from bakhong.core.numbers import format_money, read_count
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.desk.views.dossiers.cases import dossier_at, kept, label_of
from bakhong.desk.views.dossiers.fees import fee_box
from bakhong.desk.walk_in import recognise
from bakhong.documents.serve import headers
from bakhong.dossiers.actions.copies import MOST, Original, finish_copies, receive_copies
from bakhong.dossiers.actions.fees import dues_by_document
from bakhong.dossiers.models import Dossier, State
from bakhong.dossiers.permissions import RECEIVE, VIEW, may_certify
from bakhong.dossiers.queries.books import given_number
from bakhong.dossiers.queries.copies import lane, lane_procedure
from bakhong.dossiers.queries.fees import owing
from bakhong.dossiers.rules.books import COPIES, books
from bakhong.dossiers.rules.originals import known, named
from bakhong.dossiers.writing.copies import stamps_pdf
from bakhong.eforms.actions import Incomplete
from bakhong.payments.permissions import COLLECT
from bakhong.people import looks
from bakhong.people.models import Person, Reason
from bakhong.people.queries import roll
from bakhong.places.models import Level, Unit
from bakhong.procedures.rules.catalogue import Procedure

SHOWN_ROWS, SHOWN = 5, 60
PURPOSES = (
    ("", gettext_lazy("Không nói")),
    ("rural_loan", gettext_lazy("Vay vốn nông nghiệp, nông thôn")),
    ("study", gettext_lazy("Học tập, xin việc")),
)


@dataclass
class Line:
    """A row as typed, and what was made of it. `fee` in words, "" while it cannot be told."""

    number: int
    what: str = ""
    pages: str = ""
    copies: str = ""
    original: Original | None = None
    fee: str = ""
    problem: str = ""

    @property
    def place(self) -> str:
        return f"what-{self.number}"

    @property
    def is_empty(self) -> bool:
        return not (self.what or self.pages or self.copies)


@dataclass
class Batch:
    key: UUID
    lines: list[Line]
    name: str = ""
    purpose: str = ""
    person: Person | None = None
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    total: str = ""
    is_free: bool = False
    status: int = 200

    @property
    def originals(self) -> list[Original]:
        return [each.original for each in self.lines if each.original is not None]


@unit_page(RECEIVE, post=RECEIVE)
def copies(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """GET: an empty batch and what stands open. POST `deed`: "receive" takes in, "more" adds lines, else the fee is told."""
    procedure = lane_procedure(unit, now()) if unit.level == Level.COMMUNE else None
    if procedure is None:
        raise NotFound("")
    batch = _read(request, unit)
    if request.method == "POST":
        if request.POST.get("scan", "").strip():
            _know(request, unit, batch)
        elif request.POST.get("deed") == "more":
            batch.lines += [Line(len(batch.lines) + 1) for _row in range(SHOWN_ROWS)]
            del batch.lines[MOST:]
        else:
            _judge(batch, procedure, unit)
            if request.POST.get("deed") == "receive":
                received = _receive(request, unit, batch)
                if received is not None:
                    return redirect(f"{request.path}?done={received.uuid}")
    return _page(request, unit, batch, procedure)


def _read(request: StaffRequest, unit: Unit) -> Batch:
    posted = request.POST
    columns = [posted.getlist(name)[:MOST] for name in ("what", "pages", "copies")]
    count = max([SHOWN_ROWS, *map(len, columns)])
    rows = [[column[row].strip() if row < len(column) else "" for column in columns] for row in range(count)]
    lines = [
        Line(number, what.replace("\x00", "")[:150], pages[:4], copies[:4])
        for number, (what, pages, copies) in enumerate(rows, start=1)
    ]
    purpose = posted.get("purpose", "")
    return Batch(
        key=_uuid(posted.get("key", "")) or uuid4(),
        lines=lines,
        name=kept(request, "name", 120),
        purpose=purpose if purpose in dict(PURPOSES) else "",
        person=_person(request, unit, posted.get("person", "")),
    )


def _person(request: StaffRequest, unit: Unit, text: str) -> Person | None:
    uuid = _uuid(text)
    if uuid is None:
        return None
    found: Person | None = roll.residents(request.actor, unit, today()).filter(uuid=uuid).first()
    return found


def _know(request: StaffRequest, unit: Unit, batch: Batch) -> None:
    """Whose card it is: from the roll, else the name as the card has it."""
    who = recognise(request.POST["scan"], actor=request.actor, unit=unit, on=today())
    batch.notes, batch.person = who.notes, who.person
    if who.person is None and who.card is not None and who.card.full_name:
        batch.name = who.card.full_name
    elif who.person is None:
        batch.problem, batch.status = _("Chưa rõ là ai. Gõ họ tên người yêu cầu."), 422


def _judge(batch: Batch, procedure: Procedure, unit: Unit) -> None:
    """Read every line; then the fee of each, as the procedure and the commune have it."""
    for line in batch.lines:
        _read_line(line)
    told = [each for each in batch.lines if each.original is not None]
    if any(each.problem for each in batch.lines):
        batch.problem, batch.status = _("Xem lại dòng có ghi chú đỏ."), 422
    answers = {
        "purpose": batch.purpose,
        "documents": [
            {"document_name": each.name, "document_pages": each.pages, "document_copies": each.copies}
            for each in batch.originals
        ],
    }
    if not told:
        return
    dues = dues_by_document(procedure, unit, answers, (), "direct", now())
    for line, due in zip(told, dues, strict=True):
        line.fee = format_money(due.amount)
    total = sum(each.amount for each in dues)
    batch.total, batch.is_free = format_money(total), total == 0


def _read_line(line: Line) -> None:
    """One copy and one page where nothing is said."""
    if line.is_empty:
        return
    name = named(line.what)
    pages, copies = _count(line.pages, 500), _count(line.copies, 100)
    if not name:
        line.problem = _("Gõ số trong bảng, chữ đầu, hoặc tên giấy tờ.")
    elif pages is None:
        line.problem = _("Số trang từ 1 đến 500.")
    elif copies is None:
        line.problem = _("Số bản từ 1 đến 100.")
    else:
        line.what, line.pages, line.copies = name, str(pages), str(copies)
        line.original = Original(name, pages, copies)


def _count(text: str, most: int) -> int | None:
    if not text:
        return 1
    number = read_count(text)
    return number if number is not None and 1 <= number <= most else None


def _receive(request: StaffRequest, unit: Unit, batch: Batch) -> Dossier | None:
    if batch.problem:
        return None
    try:
        if batch.person is None and not batch.name:
            raise Refusal(_("Gõ họ tên người yêu cầu, hoặc quét thẻ: sổ chứng thực có cột này."))
        received = receive_copies(
            key=batch.key,
            unit=unit,
            originals=batch.originals,
            name=batch.name,
            person=batch.person,
            purpose=batch.purpose,
            by=request.actor,
            at=now(),
        ).dossier
    except Incomplete as incomplete:
        batch.problem, batch.status = " ".join(dict.fromkeys(incomplete.errors.values())), 422
    except Refusal as refusal:
        batch.problem, batch.status = str(refusal), refusal.status
    else:
        return received
    return None


def _page(request: StaffRequest, unit: Unit, batch: Batch, procedure: Procedure) -> HttpResponse:
    if batch.person is not None:
        looks.note(request, batch.person, reason=Reason.AT_DESK)
    actor = request.actor
    return page(
        request,
        "desk/dossiers/copies.html",
        unit=unit,
        active="copies",
        status=batch.status,
        batch=batch,
        cursor=_cursor(batch),
        purposes=PURPOSES,
        known=known(),
        may_certify=may_certify(actor, unit.pk),
        done=_done(request, unit),
        may_more=len(batch.lines) < MOST,
        waiting=_open_ones(request, unit),
        **_fee_of(request, unit),
    )


def _open_ones(request: StaffRequest, unit: Unit) -> list[dict[str, Any]]:
    rows = list(lane(request.actor, unit, today())[:SHOWN])
    charges = owing(rows) if request.actor.may(COLLECT, unit.pk) else {}
    return [_waiting(each, charges[each.uuid].uuid if each.uuid in charges else None) for each in rows]


def _fee_of(request: StaffRequest, unit: Unit) -> dict[str, Any]:
    """The fee of the batch just taken in."""
    found = _just_done(request, unit)
    return fee_box(request, unit, found) if found is not None else {}


def _cursor(batch: Batch) -> str:
    """Where typing goes on: the first wrong line, the name, or the first empty line."""
    wrong = next((each.place for each in batch.lines if each.problem), "")
    if wrong:
        return wrong
    if batch.person is None and not batch.name:
        return "name"
    return next((each.place for each in batch.lines if each.is_empty), batch.lines[0].place)


def _done(request: StaffRequest, unit: Unit) -> dict[str, Any] | None:
    found = _just_done(request, unit)
    return _waiting(found) if found is not None else None


def _just_done(request: StaffRequest, unit: Unit) -> Dossier | None:
    uuid = _uuid(request.GET.get("done", ""))
    return Dossier.objects.for_user(request.actor).filter(uuid=uuid, village=unit).first() if uuid else None


def _waiting(found: Dossier, charge: UUID | None = None) -> dict[str, Any]:
    """`charge`: what is still to be paid, for who may take it."""
    return {
        "dossier": found,
        "code": label_of(found),
        "numbers": given_number(found, books()[COPIES]),
        "state": State(found.state).label,
        "is_open": found.state in (State.RECEIVED, State.IN_PROGRESS, State.APPROVED, State.DONE),
        "fee": format_money(found.fee_amount) if found.fee_amount else "",
        "is_paid": bool(found.fee_amount) and found.duty_met_at is not None,
        "charge": charge,
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@unit_page(VIEW, post=VIEW)
def finish(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """The chosen ones as far as this person may bring them; those that stay say why."""
    if request.method == "POST":
        is_signed = request.POST.get("deed") == "signed"
        done = 0
        for text in request.POST.getlist("dossier")[:SHOWN]:
            done += _finish_one(request, unit, text, is_signed)
        if done:
            messages.success(
                request,
                _("Đã chuyển bước %(count)s hồ sơ chứng thực; tình hình ở bảng dưới.") % {"count": done},
            )
        elif not request.POST.getlist("dossier"):
            messages.info(request, _("Chọn hồ sơ trong danh sách trước."))
    if request.actor.may(RECEIVE, unit.pk):
        return redirect("desk:copies", unit=unit.uuid)
    return redirect("desk:copies_book", unit=unit.uuid)


def _finish_one(request: StaffRequest, unit: Unit, text: str, is_signed: bool) -> bool:
    sent, _dot, version = text.partition(".")
    uuid = _uuid(sent)
    if uuid is None:
        return False
    found = dossier_at(request, unit, uuid)
    try:
        finish_copies(
            dossier=found,
            is_signed=is_signed,
            version=read_count(version),
            by=request.actor,
            at=now(),
        )
    except Refusal as refusal:
        messages.warning(request, f"{label_of(found)}: {refusal}")
        return False
    return True


@unit_page(VIEW)
def stamps(request: StaffRequest, unit: Unit, dossier: UUID) -> HttpResponseBase:
    """The words of certification of one dossier, to be printed."""
    found = dossier_at(request, unit, dossier)
    if not given_number(found, books()[COPIES]):
        raise NotFound("")
    response = HttpResponse(stamps_pdf(found, at=now()), content_type="application/pdf")
    for header, value in headers(f"loi-chung-{label_of(found)}.pdf", inline=True).items():
        response[header] = value
    return response
