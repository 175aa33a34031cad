"""A commune's list of residents: sent, looked through with its proposed columns and its doubts, taken in, taken back."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bakhong.accounts.access import StaffRequest
from bakhong.core.days import parse_day
from bakhong.core.errors import Refusal
from bakhong.core.numbers import format_day
from bakhong.desk.forms.list_file import sent_list
from bakhong.desk.frame import now, page, today, unit_page
from bakhong.people.actions.outcomes import Outcome
from bakhong.people.actions.taking_in import take_in
from bakhong.people.actions.undoing import undo_import
from bakhong.people.columns import FIELD_NAMES
from bakhong.people.models import Import
from bakhong.people.permissions import IMPORT
from bakhong.people.problems import sentence
from bakhong.people.reading import SURE, ResidentList, read_list
from bakhong.people.rejected import rejected_workbook
from bakhong.people.rules.rows import Problem
from bakhong.people.uploads import Upload, keep, kept, new_upload
from bakhong.places.models import Level, Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 300  # problems on a page
TIMES = 20  # earlier imports on a page


@unit_page(IMPORT, post=IMPORT)
def index(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    """A file is sent here; nothing is stored in the roll before it is looked through."""
    _check_commune(unit)
    problem = ""
    if request.method == "POST":
        try:
            return _receive(request, unit)
        except Refusal as refusal:
            problem = str(refusal)
    return page(
        request,
        "desk/people/import.html",
        unit=unit,
        active="residents",
        status=422 if problem else 200,
        problem=problem,
        typed=request.POST.get("as_of", "")[:20],
        imports=Import.objects.filter(commune=unit).order_by("-created_at")[:TIMES],
    )


def _receive(request: StaffRequest, unit: Unit) -> HttpResponseBase:
    name, content = sent_list(request)
    as_of = _day(request)
    read_list(content, filename=name, today=today(), as_of=as_of)  # refused here, before anything is kept
    upload = new_upload(
        content=content, filename=name, commune_id=unit.pk, actor_id=request.actor.id, as_of=as_of
    )
    return redirect("desk:people_import_check", unit=unit.uuid, upload=upload.uuid)


def _day(request: StaffRequest) -> date | None:
    text = request.POST.get("as_of", "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None or day > today():
        raise Refusal(
            _("“%(text)s” không phải một ngày đã qua. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 06/05/2025.")
            % {"text": text[:40]}
        )
    return day


@unit_page(IMPORT, post=IMPORT)
def check(request: StaffRequest, unit: Unit, upload: UUID) -> HttpResponseBase:
    """The columns as proposed, the questions, the doubts by cell. POST `deed`: check (a trial run) or import."""
    _check_commune(unit)
    found = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    problem, outcome = "", None
    if request.method == "POST":
        try:
            found = _chosen(request, found)
            residents = _read(found)
            if request.POST.get("deed") == "import":
                return _import(request, unit, found, residents)
            outcome = _run(request, unit, found, residents, dry_run=True)
            keep(found)
        except Refusal as refusal:
            problem = str(refusal)
            found = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
            residents = _read(found)
    else:
        residents = _read(found)
    return _check_page(request, unit, found, residents, outcome, problem)


def _read(upload: Upload) -> ResidentList:
    return read_list(
        upload.content,
        filename=upload.filename,
        today=today(),
        as_of=upload.as_of,
        fields=upload.fields,
        meanings=upload.meanings,
    )


def _run(
    request: StaffRequest, unit: Unit, upload: Upload, residents: ResidentList, *, dry_run: bool
) -> Outcome:
    return take_in(
        content=upload.content,
        filename=upload.filename,
        commune=unit,
        where=str(unit.uuid),
        by=request.actor,
        at=now(),
        as_of=upload.as_of,
        fields=upload.fields,
        meanings=upload.meanings,
        residents=residents,
        dry_run=dry_run,
    ).outcome


def _chosen(request: StaffRequest, upload: Upload) -> Upload:
    """What the form says of columns, marks and the day."""
    plain = _read(upload.chosen(_day(request), {}, {}))
    fields: dict[tuple[str, int], str] = {}
    for number, layout in enumerate(plain.layouts):
        for column in layout.columns:
            code = request.POST.get(f"field-{number}-{column.index}", column.field)
            if code != column.field and code in FIELD_NAMES:
                fields[layout.sheet, column.index] = code
    meanings = dict(upload.meanings)
    for number in range(50):
        if mark := request.POST.get(f"mark-{number}", "")[:60]:
            meanings.pop(mark, None)
            if (means := request.POST.get(f"means-{number}")) in ("yes", "no"):
                meanings[mark] = means == "yes"
    return upload.chosen(_day(request), fields, meanings)


def _marks(residents: ResidentList, upload: Upload) -> list[dict[str, Any]]:
    """Each mark whose meaning is asked, once for all sheets, then those answered already: `{"mark", "means", "places"}`."""
    asked: dict[str, dict[str, Any]] = {}
    for each in residents.questions:
        found = asked.setdefault(each.mark.lower(), {"mark": each.mark, "means": "", "places": []})
        found["places"].append(each)
    answered: list[dict[str, Any]] = [
        {"mark": mark, "means": "yes" if means else "no", "places": []}
        for mark, means in upload.meanings.items()
    ]
    return [*asked.values(), *answered]


def _import(request: StaffRequest, unit: Unit, upload: Upload, residents: ResidentList) -> HttpResponseBase:
    outcome = _run(request, unit, upload, residents, dry_run=False)
    keep(upload)
    messages.success(
        request,
        _("Đã nhập %(rows)s dòng: %(created)s người mới, %(updated)s người có thêm thông tin.")
        % outcome.counts(),
    )
    return redirect("desk:people_import_done", unit=unit.uuid, upload=upload.uuid, done=outcome.import_id)


def _check_page(
    request: StaffRequest,
    unit: Unit,
    upload: Upload,
    residents: ResidentList,
    outcome: Outcome | None,
    problem: str,
) -> HttpResponse:
    problems = outcome.problems if outcome else residents.all_problems
    rejected = sum(row.is_rejected for row in residents.rows)
    return page(
        request,
        "desk/people/import_check.html",
        unit=unit,
        active="residents",
        status=422 if problem else 200,
        upload=upload,
        problem=problem,
        outcome=outcome,
        rows=len(residents.rows),
        rejected=rejected,
        sheets=[_sheet(number, each) for number, each in enumerate(residents.layouts)],
        fields=[(code, str(name)) for code, name in FIELD_NAMES.items()],
        questions=list(enumerate(_marks(residents, upload))),
        as_of=residents.as_of,
        warnings=residents.warnings,
        **_told(problems),
    )


def _sheet(number: int, layout: Any) -> dict[str, Any]:
    return {
        "number": number,
        "name": layout.sheet,
        "columns": [
            {"column": each, "percent": round(each.confidence * 100), "is_unsure": each.confidence < SURE}
            for each in layout.columns
            if each.title
        ],
    }


def _told(problems: list[Problem]) -> dict[str, Any]:
    """The problems for a page: how many of each kind, and the first by their cells."""
    return {
        "problems": [
            {"place": f"{each.sheet}!{each.cell}", "words": sentence(each.code, each.value)}
            for each in problems[:SHOWN]
        ],
        "problem_count": len(problems),
        "kinds": Counter(each.code for each in problems).most_common(),
    }


@unit_page(IMPORT)
def rejected(request: StaffRequest, unit: Unit, upload: UUID) -> FileResponse:
    """The rows that are not taken in, as a workbook to mend."""
    found = kept(upload, commune_id=unit.pk, actor_id=request.actor.id)
    book = rejected_workbook(_read(found))
    if book is None:
        raise Http404
    return FileResponse(book, as_attachment=True, filename="dong-can-sua.xlsx", content_type=XLSX)


@unit_page(IMPORT)
def done(request: StaffRequest, unit: Unit, upload: UUID, done: UUID) -> HttpResponse:
    """What an import did, the rows it left, and the way back."""
    batch = _batch(unit, done)
    try:
        residents = _read(kept(upload, commune_id=unit.pk, actor_id=request.actor.id))
    except Refusal:
        residents = None
    return page(
        request,
        "desk/people/import_done.html",
        unit=unit,
        active="residents",
        batch=batch,
        upload=upload if residents else None,
        villages_day=format_day(batch.as_of),
        **_told(residents.all_problems if residents else []),
    )


@unit_page(IMPORT, post=IMPORT)
def undo(request: StaffRequest, unit: Unit, done: UUID) -> HttpResponseBase:
    """POST takes the whole import back."""
    batch = _batch(unit, done)
    if request.method != "POST":
        return redirect("desk:people_import", unit=unit.uuid)
    taken = undo_import(import_id=batch.uuid, by=request.actor, at=now())
    messages.success(
        request,
        _("Đã thu hồi: %(removed)s người không còn trong danh sách, %(restored)s người trở lại như trước.")
        % taken,
    )
    return redirect("desk:people_import", unit=unit.uuid)


def _batch(unit: Unit, uuid: UUID) -> Import:
    batch = Import.objects.filter(uuid=uuid, commune=unit).first()
    if batch is None:
        raise Http404
    return batch


def _check_commune(unit: Unit) -> None:
    if unit.level != Level.COMMUNE:
        raise Http404
